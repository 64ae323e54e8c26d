/** The packet path keeps to the flat subset: integers, typed arrays, calls. */
import test from 'ava';
import { checkFlat, isFlatFile } from '../../host-tools/build/flat.ts';
import { parseTypeScript } from '../../host-tools/build/syntax-tree.ts';
import { sourcesBelow } from './sources.ts';

function complaints(text: string): string[] {
  return checkFlat(parseTypeScript(text)).map(({ node, message }) => `${node.loc.start.line}: ${message}`);
}

test('every file of the packet path is flat', (t) => {
  const flat = sourcesBelow('firmware').filter(({ file }) => isFlatFile(file));
  t.true(flat.length > 0, 'There is no flat file to check.');
  t.deepEqual(
    flat.flatMap(({ file, text }) => complaints(text).map((complaint) => `${file}:${complaint}`)),
    [],
  );
});

test('files are held to it by their room, or because a function of the packet path is there', (t) => {
  t.true(isFlatFile('firmware/datapath/x.ts'));
  t.true(isFlatFile('/home/me/hairpin/firmware/datapath/x.ts'));
  t.true(isFlatFile('firmware/router/drain.ts'));
  t.true(isFlatFile('/home/me/hairpin/firmware/router/serve.ts'));
  t.false(isFlatFile('firmware/control/x.ts'));
  t.false(isFlatFile('test/router/drain.ts'));
});

const refused: [what: string, statement: string][] = [
  ['object literal', 'a = { b: 1 };'],
  ['array literal', 'a = [1];'],
  ['string', `a = 'x';`],
  ['template', 'a = `x`;'],
  ['regular expression', 'a = /x/;'],
  ['null', 'a = null;'],
  ['fraction', 'a = 0.5;'],
  ['closure', 'a = () => 1;'],
  ['function expression', 'a = function () { return 1; };'],
  ['inner function', 'function g() {}'],
  ['class', 'class G {}'],
  ['try', 'try { f(); } catch {}'],
  ['throw', 'throw a;'],
  ['switch', 'switch (a) { case 1: f(); }'],
  ['for..of', 'for (const x of u) f();'],
  ['for..in', 'for (const x in u) f();'],
  ['destructuring', 'const [x] = u;'],
  ['this', 'a = this;'],
  ['typeof', 'a = typeof u;'],
  ['instanceof', 'a = u instanceof v;'],
  ['property', 'a = u.byteOffset;'],
  ['method call', 'u.fill(0);'],
  ['optional chaining', 'a = u?.[0];'],
  ['allocation', 'a = new Uint8Array(4);'],
  ['allocation by a variable', 'a = new Uint8Array(b);'],
  ['other objects', 'a = new Date();'],
  ['length in the head of a loop', 'for (i = 0; i < u.length; i++) f();'],
  ['length in the body of a loop', 'while (a) a = u.length;'],
  ['await', 'await f();'],
];
for (const [what, statement] of refused) {
  test(`refused: ${what}`, (t) => {
    t.true(complaints(`async function flat(a, b, i) { ${statement} }`).length > 0);
  });
}

test('what a module does while it loads is free', (t) => {
  t.deepEqual(complaints(`const u = new Uint8Array(40);\nconst names = ['a', { b: u.fill(0) }];`), []);
});

test('default and rest parameters are refused', (t) => {
  t.is(complaints('function flat(a = 1, ...b) {}').length, 2);
});

test('allowed: integers, loops, calls, elements, a view over a buffer, length outside loops', (t) => {
  const text = `
    export function flat(w: Uint32Array, from: number): number {
      const end = w.length;
      const bytes = new Uint8Array(w.buffer, 14, 20);
      let sum = -1;
      for (let i = w.length - from; i < end; i++) {
        if (!bytes[i] || (w[i] >>> 3) & 7) continue;
        sum = sum > 65535 ? sum - 65535 : add(sum, w[i + 1]);
      }
      do sum--; while (sum > 4294967296 && true);
      return sum | 0;
    }`;
  t.deepEqual(complaints(text), []);
});
