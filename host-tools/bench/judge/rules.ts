/*
 * What counts as agreement, so that lost packets never decide anything. One try is lost to 5 % loss each way about
 * once in a hundred (TCP: the system sends a second SYN) or in a thousand (UDP: three datagrams). So a verdict asks
 * for nearly all tries to agree, and for a failure also that not one of them worked.
 */

/** At most so many of the tries may have been lost to the network. */
const LOST_AT_MOST = 0.2;
/** A proof is believed when it was seen this often: one packet may be a coincidence. */
export const PROOFS = 3;

/** True if `count` of `of` is all of them, but for what the network may lose. */
export function nearlyAll(count: number, of: number): boolean {
  return of > 0 && count >= of * (1 - LOST_AT_MOST);
}

/** The tries that count: those of the last two rounds. */
export function counted<T>(rounds: readonly (readonly T[])[]): T[] {
  return rounds.slice(-2).flat();
}

/** How many of each. */
export function tally<T extends string>(values: readonly T[]): Partial<Record<T, number>> {
  const counts: Partial<Record<T, number>> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

/** "192.168.0.3:41234" without its port. */
export function addressOf(endpoint: string): string {
  return endpoint.slice(0, endpoint.lastIndexOf(':'));
}

/** Each different value once, the most frequent first. */
export function distinct(values: readonly string[]): string[] {
  const counts = tally(values);
  return Object.keys(counts).sort((a, b) => counts[b]! - counts[a]!);
}
