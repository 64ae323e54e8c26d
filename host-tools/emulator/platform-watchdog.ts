// Espruino's watchdog as it is on the ESP32: whole seconds, cannot be switched off, restarts the chip. Only counts;
// what a bite does is the board's business.
import type { Clock, Microseconds } from './clock.ts';

export class Watchdog {
  private patience: Microseconds = Infinity;
  private bites: Microseconds = Infinity;
  private automatic = true;

  constructor(private readonly clock: Clock) {}

  /** In automatic mode the idle loop kicks it. */
  enable(seconds: number, automatic = true): void {
    this.patience = Math.floor(seconds + 0.5) * 1e6;
    this.automatic = automatic;
    this.kick();
  }

  /** Without effect until it is enabled. */
  kick(): void {
    this.bites = this.clock.now() + this.patience;
  }

  /** The idle loop goes round. */
  idle(): void {
    if (this.automatic) this.kick();
  }

  get isDue(): boolean {
    return this.clock.now() >= this.bites;
  }

  /** Clock time at which it bites if nobody kicks it; undefined while it is not enabled. */
  nextDue(): Microseconds | undefined {
    return this.bites === Infinity ? undefined : this.bites;
  }
}
