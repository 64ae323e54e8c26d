// What the parts of one chip model share: its name, clock, choices, counters, reset, and where complaints go.
// Holds no register state.
import type { Behaviour } from './behaviour.ts';
import type { Clock } from './clock.ts';
import type { W5500Counters } from './counters.ts';
import type { Faults } from './faults.ts';
import type { ResetState } from './reset.ts';

export class ChipContext {
  /** To be called whenever the level of INTn may have changed. */
  interruptsChanged: () => void = () => {};

  constructor(
    readonly name: string,
    readonly clock: Clock,
    /** SEND and arrivals take wire time on the clock. */
    readonly timed: boolean,
    readonly behaviour: Behaviour,
    /** null: nothing ever goes wrong, and nothing is spent on asking. */
    readonly faults: Faults | null,
    readonly counters: W5500Counters,
    readonly reset: ResetState,
    private readonly strict: ((complaint: string) => void) | undefined,
  ) {}

  /**
   * Reports an illegal host action as a sentence: chip, register or pin, rule.
   * The chip goes on as the silicon would; a listener that wants to stop the test throws.
   */
  complain(place: string, rule: string): void {
    this.counters.complaints++;
    this.strict?.(`${this.name}: ${place}: ${rule}`);
  }
}
