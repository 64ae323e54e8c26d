/* Strings as Espruino writes them are read back, whatever is in them. */
import test from 'ava';
import { decodeString } from '../../host-tools/device/repl/js-text.ts';
import { toJs } from './board/to-js.ts';

const written: [literal: string, text: string][] = [
  // As 2v29 wrote it: "a\n\x01\xff'\"b".
  [String.raw`"a\n\1\xFF'\"b"`, 'a\n\x01\xff\'"b'],
  [String.raw`"\x012"`, '\x012'],
  [String.raw`'it\'s \\ \t'`, "it's \\ \t"],
  ['""', ''],
];
for (const [literal, text] of written) {
  test(`read: ${literal}`, (t) => t.is(decodeString(literal), text));
}

test('every byte comes back', (t) => {
  const text = String.fromCharCode(...Array.from({ length: 512 }, (_, index) => (index * 7) & 0xff));
  t.is(decodeString(toJs(text)), text);
});

test('what is no string is refused', (t) => {
  for (const literal of ['5', 'null', '"open', `"a'`, '']) t.throws(() => decodeString(literal));
});
