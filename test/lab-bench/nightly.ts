/*
 * `make test-nightly`: every class of router a hundred times without loss and a hundred times with 5 % of the frames
 * lost on the client's cable, each way. Without loss every verdict must be right. With loss at least 97 of 100 must be,
 * none may be wrong, and the rest say "inconclusive". Prints the table, and writes it into docs/bench.md with
 * UPDATE_DOCS=1. Seeds are printed and can be given: BENCH_SEED; BENCH_RUNS shortens a trial.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { CASES, titleOf, type Case } from './cases.ts';
import { countOf, isMet, nightlyTable, type Series } from './nightly-table.ts';
import { missingFor, runWorld } from './run-world.ts';
import { scheduled, worldsAtATime } from './scheduled.ts';

const RUNS = Number(process.env.BENCH_RUNS ?? 100);
const LOSS = 5;
/** A world waits most of its time. */
const WORLDS_A_CORE = 28;
const SEED = Number(process.env.BENCH_SEED ?? 1);
const DOCS = 'docs/bench.md';
const RESULT = 'out/bench-nightly.json';

const missing = CASES.flatMap((tested) => {
  const reason = missingFor(tested.router);
  return reason === null ? [] : [`SKIPPED: ${titleOf(tested)}. ${reason}`];
});
for (const line of missing) console.log(line);
const possible = CASES.filter(({ router }) => missingFor(router) === null);
const planned = [0, LOSS].flatMap((loss) => possible.map((tested) => ({ tested, loss })));
console.log(
  `${possible.length} classes, ${RUNS} runs without loss and ${RUNS} with ${LOSS} %; first seed ${SEED}`,
);

const begin = Date.now();
const wrong: object[] = [];

async function series({ tested, loss }: { tested: Case; loss: number }, index: number): Promise<Series> {
  const seed = SEED + index;
  const results = await runWorld(tested, RUNS, loss, seed);
  const one: Series = { tested, loss, seed, ...countOf(tested, results) };
  const seconds = Math.round((Date.now() - begin) / 1000);
  const odd = results.filter(({ verdict }) => verdict !== tested.expect);
  wrong.push(...odd.map((result) => ({ title: titleOf(tested), loss, seed, ...result })));
  console.log(
    `${seconds} s: ${isMet(one) ? 'ok' : 'NOT OK'}: ${titleOf(tested)}, ${loss} % loss, seed ${seed}: ${one.right} right, ` +
      `${one.inconclusive} inconclusive, ${one.wrong} wrong, expected ${tested.expect}`,
  );
  return one;
}

const done = await scheduled(planned, worldsAtATime(WORLDS_A_CORE), series);
const minutes = (Date.now() - begin) / 60_000;
mkdirSync('out', { recursive: true });
writeFileSync(RESULT, JSON.stringify({ runs: RUNS, loss: LOSS, seed: SEED, minutes, odd: wrong }, null, 2));
const table = nightlyTable(done, { runs: RUNS, loss: LOSS, seed: SEED, minutes });
console.log(`\n${table}\n\nEvery run that was not right is in ${RESULT}.`);
if (process.env.UPDATE_DOCS === '1') {
  const page = readFileSync(DOCS, 'utf8');
  const marked = /(<!-- nightly -->\n)[\s\S]*?(<!-- \/nightly -->)/;
  writeFileSync(
    DOCS,
    page.replace(marked, (_, first: string, last: string) => `${first}\n${table}\n\n${last}`),
  );
}
if (missing.length > 0) console.log(`${missing.length} classes were skipped, see above.`);
process.exitCode = done.every(isMet) ? 0 : 1;
