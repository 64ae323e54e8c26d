// Whether a chip is held in reset or still coming out of it. The pin and MR.RST set this; blocks ask.
import type { Clock, Microseconds } from './clock.ts';

/** RSTn must be low this long (us): data sheet 5.5.1. A shorter pulse leaves the chip undefined. */
export const RESET_PULSE: Microseconds = 500;

export class ResetState {
  /** When RSTn went low; null while it is high. */
  private lowSince: Microseconds | null = null;
  private readyAt: Microseconds = 0;

  constructor(private readonly clock: Clock) {}

  get held(): boolean {
    return this.lowSince !== null;
  }

  /** Out of reset but not ready: VERSIONR reads 00 and writes are lost. */
  get settling(): boolean {
    return this.readyAt > 0 && this.clock.now() < this.readyAt;
  }

  hold(): void {
    this.lowSince = this.clock.now();
  }

  /** Ends the pulse; returns how long it was (us). */
  release(): Microseconds {
    const pulse = this.clock.now() - (this.lowSince ?? this.clock.now());
    this.lowSince = null;
    return pulse;
  }

  /** The chip is ready `duration` us from now. */
  settle(duration: Microseconds): void {
    this.readyAt = duration > 0 ? this.clock.now() + duration : 0;
  }
}
