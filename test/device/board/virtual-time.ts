/*
 * Time that passes only while everybody waits for it: when nothing is left to do at one moment, the next alarm is due.
 * Minutes of a serial line take milliseconds, and always the same. What waits for anything else (a file, a process)
 * sees its alarms go off at once: not for tests with real lines.
 */
import type { Time } from '../../../host-tools/device/serial/time.ts';

/** Turns of the event loop in which nothing may happen before time moves on: promises take some to settle. */
const IDLE_TURNS = 3;

interface Alarm {
  at: number;
  action: () => void;
}

export class VirtualTime implements Time {
  private clock = 0;
  private alarms: Alarm[] = [];
  private turning = false;
  private idle = 0;

  now(): number {
    return this.clock;
  }

  after(ms: number, action: () => void): () => void {
    const alarm = { at: this.clock + Math.max(0, ms), action };
    const later = this.alarms.findIndex(({ at }) => at > alarm.at);
    this.alarms.splice(later < 0 ? this.alarms.length : later, 0, alarm);
    if (!this.turning) setImmediate(() => this.turn());
    this.turning = true;
    return () => {
      this.alarms = this.alarms.filter((one) => one !== alarm);
    };
  }

  private turn(): void {
    const next = this.alarms.at(0);
    this.turning = next !== undefined;
    if (!next) return;
    if (next.at > this.clock && this.idle++ < IDLE_TURNS) {
      setImmediate(() => this.turn());
      return;
    }
    this.idle = 0;
    this.alarms.shift();
    this.clock = Math.max(this.clock, next.at);
    setImmediate(() => this.turn());
    next.action();
  }
}
