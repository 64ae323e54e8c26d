/**
 * Counting, and the reason of the last verdict for the trace.
 */
import { counter } from '../layout/arena.ts';

/** Reason or event of the last packet control decided on; see layout/reasons.ts. */
export let lastReason = 0;

/**
 * Counts an event.
 * @inline
 */
export function count(event: number): number {
  return counter[event]++;
}

/**
 * The next packet is at hand: nothing has become of it.
 * @inline
 */
export function forgetReason(): number {
  return (lastReason = 0);
}

/**
 * Counts the reason for which a packet ends here, once: it may wait already for its sender, who is to be told, to become
 * a neighbour; then it will be decided on again. @returns 0, the verdict "send nothing"
 */
export function drop(reason: number): number {
  if (lastReason) return 0;
  counter[reason]++;
  lastReason = reason;
  return 0;
}

/**
 * Notes what was done with a packet that lives on.
 * @inline
 */
export function note(event: number): number {
  return (counter[event]++, (lastReason = event));
}
