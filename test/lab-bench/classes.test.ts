/*
 * Every class of router, three runs each without loss: always the right verdict. Worlds run beside each other; each
 * test waits for its own. Needs namespaces, and nftables for most.
 */
import test from 'ava';
import { CASES, titleOf, type Case } from './cases.ts';
import { missingFor, runWorld, type RunResult } from './run-world.ts';
import { scheduled, worldsAtATime } from './scheduled.ts';

const RUNS = 3;
/** Starting a world is what costs here, some seconds of a core. */
const WORLDS_A_CORE = 7;

const possible = CASES.filter(({ router }) => missingFor(router) === null);
/** Settled results, so that one world that fails is one test that fails. */
const results = new Map<Case, Promise<RunResult[]>>();
const settle = new Map<Case, (run: Promise<RunResult[]>) => void>();
for (const tested of possible) results.set(tested, new Promise((resolve) => settle.set(tested, resolve)));

test.before('all worlds begin', () => {
  void scheduled(possible, worldsAtATime(WORLDS_A_CORE), async (tested, index) => {
    const running = runWorld(tested, RUNS, 0, index + 1);
    settle.get(tested)!(running);
    await running.catch(() => {});
  });
});

for (const tested of CASES) {
  const missing = missingFor(tested.router);
  const title = `${titleOf(tested)}: ${tested.expect}`;
  if (missing !== null) {
    console.log(`SKIPPED: ${title}. ${missing}`);
    test.skip(`${title} (skipped: ${missing})`, (t) => t.pass());
    continue;
  }
  test(title, async (t) => {
    t.timeout(300_000);
    const runs = await results.get(tested)!;
    t.is(runs.length, RUNS);
    for (const { verdict, judgement } of runs) t.is(verdict, tested.expect, JSON.stringify(judgement));
  });
}
