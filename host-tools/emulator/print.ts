// What a board's console shows: printed values and uncaught exceptions, near to Espruino's own format. Makes text only.
import { Pin } from './platform-pins.ts';

/** How many places of the bundle are named below an uncaught exception. */
const PLACES_SHOWN = 3;

/** `print(a, b)`: strings as they are, everything else as JSON or by its own text, separated by blanks. */
export function formatPrinted(values: readonly unknown[]): string {
  return values.map(formatValue).join(' ');
}

/** The lines for an exception that nothing caught: `Uncaught Error: text`, then places in the bundle if known. */
export function formatUncaught(error: unknown): string[] {
  const stack = (error as { stack?: unknown } | null | undefined)?.stack;
  const places = typeof stack === 'string' ? (stack.match(/firmware\.js:\d+(:\d+)?/g) ?? []) : [];
  return [`Uncaught ${String(error)}`, ...places.slice(0, PLACES_SHOWN).map((place) => `    at ${place}`)];
}

function formatValue(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Pin) return value.name;
  return JSON.stringify(value);
}
