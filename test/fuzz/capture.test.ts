/* What the host reconstructs of a live capture is what crossed the wires. SEED replays. */
import test from 'ava';
import fc from 'fast-check';
import { boardText, bundle } from '../scenes/router.ts';
import { fuzzCapture } from './capture.ts';
import { stories } from './grammar.ts';

const seed = Number(process.env.SEED ?? 20261129);

test(`20 stories captured (SEED=${seed})`, async (t) => {
  const played = fc.sample(stories(80), { seed, numRuns: 20 });
  const { frames, fast, lost, kinds, failure } = fuzzCapture(seed, played, await bundle(), boardText);
  t.is(failure, undefined, failure);
  t.true(frames > 1000, `${frames} frames`);
  t.true(fast > 20, `${fast} of the fast path`);
  for (const [kind, times] of Object.entries(kinds)) t.true(kind === 'ended' || times > 0, kind);
  t.true(lost < frames / 100, `${lost} lost`);
  t.log(JSON.stringify({ fast, lost, ...kinds }));
});
