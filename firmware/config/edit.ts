/**
 * Changes to the text of a configuration, so that everything else in it stays as somebody wrote it: where the change goes
 * and what comes in. The text must be one that parseConfig accepts; whether the changed one is too, its caller asks it.
 *
 * Leans on what a valid config cannot hold: brackets and braces in its strings, other objects than those of schema.ts.
 * Keys that are written with escapes are not found; then the key comes in a second time, and parseConfig refuses it.
 */

/** `to - from` characters at `from` give way to `insert`. */
export interface Edit {
  from: number;
  to: number;
  insert: string;
}

const blanks = ' \t\r\n';

function skipBlanks(text: string, at: number): number {
  while (blanks.indexOf(text.charAt(at)) >= 0 && text.charAt(at)) at++;
  return at;
}

/** How many of the braces from `from` on are open at `to`. */
function openBraces(text: string, from: number, to: number): number {
  let count = 0;
  let opening = text.indexOf('{', from);
  let closing = text.indexOf('}', from);
  while ((opening >= 0 && opening < to) || (closing >= 0 && closing < to)) {
    if (opening >= 0 && opening < closing) {
      count++;
      opening = text.indexOf('{', opening + 1);
    } else {
      count--;
      closing = text.indexOf('}', closing + 1);
    }
  }
  return count;
}

/** Where the brace is that closes the one at `brace`. */
function endOfObject(text: string, brace: number): number {
  let at = brace;
  let depth = 1;
  while (depth && at >= 0) {
    const opening = text.indexOf('{', at + 1);
    at = text.indexOf('}', at + 1);
    depth--;
    if (opening >= 0 && opening < at) {
      at = opening;
      depth += 2;
    }
  }
  return at;
}

/** Where a key of the object at `brace` begins, at its quote; -1 when it has no such key. Not those of objects inside. */
function findKey(text: string, key: string, brace: number): number {
  const quoted = '"' + key + '"';
  const end = endOfObject(text, brace);
  let at = text.indexOf(quoted, brace);
  while (at >= 0 && at < end) {
    // The same characters without a colon behind them are a value.
    const isKey = text.charAt(skipBlanks(text, at + quoted.length)) === ':';
    if (isKey && openBraces(text, brace, at) === 1) return at;
    at = text.indexOf(quoted, at + quoted.length);
  }
  return -1;
}

/** Where the value of a key begins, likewise. */
function findValue(text: string, key: string, brace: number): number {
  const at = findKey(text, key, brace);
  return at < 0 ? -1 : skipBlanks(text, text.indexOf(':', at) + 1);
}

/** Where a string, a number or a word ends. */
function endOfScalar(text: string, at: number): number {
  if (text.charAt(at) === '"') return text.indexOf('"', at + 1) + 1;
  while (text.charAt(at) && (',]}' + blanks).indexOf(text.charAt(at)) < 0) at++;
  return at;
}

/** A member at the beginning of an object whose brace is at `brace`. */
function insertMember(text: string, brace: number, member: string): Edit {
  const next = skipBlanks(text, brace + 1);
  const isEmpty = text.charAt(next) === '}';
  // Before the next key's blanks, and with the same ones, so that lines stay lines.
  return {
    from: brace + 1,
    to: brace + 1,
    insert: isEmpty ? member : text.substring(brace + 1, next) + member + ',',
  };
}

/**
 * Gives a key of the config a value.
 * @param path such as `nat.timeouts.udp`  @param value as JSON has it
 */
export function editValue(text: string, path: string, value: string): Edit {
  const keys = path.split('.');
  const depth = keys.length;
  let at = text.indexOf('{');
  for (let i = 0; i < depth; i++) {
    const brace = at;
    at = findValue(text, keys[i], brace);
    if (at < 0) return insertMember(text, brace, memberOf(keys, i, value));
  }
  return { from: at, to: endOfScalar(text, at), insert: value };
}

/** Takes a key of the config with its value out; nothing changes when it is not there. @param path likewise */
export function editRemove(text: string, path: string): Edit {
  const keys = path.split('.');
  const last = keys.length - 1;
  let brace = text.indexOf('{');
  for (let i = 0; i < last && brace >= 0; i++) brace = findValue(text, keys[i], brace);
  const from = brace < 0 ? -1 : findKey(text, keys[last], brace);
  return from < 0 ? { from: 0, to: 0, insert: '' } : memberAt(text, brace, from);
}

/** The member whose key begins at `from`, with the comma that it does not leave behind. */
function memberAt(text: string, brace: number, from: number): Edit {
  let to = endOfScalar(text, skipBlanks(text, text.indexOf(':', from) + 1));
  const next = skipBlanks(text, to);
  if (text.charAt(next) === ',') to = skipBlanks(text, next + 1);
  else {
    while (blanks.indexOf(text.charAt(from - 1)) >= 0) from--;
    if (from - 1 > brace) from--;
  }
  return { from, to, insert: '' };
}

/** The WAN's address, its gateway with it. @param gateway empty: the config names none, as beside "dhcp" */
export function editWan(text: string, address: string, gateway: string): Edit {
  const brace = findValue(text, 'wan', text.indexOf('{'));
  const end = endOfObject(text, brace) + 1;
  // Two changes as one: the object is short, and may be in memory twice.
  let wan = '{"wan":' + text.substring(brace, end) + '}';
  wan = edited(wan, editValue(wan, 'wan.address', JSON.stringify(address)));
  wan = edited(
    wan,
    gateway ? editValue(wan, 'wan.gateway', JSON.stringify(gateway)) : editRemove(wan, 'wan.gateway'),
  );
  return { from: brace, to: end, insert: wan.substring(7, wan.length - 1) };
}

/** A short text after a change. */
function edited(text: string, edit: Edit): string {
  return text.substring(0, edit.from) + edit.insert + text.substring(edit.to);
}

/** `"a":{"b":value}` of the keys from `from` on. */
function memberOf(keys: string[], from: number, value: string): string {
  let member = value;
  for (let i = keys.length - 1; i >= from; i--)
    member = (i > from ? '{' : '') + '"' + keys[i] + '":' + member + (i > from ? '}' : '');
  return member;
}

/** Where the list of forwards begins, at its bracket; -1 when there is none. */
export function listOfForwards(text: string): number {
  return findValue(text, 'forwards', text.indexOf('{'));
}

/** Where the forward of some place in the list begins, at its brace. */
function forwardAt(text: string, index: number): number {
  let at = text.indexOf('{', listOfForwards(text));
  for (let i = 0; i < index; i++) at = text.indexOf('{', at + 1);
  return at;
}

/** Adds a forward behind the others. @param count how many there are @param entry as JSON has it */
export function editAddForward(text: string, count: number, entry: string): Edit {
  const list = listOfForwards(text);
  if (list < 0) return insertMember(text, text.indexOf('{'), '"forwards":[' + entry + ']');
  if (!count) return { from: list + 1, to: list + 1, insert: entry };
  const last = forwardAt(text, count - 1);
  const behind = text.indexOf('}', last) + 1;
  let blank = last;
  while (blanks.indexOf(text.charAt(blank - 1)) >= 0) blank--;
  return { from: behind, to: behind, insert: ',' + text.substring(blank, last) + entry };
}

/** Takes a forward out. @param count how many there are */
export function editRemoveForward(text: string, count: number, index: number): Edit {
  const from = forwardAt(text, index);
  if (index) {
    const before = text.indexOf('}', forwardAt(text, index - 1)) + 1;
    return { from: before, to: text.indexOf('}', from) + 1, insert: '' };
  }
  if (count > 1) return { from: from, to: forwardAt(text, 1), insert: '' };
  return { from: from, to: text.indexOf('}', from) + 1, insert: '' };
}

/** Gives a forward a hairpin mode. */
export function editForwardMode(text: string, index: number, mode: string): Edit {
  const from = forwardAt(text, index);
  const end = text.indexOf('}', from);
  const at = findValue(text, 'hairpin', from);
  const value = '"' + mode + '"';
  if (at >= 0) return { from: at, to: endOfScalar(text, at), insert: value };
  let behind = end;
  while (blanks.indexOf(text.charAt(behind - 1)) >= 0) behind--;
  return { from: behind, to: behind, insert: ', "hairpin": ' + value };
}
