/**
 * In the npm package every module lies elsewhere, compiled. So what may be in it asks host-tools/cli/package-root.ts
 * for files, and `import.meta.url` names nothing but other modules of the host tools.
 */
import { posix } from 'node:path';
import test from 'ava';
import { sourcesBelow } from './sources.ts';

/** What runs in a clone only, and the one file that looks for the root. */
const cloneOnly = /^host-tools\/(build|measure|package|site)\/|^host-tools\/cli\/package-root\.ts$/;

/** Uses of import.meta that would break in the package, as they are written. */
function strayPlaces(file: string, text: string): string[] {
  return [
    ...text.matchAll(/new URL\((['"`])(.*?)\1, import\.meta\.url\)|import\.meta\.(?:dirname|filename)/g),
  ]
    .filter(([, , name]) => name === undefined || !isModule(posix.join(posix.dirname(file), name)))
    .map(([written]) => `${file}: ${written}`);
}

function isModule(name: string): boolean {
  return name.startsWith('host-tools/') && name.endsWith('.ts');
}

test('host tools that may be packed name no file by their own place but modules', (t) => {
  t.deepEqual(
    sourcesBelow('host-tools')
      .filter(({ file }) => !cloneOnly.test(file))
      .flatMap(({ file, text }) => strayPlaces(file, text)),
    [],
  );
});

// Written apart: the unit tests are compiled with their own places put in.
const here = ['import', 'meta'].join('.');
const refused = [
  `readFileSync(new URL('../../package.json', ${here}.url))`,
  `new URL('../../firmware/main.ts', ${here}.url)`,
  `new URL('./hairpin.json', ${here}.url)`,
  `join(${here}.dirname, 'x.ts')`,
];
for (const text of refused) {
  test(`refused: ${text}`, (t) => t.is(strayPlaces('host-tools/lab/x.ts', text).length, 1));
}

test('a module of the host tools may be named', (t) => {
  t.deepEqual(strayPlaces('host-tools/lab/x.ts', `new URL('../run/y.ts', ${here}.url)`), []);
});
