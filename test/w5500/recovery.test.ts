/**
 * Outages: links that come and go, a transmitter that stops, a chip that forgets everything, a bus gone bad. The
 * router counts what it loses, mends what can be mended, and forwards again within a stated time.
 */
import test from 'ava';
import { arrival, leftAsExpected, pass, settleFlow, shortest } from '../router/traffic.ts';
import type { Rig, RigOptions, Side } from './rig.ts';
import { inService, switchOn } from './rig.ts';

const seed = 9;

async function settled(options: RigOptions = {}): Promise<Rig> {
  const rig = await inService({ seed, ...options });
  settleFlow(rig);
  return rig;
}

/** Whether a single frame from each side comes through whole. */
function forwards(rig: Rig): boolean {
  return (['lan', 'wan'] as const).every((side) => {
    const frame = arrival(side, 300, 77);
    return leftAsExpected(side, [frame], pass(rig, side, frame));
  });
}

/** Lets one frame a millisecond arrive until one comes through whole. @returns us until then, or Infinity */
function timeToForward(rig: Rig, limit: number, from: Side = 'lan'): number {
  const start = rig.clock.now();
  for (let i = 0; rig.clock.now() - start < limit; i++) {
    const frame = arrival(from, 300, i);
    if (leftAsExpected(from, [frame], pass(rig, from, frame, 1000))) return rig.clock.now() - start;
  }
  return Infinity;
}

/** Sum of the counters that tell why a frame for a port was not sent. */
function unsentByName(rig: Rig): number {
  return rig.counter('link-down') + rig.counter('transmit-stuck');
}

const cables = [
  ['stuck', 1],
  ['stuck', 3],
  ['late', 1],
  ['lost', 1],
] as const;
for (const [behaviour, caught] of cables) {
  test(`a cable pulled and plugged, ${caught} frames caught and ${behaviour}: drops are counted, then traffic`, async (t) => {
    const rig = await settled({ behaviour: { sendWithoutLink: behaviour } });
    rig.chips.wan.setLink(false);
    for (let i = 0; i < caught; i++) t.deepEqual(pass(rig, 'lan', arrival('lan', shortest, i)), []);
    rig.run(400_000);
    t.false((rig.ask('status').wan as { link: boolean }).link);
    const before = unsentByName(rig);
    const sentBefore = rig.chips.wan.counters.frames;
    for (let i = 0; i < 20; i++) rig.chips.lan.deliver(arrival('lan', shortest, i));
    rig.settle();
    t.is(unsentByName(rig) - before, 20);
    t.is(rig.chips.wan.counters.frames, sentBefore, 'a port without link is not spoken to for every frame');
    rig.chips.wan.setLink(true);
    rig.run(400_000);
    rig.take('wan');
    t.true((rig.ask('status').wan as { link: boolean }).link);
    t.true(forwards(rig));
    t.is(rig.chips.wan.counters.resets, 1, 'the reset at boot and no other');
  });
}

test('a port that boots without a cable sends nothing until it has one', async (t) => {
  const rig = await switchOn({ seed }, (made) => made.chips.wan.setLink(false));
  rig.run(300_000);
  rig.introduce();
  t.is(rig.chips.wan.counters.unsent, 0);
  rig.chips.wan.setLink(true);
  rig.run(400_000);
  rig.introduce();
  t.notThrows(() => settleFlow(rig));
  t.true(forwards(rig));
});

test('a SEND that never completes: one bounded wait, the socket is opened again, traffic', async (t) => {
  const rig = await settled();
  rig.faults.wan.completionLoss = 1;
  pass(rig, 'lan', arrival('lan', 300, 1), 1000);
  rig.faults.wan.completionLoss = 0;
  t.true(timeToForward(rig, 1_000_000) < 300_000);
  t.is(rig.counter('transmit-stuck'), 1);
  t.is(rig.counter('chip-restarted'), 1);
  t.true(forwards(rig));
});

test('a transmitter that only a reset cures gets one', async (t) => {
  const rig = await settled();
  // Soon after a reset the next one would have to wait.
  rig.run(12_000_000);
  rig.faults.wan.wedgeNextSend = true;
  t.true(timeToForward(rig, 3_000_000) < 1_500_000);
  t.is(rig.chips.wan.counters.resets, 2, 'at boot, and for the cure');
  t.true(forwards(rig));
});

test('the receiving side goes on while the other side of a port is stuck', async (t) => {
  const rig = await settled();
  rig.faults.wan.completionLoss = 1;
  for (let i = 0; i < 3; i++) pass(rig, 'lan', arrival('lan', 300, i), 1000);
  const frame = arrival('wan', 300, 5);
  t.true(leftAsExpected('wan', [frame], pass(rig, 'wan', frame, 10_000)));
});

test('a chip that resets itself is noticed and brought up again', async (t) => {
  for (const side of ['wan', 'lan'] as const) {
    const rig = await settled();
    for (let i = 0; i < 300; i++) pass(rig, 'lan', arrival('lan', 300, i), 100);
    rig.chips[side].setReset(true);
    rig.run(600);
    rig.chips[side].setReset(false);
    t.true(timeToForward(rig, 3_000_000) < 700_000, side);
    t.true(forwards(rig), side);
    t.deepEqual(rig.console, [], 'a short outage is no news');
  }
});

test('a chip that resets itself with its link takes as long as the link', async (t) => {
  const rig = await settled({ timed: true });
  rig.chips.wan.setReset(true);
  rig.run(600);
  rig.chips.wan.setReset(false);
  const time = timeToForward(rig, 8_000_000);
  t.true(time > 2_000_000 && time < 3_500_000, `${time} us`);
  t.true(forwards(rig));
});

test('a receive pointer that reached the chip wrong does not leave it deaf', async (t) => {
  const rig = await settled();
  rig.faults.lan.writeLoss = 1;
  pass(rig, 'lan', arrival('lan', 300, 1), 1000);
  rig.faults.lan.writeLoss = 0;
  t.true(timeToForward(rig, 2_000_000) < 1_000_000);
  t.true(forwards(rig));
});

test('a command that is never taken, at boot: the reset after it cures the chip', async (t) => {
  const rig = await switchOn({ seed }, (made) => (made.faults.lan.stickNextCommand = true));
  rig.run(7_000_000);
  t.is(rig.console.length, 1);
  t.true(rig.counter('command-timeout') > 0);
  rig.introduce();
  t.notThrows(() => settleFlow(rig));
});

/** Takes a port's MISO away for a while during traffic. */
function disturb(rig: Rig, side: Side, spoil: (on: boolean) => void): void {
  spoil(true);
  for (let i = 0; i < 40; i++) {
    rig.chips[side].deliver(arrival(side, 300, i));
    rig.run(20_000);
  }
  spoil(false);
}

for (const stuck of [0x00, 0xff] as const) {
  test(`MISO stuck at ${stuck} for a while: no turn is endless, then the chip is brought up again`, async (t) => {
    const rig = await settled();
    disturb(rig, 'lan', (on) => (rig.faults.lan.stuckMiso = on ? stuck : null));
    t.true(timeToForward(rig, 8_000_000, 'wan') < 7_000_000);
    t.true(forwards(rig));
  });
}

for (const rate of [1e-5, 1e-4, 1e-3]) {
  test(`bit errors at ${rate} on both data lines for a while, then traffic (seed ${seed})`, async (t) => {
    const rig = await settled();
    for (const side of ['lan', 'wan'] as const) {
      disturb(rig, side, (on) => (rig.faults[side].mosiFlips = rig.faults[side].misoFlips = on ? rate : 0));
    }
    rig.run(8_000_000);
    rig.introduce();
    t.true(timeToForward(rig, 2_000_000) < 1_000_000);
    t.true(forwards(rig));
  });
}

for (const slips of [1, 10]) {
  test(`MISO late by one bit, one transfer in ${slips}, for a while, then traffic (seed ${seed})`, async (t) => {
    const rig = await settled();
    disturb(rig, 'lan', (on) => (rig.faults.lan.misoSlip = on ? 1 / slips : 0));
    rig.run(8_000_000);
    rig.introduce();
    t.true(forwards(rig));
  });
}
