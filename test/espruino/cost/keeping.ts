// What outlives a run: the ratchet's figures and the tables of docs/performance.md. Reads and writes those two files,
// and says what changed.
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import type { Figures } from './measure.ts';
import { markdownTable, replacePart } from './page.ts';
import { judge, takeOver, type RatchetFigures } from './ratchet.ts';
import {
  budgetRows,
  figureRows,
  idleRows,
  partRows,
  throughputRows,
  timeRows,
  unitRows,
  variantRows,
  type CostResult,
} from './report.ts';

const ratchetFile = 'test/ratchet.json';
const pageFile = 'docs/performance.md';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The generated parts of the page by name. */
export function parts(result: CostResult): Record<string, string[][]> {
  const [first] = result.interpreters;
  return {
    'cost of the units': unitRows(result),
    'cost against the budgets': budgetRows(first),
    'cost by part': partRows(first),
    'cost of idling': idleRows(first),
    'cost by figure': figureRows(result),
    'cost by variant': variantRows(first),
    'cost in microseconds': timeRows(first, result.spi),
    'cost in packets a second': throughputRows(first, result.spi),
  };
}

const netOf = (figures: Figures): Record<string, number> =>
  Object.fromEntries(Object.entries(figures).map(([name, { net }]) => [name, net]));

type RatchetText = { espruino?: RatchetFigures } & Record<string, unknown>;

function readRatchet(): RatchetText {
  try {
    return JSON.parse(readFileSync(ratchetFile, 'utf8')) as RatchetText;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

async function writeFormatted(path: string, text: string): Promise<void> {
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
}

/** Takes the figures over into ratchet and page. */
export async function update(result: CostResult): Promise<void> {
  const ratchet = readRatchet();
  let held = ratchet.espruino ?? {};
  for (const { version, figures } of result.interpreters)
    held = takeOver(held, version, netOf(figures.built));
  await writeFormatted(ratchetFile, JSON.stringify({ ...ratchet, espruino: held }));
  let page = readFileSync(pageFile, 'utf8');
  for (const [name, rows] of Object.entries(parts(result)))
    page = replacePart(page, name, markdownTable(rows));
  await writeFormatted(pageFile, page);
  say(`Taken over into ${ratchetFile} and ${pageFile}.`);
}

/** Says what changed against the ratchet. @returns whether something got worse */
export function holdAgainstRatchet(result: CostResult): boolean {
  const held = readRatchet().espruino ?? {};
  const takeThem = 'UPDATE_RATCHET=1 make bench-espruino takes these figures over.';
  let worse = false;
  for (const { version, figures } of result.interpreters) {
    const { regressions, improvements, unknown, gone } = judge(netOf(figures.built), held[version]);
    for (const sentence of regressions) say(`REGRESSION, ${version}: ${sentence}`);
    for (const sentence of improvements) say(`Better, ${version}: ${sentence}`);
    if (unknown.length > 0) say(`${version}: ${unknown.length} figures are not in ${ratchetFile} yet.`);
    if (gone.length > 0)
      say(`${version}: ${ratchetFile} has figures that are not measured: ${gone.join('; ')}.`);
    if (improvements.length + unknown.length + gone.length > 0) say(takeThem);
    worse ||= regressions.length > 0;
  }
  if (worse) {
    say(
      `The firmware has become more than 5 % dearer. Make it cheaper, or, if it is worth it, say why: ${takeThem}`,
    );
  } else say('No figure rose by more than 5 % over the ratchet.');
  return worse;
}
