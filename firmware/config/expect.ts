/**
 * Takes typed values out of a parsed document and says in a sentence what was expected where one is missing or
 * wrong. Shared by the config and the board file; knows neither.
 *
 * Nothing throws and nobody has to look: the first refusal is kept in the `Check`, later ones are dropped, and
 * every reader returns something of the right type. Whoever started the check asks for `error` at the end, and
 * before comparing values with each other.
 */
import type { JsonObject, JsonValue } from './json.ts';

export interface Check {
  /** Named at the start of the sentence. */
  file: string;
  /** The first refusal, or empty. */
  error: string;
}

/** Longest piece of somebody's text that a sentence repeats, in characters. */
const maxQuote = 40;

export function quote(text: string): string {
  return '"' + (text.length > maxQuote ? text.substring(0, maxQuote) + '...' : text) + '"';
}

/** Lower-case letters, digits and hyphens, but none first, because the name is typed on a console. @param most characters */
export function isWord(text: string, most: number): boolean {
  const length = text.length;
  if (length < 1 || length > most || text[0] === '-') return false;
  for (let i = 0; i < length; i++) {
    const c = text[i];
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c === '-')) return false;
  }
  return true;
}

/** The same without a hyphen at the end: a name that DNS can be asked for (RFC 952). */
export function isLabel(text: string, most: number): boolean {
  return isWord(text, most) && text[text.length - 1] !== '-';
}

/** `path` is the place in the document, such as `forwards[2].to`; empty for the document itself. */
export function refuse(check: Check, path: string, sentence: string): void {
  if (!check.error) check.error = check.file + ': ' + (path ? path + ': ' : '') + sentence;
}

function describe(value: JsonValue): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return 'a list';
  if (value !== null && typeof value === 'object') return 'an object';
  return '' + value;
}

/** `value` undefined: there is none. */
export function refuseValue(
  check: Check,
  path: string,
  expected: string,
  value: JsonValue | undefined,
): void {
  const got = value === undefined ? ', but it is missing' : ', but got ' + describe(value);
  refuse(check, path, 'expected ' + expected + got);
}

/** The value of a key, undefined when it is not there. */
export function member(object: JsonObject, key: string): JsonValue | undefined {
  const at = object.keys.indexOf(key);
  return at < 0 ? undefined : object.values[at];
}

/** Letters to insert, delete or change between two words (Levenshtein). */
function distance(a: string, b: string): number {
  let row: number[] = [];
  for (let j = 0; j <= b.length; j++) row.push(j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, Math.min(row[j], next[j - 1]) + 1));
    }
    row = next;
  }
  return row[b.length];
}

/** The known key that `key` was probably meant to be, in words; empty when none is near. */
function suggestion(key: string, known: string[]): string {
  let best = '';
  // Two slips (or one swap of neighbours) are likely in any word, half of the letters in a long one.
  let least = Math.max(3, Math.floor(key.length / 2) + 1);
  for (let i = 0; i < known.length && key.length <= maxQuote; i++) {
    const d = distance(key.toLowerCase(), known[i].toLowerCase());
    if (d < least && d < known[i].length) {
      least = d;
      best = known[i];
    }
  }
  return best && ' (did you mean "' + best + '"?)';
}

/**
 * An object with no keys but the `known` ones.
 * `what` describes the object for somebody who has none; empty: it may be left out, and is then empty.
 */
export function readObject(
  check: Check,
  path: string,
  value: JsonValue | undefined,
  what: string,
  known: string[],
): JsonObject {
  const empty: JsonObject = { keys: [], values: [] };
  if (value === undefined && !what) return empty;
  if (value === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) {
    refuseValue(check, path, what || 'an object with ' + known.join(', '), value);
    return empty;
  }
  for (let i = 0; i < value.keys.length; i++) {
    const key = value.keys[i];
    if (known.indexOf(key) < 0)
      refuse(
        check,
        path,
        'expected no keys but ' + known.join(', ') + ', but got ' + quote(key) + suggestion(key, known),
      );
  }
  return value;
}

/** A text; `''` stands for one that was refused. */
export function readText(check: Check, path: string, value: JsonValue | undefined, expected: string): string {
  if (typeof value === 'string') return value;
  refuseValue(check, path, expected, value);
  return '';
}

/** One of a list of texts. `initial`: what a missing one means, or empty if it must not be missing. */
export function readChoice<T extends string>(
  check: Check,
  path: string,
  value: JsonValue | undefined,
  choices: T[],
  initial: T | '',
): T {
  if (value === undefined && initial) return initial;
  const at = choices.indexOf(value as T);
  if (at >= 0) return choices[at];
  refuseValue(check, path, 'one of "' + choices.join('", "') + '"', value);
  return choices[0];
}

/** True or false. @param initial what a missing one means */
export function readSwitch(
  check: Check,
  path: string,
  value: JsonValue | undefined,
  initial: boolean,
): boolean {
  if (value === undefined) return initial;
  if (typeof value !== 'boolean') refuseValue(check, path, 'true or false', value);
  return value === true;
}

/** A number from `least` to `most`. `initial`: what a missing one means, or -1 if it must not be missing. */
export function readNumber(
  check: Check,
  path: string,
  value: JsonValue | undefined,
  expected: string,
  least: number,
  most: number,
  initial: number,
): number {
  if (value === undefined && initial >= 0) return initial;
  if (typeof value === 'number' && value >= least && value <= most) return value;
  refuseValue(check, path, expected, value);
  return least;
}
