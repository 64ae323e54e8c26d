/**
 * Part of `make test-nightly`: ten thousand sequences through the firmware and through Linux, each night others. SEED
 * repeats a night, SEQUENCES shortens it. Prints every failure in its smallest form and the table of the differences that
 * are allowed; UPDATE_DOCS=1 writes that into docs/differences-from-linux.md.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { inNamespaces, missing, processors } from './in-namespaces.ts';
import { cleanShare, sumOf, tellFailures } from './score.ts';
import { differenceTable } from './table.ts';

const DAY_MS = 86_400_000;
const SEED = Number(process.env.SEED ?? Math.floor(Date.now() / DAY_MS));
const SEQUENCES = Number(process.env.SEQUENCES ?? 10_000);
const CLEAN_AT_LEAST = 60;
const FAILURES = 5;
const DOCS = 'docs/differences-from-linux.md';
const RESULT = 'out/differential-nightly.json';

const reason = missing();
if (reason === null) await run();
else console.log(`SKIPPED: the firmware against Linux. ${reason}`);

async function run(): Promise<void> {
  console.log(`The firmware against Linux: ${SEQUENCES} sequences, seed ${SEED}.`);
  const begin = Date.now();
  const cores = processors();
  const share = Math.ceil(SEQUENCES / cores.length);
  const scores = await Promise.all(
    cores.map(async (core, index) => {
      const [first, end] = [index * share, Math.min(SEQUENCES, (index + 1) * share)];
      return inNamespaces({ seed: SEED, first, end, failures: FAILURES }, core);
    }),
  );
  const score = sumOf(scores);
  const table = differenceTable(score, SEED, (Date.now() - begin) / 1000);
  mkdirSync('out', { recursive: true });
  writeFileSync(RESULT, JSON.stringify({ seed: SEED, ...score }, null, 2));
  console.log(`${tellFailures(score)}\n\n${table}`);
  if (process.env.UPDATE_DOCS === '1') {
    const marked = /(<!-- differences -->\n)[\s\S]*?(<!-- \/differences -->)/;
    const page = readFileSync(DOCS, 'utf8');
    const written = page.replace(marked, (_, first: string, last: string) => `${first}\n${table}\n\n${last}`);
    const style = { ...(await resolveConfig(DOCS)), filepath: DOCS };
    writeFileSync(DOCS, await format(written, style));
  }
  const met =
    score.failures.length === 0 && score.sequences === SEQUENCES && cleanShare(score) >= CLEAN_AT_LEAST;
  if (!met) process.exitCode = 1;
}
