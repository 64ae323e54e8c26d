/** docs/differences-from-linux.md shows every row that allowed.ts has, and each was met in the run that it shows. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { ALLOWED } from './allowed.ts';
import { rowsIn } from './table.ts';

const shown = rowsIn(readFileSync('docs/differences-from-linux.md', 'utf8'));

test('the table is that of allowed.ts; make it anew with UPDATE_DOCS=1 make test-nightly', (t) => {
  t.deepEqual(
    shown.map(({ id, sentence }) => ({ id, sentence })),
    ALLOWED.map(({ id, sentence }) => ({ id, sentence })),
  );
});

test('what ten thousand sequences never met is not allowed for', (t) => {
  t.deepEqual(
    shown.filter(({ sequences }) => !(sequences > 0)).map(({ id }) => id),
    [],
  );
});

test('each row has a name of its own', (t) => {
  t.is(new Set(ALLOWED.map(({ id }) => id)).size, ALLOWED.length);
});
