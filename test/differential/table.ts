/**
 * The table of docs/differences-from-linux.md: what differs and how often it did. Pure.
 */
import { ALLOWED } from './allowed.ts';
import { cleanShare, type Score } from './score.ts';

/** The rows in the order of allowed.ts, those never met with zeros. */
export function differenceTable(score: Score, seed: number, seconds: number): string {
  const rows = ALLOWED.map(({ id, sentence }) => {
    const { packets, follow, sequences } = score.rows[id] ?? { packets: 0, follow: 0, sequences: 0 };
    return `| ${id} | ${sentence} | ${sequences} | ${packets} | ${follow} |`;
  });
  return [
    '| row | what differs | sequences | packets | follow from it |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    `The last nightly run: ${score.sequences} sequences of together ${score.packets} packets, seed ${seed}, in ` +
      `${seconds.toFixed(0)} seconds. ${score.clean} sequences (${cleanShare(score).toFixed(0)} %) had no difference at all; ` +
      `${score.failures.length} had one that is not in the table.`,
  ].join('\n');
}

/** Ids and sentences of a table in a page, to be held against allowed.ts. */
export function rowsIn(page: string): { id: string; sentence: string; sequences: number }[] {
  const table = /<!-- differences -->\n([\s\S]*?)<!-- \/differences -->/.exec(page)?.[1] ?? '';
  return table
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (row|---)/.test(line))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .map(([, id, sentence, sequences]) => ({ id, sentence, sequences: Number(sequences) }));
}
