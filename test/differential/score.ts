/**
 * The score of a run: how many sequences differed by what. Pure.
 */
import type { Comparison } from './compare.ts';

export interface RowScore {
  /** Packets that differ by this row, and packets whose difference follows from an earlier one in the same flow. */
  packets: number;
  follow: number;
  sequences: number;
}

export interface Score {
  sequences: number;
  /** Of those, without any difference. */
  clean: number;
  packets: number;
  rows: Record<string, RowScore>;
  /** Each told in words, in its smallest form, with the seed that makes it again. */
  failures: { seed: number; words: string }[];
}

export function emptyScore(): Score {
  return { sequences: 0, clean: 0, packets: 0, rows: {}, failures: [] };
}

export function addSequence(score: Score, { verdicts, packets }: Comparison): void {
  score.sequences++;
  score.packets += packets;
  if (verdicts.every(({ same }) => same)) score.clean++;
  const met = new Set<string>();
  for (const verdict of verdicts) {
    if (verdict.same || verdict.row === null) continue;
    const row = (score.rows[verdict.row] ??= { packets: 0, follow: 0, sequences: 0 });
    if (verdict.follows) row.follow++;
    else row.packets++;
    if (!met.has(verdict.row)) row.sequences++;
    met.add(verdict.row);
  }
}

/** The score of several runs together. */
export function sumOf(scores: readonly Score[]): Score {
  const sum = emptyScore();
  for (const score of scores) {
    sum.sequences += score.sequences;
    sum.clean += score.clean;
    sum.packets += score.packets;
    sum.failures.push(...score.failures);
    for (const [id, { packets, follow, sequences }] of Object.entries(score.rows)) {
      const row = (sum.rows[id] ??= { packets: 0, follow: 0, sequences: 0 });
      row.packets += packets;
      row.follow += follow;
      row.sequences += sequences;
    }
  }
  return sum;
}

/** Percent of the sequences that have no difference at all. */
export function cleanShare({ clean, sequences }: Score): number {
  return sequences === 0 ? 0 : (100 * clean) / sequences;
}

/** The failures as a person reads them. */
export function tellFailures({ failures }: Score): string {
  return failures
    .map(
      ({ seed, words }) =>
        `Sequence with seed ${seed} (again with SEQUENCE=${seed} make test-differential):\n${words}`,
    )
    .join('\n\n');
}
