/*
 * How long the prober waits for what, from the round-trip time it measured the direct way. All in milliseconds.
 */

export interface Pace {
  /** For a connection to be made: long enough for the system's second SYN, one second after the first (RFC 6298). */
  handshake: number;
  /** For a first line after that: a lost last part of the handshake is repeated by the server after a second. */
  greeting: number;
  /** Between one UDP datagram and its repetition. */
  gap: number;
  /** For a UDP answer after the last repetition. */
  answer: number;
}

/** Assumed where nothing was measured, and the most that is believed: a lost SYN looks like a second of round trip. */
const USUAL_TRIP = 60;
const LONGEST_TRIP = 250;

/** @param handshakes times to connect that were measured, the direct way */
export function paceFor(handshakes: readonly number[]): Pace {
  const trip = Math.min(handshakes.length > 0 ? Math.min(...handshakes) : USUAL_TRIP, LONGEST_TRIP);
  return {
    handshake: Math.max(1600, 8 * trip),
    greeting: Math.max(2500, 12 * trip),
    gap: Math.max(120, 3 * trip),
    answer: Math.max(500, 6 * trip),
  };
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Runs `count` tries that overlap, each begun `gap` after the one before: no burst, and no long wait. */
export function spread<T>(count: number, gap: number, attempt: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      await pause(index * gap);
      return attempt(index);
    }),
  );
}
