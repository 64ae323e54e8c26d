/** The JSON reader: what it takes, and every way of being lax that it does not. */
import test from 'ava';
import { maxDepth, maxDocumentLength, readJson } from '../../firmware/config/json.ts';
import type { JsonValue } from '../../firmware/config/json.ts';

const value = 'expected a value (text in double quotes, a number, true, false, { or [), but ';
const key = 'expected a key in double quotes, but ';
const unprintable = 'found a character that is not printable ASCII';
const quoted = 'expected printable ASCII characters up to the closing quote';

const refusals: [text: string, error: string][] = [
  // Nothing, or not all of it.
  ['', `line 1, column 1: ${value}the text ends`],
  [' \n ', `line 2, column 2: ${value}the text ends`],
  ['{', `line 1, column 2: ${key}the text ends`],
  ['[', `line 1, column 2: ${value}the text ends`],
  ['{"a"', 'line 1, column 5: expected ":" after the key, but the text ends'],
  ['{"a":', `line 1, column 6: ${value}the text ends`],
  ['{"a":1', 'line 1, column 7: expected "," or "}", but the text ends'],
  ['[1', 'line 1, column 3: expected "," or "]", but the text ends'],
  ['{"a":"b}', 'line 1, column 6: expected a closing double quote for the text that opens here'],
  // Commas and brackets.
  ['{"a":1,}', `line 1, column 8: ${key}found "}"`],
  ['{\n  "a": 1,\n  }', `line 3, column 3: ${key}found "}"`],
  ['{\r\n"a": 1\r\n"b": 2}', 'line 3, column 1: expected "," or "}", but found a double quote'],
  ['{,}', `line 1, column 2: ${key}found ","`],
  ['{"a":1,,"b":2}', `line 1, column 8: ${key}found ","`],
  ['[1,]', `line 1, column 4: ${value}found "]"`],
  ['[,1]', `line 1, column 2: ${value}found ","`],
  ['[1 2]', 'line 1, column 4: expected "," or "]", but found "2"'],
  ['[1}', 'line 1, column 3: expected "," or "]", but found "}"'],
  ['{"a":1]', 'line 1, column 7: expected "," or "}", but found "]"'],
  ['{"a":}', `line 1, column 6: ${value}found "}"`],
  ['{"a"=1}', 'line 1, column 5: expected ":" after the key, but found "="'],
  ['{"a":1;}', 'line 1, column 7: expected "," or "}", but found ";"'],
  ['{}}', 'line 1, column 3: expected nothing more after the document, but found "}"'],
  ['{} {}', 'line 1, column 4: expected nothing more after the document, but found "{"'],
  // Quotes, comments, encodings.
  ["{'a':1}", `line 1, column 2: ${key}found "'"`],
  ["['a']", `line 1, column 2: ${value}found "'"`],
  ['{a:1}', `line 1, column 2: ${key}found "a"`],
  ['{1:1}', `line 1, column 2: ${key}found "1"`],
  ['`a`', `line 1, column 1: ${value}found "\`"`],
  ['// a\n{}', `line 1, column 1: ${value}found "/"`],
  ['{/* a */}', `line 1, column 2: ${key}found "/"`],
  ['# a\n{}', `line 1, column 1: ${value}found "#"`],
  ['"a\nb"', `line 1, column 3: ${quoted}`],
  ['"a\tb"', `line 1, column 3: ${quoted}`],
  ['"\u007f"', `line 1, column 2: ${quoted}`],
  ['"\u00e9"', `line 1, column 2: ${quoted}`],
  ['"a\\nb"', 'line 1, column 3: expected text without backslashes'],
  ['"\\u0041"', 'line 1, column 2: expected text without backslashes'],
  ['"\\"', 'line 1, column 2: expected text without backslashes'],
  ['\ufeff{}', `line 1, column 1: ${value}${unprintable}`],
  ['\u00a0{}', `line 1, column 1: ${value}${unprintable}`],
  ['{\f}', `line 1, column 2: ${key}${unprintable}`],
  // Numbers and words.
  ['01', 'line 1, column 1: expected a number without leading zeros'],
  ['-1', 'line 1, column 1: expected a number without a sign'],
  ['+1', `line 1, column 1: ${value}found "+"`],
  ['.5', `line 1, column 1: ${value}found "."`],
  ['1.5', 'line 1, column 1: expected a whole number, without fraction or exponent'],
  ['1.', 'line 1, column 1: expected a whole number, without fraction or exponent'],
  ['1e3', 'line 1, column 1: expected a whole number, without fraction or exponent'],
  ['1E3', 'line 1, column 1: expected a whole number, without fraction or exponent'],
  ['1234567890', 'line 1, column 1: expected a number of at most 9 digits'],
  ['0x10', 'line 1, column 2: expected nothing more after the document, but found "x"'],
  ['1_000', 'line 1, column 2: expected nothing more after the document, but found "_"'],
  ['True', `line 1, column 1: ${value}found "T"`],
  ['[nul]', `line 1, column 2: ${value}found "n"`],
  ['truex', 'line 1, column 5: expected nothing more after the document, but found "x"'],
  ['NaN', `line 1, column 1: ${value}found "N"`],
  ['Infinity', `line 1, column 1: ${value}found "I"`],
  ['undefined', `line 1, column 1: ${value}found "u"`],
  // Limits.
  ['{"a":1,"a":2}', 'line 1, column 8: expected every key once, but "a" is here again'],
  ['{"b":{"a":1,"a":2}}', 'line 1, column 13: expected every key once, but "a" is here again'],
  ['['.repeat(maxDepth + 1), 'line 1, column 9: expected at most 8 objects and lists inside one another'],
  [' '.repeat(maxDocumentLength + 1), 'expected at most 8192 characters, but got 8193'],
];

for (const [i, [text, error]] of refusals.entries())
  test(`${i}: ${JSON.stringify(text).slice(0, 40)} is refused`, (t) => {
    t.deepEqual(readJson(text), { error });
  });

/** The value as JSON.parse would give it. */
function plain(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(value.keys.map((name, i) => [name, plain(value.values[i])]));
}

const accepted = [
  '{}',
  '[]',
  '[[],{},[[]]]',
  '0',
  '999999999',
  '""',
  '"a \'b\' /* c */ ~"',
  'true',
  'null',
  ' \t\r\n{ "a" : [ 1 , 2 ] , "b" : { "c" : false } }\r\n',
  '{"constructor":{"toString":null},"a":{"constructor":1}}',
  '['.repeat(maxDepth) + ']'.repeat(maxDepth),
  ' '.repeat(maxDocumentLength - 2) + '{}',
];

for (const text of accepted)
  test(`${text.trim().slice(0, 60)} (${text.length}) is read as JSON.parse reads it`, (t) => {
    const read = readJson(text);
    t.true('value' in read);
    if ('value' in read) t.deepEqual(plain(read.value), JSON.parse(text));
  });
