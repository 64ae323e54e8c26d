/**
 * The comparison without a kernel: the firmware against itself. With other random numbers it chooses other ports, and
 * still there is no difference; broken, it differs, and the sequence is made small and told.
 */
import test from 'ava';
import { bundle } from '../scenes/router.ts';
import { FirmwareRouter } from './firmware-router.ts';
import { MUTANTS } from './mutants.ts';
import { emptyScore, type Score } from './score.ts';
import { runSequence, sequenceSeed } from './trial.ts';

const SEED = 1;
/** Sequences against itself, and those in which a broken firmware must show. */
const ALIKE = 40;
const ENOUGH = 100;

async function run(sequences: number, other: (bundle: string) => FirmwareRouter): Promise<Score> {
  const code = await bundle();
  const routers = { linux: new FirmwareRouter(code), firmware: other(code) };
  const score = emptyScore();
  for (let number = 0; number < sequences && score.failures.length === 0; number++)
    runSequence(sequenceSeed(SEED, number), routers, score);
  return score;
}

test('other random numbers make other ports and no difference', async (t) => {
  const score = await run(ALIKE, (code) => new FirmwareRouter(code, undefined, 2));
  t.deepEqual(score.failures, []);
  t.is(score.clean, ALIKE);
  t.true(score.packets > 5 * ALIKE);
});

// Those that a few sequences show; test/lab-differential has them all.
for (const { what, config, packets } of MUTANTS.filter((mutant) => mutant.config && mutant.packets === 1))
  test(`a difference is found and told in one packet: ${what}`, async (t) => {
    const score = await run(ENOUGH, (code) => new FirmwareRouter(code, config));
    t.is(score.failures.length, 1);
    const steps = score.failures[0].words.match(/^ {2}\d+\. /gm) ?? [];
    t.true(steps.length <= packets, score.failures[0].words);
    t.regex(score.failures[0].words, /-> DIFFERENT/);
  });
