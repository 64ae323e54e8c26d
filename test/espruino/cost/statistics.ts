// From instructions of stretches to turns: slopes, stubs taken off. Pure. The interpreter is deterministic: the same
// stretch twice in a run is the same count to the last instruction, so nothing is repeated.

/** Stub calls by kind, as stage.js counts them. */
export type Calls = Readonly<Record<string, number>>;

/** Instructions of a loop and of its twin without the call, each at two lengths. */
export interface Stretches {
  loop: readonly [number, number];
  twin: readonly [number, number];
}

/** A figure in turns. */
export interface Figure {
  /** With the stubs' calls. */
  gross: number;
  /** The stubs' calls alone. */
  stubs: number;
  /** Without them: what the budgets are about. */
  net: number;
}

/**
 * Instructions of one call: what the loop costs more than its twin when both run longer. What running costs once -
 * the marks, the call of the loop - is the same for both lengths and cancels.
 */
export function perCall({ loop, twin }: Stretches, lengths: readonly [number, number]): number {
  const more = lengths[1] - lengths[0];
  if (more <= 0)
    throw new Error(`The second run must be longer than the first, not ${lengths.join(' and ')}.`);
  return (loop[1] - loop[0] - (twin[1] - twin[0])) / more;
}

/** What the stubs took, in turns. Throws when a kind of stub was not calibrated. */
export function stubTurns(calls: Calls, priceOf: Calls): number {
  return Object.entries(calls).reduce((sum, [kind, count]) => {
    if (priceOf[kind] === undefined) throw new Error(`The price of the stub '${kind}' was not measured.`);
    return sum + count * priceOf[kind];
  }, 0);
}

/** A figure from instructions: per frame, when a call takes several. */
export function figure(instructions: number, turn: number, stubs: number, frames = 1): Figure {
  const gross = instructions / turn / frames;
  return { gross, stubs: stubs / frames, net: gross - stubs / frames };
}
