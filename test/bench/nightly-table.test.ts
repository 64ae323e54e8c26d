/* What the nightly run asks for: without loss all right, with loss 97 of 100 and none wrong. */
import test from 'ava';
import type { Verdict } from '../../host-tools/bench/judge/verdicts.ts';
import { CASES, titleOf } from '../lab-bench/cases.ts';
import { countOf, isMet, nightlyTable } from '../lab-bench/nightly-table.ts';

const tested = CASES.find(({ expect }) => expect === 'dnat-without-snat')!;
const runs = (right: number, inconclusive: number, wrong: number) => {
  const all: [Verdict, number][] = [
    [tested.expect, right],
    ['inconclusive', inconclusive],
    ['no-dnat', wrong],
  ];
  return all.flatMap(([verdict, count]) => Array(count).fill({ verdict, milliseconds: 2000 }));
};
const met = (loss: number, ...counts: [number, number, number]) =>
  isMet({ loss, ...countOf(tested, runs(...counts)) });

test('runs are counted as right, inconclusive and wrong', (t) => {
  t.deepEqual(countOf(tested, runs(5, 2, 1)), { right: 5, inconclusive: 2, wrong: 1, seconds: 2 });
});

test('without loss everything must be right', (t) => {
  t.true(met(0, 100, 0, 0));
  t.false(met(0, 99, 1, 0));
  t.false(met(0, 0, 0, 0));
});

test('with loss 97 of 100 must be right, and none wrong', (t) => {
  t.true(met(5, 97, 3, 0));
  t.false(met(5, 96, 4, 0));
  t.false(met(5, 99, 0, 1));
});

test('no two classes have the same title', (t) => {
  const titles = CASES.map(titleOf);
  t.is(new Set(titles).size, titles.length);
});

test('the table has a line for each class and says what was not run', (t) => {
  const table = nightlyTable([{ tested, loss: 0, seed: 1, ...countOf(tested, runs(100, 0, 0)) }], {
    runs: 100,
    loss: 5,
    seed: 1,
    minutes: 1,
  });
  t.true(table.includes(`| ${titleOf(tested)} | dnat-without-snat | 100 / 0 / 0 | not run | 2.0 / - |`));
});
