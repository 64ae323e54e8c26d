/*
 * Draws the scenes as one text figure for the terminal and the README: a column for everyone who takes part, an
 * arrow for every hop, downwards in time. ASCII, at most 100 columns.
 *
 * Pure, and made of nothing but the hops of a story: what was not captured is not drawn.
 */
import type { Station } from './journeys.ts';
import { CAST } from './lab.ts';
import type { Hop, Story } from './story.ts';

/** One scene to be drawn. */
export interface Scene {
  number: number;
  /** "from the Internet" */
  title: string;
  /** One or two words for the end of the title line: "WORKS". */
  result: string;
  story: Story;
  /** What it came to, in sentences, below the arrows. */
  outcome: string[];
}

/** Columns of the figure, from 0. The gaps are as wide as the longest usual label: "[P:25] > I:44444 SYN/ACK". */
const columnOf: Partial<Record<Station, number>> = { Internet: 0, router: 32, S: 66, C: 99 };
const width = 100;

const stations = Object.keys(columnOf) as Station[];

/** All scenes below one heading, with what the signs mean. */
export function drawFigure(scenes: readonly Scene[], heading: string): string {
  const rows = [centred(heading), '', ...cast(), ''];
  for (const scene of scenes) rows.push(...drawScene(scene), '');
  rows.push(
    ' -1-  the hops in order     [ ]  rewritten by the router     X  goes no further, or is thrown away',
  );
  return rows.map((row) => row.trimEnd()).join('\n') + '\n';
}

/** Who stands where. */
function cast(): string[] {
  const row = (texts: Partial<Record<Station, string>>): string => {
    const cells = blank();
    for (const station of stations)
      write(cells, texts[station] ?? '', besideColumn(station, texts[station] ?? ''));
    return cells.join('');
  };
  const router = `${CAST.P.address} # ${CAST.R.address}`;
  const cells = blank();
  write(cells, 'the Internet', 0);
  write(cells, 'the router', columnOf.router! - 4);
  const [server, lan, client] = ['server ', ' the LAN ', ' client'];
  const from = columnOf.S! - 3;
  const dashes = '-'.repeat((width - from - server.length - lan.length - client.length) >> 1);
  write(cells, server + dashes + lan + dashes + client, from);
  // The router's two sides meet at its own column, so its texts are aligned at the sign between them.
  const names = [...row({ Internet: 'I', S: 'S', C: 'C' })];
  write(names, 'P # R', columnOf.router! - 2);
  const addresses = [...row({ Internet: CAST.I.address, S: CAST.S.address, C: CAST.C.address })];
  write(addresses, router, columnOf.router! - CAST.P.address.length - 1);
  return [cells.join(''), names.join(''), addresses.join('')];
}

function drawScene(scene: Scene): string[] {
  const drawn = worthDrawing(scene.story.hops);
  const canvas = new Canvas(drawn);
  const title = `-- ${scene.number}. ${scene.title} `;
  const end = ` ${scene.result} --`;
  canvas.text(title + '-'.repeat(Math.max(2, width - title.length - end.length)) + end);
  let packet = 0;
  for (const hop of drawn) {
    if (hop.packet !== packet) canvas.pause();
    packet = hop.packet;
    canvas.hop(hop);
  }
  canvas.pause();
  const rest = packetsIn(scene.story.hops) - packetsIn(drawn, false);
  if (rest > 0) canvas.text(` ...  and ${rest} more ${rest === 1 ? 'packet' : 'packets'}, by the same ways`);
  for (const sentence of scene.outcome) canvas.text(` ==>  ${sentence}`);
  return canvas.rows;
}

/** Up to the first packet with data in it - if all that follows goes the same ways. Otherwise everything. */
function worthDrawing(hops: readonly Hop[]): Hop[] {
  const data = hops.find(({ what }) => /\d+ bytes?$/.test(what));
  const first = hops.filter(({ packet }) => data === undefined || packet <= data.packet);
  return goesWithoutDrawing(hops, first) ? first : [...hops];
}

/** Whether every hop that is left out has a hop like it, with the same end, among those drawn. */
function goesWithoutDrawing(all: readonly Hop[], drawn: readonly Hop[]): boolean {
  const way = (hop: Hop): string => [hop.from, hop.to, hop.source, hop.target, hop.fate].join(' ');
  const ways = new Set(drawn.map(way));
  return all.every((hop) => ways.has(way(hop)));
}

/** Packets told by these hops; with or without those that only repeat them. */
function packetsIn(hops: readonly Hop[], withRepeats = true): number {
  const last = hops.filter(({ fate }) => fate !== 'onward');
  return last.reduce((sum, { repeats }) => sum + 1 + (withRepeats ? repeats : 0), 0);
}

/** Rows of text with everyone's line running down. */
class Canvas {
  readonly rows: string[] = [];
  private readonly present: Set<Station>;

  constructor(hops: readonly Hop[]) {
    this.present = new Set(hops.flatMap(({ from, to }) => [from, to]));
  }

  text(line: string): void {
    this.rows.push(line);
  }

  /** One row in which nothing happens. */
  pause(): void {
    this.rows.push(this.lines().join(''));
  }

  hop(hop: Hop): void {
    const from = columnOf[hop.from];
    const to = columnOf[hop.to];
    if (from === undefined || to === undefined) {
      this.text(`  ${hop.number}  from ${hop.from} to ${hop.to}: ${hop.source} > ${hop.target} ${hop.what}`);
      return;
    }
    const label = labelOf(hop);
    const tailGap = gapBeside(from, to);
    // A label that does not fit between two lines gets a row of its own above the arrow.
    if (label.length + `-${hop.number}- `.length + ' ->'.length > tailGap) {
      const above = this.lines();
      write(above, label, Math.max(0, Math.min(from, to) + 2));
      this.rows.push(above.join(''));
      this.arrow(hop, '', from, to);
    } else {
      this.arrow(hop, label, from, to);
    }
    if (hop.fate === 'discarded') this.note(`${hop.to} never spoke to ${hop.source}`, to, from);
    if (hop.fate === 'stopped') this.note('it does not come out again', to, from);
  }

  private arrow(hop: Hop, label: string, from: number, to: number): void {
    const row = this.lines();
    const lost = hop.fate === 'discarded' || hop.fate === 'stopped';
    const length = Math.abs(to - from) - 1;
    if (to > from) {
      const tail = `-${hop.number}-${label && ` ${label} `}`;
      write(row, tail.padEnd(length - 1, '-') + (lost ? 'X' : '>'), from + 1);
    } else {
      const tail = `${label && ` ${label} `}-${hop.number}-`;
      write(row, (lost ? 'X' : '<') + tail.padStart(length - 1, '-'), to + 1);
    }
    if (hop.aroundRouter && hop.fate === 'discarded')
      write(row, '(the router never sees it)', columnOf.router! + 4);
    this.rows.push(row.join(''));
  }

  /** A remark right below an arrow's head, on the side the arrow came from. */
  private note(text: string, head: number, tail: number): void {
    const row = this.lines();
    write(row, text, tail < head ? head - text.length - 1 : head + 2);
    this.rows.push(row.join(''));
  }

  /** Everyone's line: the router's is a wall, and who has no part in the scene is only hinted at. */
  private lines(): string[] {
    const cells = blank();
    for (const station of stations) {
      cells[columnOf[station]!] = station === 'router' ? '#' : this.present.has(station) ? '|' : '.';
    }
    return cells;
  }
}

/** "[P:33333] > [S:25] SYN": brackets around what the router put in; how much data there is does not matter here. */
function labelOf(hop: Hop): string {
  const mark = (now: string, before: string | undefined): string =>
    before !== undefined && before !== now ? `[${now}]` : now;
  const what = hop.what.replace(/\d+ bytes?$/, 'data');
  return `${mark(hop.source, hop.before?.source)} > ${mark(hop.target, hop.before?.target)} ${what}`;
}

/** Room between a column and its neighbour in the direction of another: a long arrow is labelled at its tail. */
function gapBeside(from: number, to: number): number {
  const neighbours = stations
    .map((station) => columnOf[station]!)
    .filter((column) => (column - from) * (to - from) > 0);
  return Math.min(...neighbours.map((column) => Math.abs(column - from))) - 1;
}

/** Where a text centred on a station's column starts; it never leaves the figure. */
function besideColumn(station: Station, text: string): number {
  return Math.max(0, Math.min(width - text.length, columnOf[station]! - (text.length >> 1)));
}

function centred(text: string): string {
  return ' '.repeat(Math.max(0, (width - text.length) >> 1)) + text;
}

function blank(): string[] {
  return new Array<string>(width).fill(' ');
}

function write(cells: string[], text: string, at: number): void {
  for (let index = 0; index < text.length && at + index < cells.length; index++)
    cells[at + index] = text[index];
}
