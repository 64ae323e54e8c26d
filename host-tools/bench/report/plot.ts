/*
 * The numbers as a small drawing: for each quantity a bar for the direct way and one for the way through the public
 * address, on one scale, with every single value as a dot. SVG text; colours come from the page's style.
 */
import type { NumberRow } from './context.ts';
import { shownIn } from './text.ts';

/** Narrow, so that it is readable on a telephone, too; the page does not make it wider than half as much again. */
const WIDTH = 400;
const LABEL = 62;
const FIGURE = 92;
const BAR = 18;
const GAP = 6;
const TITLE = 24;
const AREA = WIDTH - LABEL - FIGURE;

function bar(y: number, way: 'direct' | 'through', row: NumberRow, scale: number): string {
  const value = row[way];
  const middle = y + BAR / 2;
  const label = `<text x="0" y="${middle}" class="label">${way}</text>`;
  if (value === null)
    return `${label}<text x="${LABEL}" y="${middle}" class="label">${row.absent[way]}</text>`;
  const width = Math.max((value / scale) * AREA, 1);
  const dots = row.all[way].map(
    (one) => `<circle cx="${(LABEL + Math.min(one / scale, 1) * AREA).toFixed(1)}" cy="${middle}" r="3"/>`,
  );
  return (
    label +
    `<rect x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2" class="${way}"/>` +
    dots.join('') +
    `<text x="${LABEL + AREA + 8}" y="${middle}" class="value">${shownIn(row, way)}</text>`
  );
}

/** '' if there is nothing to draw. */
export function plot(rows: readonly NumberRow[]): string {
  if (rows.length === 0) return '';
  const height = rows.length * (TITLE + 2 * (BAR + GAP) + GAP);
  const parts = rows.map((row, index) => {
    const y = index * (TITLE + 2 * (BAR + GAP) + GAP);
    const scale = Math.max(row.direct ?? 0, row.through ?? 0, ...row.all.direct, ...row.all.through) || 1;
    return (
      `<text x="0" y="${y + TITLE / 2}" class="title">${row.name}</text>` +
      bar(y + TITLE, 'direct', row, scale) +
      bar(y + TITLE + BAR + GAP, 'through', row, scale)
    );
  });
  const names = rows.map(({ name }) => name).join('; ');
  return `<svg class="plot" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${names}">${parts.join('')}</svg>`;
}
