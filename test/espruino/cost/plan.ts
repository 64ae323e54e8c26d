// A plan: what play.js does step by step, and the frames it is given on the way. Types and the shared beginning; the
// plans themselves are in plans.ts.
import { arpQuestion, recordBytes, type Arrival, type Host, type Side } from './frames.ts';

/** Two run lengths; what counts is their difference. */
export type Lengths = readonly [number, number];

/** One step as play.js reads it. */
export interface Step {
  /** `counting`, `feed`, `align`, or a kind of loop in play.js. */
  what: string;
  name?: string;
  frames?: number;
  lengths?: Lengths;
  /** `counting`: whether instructions are counted from here on. Not counting is ten times faster. */
  on?: boolean;
  /** `align`: runs the timer until its count modulo `cycle` is `to`. */
  cycle?: number;
  to?: number;
  /** The port whose health is checked in this step. */
  port?: Side;
  /** The second that the clock shows from this step on. */
  second?: number;
}

/** A step that is measured, and how its correctness shows. */
export interface Measured extends Step {
  name: string;
  lengths: Lengths;
  /** Frames that one call takes. */
  batch: number;
  /** Counters that each call must move, and by how much: no others may. Absent for loops that only calibrate. */
  moves?: Readonly<Record<string, number>>;
  /** Stub calls that each call must make at least, by kind: a step without them is not what its name says. */
  calls?: Readonly<Record<string, number>>;
}

export class Plan {
  readonly steps: Step[] = [];
  readonly measured: Measured[] = [];
  private readonly arrivals: Arrival[] = [];

  feed(...arrivals: Arrival[]): void {
    this.arrivals.push(...arrivals);
    this.steps.push({ what: 'feed', frames: arrivals.length });
  }

  counting(on: boolean): void {
    this.steps.push({ what: 'counting', on });
  }

  align(cycle: number, to: number): void {
    this.steps.push({ what: 'align', cycle, to });
  }

  measure(step: Omit<Measured, 'batch' | 'frames'> & { batch?: number }, arrivals: Arrival[] = []): void {
    const measured = { batch: 1, ...step, frames: arrivals.length };
    this.arrivals.push(...arrivals);
    this.steps.push(measured);
    this.measured.push(measured);
  }

  /** Everybody asks for the router once, so that it knows them. */
  introduce(side: Side, hosts: readonly Host[]): void {
    this.feed(...hosts.map((host) => arpQuestion(side, host)));
  }

  /** Begins to count: the unit, and the price of a call of each kind of stub. */
  calibrate(): void {
    this.counting(true);
    this.measure({ what: 'turn', name: 'turn', lengths: [200, 600] });
    for (const kind of ['status', 'command', 'clear', 'exchange', 'write']) {
      this.measure({ what: `stub-${kind}`, name: `stub-${kind}`, lengths: [50, 150] });
    }
  }

  /** The frames in the order in which the steps take them. */
  frames(): Uint8Array {
    const all = new Uint8Array(this.arrivals.length * recordBytes);
    this.arrivals.forEach((arrival, i) => all.set(arrival, i * recordBytes));
    return all;
  }
}
