/* Colour where a person sees it and wants it, and nowhere else. */
import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import test from 'ava';
import { tinted, verdictTinted } from '../../host-tools/cli/colour.ts';
import { sourcesBelow } from '../structure/sources.ts';

/** A stream that is a terminal or is not, with Node's own idea of what a terminal's surroundings ask for. */
function screen(isTTY: boolean): NodeJS.WritableStream {
  return Object.assign(new PassThrough(), { isTTY, getColorDepth: WriteStream.prototype.getColorDepth });
}

function inEnvironment<T>(env: Record<string, string>, run: () => T): T {
  const before = process.env;
  process.env = { TERM: 'xterm', ...env };
  try {
    return run();
  } finally {
    process.env = before;
  }
}

const cases: [what: string, isTTY: boolean, env: Record<string, string>, coloured: boolean][] = [
  ['a terminal', true, {}, true],
  ['a pipe or a file', false, {}, false],
  ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
  ['a terminal that is dumb', true, { TERM: 'dumb' }, false],
];
for (const [what, isTTY, env, coloured] of cases) {
  test.serial(`${what}: ${coloured ? 'colour' : 'none'}`, (t) => {
    const text = inEnvironment(env, () => tinted('NO', 'bad', screen(isTTY)));
    t.is(text, coloured ? '\x1b[31mNO\x1b[39m' : 'NO');
  });
}

test.serial('of a text the verdict alone is coloured, once', (t) => {
  const tint = (text: string) => inEnvironment({}, () => verdictTinted(text, 'open', screen(true)));
  t.is(tint('NOT KNOWN: 12.0.0.1:25 is TCP'), '\x1b[33mNOT KNOWN\x1b[39m: 12.0.0.1:25 is TCP');
  t.is(tint('tcp A > B\n\nWORKS. YES'), 'tcp A > B\n\n\x1b[33mWORKS\x1b[39m. YES');
  t.is(tint('A packet'), 'A packet');
});

test('nothing else in the program colours', (t) => {
  const colouring = sourcesBelow('host-tools')
    .filter(({ file }) => file !== 'host-tools/cli/colour.ts')
    .filter(({ text }) => /\\(x1b|u001b|e|033)\[[0-9;]*m|styleText/.test(text))
    .map(({ file }) => file);
  t.deepEqual(colouring, []);
});
