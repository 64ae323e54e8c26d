/** The suite is complete: every row in scope has a test that passes, and docs/conformance.md says so. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { declaredIn, declaredTests } from './declared.ts';
import { pageFile, pageOf, withoutResults } from './page.ts';
import { rowIds, rowOf, scopeOf, sections } from './rows.ts';

const declared = declaredTests();
const named = new Set(declared.flatMap(({ ids }) => ids));

test('every row is there once', (t) => {
  t.is(rowIds.length, 256);
  t.is(sections.flatMap(({ rows }) => rows).length, rowIds.length);
});

test('every row in scope has a test', (t) => {
  t.deepEqual(
    rowIds.filter((id) => scopeOf(id) === 'tested' && !named.has(id)),
    [],
  );
});

test('every test names rows that are there, and has a title of its own', (t) => {
  t.deepEqual(
    [...named].filter((id) => !rowOf(id)),
    [],
  );
  t.is(new Set(declared.map(({ title }) => title)).size, declared.length);
});

test('a row that the checklist was not sure of says what was decided, unless it does not apply', (t) => {
  for (const { id, decision, dagger, why } of sections.flatMap(({ rows }) => rows))
    t.is(why !== undefined, dagger === true && decision !== 'NA', id);
});

test(`${pageFile} names the rows and tests of today (make conformance writes it)`, async (t) => {
  const today = await pageOf(declared, new Map());
  t.is(withoutResults(readFileSync(pageFile, 'utf8')), withoutResults(today));
});

test(`all rows in scope passed when ${pageFile} was written`, (t) => {
  const rows = readFileSync(pageFile, 'utf8')
    .split('\n')
    .map((text) => text.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .filter(([, id]) => rowOf(id?.replace(' (+)', '')) && scopeOf(id.replace(' (+)', '')) === 'tested');
  t.deepEqual(
    rows.filter((cells) => cells[6] !== 'passes').map(([, id, , , , , result]) => `${id} ${result}`),
    [],
  );
  t.is(rows.length, rowIds.filter((id) => scopeOf(id) === 'tested').length);
});

test('declarations are read as they are written, and refused if they are not', (t) => {
  const file = 'test/conformance/x.test.ts';
  t.deepEqual(declaredIn({ file, text: `row(['a-1', 'b-2,3'], 'it works', (t) => t.pass());` }), [
    { ids: ['a-1', 'b-2,3'], title: 'it works', file },
  ]);
  t.throws(() => declaredIn({ file, text: `\nrow([id], 'it works', (t) => t.pass());` }), {
    message: /^test\/conformance\/x\.test\.ts:2: write ids and title/,
  });
});
