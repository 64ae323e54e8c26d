// Seeded randomness for faults and tests: the same seed gives the same run. Nothing here reads the time or the system.

/** mulberry32: a 32-bit generator, small and good enough to choose faults and frame sizes. */
export class Random {
  private state: number;

  constructor(readonly seed: number) {
    this.state = seed | 0;
  }

  /** A number in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  }

  /** An integer in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** True with the given probability. Probability 0 draws nothing, so a fault that is off does not change the run. */
  chance(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }
}
