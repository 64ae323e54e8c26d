// Whether a step did what its name says: a rehearsal's counters and SPI calls beside the plan's. Pure.
import type { Measured } from './plan.ts';
import type { Calls } from './statistics.ts';

/** What play.js tells of a step that it rehearsed. */
export interface Rehearsed {
  name: string;
  calls: Calls;
  moved: Record<string, number>;
}

/** Calls that a step makes in its rehearsal. */
export const callsOf = ({ lengths }: Measured): number => lengths[0] + lengths[1];

/** Compares what a rehearsal moved and called with what the step stands for. */
export function checkStep(step: Measured, { moved, calls }: Rehearsed): void {
  const complain = (what: string, got: unknown, wanted: unknown): never => {
    throw new Error(
      `'${step.name}' is not what it says: in ${callsOf(step)} calls the ${what} were ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}. Has the firmware changed? Then test/espruino/cost/plans.ts has to follow.`,
    );
  };
  if (step.moves) {
    // A name for what received less looked at comes to: not a counter of its own.
    const { 'forwarded-fast': _, ...counters } = moved;
    const wanted = Object.entries(step.moves).map(([name, by]) => [name, by * callsOf(step)] as const);
    const same =
      Object.keys(counters).length === wanted.length && wanted.every(([name, by]) => counters[name] === by);
    if (!same) complain('counters that moved', counters, Object.fromEntries(wanted));
  }
  for (const [kind, atLeast] of Object.entries(step.calls ?? {})) {
    if ((calls[kind] ?? 0) < atLeast * callsOf(step)) complain('SPI calls', calls, step.calls);
  }
}
