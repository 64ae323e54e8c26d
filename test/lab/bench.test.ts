/* Two routers as a sample of test/lab-bench: the mistake, and this firmware's cure. Needs dist/firmware.js. */
import test from 'ava';
import { CASES } from '../lab-bench/cases.ts';
import { missingFor, runWorld } from '../lab-bench/run-world.ts';

for (const router of ['DNAT only', 'this firmware, external'] as const) {
  const tested = CASES.find((one) => one.router === router)!;
  const title = `bench says of a router (${router}): ${tested.expect}`;
  const missing = missingFor(router);
  if (missing !== null) {
    console.log(`SKIPPED: ${title}. ${missing}`);
    test.skip(`${title} (skipped: ${missing})`, (t) => t.pass());
    continue;
  }
  test(title, async (t) => {
    const [{ verdict, judgement }] = await runWorld(tested, 1, 0, 1);
    t.is(verdict, tested.expect, JSON.stringify(judgement));
  });
}
