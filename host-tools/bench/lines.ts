/*
 * Text lines out of a TCP connection: waits for one, with a deadline, and never keeps more than one line's worth of
 * what something unknown sends.
 */
import type { Socket } from 'node:net';
import { LONGEST_LINE } from './protocol.ts';

export class Lines {
  private pending = '';
  private over = false;
  private wake: (() => void) | null = null;

  constructor(private readonly socket: Socket) {
    socket.on('data', (piece: Buffer) => {
      this.pending += piece.toString('latin1');
      if (this.pending.length > LONGEST_LINE * 2) socket.pause();
      this.wake?.();
    });
    const end = () => {
      this.over = true;
      this.wake?.();
    };
    socket.on('end', end).on('close', end).on('error', end);
  }

  /** True once nothing more can come. */
  get ended(): boolean {
    return this.over;
  }

  /** What has come and was not taken as a line: the beginning of something that may not be text at all. */
  get rest(): string {
    return this.pending;
  }

  /** The next line without its end; null after `milliseconds`, at the end, or when the line does not end. */
  async next(milliseconds: number): Promise<string | null> {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const end = this.pending.indexOf('\n');
      if (end >= 0) {
        const line = this.pending.slice(0, end).replace(/\r$/, '');
        this.pending = this.pending.slice(end + 1);
        this.socket.resume();
        return line;
      }
      const left = deadline - performance.now();
      if (left <= 0 || this.over || this.pending.length > LONGEST_LINE) return null;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wake = null;
    }
  }
}
