/** The build as a whole, on a small firmware: what comes out runs, is where it was written, and keeps its shape. */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join, resolve } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import test from 'ava';
import { buildFirmware } from '../../host-tools/build/build.ts';
import { probe } from '../../host-tools/build/products.ts';
import { hairpin } from './fixtures/firmware/main.ts';
import { projectOf } from './project.ts';

const entry = 'test/build/fixtures/firmware/main.ts';
const built = buildFirmware({ root: resolve(import.meta.dirname, '../..'), entry });

test('the script answers what the TypeScript answers, and makes one global', async (t) => {
  const { code } = await built;
  const context = createContext({});
  runInContext(code, context);
  t.deepEqual(Object.keys(context), ['hairpin']);
  for (const line of ['sum', 'sum 1 2 3', 'what now', '']) {
    t.is(runInContext(`hairpin(${JSON.stringify(line)})`, context), hairpin(line), line);
  }
});

test('it asks nothing of a context that has only the library of ES5', async (t) => {
  const { code } = await built;
  const context = createContext({});
  runInContext(
    'delete this.Symbol; delete this.Map; delete this.Set; delete Array.from; delete Object.assign',
    context,
  );
  t.notThrows(() => runInContext(`${code}; hairpin('sum 1 2 3')`, context));
});

test('names stand in the order of imports, hot module first', async (t) => {
  const { report } = await built;
  t.deepEqual(report.names.shared.slice(0, 6), ['table', 'turns', 'put', 'at', 'Line', 'answer']);
});

test('constants that follow from others are numbers in the script, and cost no name', async (t) => {
  const { code, report } = await built;
  t.regex(code, /new Uint32Array\(32\)/);
  for (const name of ['SLOTS', 'SLOT_BYTES', 'LAST', 'MASK'])
    t.false(report.names.shared.includes(name), name);
});

test('what may be skipped stays a block', async (t) => {
  const { code } = await built;
  t.regex(code, /if\(\w>7\)\{\w=0;return\}/);
  t.regex(code, /if\(\w<0\)\{\w=0\}/);
});

test('the map leads to the line of the TypeScript', async (t) => {
  const { code, map } = await built;
  const line = code.split('\n').findIndex((text) => text.includes('Unknown request'));
  const column = code.split('\n')[line]!.indexOf(`"Unknown request`);
  const found = new SourceMap(JSON.parse(map)).findEntry(line, column) as Record<string, unknown>;
  t.is(found.originalSource, '../test/build/fixtures/firmware/answer.ts');
  const written = readFileSync(join(import.meta.dirname, 'fixtures/firmware/answer.ts'), 'utf8');
  t.true(written.split('\n')[found.originalLine as number]!.includes('Unknown request'));
  const { sources, sourcesContent } = JSON.parse(map) as { sources: string[]; sourcesContent: string[] };
  t.true(
    sourcesContent[sources.indexOf('../test/build/fixtures/firmware/answer.ts')]!.includes('class Line'),
  );
});

test('the report counts bytes, names and scopes', async (t) => {
  const { code, report } = await built;
  t.is(report.bytes, code.length);
  t.is(report.scopes.functions, code.split('function').length - 1);
  t.is(report.scopes.depth, 3);
  t.deepEqual(
    report.inputs,
    ['answer', 'main', 'table'].map((name) => `test/build/fixtures/firmware/${name}.ts`),
  );
});

test('another script has another global, and is refused under the name of the first', async (t) => {
  const root = await projectOf(t, {
    'firmware/probe/main.ts': `export function probe(line: string) { return line + '!'; }`,
  });
  const { code } = await buildFirmware({ root, product: probe });
  t.is(runInContext(`${code}; probe('x')`, createContext({})), 'x!');
  const error = await t.throwsAsync(() => buildFirmware({ root, entry: probe.entry }), {
    name: 'BuildRefused',
  });
  t.regex(error.message, /must export 'hairpin' and nothing else, but it exports 'probe'/);
});

test('the version of package.json is the constant HAIRPIN_VERSION', async (t) => {
  const root = await projectOf(t, {
    'firmware/main.ts': `declare const HAIRPIN_VERSION: string;
      export function hairpin(): string { return HAIRPIN_VERSION; }`,
  });
  const { code } = await buildFirmware({ root });
  t.is(runInContext(`${code}; hairpin('')`, createContext({})), '1.2.3');
});

test('whole numbers are written out: with an exponent they would be floating point', async (t) => {
  const root = await projectOf(t, {
    'firmware/main.ts': `const limit = 50 * 1000;\nexport function hairpin(line: string) { return line.length * limit + 6e6; }`,
  });
  const { code } = await buildFirmware({ root });
  t.regex(code, /50000\b.*\b6000000\b|6000000\b.*\b50000\b/);
});

test('a text is written out wherever its name was used, and the name is gone', async (t) => {
  const root = await projectOf(t, {
    'firmware/main.ts': `import { file, saying } from './x.ts';\nexport function hairpin(line: string) { return line == file ? saying : file; }`,
    'firmware/x.ts': `export const file = 'config' + '.json';\nexport const saying = 'There is no ' + file + '.';`,
  });
  const { code, report } = await buildFirmware({ root });
  t.deepEqual(report.names.shared, []);
  const ask = (line: string) => runInContext(`${code}; hairpin('${line}')`, createContext({})) as string;
  t.deepEqual([ask(''), ask('config.json')], ['config.json', 'There is no config.json.']);
});

const refused: { what: string; files: Record<string, string>; says: RegExp }[] = [
  {
    what: 'text that does not parse',
    files: { 'firmware/main.ts': 'export function hairpin( {\n' },
    says: /^firmware\/main\.ts:2:1 bundle: /,
  },
  {
    what: 'an import that leads nowhere',
    files: { 'firmware/main.ts': `import './gone.ts';\nexport function hairpin() {}` },
    says: /^firmware\/main\.ts:1:8 bundle: .*gone\.ts/,
  },
  {
    what: 'no hairpin',
    files: { 'firmware/main.ts': 'export const other = 1;' },
    says: /^firmware\/main\.ts:1:1 seam: .*it exports 'other'/,
  },
  {
    what: 'nothing exported',
    files: { 'firmware/main.ts': 'let a = 1; a++;' },
    says: /^firmware\/main\.ts:1:1 seam: .*does not export it/,
  },
  {
    what: 'a row of the dialect in an imported file',
    files: {
      'firmware/main.ts': `import './deep/x.ts';\nexport function hairpin() {}`,
      'firmware/deep/x.ts': `let n = 3;\n\n  out: while (n) { n--; break out; }\n`,
    },
    says: /^firmware\/deep\/x\.ts:3:3 label: /,
  },
  {
    what: 'a call made while loading, of a function that needs what comes later',
    files: {
      'firmware/main.ts': `import { later } from './x.ts';\nexport function hairpin(): number {\n  return later();\n}`,
      'firmware/x.ts': `function boot(): number {\n  return table[0] + table[1];\n}\nconst first = boot();\nconst table = [first, Math.random()];\nexport function later(): number {\n  table[0]++;\n  return table[first];\n}\n`,
    },
    says: /^firmware\/x\.ts:2:10 hoisting: /,
  },
  {
    what: 'a helper of the build that needs what is missing',
    files: {
      'firmware/main.ts': `export function hairpin(line: string) {\n  const { a, ...rest } = JSON.parse(line);\n  return JSON.stringify(rest) + a;\n}`,
    },
    says: /missing-member: |missing-method: /,
  },
];
for (const { what, files, says } of refused) {
  test(`refused, with file and line: ${what}`, async (t) => {
    const root = await projectOf(t, files);
    const error = await t.throwsAsync(() => buildFirmware({ root }), { name: 'BuildRefused' });
    t.regex(error.message, says);
  });
}
