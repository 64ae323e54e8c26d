/*
 * The report on a terminal: the verdict first, then what it means, how it is known, what to do, and the numbers.
 * ASCII, 100 columns.
 */
import type { Measurements } from '../measurements.ts';
import type { Judgement } from '../judge/verdicts.ts';
import type { Hop, NumberRow, Report } from './context.ts';
import { columns } from './report.ts';

const WIDTH = 100;
/** The longest bar of the numbers, in characters. */
const BAR = 60;

/** Fills lines up to WIDTH; the first begins with `first`, the others with as many spaces. */
export function wrap(text: string, first = '', width = WIDTH): string {
  const indent = ' '.repeat(first.length);
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(' ')) {
    const fits = line.length + (line.trim() === first.trim() ? 0 : 1) + word.length <= width;
    if (!fits && line.trim() !== first.trim()) {
      lines.push(line);
      line = indent;
    }
    line += line === first || line === indent ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}

const MARKS: Record<Hop['mark'], string> = { ok: ' ', broken: 'X', lost: '!', unknown: '?' };

function hopsText(hops: readonly Hop[]): string[] {
  return hops.map(({ who, text, mark }, index) =>
    wrap(text, `  ${MARKS[mark]} ${index + 1}. ${who.padEnd(8)}`),
  );
}

/** "1.5 ms", or why there is no number. More digits than two are more than such a measurement is worth. */
export function shownIn(row: NumberRow, way: 'direct' | 'through'): string {
  const value = row[way];
  if (value === null) return row.absent[way];
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(2)} ${row.unit}`;
}

/** Both ways on one scale; nothing where there is only one. */
function bars({ direct, through }: NumberRow): string[] {
  if (!direct || !through) return [];
  const bar = (value: number) =>
    '#'.repeat(Math.max(1, Math.round((value / Math.max(direct, through)) * BAR)));
  return [`    direct   ${bar(direct)}`, `    through  ${bar(through)}`];
}

function numbersText(rows: readonly NumberRow[], m: Measurements): string[] {
  const names = columns(m);
  const table = [
    ['', `direct, ${names.direct}`, `through, ${names.through}`],
    ...rows.map((row) => [row.name, shownIn(row, 'direct'), shownIn(row, 'through')]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)));
  const lines = table.map((row) =>
    `  ${row[0].padEnd(widths[0])}   ${row[1].padStart(widths[1])}   ${row[2].padStart(widths[2])}`.trimEnd(),
  );
  return [lines[0], ...rows.flatMap((row, at) => [lines[at + 1], ...bars(row)])];
}

/** A sentence, and the commands below it, each in one piece however long it is. */
function item(text: string, first: string): string {
  const [sentence, ...commands] = text.split('\n');
  return [wrap(sentence, first), ...commands.map((command) => ' '.repeat(first.length + 2) + command)].join(
    '\n',
  );
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

export function reportText(report: Report, judgement: Judgement, m: Measurements): string {
  const items = (texts: readonly string[]) => texts.map((text) => item(text, '  - '));
  const numbered = (texts: readonly string[]) => texts.map((text, at) => item(text, `  ${at + 1}. `));
  return [
    wrap(report.headline, `${report.answer}: `),
    `(verdict: ${judgement.verdict})`,
    '',
    wrap(report.tried),
    ...section(
      'What that means',
      report.meaning.map((text) => wrap(text, '  ')),
    ),
    ...section('The way of a packet (X: the fault, !: here it ends, ?: not certain)', hopsText(report.hops)),
    ...section('How this is known', items(report.evidence)),
    ...section('What to do', numbered(report.remedies)),
    ...section(
      'Where the setting is',
      items(report.families.map(({ family, text }) => `${family}: ${text}`)),
    ),
    ...section('Numbers', report.numbers.length > 0 ? numbersText(report.numbers, m) : []),
  ].join('\n');
}
