/**
 * Bursts: frames that wait together. None of those the chip stored may be lost, changed, doubled or overtaken.
 */
import test from 'ava';
import { Random } from '../../host-tools/emulator/random.ts';
import type { Rig, Side } from '../w5500/rig.ts';
import { inService, otherSide } from '../w5500/rig.ts';
import { arrival, leftAsExpected, longest, numberOf, settleFlow, shortest } from './traffic.ts';

const seed = 20;

async function settledRig(): Promise<Rig> {
  const rig = await inService();
  settleFlow(rig);
  return rig;
}

/** Lets frames of these lengths arrive at once. @returns those the chip had room for */
function burst(rig: Rig, side: Side, lengths: readonly number[], first: number): Uint8Array[] {
  const frames = lengths.map((length, i) => arrival(side, length, first + i));
  return frames.filter((frame) => rig.chips[side].deliver(frame));
}

/** Sizes as they mix on a wire: short, long, and anything between. */
function anyLength(random: Random): number {
  const kind = random.below(4);
  if (kind === 0) return shortest;
  return kind === 1 ? longest : shortest + random.below(longest - shortest + 1);
}

test('bursts of 1 to 40 frames of one size come through, as far as the ring holds them', async (t) => {
  const rig = await settledRig();
  let overflowed = 0;
  for (const length of [shortest, 61, 511, 1513, longest]) {
    for (let count = 1; count <= 40; count++) {
      const stored = burst(rig, 'lan', Array<number>(count).fill(length), count);
      overflowed += count - stored.length;
      rig.settle();
      t.true(leftAsExpected('lan', stored, rig.take('wan')), `${count} frames of ${length} bytes`);
    }
  }
  t.is(rig.chips.lan.counters.overflowed, overflowed);
  t.true(overflowed > 0);
  t.deepEqual(rig.complaints, []);
});

test(`mixed sizes, both directions, bursts up to overflow: complete and in order (seed ${seed})`, async (t) => {
  const rig = await settledRig();
  const random = new Random(seed);
  for (let round = 0; round < 600; round++) {
    const lengths = () => Array.from({ length: random.below(25) }, () => anyLength(random));
    const fromLan = burst(rig, 'lan', lengths(), round);
    const fromWan = burst(rig, 'wan', lengths(), round);
    rig.settle();
    if (!leftAsExpected('lan', fromLan, rig.take('wan'))) return t.fail(`from the lan, round ${round}`);
    if (!leftAsExpected('wan', fromWan, rig.take('lan'))) return t.fail(`from the wan, round ${round}`);
  }
  t.true(rig.chips.lan.counters.overflowed > 100);
  t.is(rig.counter('torn-read') + rig.counter('desynchronised') + rig.counter('transmit-stuck'), 0);
  t.deepEqual(rig.complaints, []);
});

test(`frames that arrive while others are served are served too, at wire speed (seed ${seed})`, async (t) => {
  const rig = await inService({ timed: true });
  settleFlow(rig);
  const random = new Random(seed);
  const arrived = { lan: [] as Uint8Array[], wan: [] as Uint8Array[] };
  for (let i = 0; i < 400; i++) {
    for (const side of ['lan', 'wan'] as const) {
      const frame = arrival(side, anyLength(random), i);
      if (rig.chips[side].deliver(frame)) arrived[side].push(frame);
    }
    rig.run(random.below(2) * 6000);
  }
  rig.run(100_000);
  for (const side of ['lan', 'wan'] as const) {
    t.is(rig.chips[side].counters.overflowed, 0);
    t.true(leftAsExpected(side, arrived[side], rig.take(otherSide[side])), side);
  }
  t.deepEqual(rig.complaints, []);
});

test('a port under a flood does not keep the other one waiting', async (t) => {
  const rig = await inService({ timed: true });
  settleFlow(rig);
  const start = rig.clock.now();
  const quiet = 50;
  const arrives = (i: number) => start + i * 2000;
  let served = 0;
  let slowest = 0;
  rig.chips.wan.onTransmit = (frame) => {
    served++;
    slowest = Math.max(slowest, rig.clock.now() - arrives(numberOf(frame)));
  };
  for (let i = 0; i < 2000; i++)
    rig.clock.schedule(start + i * 50, () => rig.chips.wan.deliver(arrival('wan', shortest, i)));
  for (let i = 0; i < quiet; i++)
    rig.clock.schedule(arrives(i), () => rig.chips.lan.deliver(arrival('lan', shortest, i)));
  rig.run(200_000);
  t.true(rig.chips.wan.counters.overflowed > 500, 'the flood is more than the router can take');
  t.is(served, quiet);
  // Two batches of the flooded port, and the bus time of both.
  t.true(slowest < 8000, `${slowest} us`);
});
