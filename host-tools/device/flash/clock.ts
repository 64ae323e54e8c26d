/* Waiting, where a test can put a clock of its own: talking to a boot loader is full of deadlines. */

/** Calls `fire` after so many milliseconds; the returned function calls that off. */
export type Clock = (milliseconds: number, fire: () => void) => () => void;

/** The computer's own. */
export const realClock: Clock = (milliseconds, fire) => {
  const timer = setTimeout(fire, milliseconds);
  return () => clearTimeout(timer);
};

/** Resolves after so many milliseconds. */
export function pause(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => void clock(milliseconds, resolve));
}
