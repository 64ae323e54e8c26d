/**
 * Changes to the text of a configuration, so that everything else in it stays as somebody wrote it: where the change goes
 * and what comes in. The text must be one that parseConfig accepts; whether the changed one is too, its caller asks it.
 *
 * Leans on what a valid config cannot hold: brackets and braces in its strings, other objects than those of schema.ts.
 * Keys that are written with escapes are not found; then the key comes in a second time, and parseConfig refuses it.
 */

/** `to - from` characters at `from` give way to `insert`. */
export interface Edit {
  from: number;
  to: number;
  insert: string;
}

const blanks = ' \t\r\n';

function skipBlanks(text: string, at: number): number {
  while (blanks.indexOf(text.charAt(at)) >= 0 && text.charAt(at)) at++;
  return at;
}

/** Where the value of a key begins, between two places; -1 when the key is not there. */
function findValue(text: string, key: string, from: number, to: number): number {
  const quoted = '"' + key + '"';
  let at = text.indexOf(quoted, from);
  while (at >= 0 && at < to) {
    const colon = skipBlanks(text, at + quoted.length);
    // The same characters without a colon behind them are a value.
    if (text.charAt(colon) === ':') return skipBlanks(text, colon + 1);
    at = text.indexOf(quoted, at + quoted.length);
  }
  return -1;
}

/** Where a string, a number or a word ends. */
function endOfScalar(text: string, at: number): number {
  if (text.charAt(at) === '"') return text.indexOf('"', at + 1) + 1;
  while (text.charAt(at) && (',]}' + blanks).indexOf(text.charAt(at)) < 0) at++;
  return at;
}

/** A member at the beginning of an object whose brace is at `brace`. */
function insertMember(text: string, brace: number, member: string): Edit {
  const next = skipBlanks(text, brace + 1);
  const isEmpty = text.charAt(next) === '}';
  // Before the next key's blanks, and with the same ones, so that lines stay lines.
  return {
    from: brace + 1,
    to: brace + 1,
    insert: isEmpty ? member : text.substring(brace + 1, next) + member + ',',
  };
}

/**
 * Gives a key of the config a value.
 * @param path such as `nat.timeouts.udp`  @param value as JSON has it
 */
export function editValue(text: string, path: string, value: string): Edit {
  const keys = path.split('.');
  const depth = keys.length;
  let brace = text.indexOf('{');
  let end = text.length;
  for (let i = 0; i < depth; i++) {
    const at = findValue(text, keys[i], brace, end);
    if (at < 0) return insertMember(text, brace, memberOf(keys, i, value));
    if (i === depth - 1) return { from: at, to: endOfScalar(text, at), insert: value };
    brace = at;
    // `wan` and `lan` have keys alike, and no objects inside.
    if (keys[i] !== 'nat') end = text.indexOf('}', brace);
  }
  return { from: 0, to: 0, insert: '' };
}

/** `"a":{"b":value}` of the keys from `from` on. */
function memberOf(keys: string[], from: number, value: string): string {
  let member = value;
  for (let i = keys.length - 1; i >= from; i--)
    member = (i > from ? '{' : '') + '"' + keys[i] + '":' + member + (i > from ? '}' : '');
  return member;
}

/** Where the list of forwards begins, at its bracket; -1 when there is none. */
function listOfForwards(text: string): number {
  return findValue(text, 'forwards', 0, text.length);
}

/** Where the forward of some place in the list begins, at its brace. */
function forwardAt(text: string, index: number): number {
  let at = text.indexOf('{', listOfForwards(text));
  for (let i = 0; i < index; i++) at = text.indexOf('{', at + 1);
  return at;
}

/** Adds a forward behind the others. @param count how many there are @param entry as JSON has it */
export function editAddForward(text: string, count: number, entry: string): Edit {
  const list = listOfForwards(text);
  if (list < 0) return insertMember(text, text.indexOf('{'), '"forwards":[' + entry + ']');
  if (!count) return { from: list + 1, to: list + 1, insert: entry };
  const last = forwardAt(text, count - 1);
  const behind = text.indexOf('}', last) + 1;
  let blank = last;
  while (blanks.indexOf(text.charAt(blank - 1)) >= 0) blank--;
  return { from: behind, to: behind, insert: ',' + text.substring(blank, last) + entry };
}

/** Takes a forward out. @param count how many there are */
export function editRemoveForward(text: string, count: number, index: number): Edit {
  const from = forwardAt(text, index);
  if (index) {
    const before = text.indexOf('}', forwardAt(text, index - 1)) + 1;
    return { from: before, to: text.indexOf('}', from) + 1, insert: '' };
  }
  if (count > 1) return { from: from, to: forwardAt(text, 1), insert: '' };
  return { from: from, to: text.indexOf('}', from) + 1, insert: '' };
}

/** Gives a forward a hairpin mode. */
export function editForwardMode(text: string, index: number, mode: string): Edit {
  const from = forwardAt(text, index);
  const end = text.indexOf('}', from);
  const at = findValue(text, 'hairpin', from, end);
  const value = '"' + mode + '"';
  if (at >= 0) return { from: at, to: endOfScalar(text, at), insert: value };
  let behind = end;
  while (blanks.indexOf(text.charAt(behind - 1)) >= 0) behind--;
  return { from: behind, to: behind, insert: ', "hairpin": ' + value };
}
