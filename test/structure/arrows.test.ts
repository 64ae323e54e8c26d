/** The rooms import only along the arrows of the design, and only the platform room names the platform. */
import test from 'ava';
import { checkImports } from './arrows.ts';
import { checkPlatformNames } from './platform-names.ts';
import { sourcesBelow } from './sources.ts';

const all = [...sourcesBelow('firmware'), ...sourcesBelow('host-tools')];

test('firmware and host tools import only along the arrows', (t) => {
  t.deepEqual(
    all.flatMap(({ file, text }) => checkImports(file, text)),
    [],
  );
});

test('only firmware/platform names what the interpreter brings', (t) => {
  t.deepEqual(
    all.flatMap(({ file, text }) => checkPlatformNames(file, text)),
    [],
  );
});

const forbidden = [
  ['firmware/datapath/x.ts', `import { evict } from '../control/flows.ts';`],
  ['firmware/datapath/x.ts', `import type { Flow } from '../control/flows.ts';`],
  ['firmware/control/x.ts', `export { send } from '../w5500/send.ts';`],
  ['firmware/wire/x.ts', `import { Buffer } from 'node:buffer';`],
  ['firmware/services/x.ts', `import { poll } from '../router/loop.ts';`],
  ['firmware/config/x.ts', `import '../platform/storage.ts';`],
  ['host-tools/lab/x.ts', `const driver = await import('../../firmware/w5500/driver.ts');`],
  ['host-tools/cli/x.ts', `import { Lab } from '../../test/lab/x.ts';`],
  ['firmware/control/x.ts', `import {\n  poll,\n  type Turn,\n} from '../router/turn.ts';`],
  ['firmware/stray.ts', ``],
] as const;
for (const [file, text] of forbidden) {
  test(`refused in ${file}: ${text.replaceAll(/\s+/g, ' ') || 'a file outside all rooms'}`, (t) => {
    t.is(checkImports(file, text).length, 1);
  });
}

const allowed = [
  ['firmware/datapath/x.ts', `import { flowMark } from '../layout/arena.ts';\nimport { y } from './y.ts';`],
  ['firmware/main.ts', `import './router/loop.ts';`],
  [
    'host-tools/lab/x.ts',
    `import { z } from '../emulator/z.ts';\nimport type { C } from '../../firmware/config/c.ts';`,
  ],
  ['host-tools/build/x.ts', `import { transform } from '@babel/core';`],
  ['firmware/wire/x.ts', `export const text = 'from';\nexport const other = '../control/x.ts';`],
] as const;
for (const [file, text] of allowed) {
  test(`allowed in ${file}: ${text.replace('\n', ' ')}`, (t) => {
    t.deepEqual(checkImports(file, text), []);
  });
}

test('a platform name is found where it is free, and not where it is a property or an own name', (t) => {
  const found = checkPlatformNames('firmware/router/x.ts', `let t = getTime();\nSPI2.send(1);\nD25.set();`);
  t.deepEqual(
    found.map((sentence) => sentence.split(' ').slice(0, 3).join(' ')),
    [
      `firmware/router/x.ts:1 names 'getTime';`,
      `firmware/router/x.ts:2 names 'SPI2';`,
      `firmware/router/x.ts:3 names 'D25';`,
    ],
  );
  t.deepEqual(
    checkPlatformNames('firmware/router/x.ts', `function print() {}\nprint(); a.load(); b = { reset: 1 };`),
    [],
  );
});
