/*
 * The firmware behind the interpreter's own prompt: after DLE ENQ or `repl` the router goes on running while the REPL has
 * the line, and its global `hairpin` still answers. Also the board that left its router out at the start.
 */
import { UserError } from '../../cli/user-error.ts';
import type { ByteLine } from '../serial/byte-line.ts';
import { decodeString } from '../repl/js-text.ts';
import { Repl } from '../repl/repl.ts';
import type { Time } from '../serial/time.ts';
import type { Answer } from './answers.ts';
import { uncertain } from './console.ts';
import { checkedAnswer } from './lines.ts';
import { changeWithin } from './patience.ts';
import type { Asking, Voice } from './router.ts';

/** As on the console, the checksum of request and answer comes with the answer. */
const ask = 'function(r){var t=hairpin(r);return"#"+E.CRC32(r+t)+" "+t;}';
export class BehindRepl implements Voice {
  private constructor(private readonly repl: Repl) {}

  /** Finds the firmware behind the prompt on a line. @throws UserError when there is none */
  static async find(line: ByteLine, time: Time): Promise<BehindRepl> {
    const repl = new Repl(line, time);
    try {
      const [version] = await repl.settle();
      if ((await repl.ask('typeof hairpin')) !== 'function')
        throw new UserError(
          `The board on ${line.path} runs no Hairpin firmware, only Espruino ${version}: hairpin upload installs it, or hairpin flash, which renews Espruino as well.`,
        );
      return new BehindRepl(repl);
    } catch (error) {
      repl.end();
      throw error;
    }
  }

  async ask(text: string, asking: Asking): Promise<Answer> {
    const expression = `(${ask})(${JSON.stringify(text)})`;
    const said =
      asking === 'once'
        ? decodeString(await this.repl.evaluate(expression, changeWithin))
        : await this.repl.ask(expression, asking === 'slow' ? changeWithin : undefined);
    const answer = checkedAnswer(said, text);
    if (answer) return answer as unknown as Answer;
    if (asking === 'once') throw uncertain(text);
    throw new UserError('The answer of the board arrived changed. Try again, or try another cable.');
  }

  async reboot(): Promise<void> {
    await this.repl.send('E.reboot()');
  }

  end(): void {
    this.repl.end();
  }
}
