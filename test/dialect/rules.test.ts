/**
 * Every row has an answer and every answer holds: what is said to be refused is refused, what is said to be lowered
 * gives its value as ES5, what is said to be shown is shown somewhere. And nothing is without a row.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { transformSync } from '@babel/core';
import test from 'ava';
import { currentFirmware } from '../../host-tools/build/current.ts';
import { checkDialect, dialectRules } from '../../host-tools/build/dialect.ts';
import { checkFlat } from '../../host-tools/build/flat.ts';
import { hotNamesFirst } from '../../host-tools/build/hot-names.ts';
import { minify } from '../../host-tools/build/minify.ts';
import { findDisorder } from '../../host-tools/build/order.ts';
import { readScopes } from '../../host-tools/build/scopes.ts';
import { parseScript, parseTypeScript } from '../../host-tools/build/syntax-tree.ts';
import { probes } from '../espruino/mutations.ts';
import type { Answer } from './answers.ts';
import { builtSamples, loweredAnswers } from './lowered.ts';
import { rules } from './rules.ts';

const project = resolve(import.meta.dirname, '../..');
const rows = Object.values(rules).flat();
const answers = rows.flatMap((row) => row.answers.map((answer) => ({ row, answer })));

/** Every row of the notes, and what was found beside them: none is dropped by accident. */
test('the tables are complete, and no two rows of one are the same', (t) => {
  t.deepEqual(
    Object.values(rules).map((table) => new Set(table.map(({ id }) => id)).size),
    [13 + 3, 35 + 1, 16],
  );
  for (const { id, answers } of rows) t.true(answers.length > 0, id);
});

/** Whether one of the build's checks refuses a text under the name of a rule. */
function isRefused(rule: string, sample: string): boolean {
  if (rule === 'hoisting') {
    return findDisorder(readScopes(parseScript(`var hairpin=function(){${sample}\n}();`))).length > 0;
  }
  if (rule === 'flat') return checkFlat(parseTypeScript(sample)).length > 0;
  if (rule === 'hot') return isRefusedAsHot(sample);
  const { stages } = dialectRules.find(({ id }) => id === rule)!;
  const program = stages[0] === 'source' ? parseTypeScript(sample) : parseScript(sample);
  return checkDialect(program, stages[0]!).some((finding) => finding.rule === rule);
}

function isRefusedAsHot(sample: string): boolean {
  let refusals = 0;
  const orders = { isHot: () => true, isWarm: () => false, refuse: () => refusals++, put: () => {} };
  transformSync(sample, { configFile: false, babelrc: false, plugins: [hotNamesFirst(orders)] });
  return refusals > 0;
}

const checks = new Set(['hoisting', 'flat', 'hot', ...dialectRules.map(({ id }) => id)]);
for (const { row, answer } of answers) {
  if (answer.kind !== 'refused') continue;
  test(`${row.id}: refused by ${answer.rule}, ${answer.samples.join(' ; ')}`, (t) => {
    t.true(checks.has(answer.rule), 'There is no such rule.');
    t.true(answer.samples.length > 0, 'There is no sample.');
    for (const sample of answer.samples) t.true(isRefused(answer.rule, sample), sample);
  });
}

test('what is lowered gives its value, from a script that passed as ES5 and keeps the dialect', async (t) => {
  const context = createContext({});
  runInContext(await builtSamples(t), context);
  for (const [index, { sample, value }] of loweredAnswers.entries()) {
    t.deepEqual(JSON.parse(runInContext(`hairpin('${index}')`, context) as string), [value], sample);
  }
});

test('what is shown elsewhere is shown by a file that exists', (t) => {
  for (const { row, answer } of answers) {
    if (answer.kind !== 'harmless') continue;
    t.regex(answer.because, /^[A-Z].*\.$/, row.id);
    if (answer.shownBy !== undefined) t.true(existsSync(join(project, answer.shownBy)), answer.shownBy);
  }
});

const known = probes.map(({ row }) => row);

test('what is caught names a probe, and every probe, rule and fixture has a row', (t) => {
  const named = <K extends Answer['kind']>(
    kind: K,
    nameOf: (answer: Extract<Answer, { kind: K }>) => string,
  ) => new Set(answers.flatMap(({ answer }) => (answer.kind === kind ? [nameOf(answer as never)] : [])));
  const caught = named('caught', ({ probe }) => probe);
  t.deepEqual(
    [...caught].filter((probe) => !known.includes(probe)),
    [],
  );
  t.deepEqual(
    known.filter((probe) => !caught.has(probe)),
    [],
  );
  t.is(new Set(known).size, known.length, 'Two probes have the same name.');

  const refused = named('refused', ({ rule }) => rule);
  t.deepEqual(
    [...checks].filter((rule) => !refused.has(rule)),
    [],
  );
  const fixtures = readdirSync(join(import.meta.dirname, 'fixtures')).map((name) =>
    name.replace(/\.[jt]s$/, ''),
  );
  t.deepEqual(
    fixtures.filter((rule) => !refused.has(rule)),
    [],
  );
});

test('the firmware stops no timer', async (t) => {
  const { code } = await currentFirmware(project);
  t.regex(code, /\bsetTimeout\b/);
  t.notRegex(code, /\bclear(Timeout|Interval)\b/);
});

test('no name of the script is of', async (t) => {
  const names = Array.from({ length: 1500 }, (_, index) => `name${index}`);
  const code = `${names.map((name) => `var ${name}=Math.random();`).join('\n')}\nreturn [${names.join()}]`;
  const minified = await minify({ code, map: '{"version":3,"sources":[],"names":[],"mappings":""}' }, 'x.js');
  t.regex(minified.code, /\boo\b/);
  t.notRegex(minified.code, /\bof\b/);
});
