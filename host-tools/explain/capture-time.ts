/*
 * Lets the router's time pass as a capture's does, so that what the router forgets after a while is forgotten in between.
 */
import type { Config } from '../../firmware/config/schema.ts';

/** Something whose time can be let pass; microseconds. */
export interface Clock {
  now(): number;
  idle(microseconds: number): void;
}

/** Microseconds after which an idle router has forgotten everything, so that a longer pause changes nothing more. */
export function longestMemory(config: Config): number {
  const margin = 10;
  return (Math.max(...Object.values(config.nat.timeouts)) + margin) * 1e6;
}

/**
 * Waits for a capture's seconds, counted from its beginning: never backwards, and never longer than `longest` at once.
 * After a pause that was cut short time goes on from there.
 */
export function timekeeper(clock: Clock, longest: number): (seconds: number) => void {
  // The clock's time at the capture's time 0.
  let begun: number | null = null;
  return (seconds) => {
    begun ??= clock.now();
    const pause = begun + seconds * 1e6 - clock.now();
    if (pause <= 0) return;
    clock.idle(Math.min(pause, longest));
    begun -= Math.max(0, pause - longest);
  };
}
