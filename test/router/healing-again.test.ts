/**
 * Faults in company: on both sides at once, again every second, during a reset, for minutes, on a cable that flaps. The
 * pauses between resets grow and start small again, a chip that is back is taken into service at once, and what a
 * broken chip costs the other side is next to nothing.
 */
import test from 'ava';
import { Random } from '../../host-tools/emulator/random.ts';
import type { Rig, Side } from '../w5500/rig.ts';
import { otherSide } from '../w5500/rig.ts';
import { household, sides } from './household.ts';
import type { Household } from './household.ts';
import { arrival, numberOf } from './traffic.ts';

const seed = 8;
const second = 1_000_000;
/** Milliseconds: two looks and what mending takes, as in faults.ts; and one look. */
const twoLooks = 450;
const oneLook = 250;
/** Microseconds, see healing.test.ts. */
const answerLimit = 10_000;

function brownOut({ chips }: Rig, side: Side): void {
  chips[side].setReset(true);
  chips[side].setReset(false);
}

/** Seconds of a chip's resets within a time without traffic, from its beginning. */
function resetTimes(home: Household, side: Side, seconds: number): number[] {
  const { counters } = home.rig.chips[side];
  const start = home.rig.clock.now();
  const times: number[] = [];
  let resets = counters.resets;
  while (home.rig.clock.now() - start < seconds * second) {
    home.rig.run(second / 10);
    if (counters.resets === resets) continue;
    resets = counters.resets;
    times.push((home.rig.clock.now() - start) / second);
  }
  return times;
}

/** Pauses between resets, in whole seconds. */
const pauses = (times: readonly number[]) => times.slice(1).map((time, i) => Math.round(time - times[i]));

test(`both chips lose their power for a moment, and both buses die: as fast as one (seed ${seed})`, async (t) => {
  const home = await household(seed);
  const { rig } = home;
  const since = rig.clock.now();
  for (const side of sides) brownOut(rig, side);
  home.live(1.5 * second);
  t.true(home.outage(since) <= twoLooks, `${home.outage(since)} ms`);
  home.rest(12 * second);
  for (const side of sides) rig.faults[side].stuckMiso = 0;
  home.live(second);
  t.deepEqual(
    [rig.ask('status').wan, rig.ask('status').lan].map((port) => (port as { chip: boolean }).chip),
    [false, false],
  );
  for (const side of sides) rig.faults[side].stuckMiso = null;
  const back = rig.clock.now();
  home.live(second);
  t.true(home.outage(back) <= oneLook, `${home.outage(back)} ms`);
  t.deepEqual(home.wrong, []);
});

for (const side of sides) {
  test(`the ${side}'s chip is dead for five minutes: growing pauses, little work, back at once`, async (t) => {
    const home = await household(seed);
    const { rig } = home;
    const { counters } = rig.chips[side];
    rig.faults[side].stuckMiso = 0xff;
    t.deepEqual(pauses(resetTimes(home, side, 300)).slice(0, 7), [3, 6, 12, 24, 48, 60, 60]);
    t.is(rig.console.length, 1, 'said once');
    // Between two resets: a register is read five times a second, and that is all.
    const before = counters.bytes;
    rig.run(10 * second);
    t.true(counters.bytes - before <= 10 * 5 * 4 + 51 * 4, `${counters.bytes - before} bytes`);
    home.live(second);
    t.true(home.slowest[otherSide[side]] <= answerLimit, 'the other side is answered');
    rig.faults[side].stuckMiso = null;
    const back = rig.clock.now();
    home.live(second);
    t.true(home.outage(back) <= oneLook, `${home.outage(back)} ms`);
    t.deepEqual(home.wrong, []);
    // Well again for long enough: the next reset comes at once.
    home.rest(15 * second);
    rig.faults[side].stuckMiso = 0xff;
    t.true(resetTimes(home, side, 2)[0] < 0.6);
  });
}

test('a chip without power pulls its interrupt line low: it costs the other side nothing', async (t) => {
  const home = await household(seed);
  const { rig } = home;
  rig.faults.wan.stuckMiso = 0;
  rig.board.breakWire('wan.interrupt', 'low');
  home.rest(15 * second);
  const before = rig.chips.wan.counters.frames;
  home.live(second);
  t.true(
    rig.chips.wan.counters.frames - before <= 60,
    `${rig.chips.wan.counters.frames - before} chip selects`,
  );
  t.true(home.slowest.lan <= answerLimit);
});

test(`a chip that answers at random: nothing is read from its ring once it is down (seed ${seed})`, async (t) => {
  const home = await household(seed);
  const { rig } = home;
  rig.faults.wan.misoFlips = 0.5;
  home.rest(second);
  t.false((rig.ask('status').wan as { chip: boolean }).chip);
  const before = rig.chips.wan.counters.bytes;
  home.live(second);
  t.true(rig.chips.wan.counters.bytes - before < 1000, `${rig.chips.wan.counters.bytes - before} bytes`);
  t.true(home.slowest.lan <= answerLimit);
});

test('a brown-out every second: each is mended as the first, without a reset', async (t) => {
  const home = await household(seed);
  const { rig } = home;
  for (let i = 0; i < 30; i++) {
    const since = rig.clock.now();
    brownOut(rig, 'lan');
    home.live(second);
    t.true(home.outage(since) <= twoLooks + 200, `${i}: ${home.outage(since)} ms`);
    t.true(home.slowest.wan <= answerLimit);
    t.deepEqual(home.wrong, []);
    home.forget();
  }
  t.true(rig.counter('chip-reset') <= 3, `${rig.counter('chip-reset')}`);
});

test('a transmitter that wedges every second: resets with growing pauses, the other side goes on', async (t) => {
  const home = await household(seed);
  const { rig } = home;
  for (let i = 0; i < 60; i++) {
    rig.faults.lan.wedgeNextSend = true;
    home.live(second);
    t.true(home.slowest.wan <= answerLimit, `${i}: ${home.slowest.wan} us`);
    home.forget();
  }
  // At once, then after 3, 6, 12 and 24 seconds.
  t.is(rig.counter('chip-reset'), 5);
  t.true(rig.counter('chip-restarted') <= 60, 'set up anew once a second at most');
  rig.faults.lan.wedgeNextSend = false;
  home.live(48 * second);
  home.forget();
  const since = rig.clock.now();
  home.live(second);
  t.is(home.lostSince(since), 0, 'after the pause it is under way');
});

test(`a cable that flaps: after the last time everything flows within a look (seed ${seed})`, async (t) => {
  const home = await household(seed);
  const { rig } = home;
  const random = new Random(seed);
  for (const side of sides) {
    const resets = rig.chips[side].counters.resets;
    for (let i = 0; i < 25; i++) {
      rig.chips[side].setLink(false);
      home.live(20_000 + random.below(700_000));
      rig.chips[side].setLink(true);
      home.live(20_000 + random.below(700_000));
    }
    rig.chips[side].setLink(false);
    home.live(second / 2);
    rig.chips[side].setLink(true);
    const since = rig.clock.now();
    home.live(second);
    t.true(home.outage(since) <= oneLook, `${side}: ${home.outage(since)} ms`);
    t.is(rig.chips[side].counters.resets, resets, 'no reset');
    t.true(home.slowest[otherSide[side]] <= answerLimit);
    t.deepEqual(home.wrong, []);
    home.forget();
  }
});

/** What may happen to a chip while it is being reset, so many microseconds after it was noticed to be silent. */
const duringReset: [name: string, spoil: (rig: Rig) => void][] = [
  ['it loses its power once more', (rig) => brownOut(rig, 'wan')],
  ['it does not take a command', (rig) => (rig.faults.wan.stickNextCommand = true)],
  ['its cable is pulled for a while', (rig) => rig.chips.wan.setLink(false)],
];
for (const [name, spoil] of duringReset) {
  test(`during a reset: ${name}`, async (t) => {
    const home = await household(seed);
    const { rig } = home;
    for (const moment of [500, 5_000, 11_500, 30_000, 250_000]) {
      rig.faults.wan.stuckMiso = 0;
      while ((rig.ask('status').wan as { chip: boolean }).chip) rig.run(1000);
      rig.run(moment);
      rig.faults.wan.stuckMiso = null;
      spoil(rig);
      rig.run(100_000);
      rig.chips.wan.setLink(true);
      // The next reset, if it takes one, has to wait 3 s.
      home.rest(4 * second);
      const since = rig.clock.now();
      home.live(second);
      t.is(home.lostSince(since), 0, `${moment} us`);
      home.rest(12 * second);
    }
  });
}

test('a SEND that never completes with nothing behind it is noticed all the same: no later frame pays', async (t) => {
  const home = await household(seed);
  const { rig } = home;
  rig.faults.wan.completionLoss = 1;
  rig.chips.lan.deliver(arrival('lan', 300, 1));
  rig.run(1000);
  rig.faults.wan.completionLoss = 0;
  home.rest(second / 2);
  t.deepEqual([rig.counter('transmit-stuck'), rig.counter('chip-restarted')], [1, 1]);
  const since = rig.clock.now();
  home.live(second / 10);
  t.is(home.lostSince(since), 0);
});

test('a ring that fills up while no RECV arrives: the chip is not deaf for good', async (t) => {
  const home = await household(seed);
  const { rig } = home;
  const { counters } = rig.chips.lan;
  rig.faults.lan.writeLoss = 1;
  // With their lengths 16,362 bytes: what is left of the ring has no room for the shortest frame.
  for (let i = 0; i < 15; i++) rig.chips.lan.deliver(arrival('lan', 1022, i));
  rig.chips.lan.deliver(arrival('lan', 1000, 15));
  rig.run(100_000);
  rig.faults.lan.writeLoss = 0;
  home.forget();
  const since = rig.clock.now();
  const before = counters.overflowed;
  home.live(second);
  t.true(counters.overflowed > before, 'it was full');
  t.true(home.outage(since) <= twoLooks, `${home.outage(since)} ms`);
});

test('a torn pointer in front of frames of one size that fill the ring: seven old ones at most, then in step', async (t) => {
  const home = await household(seed, { timed: false });
  const { rig } = home;
  const left: number[] = [];
  rig.chips.wan.onTransmit = (frame) => left.push(numberOf(frame));
  let number = 0;
  const deliver = (count: number) => {
    for (let i = 0; i < count; i++) rig.chips.lan.deliver(arrival('lan', 126, number++));
    rig.run(1000);
  };
  for (let i = 0; i < 200; i++) deliver(2);
  left.length = 0;
  rig.faults.lan.tearing = 1;
  let torn = 0;
  for (let i = 0; i < 100; i++) {
    const first = number;
    const before = left.length;
    deliver(1);
    const old = left.slice(before).filter((one) => one < first).length;
    if (old > 0) torn++;
    t.true(old <= 7, `${old} old frames`);
    rig.faults.lan.tearing = 0;
    deliver(2);
    rig.faults.lan.tearing = 1;
  }
  t.true(torn > 0, 'it did happen');
  t.is(new Set(left.filter((one) => one >= 400)).size, 300, 'and every frame came');
});
