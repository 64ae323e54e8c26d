/**
 * Seeded randomness for tests: the same numbers in every run, on every machine (mulberry32).
 */
export type Random = (below: number) => number;

/** @returns a function that gives whole numbers from 0 to one less than its argument, at most 2^32 */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}
