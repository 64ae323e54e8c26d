/**
 * Reads the JSON that config and board files are written in, with no help from the platform: the interpreter's
 * own JSON.parse lets trailing commas and single quotes pass, and a text must mean the same on laptop and board.
 *
 * What is read is a strict subset of RFC 8259, chosen so that every document has one spelling of every value:
 * printable ASCII only, no backslashes in strings, whole numbers without sign, fraction or exponent, no key twice.
 * Pure; knows nothing about which keys mean what. The stack is an array, because the board has room for about
 * twelve nested calls and no more.
 */

/** An object, its members in the order of the text. Not a JavaScript object: a key may well be `__proto__`. */
export interface JsonObject {
  keys: string[];
  values: JsonValue[];
}

export type JsonValue = string | number | boolean | null | JsonObject | JsonValue[];

/** Characters a document may have: 31 forwards with everything said about each of them fit. */
export const maxDocumentLength = 8192;
/** Objects and lists inside one another; the config needs three. */
export const maxDepth = 8;
/** Digits of a number: what stays a 32-bit integer. */
const maxDigits = 9;

/** What may come next. The first two allow the closing bracket of something empty. */
const wantFirstItem = 0;
const wantFirstKey = 1;
const wantValue = 2;
const wantKey = 3;
const wantNext = 4;

/** A reading in progress. `error` is empty until something is refused; `errorAt` is the index it is about. */
interface Reading {
  text: string;
  at: number;
  stack: (JsonObject | JsonValue[])[];
  want: number;
  root: JsonValue;
  error: string;
  errorAt: number;
}

function refuse(reading: Reading, at: number, sentence: string): void {
  reading.error = sentence;
  reading.errorAt = at;
}

/** The character at `at` in words, for "but found ...". */
function found(text: string, at: number): string {
  if (at >= text.length) return 'the text ends';
  const c = text[at];
  if (c < ' ' || c > '~') return 'found a character that is not printable ASCII';
  return c === '"' ? 'found a double quote' : 'found "' + c + '"';
}

function refuseHere(reading: Reading, expected: string): void {
  refuse(reading, reading.at, 'expected ' + expected + ', but ' + found(reading.text, reading.at));
}

function skipSpace(reading: Reading): void {
  const text = reading.text;
  const length = text.length;
  let at = reading.at;
  while (at < length && (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t'))
    at++;
  reading.at = at;
}

/** Reads a string whose opening quote is at `at`. The loop is most of the time that a document takes to read. */
function readString(reading: Reading): string {
  const text = reading.text;
  const start = reading.at + 1;
  const end = text.indexOf('"', start);
  let at = start;
  while (at < end && text[at] >= ' ' && text[at] <= '~' && text[at] !== '\\') at++;
  if (end < 0) refuse(reading, start - 1, 'expected a closing double quote for the text that opens here');
  else if (at < end && text[at] === '\\') refuse(reading, at, 'expected text without backslashes');
  else if (at < end) refuse(reading, at, 'expected printable ASCII characters up to the closing quote');
  reading.at = end + 1;
  return text.substring(start, end);
}

/** Reads a number whose first digit is at `at`. */
function readNumber(reading: Reading): number {
  const text = reading.text;
  const length = text.length;
  const start = reading.at;
  let at = start;
  while (at < length && text[at] >= '0' && text[at] <= '9') at++;
  const digits = text.substring(start, at);
  const next = at < length ? text[at] : '';
  if (digits.length > 1 && digits[0] === '0')
    refuse(reading, start, 'expected a number without leading zeros');
  else if (digits.length > maxDigits)
    refuse(reading, start, 'expected a number of at most ' + maxDigits + ' digits');
  else if (next === '.' || next === 'e' || next === 'E')
    refuse(reading, start, 'expected a whole number, without fraction or exponent');
  reading.at = at;
  return parseInt(digits, 10);
}

/** Puts a finished value where it belongs. A container is put there when it opens, and filled later. */
function place(reading: Reading, value: JsonValue): void {
  const depth = reading.stack.length;
  if (depth) {
    const parent = reading.stack[depth - 1];
    if (Array.isArray(parent)) parent.push(value);
    else parent.values.push(value);
  } else {
    reading.root = value;
  }
}

function openContainer(reading: Reading, container: JsonObject | JsonValue[], want: number): void {
  if (reading.stack.length >= maxDepth)
    refuse(reading, reading.at, 'expected at most ' + maxDepth + ' objects and lists inside one another');
  place(reading, container);
  reading.stack.push(container);
  reading.want = want;
  reading.at++;
}

function closeContainer(reading: Reading): void {
  reading.stack.pop();
  reading.want = wantNext;
  reading.at++;
  const depth = reading.stack.length;
  if (depth) shareKeys(reading.stack[depth - 1]);
}

/** Objects in a list mostly have the same keys, in the same order: a board has room for them once. */
function shareKeys(list: JsonObject | JsonValue[]): void {
  if (!Array.isArray(list)) return;
  const last = keysOf(list, 1);
  const before = keysOf(list, 2);
  if (last && before && last.join() === before.join()) (list[list.length - 1] as JsonObject).keys = before;
}

/** Keys of an object in a list, counted from its end. */
function keysOf(list: JsonValue[], fromEnd: number): string[] | undefined {
  const value = list.length < fromEnd ? null : list[list.length - fromEnd];
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value.keys : undefined;
}

function readWord(reading: Reading, word: string, value: JsonValue): boolean {
  if (reading.text.substring(reading.at, reading.at + word.length) !== word) return false;
  reading.at += word.length;
  place(reading, value);
  return true;
}

function readValue(reading: Reading, c: string): void {
  const closes = reading.want === wantFirstItem && c === ']';
  reading.want = wantNext;
  if (closes) closeContainer(reading);
  else if (c === '{') openContainer(reading, { keys: [], values: [] }, wantFirstKey);
  else if (c === '[') openContainer(reading, [], wantFirstItem);
  else if (c === '"') place(reading, readString(reading));
  else if (c >= '0' && c <= '9') place(reading, readNumber(reading));
  else if (c === '-') refuse(reading, reading.at, 'expected a number without a sign');
  else if (
    !readWord(reading, 'true', true) &&
    !readWord(reading, 'false', false) &&
    !readWord(reading, 'null', null)
  )
    refuseHere(reading, 'a value (text in double quotes, a number, true, false, { or [)');
}

function readKey(reading: Reading, c: string): void {
  if (c === '}' && reading.want === wantFirstKey) {
    closeContainer(reading);
  } else if (c !== '"') {
    refuseHere(reading, 'a key in double quotes');
  } else {
    const at = reading.at;
    const key = readString(reading);
    const keys = (reading.stack[reading.stack.length - 1] as JsonObject).keys;
    if (reading.error) return;
    if (keys.indexOf(key) >= 0) {
      refuse(reading, at, 'expected every key once, but "' + key.substring(0, 40) + '" is here again');
      return;
    }
    keys.push(key);
    skipSpace(reading);
    if (reading.text.charAt(reading.at) !== ':') refuseHere(reading, '":" after the key');
    reading.at++;
    reading.want = wantValue;
  }
}

/** After a value: a comma, a closing bracket, or the end. */
function readNext(reading: Reading, c: string): void {
  const depth = reading.stack.length;
  if (!depth) {
    refuseHere(reading, 'nothing more after the document');
    return;
  }
  const isList = Array.isArray(reading.stack[depth - 1]);
  if (c === ',') {
    reading.want = isList ? wantValue : wantKey;
    reading.at++;
  } else if (c === (isList ? ']' : '}')) {
    closeContainer(reading);
  } else {
    refuseHere(reading, isList ? '"," or "]"' : '"," or "}"');
  }
}

/** Line and column of an index, both counted from 1. */
function position(text: string, at: number): string {
  let line = 1;
  let start = 0;
  let end = text.indexOf('\n');
  while (end >= 0 && end < at) {
    line++;
    start = end + 1;
    end = text.indexOf('\n', start);
  }
  return 'line ' + line + ', column ' + (at - start + 1);
}

/**
 * Reads one document. The error is a sentence that begins with its place, such as
 * `line 3, column 14: expected "," or "}", but found "x"`; the first one met is the one reported.
 * @param alive called again and again meanwhile: a board takes seconds for a long document
 * @overlay
 */
export function readJson(text: string, alive?: () => void): { value: JsonValue } | { error: string } {
  const length = text.length;
  if (length > maxDocumentLength)
    return { error: 'expected at most ' + maxDocumentLength + ' characters, but got ' + length };
  const reading: Reading = { text, at: 0, stack: [], want: wantValue, root: null, error: '', errorAt: 0 };
  skipSpace(reading);
  while (!reading.error && (reading.at < length || reading.want !== wantNext || reading.stack.length)) {
    const c = reading.at < length ? text[reading.at] : '';
    if (reading.want === wantNext) readNext(reading, c);
    else if (reading.want === wantKey || reading.want === wantFirstKey) readKey(reading, c);
    else readValue(reading, c);
    skipSpace(reading);
    if (alive) alive();
  }
  if (reading.error) return { error: position(text, reading.errorAt) + ': ' + reading.error };
  return { value: reading.root };
}
