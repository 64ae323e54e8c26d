/**
 * The console's words for people: what they type as a request of the seam, and its answer as lines and tables. Pure but
 * for the request itself; exists only while a line is answered.
 */

/** What goes out for one line, and the request that its answer goes on with, or empty. */
export interface Words {
  text: string;
  next: string;
}

type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

const help =
  'show status | flows | forwards | neighbours | clients | counters | log\r\n' +
  'show config | stored | memory | version\r\n' +
  'forward add NAME tcp|udp|both PORT TO [from SUBNET] [hairpin MODE]\r\n' +
  'forward remove NAME\r\n' +
  'set KEY VALUE                  such as: set nat.hairpinDynamic false\r\n' +
  'set forward NAME hairpin external | lan | dnat-only | none\r\n' +
  'trace on [HOST], trace read, trace off\r\n' +
  'ping ADDRESS, ping read\r\n' +
  'lease renew                    ask the ISP for the address of the WAN again\r\n' +
  'clients count on | off         bytes of each host of the LAN, while packets take the slow way\r\n' +
  'repl                           this line to the Espruino prompt, until the next restart\r\n' +
  'reboot, reboot repl            restart; the second without the router\r\n' +
  'factory-reset yes              forget the configuration and the leases, and restart\r\n';

/** Columns that would be too narrow for what a later part of a long answer brings, and how wide they are. */
const wideColumns = ['original', 'reply', 'event'];
const wide = [43, 43, 24];
const narrow = 8;

/** Answers a line that a person typed. `ask` asks the seam. */
export function forPeople(line: string, ask: (request: string) => string): Words {
  const words = line.trim();
  if (!words) return { text: '', next: '' };
  if (words == 'help' || words == '?') return { text: help, next: '' };
  const request = words.indexOf('show ') == 0 ? words.substr(5) : words;
  const answer = JSON.parse(ask(request)) as { [key: string]: Value };
  if (!answer.ok) return { text: answer.error + '\r\n', next: '' };
  delete answer.ok;
  let more = answer.next;
  delete answer.next;
  if (answer.log) {
    // What programs need beside the entries is none of a person's business.
    if ((more as number) >= (answer.end as number)) more = null;
    if (!answer.lost) delete answer.lost;
    if (more) delete answer.uptime;
    delete answer.end;
    delete answer.folds;
  }
  const name = answer.log ? 'log' : answer.flows ? 'flows' : answer.clients ? 'clients' : '';
  return { text: lines('', answer, request.indexOf(' ') < 0), next: more && name ? name + ' ' + more : '' };
}

/** A value as lines. Counters that never counted are left out. */
function lines(name: string, value: Value, head: boolean): string {
  if (typeof value != 'object' || value === null) return pad(name, 24) + value + '\r\n';
  if (Array.isArray(value)) {
    if (value.length && typeof value[0] == 'object') return table(value as { [key: string]: Value }[], head);
    return pad(name, 24) + (value.length ? value.join(', ') : head ? 'none' : '') + '\r\n';
  }
  let text = '';
  const keys = Object.keys(value);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (name == 'counters' && !value[key]) continue;
    text += lines(name && name != 'counters' ? name + '.' + key : key, value[key], head);
  }
  return text;
}

/** Rows of the same kind, one below the other. */
function table(rows: { [key: string]: Value }[], head: boolean): string {
  const columns = columnsOf(rows);
  const widths: number[] = [];
  for (let i = 0; i < columns.length; i++) {
    let width = wide[wideColumns.indexOf(columns[i])] || narrow;
    for (let j = 0; j < rows.length; j++) width = Math.max(width, cell(rows[j][columns[i]]).length);
    widths.push(Math.max(width, columns[i].length));
  }
  let text = '';
  if (head) for (let i = 0; i < columns.length; i++) text += pad(columns[i], widths[i]);
  if (head) text += '\r\n';
  for (let j = 0; j < rows.length; j++) {
    for (let i = 0; i < columns.length; i++) text += pad(cell(rows[j][columns[i]]), widths[i]);
    text += '\r\n';
  }
  return text;
}

/** The keys of all rows, in the order in which they first come. */
function columnsOf(rows: { [key: string]: Value }[]): string[] {
  const columns: string[] = [];
  for (let j = 0; j < rows.length; j++) {
    const keys = Object.keys(rows[j]);
    for (let i = 0; i < keys.length; i++) if (columns.indexOf(keys[i]) < 0) columns.push(keys[i]);
  }
  return columns;
}

function cell(value: Value | undefined): string {
  return value === undefined ? '-' : '' + value;
}

/** Fills up with blanks, and one more. */
function pad(text: string, width: number): string {
  let padded = text;
  while (padded.length < width) padded += ' ';
  return padded + ' ';
}
