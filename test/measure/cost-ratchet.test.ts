/** The ratchet: what counts as worse, as better, and as not known. */
import test from 'ava';
import { judge, takeOver } from '../espruino/cost/ratchet.ts';

test('5 % more is let through, anything above is a regression with its name and both figures', (t) => {
  t.deepEqual(judge({ path: 105 }, { path: 100 }).regressions, []);
  t.deepEqual(judge({ path: 106 }, { path: 100 }).regressions, [
    "path: 106.0 turns, 6.0 % more than the ratchet's 100.0.",
  ]);
});

test('less is never a regression; more than 5 % less is told', (t) => {
  const { regressions, improvements } = judge({ a: 96, b: 90 }, { a: 100, b: 100 });
  t.deepEqual(regressions, []);
  t.deepEqual(improvements, ["b: 90.0 turns, 10.0 % less than the ratchet's 100.0."]);
});

test('an interpreter that was never measured has only unknown figures', (t) => {
  t.deepEqual(judge({ a: 1, b: 2 }), { regressions: [], improvements: [], unknown: ['a', 'b'], gone: [] });
});

test('a figure that is no longer measured does not go unnoticed', (t) => {
  t.deepEqual(judge({ a: 1 }, { a: 1, b: 2 }).gone, ['b']);
});

test('taking over replaces one version and leaves the others', (t) => {
  const before = { '2v28': { a: 3 }, '2v29': { a: 4, old: 5 } };
  t.deepEqual(takeOver(before, '2v29', { a: 3.96 }), { '2v28': { a: 3 }, '2v29': { a: 4 } });
});
