/* Tens of thousands of frames, sensible, wrong and senseless, and nothing that must not be. SEED replays. */
import test from 'ava';
import { counterNames, isDrop } from '../../firmware/layout/reasons.ts';
import { fuzzFrames } from './frames.ts';

const seed = Number(process.env.SEED ?? 20261125);

/** Reasons that no frame in this router can have: too long for its port, thrown at, an answer without a place. */
const unreachable = ['drop-out-full', 'drop-oversize', 'drop-exception', 'drop-datagram', 'drop-no-address'];

test(`40,000 frames at both ports (SEED=${seed})`, (t) => {
  const { fed, failure, counted } = fuzzFrames(seed, 40_000);
  t.is(failure, undefined, failure);
  t.true(fed >= 40_000);
  // What is never reached is not tested: the grammar finds its way to every reason, and to the datapath.
  t.true(counted.fast > 500, `the datapath had ${counted.fast}`);
  const reasons = counterNames.filter((name, reason) => name && isDrop(reason));
  if (!process.env.SEED)
    t.deepEqual(
      reasons.filter((name) => !counted[name]),
      unreachable,
    );
});
