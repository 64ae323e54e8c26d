/*
 * A person, or a script, and a board: what the board says is shown, what is typed is sent, as it is - the board edits its
 * own line -, and a cable that was pulled is waited for. Opens nothing itself and knows no terminal: its ends are handed
 * to it.
 */
import type { ByteLine } from '../serial/byte-line.ts';
import { type Time, pause } from '../serial/time.ts';
import { Expectation } from './expectation.ts';

export interface MonitorEnds {
  /** Opens the board's line. @throws while it is not there */
  open(): Promise<ByteLine>;
  /** What the board said. */
  show(bytes: Uint8Array): void;
  /** A sentence of the monitor's own. */
  say(sentence: string): void;
  /** Hands over what is typed; the returned function ends that. */
  onTyped(listener: (bytes: Uint8Array) => void): () => void;
  time: Time;
  /** End when the board says this, or when it has not within so many ms. */
  expected?: { text: string; withinMs: number };
}

/** Ctrl-]: ends the monitor, as it ends telnet. */
export const quitKey = 0x1d;

/** Between two attempts to open a line that is gone, ms. */
const tryEvery = 500;

/** Why it ended: the key, or the text that was expected did or did not come. */
export type MonitorEnd = 'quit' | 'found' | 'late';

/** Shows and sends until one of the ends. The first `open` must succeed; later ones are repeated. */
export async function watchBoard(ends: MonitorEnds): Promise<MonitorEnd> {
  const { time, expected } = ends;
  let finish = (_: MonitorEnd): void => {};
  const ended = new Promise<MonitorEnd>((resolve) => (finish = resolve));
  let over = false;
  void ended.then(() => (over = true));

  let line = await ends.open();
  let sending = Promise.resolve();
  const stopTyped = ends.onTyped((bytes) => {
    const quit = bytes.indexOf(quitKey);
    const sent = quit < 0 ? bytes : bytes.subarray(0, quit);
    // In order, each piece when the one before has gone; what is typed while there is no board is lost. Whatever a line
    // fails of, its `closed` tells.
    sending = sending.then(() => line.write(sent)).catch(() => {});
    if (quit >= 0) void sending.then(() => finish('quit'));
  });
  const cancel = expected ? time.after(expected.withinMs, () => finish('late')) : () => {};
  const expectation = expected ? new Expectation(expected.text) : null;
  const show = (bytes: Uint8Array): void => {
    if (over) return;
    ends.show(bytes);
    if (expectation?.meets(Buffer.from(bytes).toString('latin1'))) finish('found');
  };

  line.onBytes(show);
  while ((await Promise.race([ended, line.closed.then(() => 'gone' as const)])) === 'gone') {
    ends.say(`${line.path} is gone; waiting for it to come back.`);
    const next = await reopened(ends, () => over);
    if (!next) break;
    line = next;
    line.onBytes(show);
    ends.say(`${line.path} is there again.`);
  }
  cancel();
  stopTyped();
  await line.close();
  return ended;
}

/** Null if everything is over before. */
async function reopened(ends: MonitorEnds, over: () => boolean): Promise<ByteLine | null> {
  while (!over()) {
    try {
      return await ends.open();
    } catch {
      await pause(ends.time, tryEvery);
    }
  }
  return null;
}
