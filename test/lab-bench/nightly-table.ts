/*
 * What a series of runs has to reach, and the table of all of them. Pure.
 */
import type { RunResult } from './run-world.ts';
import { titleOf, type Case } from './cases.ts';

export interface Counts {
  right: number;
  inconclusive: number;
  wrong: number;
  /** Middle of the runs' times, in seconds. */
  seconds: number;
}

export interface Series extends Counts {
  tested: Case;
  /** Percent. */
  loss: number;
  seed: number;
}

/** With loss, so many of the runs must be right. */
const RIGHT_AT_LEAST = 0.97;

export function countOf(
  tested: Case,
  results: readonly Pick<RunResult, 'verdict' | 'milliseconds'>[],
): Counts {
  const right = results.filter(({ verdict }) => verdict === tested.expect).length;
  const inconclusive = results.filter(
    ({ verdict }) => verdict !== tested.expect && verdict === 'inconclusive',
  ).length;
  const times = results.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const seconds = (times[times.length >> 1] ?? 0) / 1000;
  return { right, inconclusive, wrong: results.length - right - inconclusive, seconds };
}

export function isMet({ right, inconclusive, wrong, loss }: Omit<Series, 'tested' | 'seed'>): boolean {
  const runs = right + inconclusive + wrong;
  return wrong === 0 && runs > 0 && right >= runs * (loss === 0 ? 1 : RIGHT_AT_LEAST);
}

/** Right / inconclusive / wrong, for each class, as Markdown. */
export function nightlyTable(
  all: readonly Series[],
  { runs, loss, seed, minutes }: { runs: number; loss: number; seed: number; minutes: number },
): string {
  const rows = all
    .filter((one) => one.loss === 0)
    .map((clean) => {
      const lossy = all.find((one) => one.tested === clean.tested && one.loss !== 0);
      const shown = (one: Series | undefined) =>
        one ? `${one.right} / ${one.inconclusive} / ${one.wrong}` : 'not run';
      const times = [clean, lossy].map((one) => (one ? one.seconds.toFixed(1) : '-'));
      return `| ${titleOf(clean.tested)} | ${clean.tested.expect} | ${shown(clean)} | ${shown(lossy)} | ${times.join(' / ')} |`;
    });
  const sum = (key: 'right' | 'inconclusive' | 'wrong') =>
    [0, loss].map((percent) =>
      all.filter((one) => one.loss === percent).reduce((total, one) => total + one[key], 0),
    );
  const [right, inconclusive, wrong] = [sum('right'), sum('inconclusive'), sum('wrong')];
  return [
    `| router, and how it was asked | must be | no loss | ${loss} % loss | seconds a run |`,
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    `Right / inconclusive / wrong of ${runs} runs each. Together without loss ${right[0]} / ${inconclusive[0]} / ` +
      `${wrong[0]}, with ${loss} % ${right[1]} / ${inconclusive[1]} / ${wrong[1]}. First seed ${seed}; ` +
      `${minutes.toFixed(0)} minutes on this machine.`,
  ].join('\n');
}
