// Time for everything that is emulated: chips, boards, wires and scripted hosts share one clock.
// Knows nothing of what is scheduled on it; starts no Node timer (the owner's loop drives it).

/** Microseconds since the clock was made; may be fractional. */
export type Microseconds = number;

export interface Clock {
  now(): Microseconds;
  /** Runs `run` once, when the clock is moved to or past `at` (at the next opportunity if `at` is past). Returns its cancel. */
  schedule(at: Microseconds, run: () => void): () => void;
}

interface Event {
  readonly at: Microseconds;
  readonly run: () => void;
}

/** Events in time order; events of the same time in the order of their scheduling. */
class Agenda {
  private readonly events: Event[] = [];

  add(at: Microseconds, run: () => void): () => void {
    if (Number.isNaN(at)) throw new RangeError('An event was scheduled at a time that is not a number.');
    const event: Event = { at, run };
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.events[middle].at <= at) low = middle + 1;
      else high = middle;
    }
    this.events.splice(low, 0, event);
    return () => {
      const index = this.events.indexOf(event);
      if (index >= 0) this.events.splice(index, 1);
    };
  }

  get nextDue(): Microseconds | undefined {
    return this.events.length > 0 ? this.events[0].at : undefined;
  }

  /** Removes and returns the first event if it is due by `at`. */
  takeDue(at: Microseconds): Event | undefined {
    return this.events.length > 0 && this.events[0].at <= at ? this.events.shift() : undefined;
  }
}

/**
 * A clock that moves only when told to. An event may itself advance the clock (an SPI transfer takes
 * time): the inner call runs what falls due inside it, and the outer one goes on from there.
 */
export class VirtualClock implements Clock {
  private readonly agenda = new Agenda();
  private time: Microseconds = 0;

  now(): Microseconds {
    return this.time;
  }

  schedule(at: Microseconds, run: () => void): () => void {
    return this.agenda.add(at, run);
  }

  /** Time of the earliest event; undefined when nothing is scheduled. */
  nextDue(): Microseconds | undefined {
    return this.agenda.nextDue;
  }

  advance(us: Microseconds): void {
    this.advanceTo(this.time + us);
  }

  /** Moves to `at`, running what is due on the way. Time never goes back: an `at` in the past only runs overdue events. */
  advanceTo(at: Microseconds): void {
    for (let event = this.agenda.takeDue(at); event !== undefined; event = this.agenda.takeDue(at)) {
      if (event.at > this.time) this.time = event.at;
      event.run();
    }
    if (at > this.time) this.time = at;
  }
}

/** Wall-clock time. Events run when the owner's loop calls `runDue`, never by themselves. */
export class RealClock implements Clock {
  private readonly agenda = new Agenda();
  private readonly origin = performance.now();

  now(): Microseconds {
    return (performance.now() - this.origin) * 1000;
  }

  schedule(at: Microseconds, run: () => void): () => void {
    return this.agenda.add(at, run);
  }

  /** Time of the earliest event; undefined when nothing is scheduled. */
  nextDue(): Microseconds | undefined {
    return this.agenda.nextDue;
  }

  /** Runs what was due when called; an event scheduled meanwhile waits for the next call unless it was due already. */
  runDue(): void {
    const now = this.now();
    for (let event = this.agenda.takeDue(now); event !== undefined; event = this.agenda.takeDue(now))
      event.run();
  }
}
