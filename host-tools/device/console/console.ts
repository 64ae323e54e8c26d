/*
 * The firmware's console as a program uses it: one request out, one answer in. Answers come with a checksum of request
 * and answer, so that a torn line, an answer to something else, or a notice in between is never taken for the answer.
 * When one does not come, the line is brought to a known state by a greeting that is answered with its own word.
 */
import { type ByteLine, LineLost } from '../serial/byte-line.ts';
import { type Time, pause } from '../serial/time.ts';
import { UserError } from '../../cli/user-error.ts';
import type { Answer } from './answers.ts';
import { LineReader, checkSign, checkedAnswer, isReplError, looksChecked, objectOf } from './lines.ts';
import {
  afterControlC,
  answerWithin,
  changeWithin,
  greetingWithin,
  greetingsInNoise,
  greetingsInSilence,
} from './patience.ts';
import type { Asking, Voice } from './router.ts';

/** Begins a program's line: it is not echoed, and answered by one line of JSON. */
const dataLinkEscape = 0x10;
/** Clears what is half typed and drops what is still to be printed. Only for the console: in a REPL it stops programs. */
const controlC = 0x03;

/** Who answers: the firmware's console, the interpreter's own, or nobody who can be understood. */
export type Answerer = 'console' | 'repl' | 'nobody';

/** Characters that are enough to tell what speaks there. */
const mostRemembered = 4096;

/** Times a request is made when its answer does not come whole. */
const attempts = 3;

/** The error for a change whose answer was lost. Exit code 3: not known. */
export function uncertain(request: string): UserError {
  return new UserError(
    `The answer to "${request}" did not arrive whole, so it may be done or not; "hairpin config get" shows how things are.`,
    3,
  );
}

/** A conversation with the console. One request at a time. */
export class Console implements Voice {
  private readonly reader = new LineReader();
  private readonly stop: () => void;
  private readonly lines: string[] = [];
  private lost = false;
  /** The last that was heard, one character a byte. */
  heard = '';
  private heardAt = 0;
  private wake: () => void = () => {};
  private greetings = 0;

  constructor(
    private readonly line: ByteLine,
    private readonly time: Time,
  ) {
    this.stop = line.onBytes((bytes) => {
      this.heard = (this.heard + Buffer.from(bytes).toString('latin1')).slice(-mostRemembered);
      this.heardAt = this.time.now();
      this.lines.push(...this.reader.push(bytes));
      this.wake();
    });
    void line.closed.then(() => {
      this.lost = true;
      this.wake();
    });
  }

  /** Listens no more; the line stays open. */
  end(): void {
    this.stop();
  }

  /** Finds out who answers; if it is the console, everything it was asked before is over then. */
  async greet(): Promise<Answerer> {
    for (let n = 0; n < (this.heard ? greetingsInNoise : greetingsInSilence); n++) {
      const word = `hello${process.pid}x${++this.greetings}`;
      await this.send(word);
      for (;;) {
        const line = await this.nextLine(greetingWithin);
        if (line === null) break;
        if (isReplError(line, word)) return 'repl';
        // The firmware repeats a word that it does not know.
        const answer = objectOf(line);
        if (answer?.ok === false && String(answer.error).includes(`"${word}"`)) return 'console';
      }
    }
    return 'nobody';
  }

  /**
   * Makes a request. What changes something is asked once: its answer may be lost although it was done.
   * @throws UserError when no whole answer comes (exit code 3 for a change: nobody knows whether it was done)
   */
  async ask(text: string, asking: Asking): Promise<Answer> {
    for (let n = 0; n < (asking === 'once' ? 1 : attempts); n++) {
      if (n > 0 && !(await this.recover())) break;
      await this.send(checkSign + text);
      const answer = await this.answerTo(text, asking === 'quick' ? answerWithin : changeWithin);
      if (answer) return answer;
    }
    if (asking === 'once') throw uncertain(text);
    throw new UserError(
      `The router on ${this.line.path} does not answer "${text}" any more, or not in one piece. Try again; if it stays like that, tap EN on the board, or try another cable.`,
    );
  }

  async reboot(): Promise<void> {
    const answer = await this.ask('reboot', 'once');
    if (!answer.ok) throw new UserError(`The router does not restart: ${answer.error}`);
  }

  /** Drops what is on its way, and waits until that is certain. */
  private async recover(): Promise<boolean> {
    await this.line.write(Uint8Array.of(controlC));
    // What comes in one piece with Ctrl-C is dropped with the rest.
    await pause(this.time, afterControlC);
    return (await this.greet()) === 'console';
  }

  /** The answer to this request; null when none comes, or a torn one. */
  private async answerTo(request: string, wait: number): Promise<Answer | null> {
    for (;;) {
      const line = await this.nextLine(wait);
      if (line === null) return null;
      if (looksChecked(line)) return checkedAnswer(line, request) as Answer | null;
    }
  }

  private async send(text: string): Promise<void> {
    if (!/^[ -~]+$/.test(text)) throw new Error(`not a request: ${JSON.stringify(text)}`);
    await this.line.write(Uint8Array.of(dataLinkEscape, ...Buffer.from(`${text}\n`, 'latin1')));
  }

  /** The next line, or null when nothing has arrived for so many ms. A stream without line ends does not count as life. */
  private async nextLine(wait: number): Promise<string | null> {
    const begun = this.time.now();
    for (;;) {
      const line = this.lines.shift();
      if (line !== undefined) return line;
      if (this.lost) throw new LineLost(this.line.path);
      const now = this.time.now();
      const left = Math.min(Math.max(this.heardAt, begun) + wait, begun + 10 * wait) - now;
      if (left <= 0) return null;
      await this.arrival(left);
    }
  }

  /** Something has arrived, or the line has ended, or so many ms have passed. */
  private arrival(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.time.after(ms, resolve);
      this.wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
