/* The bundle on the emulated board does with a fuzzer's frames what the watched router does. SEED replays. */
import test from 'ava';
import { boardText, bundle } from '../scenes/router.ts';
import { fuzzBoard } from './board.ts';

const seed = Number(process.env.SEED ?? 20261125);

test(`3,000 frames and requests to the board (SEED=${seed})`, async (t) => {
  const { frames, requests, failure } = fuzzBoard(seed, 3000, await bundle(), boardText);
  t.is(failure, undefined, failure);
  t.true(frames > 2000 && requests > 500, `${frames} frames, ${requests} requests`);
});
