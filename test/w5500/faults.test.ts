/**
 * What a healthy driver lives with: torn values, slow commands, lost edges, stray bits, foreign and oversize frames,
 * ring headers out of step. Traffic goes on, at once or after a bounded loss.
 */
import test from 'ava';
import type { Behaviour } from '../../host-tools/emulator/behaviour.ts';
import { Random } from '../../host-tools/emulator/random.ts';
import { arrival, leftAsExpected, longest, numberOf, pass, settleFlow, shortest } from '../router/traffic.ts';
import { bytes } from '../scenes/cast.ts';
import type { Rig, RigOptions } from './rig.ts';
import { inService, otherSide, switchOn } from './rig.ts';

const seed = 7;

async function settled(options: RigOptions = {}): Promise<Rig> {
  const rig = await inService({ seed, ...options });
  settleFlow(rig);
  return rig;
}

/** Fails unless single frames and bursts, both ways, come through whole; timed chips get the time they need. */
function trafficFlows(t: { true(value: boolean, message: string): void }, rig: Rig, random: Random): void {
  for (let round = 0; round < 40; round++) {
    for (const side of ['lan', 'wan'] as const) {
      rig.take(otherSide[side]);
      const lengths = Array.from({ length: 1 + random.below(6) }, () => shortest + random.below(1455));
      const frames = lengths.map((length, i) => arrival(side, length, 100 * round + i));
      for (const frame of frames) rig.chips[side].deliver(frame);
      rig.run(20_000);
      t.true(leftAsExpected(side, frames, rig.take(otherSide[side])), `round ${round}, from the ${side}`);
    }
  }
}

const chips: [string, RigOptions][] = [
  ['whose commands take 20 us', { timed: true, behaviour: { commandHold: 20 } }],
  ['that reads pointers back old', { timed: true, behaviour: { pointerReadback: 'old' } }],
  ['that calls an exactly full ring full', { behaviour: { exactlyFullIsFull: true } }],
];
for (const [name, options] of chips) {
  test(`a chip ${name} (seed ${seed})`, async (t) => {
    const rig = await settled(options);
    trafficFlows(t, rig, new Random(seed));
    t.deepEqual(rig.complaints, []);
  });
}

test(`pointers torn at every other change: nothing is lost, nothing starts over (seed ${seed})`, async (t) => {
  const rig = await settled();
  rig.faults.lan.tearing = rig.faults.wan.tearing = 0.5;
  trafficFlows(t, rig, new Random(seed));
  t.true(rig.counter('torn-read') > 3);
  t.is(rig.counter('desynchronised') + rig.counter('chip-restarted'), 0);
});

test('a watch that never fires: the timer serves the port, within one turn', async (t) => {
  const rig = await settled();
  rig.board.pins.find('D33')!.onEdge = () => {};
  for (let i = 0; i < 20; i++) {
    const frame = arrival('lan', shortest, i);
    t.true(leftAsExpected('lan', [frame], pass(rig, 'lan', frame, 21_000)));
  }
  t.is(rig.counter('interrupt-missed'), 0, 'the line was low: nothing was missed');
});

test('an interrupt line that stays high: the port is looked at all the same, and that is counted', async (t) => {
  const rig = await settled();
  rig.faults.lan.interruptEdgeLoss = 1;
  for (let i = 0; i < 4; i++) {
    const frame = arrival('lan', shortest, i);
    t.true(leftAsExpected('lan', [frame], pass(rig, 'lan', frame, 60_000)));
  }
  t.is(rig.counter('interrupt-missed'), 4);
});

test('an interrupt that falls together with the timer is not called missed', async (t) => {
  const rig = await settled();
  rig.board.pins.find('D33')!.onEdge = () => {};
  for (let i = 0; i < 40; i++) pass(rig, 'lan', arrival('lan', shortest, i), 5000);
  t.is(rig.counter('interrupt-missed'), 0);
});

test('stray bits in the socket interrupt register change nothing', async (t) => {
  const rig = await settled();
  for (const bits of [0x01, 0x02, 0x08, 0x1b]) {
    rig.faults.lan.nextInterruptBits = bits;
    const frame = arrival('lan', shortest, bits);
    t.true(leftAsExpected('lan', [frame], pass(rig, 'lan', frame)));
  }
});

test('each chip lets in frames for its own address and for all, and no others', async (t) => {
  const rig = await inService();
  const to = (mac: string) => bytes(mac + '02000000a8030800' + '00'.repeat(46));
  for (const side of ['wan', 'lan'] as const) {
    const { deliver, counters } = {
      deliver: (frame: Uint8Array) => rig.chips[side].deliver(frame),
      counters: rig.chips[side].counters,
    };
    t.is(deliver(to('020000000c01')), side === 'wan');
    t.is(deliver(to('02000000a801')), side === 'lan');
    t.is(deliver(to('ffffffffffff')), true);
    t.is(deliver(to('01005e000001')), false);
    t.is(counters.filtered, 2);
  }
});

test('a foreign frame that the filter lets through is dropped by name', async (t) => {
  const rig = await settled();
  rig.faults.lan.filterLeak = 1;
  const frame = bytes('02000000a80202000000a8030800' + '00'.repeat(46));
  t.deepEqual(pass(rig, 'lan', frame), []);
  t.is(rig.counter('drop-not-for-us'), 1);
});

test('frames too long for Ethernet are counted and passed over; those around them go on', async (t) => {
  const rig = await settled({ behaviour: { oversizeArrival: 'stored' } });
  for (let length = longest + 1; length <= longest + 8; length++) {
    const before = arrival('lan', 200, length);
    const after = arrival('lan', 900, length);
    rig.chips.lan.deliver(before);
    rig.chips.lan.deliver(new Uint8Array(length).fill(0xaa).fill(255, 0, 6));
    rig.chips.lan.deliver(after);
    rig.run(20_000);
    t.true(leftAsExpected('lan', [before, after], rig.take('wan')), `${length} bytes`);
  }
  t.is(rig.counter('drop-oversize'), 8);
  t.deepEqual(rig.complaints, []);
});

for (const header of [0, 3, 61, 63, 700, 1517, 1525, 0x4000, 0xffff]) {
  test(`a length header of ${header} costs at most the frames that waited behind it`, async (t) => {
    const rig = await settled();
    const burst = Array.from({ length: 5 }, (_, i) => arrival('lan', 100, i));
    burst.forEach((frame, i) => {
      if (i === 2) rig.faults.lan.nextLengthHeader = header;
      rig.chips.lan.deliver(frame);
    });
    rig.run(50_000);
    const numbers = rig.take('wan').map(numberOf);
    t.deepEqual(numbers.slice(0, 2), [0, 1]);
    const next = Array.from({ length: 5 }, (_, i) => arrival('lan', 100, 10 + i));
    for (const frame of next)
      t.true(leftAsExpected('lan', [frame], pass(rig, 'lan', frame)), `${numberOf(frame)}`);
    t.is(rig.counter('chip-restarted'), 0);
  });
}

for (const slip of [-300, -5, -1, 1, 2, 7, 300]) {
  test(`a read pointer that slips by ${slip} bytes is noticed within a second`, async (t) => {
    const rig = await settled();
    rig.faults.lan.slipNextReceive = slip;
    for (let i = 0; i < 3; i++) pass(rig, 'lan', arrival('lan', 100, i));
    rig.run(1_000_000);
    trafficFlows(t, rig, new Random(seed));
  });
}

/** Row 11: RX_WR moves while a frame is coming in. */
const growing: Partial<Behaviour> = { growingReceive: true };
test(`a write pointer that moves while a frame comes in is waited for (seed ${seed})`, async (t) => {
  const rig = await settled({ timed: true, behaviour: growing });
  trafficFlows(t, rig, new Random(seed));
  t.is(rig.counter('desynchronised') + rig.counter('chip-restarted'), 0);
});

for (const stuck of [0x00, 0xff] as const) {
  test(`MISO stuck at ${stuck}: boot ends, a sentence names the port, the other port answers`, async (t) => {
    const rig = await switchOn({ seed }, (made) => (made.faults.lan.stuckMiso = stuck));
    rig.run(1_000_000);
    t.deepEqual(rig.console.length, 1);
    t.regex(rig.console[0], /^The LAN chip does not answer as a W5500 .*check its power/);
    rig.introduce();
    t.is(rig.take('wan').length, 1, 'the ARP answer to G');
    rig.faults.lan.stuckMiso = null;
    rig.run(6_000_000);
    rig.introduce();
    t.notThrows(() => settleFlow(rig));
  });
}

test('a chip that reads back something else is told from one that is absent', async (t) => {
  const rig = await switchOn({ seed }, (made) => (made.faults.lan.writeLoss = 1));
  rig.run(1_000_000);
  t.is(rig.console.length, 1);
  t.regex(rig.console[0], /^The LAN chip answers, but does not keep what is written to it/);
});
