// One emulated router on a virtual clock: a board with its two chips, and the loop that lets time pass for all of
// them. What is plugged into the chips' wires is the caller's business.
import type { BoardOptions } from './board.ts';
import { Board } from './board.ts';
import type { Behaviour } from './behaviour.ts';
import { VirtualClock } from './clock.ts';
import type { Faults } from './faults.ts';
import { W5500 } from './w5500.ts';

export interface WorldOptions extends Pick<
  BoardOptions,
  'bundle' | 'files' | 'flash' | 'seed' | 'print' | 'recorder' | 'radios' | 'floatingMiso'
> {
  /** Wire and bus time on the clock; otherwise SPI and frames take none. */
  timed?: boolean;
  /** Hears of every illegal thing that the firmware does to a chip, as a sentence. */
  strict?: (complaint: string) => void;
  /** What goes wrong, chip by chip. */
  faults?: { wan?: Faults; lan?: Faults };
  /** Choices of both chips that differ from the mode's defaults. */
  behaviour?: Partial<Behaviour>;
}

/** Turns of the idle loop at one instant after which the firmware is taken to be going in circles. */
const MOST_TURNS = 100_000;

export class World {
  readonly clock = new VirtualClock();
  readonly wan: W5500;
  readonly lan: W5500;
  readonly board: Board;

  constructor(options: WorldOptions) {
    const { timed = false, strict, faults = {}, behaviour, ...board } = options;
    const common = { clock: this.clock, timed, strict, behaviour };
    this.wan = new W5500({ ...common, name: 'wan', faults: faults.wan });
    this.lan = new W5500({ ...common, name: 'lan', faults: faults.lan });
    this.board = new Board({
      ...board,
      chips: { wan: this.wan, lan: this.lan },
      clock: this.clock,
      spi: { hertzTimed: timed },
    });
  }

  /** Turns the board's idle loop until nothing is due at this instant. */
  settle(): void {
    this.turnUntilIdle(this.clock.now());
  }

  /** Lets that much time pass: everything due on the way happens at its time, chips before the board. */
  run(us: number): void {
    const end = this.clock.now() + us;
    for (;;) {
      this.turnUntilIdle(end);
      const due = [this.board.nextDue(), this.clock.nextDue()].filter((at) => at !== undefined && at <= end);
      if (due.length === 0 || this.clock.now() >= end) break;
      this.clock.advanceTo(Math.min(...(due as number[])));
    }
    this.clock.advanceTo(end);
    this.turnUntilIdle(end);
  }

  /** Timed firmware may be busy for ever; it is left alone once its work has taken it past `end`. */
  private turnUntilIdle(end: number): void {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      if (this.clock.now() > end || !this.board.runPending()) return;
    }
    throw new Error(
      `The firmware still had something to do after ${MOST_TURNS} turns at ${this.clock.now()} us.`,
    );
  }
}
