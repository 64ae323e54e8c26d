/*
 * How far a long step has come: a bar that moves on a terminal, now and then a line elsewhere (a log, a pipe), nothing
 * with --json. Writes to the error stream, so that a command's own output stays its own. Knows nothing of what is
 * being done.
 */

/** Reports one step of work after the other. */
export interface Progress {
  /** A step begins: what it is ("writing espruino_esp32.bin"), and its size if that is known, bytes. */
  begin(what: string, total?: number): void;
  /** So much of the step is done, bytes. */
  at(done: number): void;
  /** The step is done; `result` replaces what its line ends with ("already there"). */
  end(result?: string): void;
  /** A sentence between steps. */
  say(sentence: string): void;
}

/** What progress is shown on: process.stderr, or a stand-in. */
export interface Screen {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** Of the bar, in characters, where the terminal has room for it. */
const widestBar = 30;
/** A terminal whose width is not known, characters. */
const usualColumns = 80;
/** Lines where there is no terminal: one at each of these shares of a step, per cent... */
const linesAt = 25;
/** ...if the step is long enough to wonder about, bytes: some 3 s at 115200 bits per second. */
const worthLines = 32768;

/** For people; `json` keeps it silent. */
export function progressOn(screen: Screen, json: boolean): Progress {
  if (json) return silentProgress;
  return screen.isTTY ? new Bar(screen) : new Lines(screen);
}

/** Says nothing. */
export const silentProgress: Progress = { begin() {}, at() {}, end() {}, say() {} };

/** 0 to 1; a step of no size is done when it is begun. */
function share(done: number, total: number): number {
  return total > 0 ? Math.min(done / total, 1) : 1;
}

class Bar implements Progress {
  private what = '';
  private total: number | undefined;
  private shown = '';

  constructor(private readonly screen: Screen) {}

  begin(what: string, total?: number): void {
    this.what = what;
    this.total = total;
    if (total === undefined) this.show(`${what} ...`);
    else this.at(0);
  }

  at(done: number): void {
    if (this.total === undefined) return;
    const part = share(done, this.total);
    const percent = `${Math.floor(part * 100)}%`.padStart(4);
    // Two blanks, two brackets, and the last column, where some terminals break the line.
    const room = (this.screen.columns ?? usualColumns) - this.what.length - percent.length - 5;
    const width = Math.min(room, widestBar);
    const full = Math.round(part * width);
    const bar = width > 4 ? ` [${'#'.repeat(full)}${'.'.repeat(width - full)}]` : '';
    this.show(`${this.what}${bar} ${percent}`);
  }

  end(result = 'done'): void {
    this.show(`${this.what}: ${result}`);
    this.screen.write('\n');
    this.shown = '';
  }

  say(sentence: string): void {
    this.show(sentence);
    this.screen.write('\n');
    this.shown = '';
  }

  private show(text: string): void {
    if (text === this.shown) return;
    this.screen.write(`\r${text}${' '.repeat(Math.max(0, this.shown.length - text.length))}`);
    this.shown = text;
  }
}

class Lines implements Progress {
  private what = '';
  private total = 0;
  private next = linesAt;

  constructor(private readonly screen: Screen) {}

  begin(what: string, total = 0): void {
    this.what = what;
    this.total = total;
    this.next = linesAt;
    if (total >= worthLines) this.say(`${what}, ${Math.ceil(total / 1024)} kB`);
  }

  at(done: number): void {
    if (this.total < worthLines) return;
    const percent = Math.floor(share(done, this.total) * 100);
    if (percent < this.next || percent >= 100) return;
    this.say(`${this.what}: ${percent}%`);
    this.next = percent - (percent % linesAt) + linesAt;
  }

  end(result = 'done'): void {
    this.say(`${this.what}: ${result}`);
  }

  say(sentence: string): void {
    this.screen.write(`${sentence}\n`);
  }
}
