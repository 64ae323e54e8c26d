// Espruino's setWatch and clearWatch. Every edge of a watched pin is queued with its time when it happens; edge
// filters and callbacks wait for the board's idle loop (`runQueued`). A level that stays gives no further events.
import type { Clock, Microseconds } from './clock.ts';
import type { Level, Pin, Pins } from './platform-pins.ts';
import { Pin as PinObject } from './platform-pins.ts';
import type { CallFirmware } from './platform-timers.ts';

interface Watch {
  readonly id: number;
  readonly pin: Pin;
  readonly edge: 'rising' | 'falling' | 'both';
  readonly repeat: boolean;
  readonly callback: () => void;
  /** Seconds; of the last edge of either kind. */
  lastTime: number | undefined;
}

interface Edge {
  readonly pin: Pin;
  readonly level: Level;
  readonly at: Microseconds;
}

interface WatchOptions {
  repeat?: boolean;
  edge?: Watch['edge'];
  debounce?: number;
}

/** 4096 bytes of event ring, 6 bytes an edge. */
const EDGES_QUEUED_AT_MOST = 680;
/** The flash pins and D12 cannot be watched on the ESP32. */
const UNWATCHABLE = { from: 6, to: 12 };

export class Watches {
  private list: Watch[] = [];
  private queue: Edge[] = [];
  private lastId = 0;

  constructor(
    pins: Pins,
    private readonly clock: Clock,
    private readonly call: CallFirmware,
    /** An edge was lost because the queue was full. */
    private readonly onOverflow: () => void,
    private readonly warn: (text: string) => void,
  ) {
    for (const pin of pins.all) pin.onEdge = (level) => this.enqueue(pin, level);
  }

  /** Forces the pin to input with pull-up. Undefined, with a warning printed, for a pin that cannot be watched. */
  setWatch(callback: unknown, pin: unknown, options: WatchOptions = {}): number | undefined {
    if (!(pin instanceof PinObject)) throw new Error('Invalid pin');
    const { repeat = false, edge = 'both', debounce = 0 } = options;
    if (typeof callback !== 'function') throw new Error('Function or String not supplied!');
    if (debounce > 0) throw new Error('setWatch: the emulated board has no debounce; leave the option out.');
    if (edge !== 'rising' && edge !== 'falling' && edge !== 'both') {
      throw new TypeError("'edge' in setWatch should be 1, -1, 0, 'rising', 'falling' or 'both'");
    }
    if (pin.number >= UNWATCHABLE.from && pin.number <= UNWATCHABLE.to) {
      this.warn('WARNING: Unable to set watch.');
      return undefined;
    }
    pin.becomeInput('input_pullup');
    const id = ++this.lastId;
    this.list.push({ id, pin, edge, repeat, callback: callback as () => void, lastTime: undefined });
    return id;
  }

  /** Without argument clears all; `undefined` is refused. */
  clearWatch(ids: unknown[]): void {
    if (ids.length > 0 && ids[0] === undefined) {
      throw new Error('clearWatch(undefined) not allowed. Use clearWatch() instead');
    }
    this.list = ids.length === 0 ? [] : this.list.filter((watch) => watch.id !== ids[0]);
  }

  /** Forgets watches and waiting edges. */
  clearAll(): void {
    this.list = [];
    this.queue = [];
  }

  get hasQueued(): boolean {
    return this.queue.length > 0;
  }

  /** Handles the edges that were waiting when called. True if there were any. */
  runQueued(): boolean {
    if (this.queue.length === 0) return false;
    const edges = this.queue;
    this.queue = [];
    for (const edge of edges) this.handle(edge);
    return true;
  }

  private enqueue(pin: Pin, level: Level): void {
    if (!this.list.some((watch) => watch.pin === pin)) return;
    if (this.queue.length >= EDGES_QUEUED_AT_MOST) {
      this.onOverflow();
      return;
    }
    this.queue.push({ pin, level, at: this.clock.now() });
  }

  private handle({ pin, level, at }: Edge): void {
    const time = at / 1e6;
    for (const watch of [...this.list]) {
      if (watch.pin !== pin || !this.list.includes(watch)) continue;
      const { lastTime } = watch;
      watch.lastTime = time;
      if (watch.edge === (level === 1 ? 'falling' : 'rising')) continue;
      this.call(watch.callback, { state: level === 1, lastTime, time, pin });
      if (!watch.repeat) this.list = this.list.filter((other) => other !== watch);
    }
  }
}
