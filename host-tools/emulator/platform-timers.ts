// Espruino's timers: setTimeout, setInterval, clearTimeout, clearInterval. Due ones run only when the board's idle
// loop asks (`runDue`), in the order of their making, each at most once per pass. Starts no Node timer.
import type { Clock, Microseconds } from './clock.ts';

interface Timer {
  readonly id: number;
  due: Microseconds;
  /** null: a timeout. */
  readonly every: Microseconds | null;
  readonly callback: () => void;
  alive: boolean;
}

/** Espruino raises every shorter time to this. */
const SHORTEST_US = 100;

/** Runs one callback of the firmware; reports what it throws and never throws itself. */
export type CallFirmware = (callback: (...args: never[]) => void, ...args: unknown[]) => void;

export class Timers {
  /**
   * Intervals come no more often than this, and what was missed is not made up for: for weeks of virtual time, in which
   * a turn of the loop every 20 ms would take too long. 0: as they were asked for.
   */
  pace: Microseconds = 0;
  private list: Timer[] = [];
  private lastId = 0;

  constructor(
    private readonly clock: Clock,
    private readonly call: CallFirmware,
  ) {}

  setTimeout(callback: unknown, milliseconds?: number): number {
    return this.add(callback, milliseconds, false);
  }

  setInterval(callback: unknown, milliseconds?: number): number {
    return this.add(callback, milliseconds, true);
  }

  /** Without argument clears all; `undefined` is refused, a number that is no timer's is ignored. */
  clear(name: 'clearTimeout' | 'clearInterval', ids: unknown[]): void {
    if (ids.length === 0) {
      this.clearAll();
      return;
    }
    if (ids[0] === undefined) throw new Error(`${name}(undefined) not allowed. Use ${name}() instead`);
    this.remove((timer) => timer.id === ids[0]);
  }

  clearAll(): void {
    this.remove(() => true);
  }

  /** Earliest time at which a timer is due. */
  nextDue(): Microseconds | undefined {
    let earliest: Microseconds | undefined;
    for (const timer of this.list) if (earliest === undefined || timer.due < earliest) earliest = timer.due;
    return earliest;
  }

  /**
   * One pass of the idle loop. An interval that was missed several times stays due and runs again in the next pass,
   * until it has caught up. True if anything ran.
   */
  runDue(): boolean {
    const now = this.clock.now();
    const due = this.list.filter((timer) => timer.due <= now);
    for (const timer of due) if (timer.alive) this.run(timer);
    return due.length > 0;
  }

  private run(timer: Timer): void {
    this.call(timer.callback);
    if (timer.every === null) this.remove((other) => other === timer);
    else if (this.pace > timer.every) timer.due = this.clock.now() + this.pace;
    else timer.due += timer.every;
  }

  private add(callback: unknown, milliseconds: number | undefined, repeat: boolean): number {
    if (typeof callback !== 'function') throw new Error('Function or String not supplied!');
    const asked = Number(milliseconds) * 1000;
    const time = asked >= SHORTEST_US ? asked : SHORTEST_US;
    const id = ++this.lastId;
    this.list.push({
      id,
      due: this.clock.now() + time,
      every: repeat ? time : null,
      callback: callback as () => void,
      alive: true,
    });
    return id;
  }

  private remove(unwanted: (timer: Timer) => boolean): void {
    const gone = this.list.filter(unwanted);
    for (const timer of gone) timer.alive = false;
    this.list = this.list.filter((timer) => timer.alive);
  }
}
