/** Names of hot functions come first in the one scope, nothing runs earlier than it did, and the report shows it. */
import { resolve } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import test from 'ava';
import { buildFirmware } from '../../host-tools/build/build.ts';
import { currentFirmware } from '../../host-tools/build/current.ts';
import { packetPath } from '../../host-tools/build/hot-functions.ts';
import { projectOf } from './project.ts';

const project = resolve(import.meta.dirname, '../..');

test('the firmware: no name that the packet path does without stands in front of one that it uses', async (t) => {
  const { report } = await currentFirmware(project);
  const { hot, coldInFront } = report.names;
  t.deepEqual(coldInFront, []);
  t.deepEqual(
    Object.values(hot),
    Object.keys(hot).map((_, index) => index),
  );
  for (const name of ['rowSource', 'flowIp', 'wanRead', 'switches', 'tcpFromLan']) t.true(name in hot, name);
});

test('the list of hot functions names only files of the firmware', async (t) => {
  const { report } = await currentFirmware(project);
  for (const file of Object.keys(packetPath)) t.true(report.inputs.includes(file), file);
});

const hot = { 'firmware/hot.ts': ['run'] };
const files = {
  'firmware/main.ts': `import { start } from './cold.ts';
import { makeRun } from './hot.ts';
const run = makeRun();
export function hairpin(line: string): string { return JSON.stringify([start(line), run(2), run(3)]); }`,
  'firmware/cold.ts': `const greeting = ['hello'].join('');
let calls = 0;
export function start(line: string): string { calls++; return line + calls + greeting.length; }
export const log: string[] = [start('first')];`,
  'firmware/hot.ts': `import { log } from './cold.ts';
const memory = new Uint8Array(40).buffer;
const table = new Uint8Array(memory), words = new Uint32Array(memory);
let total = log.length;
function add(n: number): number { table[0] += n; table[1] += n; return words[0]; }
export function makeRun(): (n: number) => number {
  const unused = log.length;
  return function run(n: number): number { total += table[n] + total + unused; return add(n) + total; };
}`,
};

test('variables first, then functions, each by the number of uses', async (t) => {
  const { code, report } = await buildFirmware({ root: await projectOf(t, files), hot });
  t.deepEqual(report.names.shared.slice(0, 4), ['total', 'table', 'add', 'greeting']);
  t.deepEqual(report.names.hot, { total: 0, table: 1, add: 2 });
  t.deepEqual(report.names.coldInFront, []);
  t.regex(code, /^var hairpin=function\(\)\{\nvar \w=0,\w=0;function/);
});

test('the script answers the same as without the order', async (t) => {
  const answers = await Promise.all(
    [hot, {}].map(async (names) => {
      const { code } = await buildFirmware({ root: await projectOf(t, files), hot: names });
      return runInContext(`${code}; hairpin('x') + hairpin('y')`, createContext({})) as string;
    }),
  );
  t.is(answers[0], answers[1]);
  t.is(answers[0], '["x25",517,1292]["y35",1814,2601]');
});

const refused: {
  what: string;
  change: [file: keyof typeof files, from: string, to: string];
  says: RegExp;
}[] = [
  {
    what: 'a hot function that is gone',
    change: ['firmware/hot.ts', 'function run', 'function go'],
    says: /^firmware\/hot\.ts:1:1 hot: There is no function 'run' here/,
  },
  {
    what: 'a built-in named in a hot function',
    change: ['firmware/hot.ts', 'return add(n)', 'return Math.abs(n)'],
    says: /^firmware\/hot\.ts:8:\d+ hot: 'Math' is found behind all names/,
  },
  {
    what: 'a name put first that is read before it has its value',
    change: ['firmware/cold.ts', 'calls++;', 'calls++; early(line);'],
    says: /^firmware\/hot\.ts:\d+:\d+ hoisting: /,
  },
];
for (const { what, change, says } of refused) {
  test(`refused: ${what}`, async (t) => {
    const [file, from, to] = change;
    const changed = { ...files, [file]: files[file].replace(from, to) };
    if (to.includes('early')) {
      changed['firmware/cold.ts'] = `import { early } from './hot.ts';\n${changed['firmware/cold.ts']}`;
      changed['firmware/hot.ts'] +=
        `\nexport function early(line: string): void { total = line.length + table[0]; }`;
    }
    const root = await projectOf(t, changed);
    const error = await t.throwsAsync(() => buildFirmware({ root, hot }), { name: 'BuildRefused' });
    t.regex(error.message, says);
  });
}
