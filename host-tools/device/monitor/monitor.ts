/*
 * `hairpin monitor`: puts the terminal, or whatever standard input and output are, at one end of the board's line. The
 * edges only; what happens between them is watch's business.
 */
import { UserError } from '../../cli/user-error.ts';
import { findPort } from '../serial/find-port.ts';
import { openPort } from '../serial/open-port.ts';
import { realTime } from '../serial/time.ts';
import { type MonitorEnd, watchBoard } from './watch.ts';

export interface MonitorOptions {
  port?: string;
  expect?: string;
  /** Seconds, as typed. */
  timeout?: string;
}

/** Seconds that --expect waits if nothing is said. */
const usualTimeout = 30;

const lineFeed = 0x0a;

const exitCodes: Readonly<Record<MonitorEnd, number>> = { quit: 0, found: 0, late: 1 };

/** Runs the command. @returns 0: ended by its key, or the expected text came; 1: it did not come in time */
export async function runMonitor(options: MonitorOptions): Promise<number> {
  const seconds = secondsOf(options);
  const { stdin, stdout } = process;
  const isTerminal = stdin.isTTY === true;
  const say = (sentence: string): void =>
    void process.stderr.write(`hairpin: ${sentence}${isTerminal ? '\r' : ''}\n`);
  let first = true;
  let lastByte = lineFeed;
  const end = await watchBoard({
    open: async () => {
      const line = await openPort(await findPort(options.port));
      if (first) begin(line.path);
      first = false;
      return line;
    },
    show: (bytes) => {
      lastByte = bytes.at(-1) ?? lastByte;
      stdout.write(bytes);
    },
    say,
    onTyped: (listener) => {
      stdin.on('data', listener);
      return () => stdin.off('data', listener);
    },
    time: realTime,
    ...(options.expect === undefined ? {} : { expected: { text: options.expect, withinMs: seconds * 1000 } }),
  }).finally(() => {
    if (isTerminal) stdin.setRawMode(false);
    // An open input would keep the program alive.
    stdin.pause();
    stdin.unref?.();
  });
  // Whatever comes next begins a line of its own.
  if (lastByte !== lineFeed) stdout.write('\n');
  if (end === 'late') say(`"${options.expect}" did not come within ${seconds} s.`);
  else if (isTerminal) say('the end.');
  return exitCodes[end];

  function begin(path: string): void {
    if (!isTerminal) return;
    // Keys come as they are typed, Ctrl-C too: the board edits the line.
    stdin.setRawMode(true);
    say(`${path}; Ctrl-] ends it.`);
  }
}

function secondsOf({ expect, timeout }: MonitorOptions): number {
  if (expect === '') throw new UserError('--expect takes the text to wait for, and got none.');
  if (timeout === undefined) return usualTimeout;
  if (expect === undefined)
    throw new UserError('--timeout goes with --expect: it says how long to wait for the text.');
  const seconds = Number(timeout);
  if (!(seconds > 0)) throw new UserError(`--timeout takes seconds, such as 10, not '${timeout}'.`);
  return seconds;
}
