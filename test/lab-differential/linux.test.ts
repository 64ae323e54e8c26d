/**
 * The firmware against Linux's own NAT: two hundred seeded sequences through both, and no difference but those that
 * test/differential/allowed.ts names. SEED gives another run, SEQUENCE one sequence by the seed that a failure named.
 * And the same with firmware that is broken on purpose: it must be found out, in a few packets.
 */
import test from 'ava';
import { inNamespaces, missing } from '../differential/in-namespaces.ts';
import { MUTANTS } from '../differential/mutants.ts';
import { cleanShare, tellFailures } from '../differential/score.ts';

const SEED = Number(process.env.SEED ?? 1);
const SEQUENCES = 200;
/** Sequences in which a broken firmware must show, and percent of them that must be without any difference. */
const ENOUGH = 400;
const CLEAN_AT_LEAST = 60;

const reason = missing();
const here = reason === null ? test.serial : test.skip;
if (reason !== null) console.log(`SKIPPED: the firmware against Linux. ${reason}`);

here(
  `the firmware does as Linux does, but for what is allowed: ${SEQUENCES} sequences, seed ${SEED}`,
  async (t) => {
    const only = process.env.SEQUENCE === undefined ? undefined : Number(process.env.SEQUENCE);
    const score = await inNamespaces({ seed: SEED, first: 0, end: SEQUENCES, failures: 3, only });
    t.log(
      `${score.sequences} sequences of ${score.packets} packets, ${cleanShare(score).toFixed(0)} % without a difference`,
    );
    t.is(tellFailures(score), '');
    t.is(score.sequences, only === undefined ? SEQUENCES : 1);
    if (only === undefined) t.true(cleanShare(score) >= CLEAN_AT_LEAST);
  },
);

for (const [mutant, { what, packets }] of MUTANTS.entries())
  here(`found out and made small: ${what}`, async (t) => {
    const score = await inNamespaces({ seed: SEED, first: 0, end: ENOUGH, failures: 1, mutant });
    t.is(score.failures.length, 1);
    t.log(`after ${score.sequences} sequences:\n${tellFailures(score)}`);
    const steps = score.failures[0].words.match(/^ {2}\d+\. (?!nobody)/gm) ?? [];
    t.true(steps.length <= packets + 1);
  });
