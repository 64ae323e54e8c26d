/*
 * One side of a talk with a board over a line: says bytes, as fast as the board takes them, and waits for what comes
 * back, for a time. Knows XON and XOFF, the bytes by which a board holds its speaker up; what is said is not its
 * business.
 */
import { type ByteLine, LineLost } from '../serial/byte-line.ts';
import { type Time, pause, realTime } from '../serial/time.ts';
import { type Heard, PacketReader } from './packets.ts';

/** Pieces in which bytes are written, so that an XOFF has an effect; the board's buffer holds 4096 (ESP32). */
const pieceBytes = 256;
/** Longest wait for an XON, ms: it may have been lost. */
const longestHold = 3000;

/** What was heard in time, text and flow control apart. */
export type Sign = Exclude<Heard, { kind: 'text' } | { kind: 'flow' }>;

export class Conversation {
  /** Text since it was last taken, without the bytes of packets. */
  private text = '';
  private signs: Sign[] = [];
  private held = false;
  private lastHeard = 0;
  private wake = (): void => {};
  private lost = false;
  private readonly reader = new PacketReader((heard) => this.hear(heard));
  private readonly stopListening: () => void;

  constructor(
    readonly line: ByteLine,
    private readonly time: Time = realTime,
  ) {
    this.stopListening = line.onBytes((bytes) => {
      this.lastHeard = this.time.now();
      this.reader.receive(bytes);
      this.wake();
    });
    void line.closed.then(() => {
      this.lost = true;
      this.wake();
    });
  }

  /** Stops listening; the line stays open. */
  end(): void {
    this.stopListening();
  }

  /** @throws LineLost */
  async say(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      if (this.held && !(await this.until(() => !this.held, longestHold))) this.held = false;
      await this.line.write(bytes.subarray(at, at + pieceBytes));
    }
  }

  /** One character a byte. */
  async sayText(text: string): Promise<void> {
    await this.say(Buffer.from(text, 'latin1'));
  }

  /** The next sign; null if none comes in time. @throws LineLost */
  async sign(withinMs: number): Promise<Sign | null> {
    await this.until(() => this.signs.length > 0, withinMs);
    return this.signs.shift() ?? null;
  }

  /** What `pattern` finds first in the text, if it is said in time; the text stays. @throws LineLost */
  async said(pattern: RegExp, withinMs: number): Promise<RegExpMatchArray | null> {
    await this.until(() => pattern.test(this.text), withinMs);
    return this.text.match(pattern);
  }

  /** Waits until the board has said nothing for `quietMs`, at most `withinMs`. @throws LineLost */
  async quiet(quietMs: number, withinMs: number): Promise<void> {
    const end = this.time.now() + withinMs;
    this.lastHeard = this.time.now();
    for (;;) {
      const left = Math.min(this.lastHeard + quietMs, end) - this.time.now();
      if (left <= 0) return;
      if (this.lost) throw new LineLost(this.line.path);
      await pause(this.time, left);
    }
  }

  /** The text up to now, which is then forgotten. */
  takeText(): string {
    const { text } = this;
    this.text = '';
    return text;
  }

  /** Forgets all that was heard, and a packet that has begun. */
  forget(): void {
    this.text = '';
    this.signs = [];
    this.reader.reset();
  }

  private hear(heard: Heard): void {
    if (heard.kind === 'text') this.text += heard.text;
    else if (heard.kind === 'flow') this.held = heard.stop;
    else this.signs.push(heard);
  }

  /** Whether `condition` came true in time. */
  private async until(condition: () => boolean, withinMs: number): Promise<boolean> {
    const end = this.time.now() + withinMs;
    for (;;) {
      if (condition()) return true;
      if (this.lost) throw new LineLost(this.line.path);
      const left = end - this.time.now();
      if (left <= 0) return false;
      await this.woken(left);
    }
  }

  private async woken(withinMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.time.after(withinMs, resolve);
      this.wake = () => {
        cancel();
        resolve();
      };
    });
    this.wake = () => {};
  }
}
