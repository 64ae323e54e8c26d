// What comes from the wire: filter, silent overflow, RECV and its pointer, INTn as a level, arrivals that take time.
import test from 'ava';
import { Faults } from '../../host-tools/emulator/faults.ts';
import * as reg from '../../host-tools/emulator/registers.ts';
import { Bench, OWN_MAC, frameOf } from './drivers/bench.ts';
import { COMMON, RX0, SOCKET0 } from './drivers/spi-host.ts';

const BROADCAST = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
const FOREIGN = [0x02, 0, 0, 0, 0xa8, 0x77];
const IPV4_MULTICAST = [0x01, 0x00, 0x5e, 0, 0, 1];
const IPV6_MULTICAST = [0x33, 0x33, 0, 0, 0, 1];
const OTHER_MULTICAST = [0x01, 0x80, 0xc2, 0, 0, 0];
const IPV4 = 0x0800;
const IPV6 = 0x86dd;

/** Mode, then what passes: own, foreign, broadcast, 01:00:5E, 33:33, other multicast, own with IPv6. */
const FILTERS: [number, string, string][] = [
  [0x04, 'no filter', 'own foreign broadcast v4multi v6multi other ownv6'],
  [0x84, 'MFEN', 'own broadcast v4multi v6multi ownv6'],
  [0xa4, 'MFEN MMB', 'own broadcast v6multi ownv6'],
  [0x94, 'MFEN MIP6B', 'own broadcast v4multi'],
  [0xb4, 'MFEN MMB MIP6B', 'own broadcast'],
  [0xf4, 'MFEN BCASTB MMB MIP6B', 'own'],
];
const ARRIVALS: [string, number[], number][] = [
  ['own', OWN_MAC, IPV4],
  ['foreign', FOREIGN, IPV4],
  ['broadcast', BROADCAST, IPV4],
  ['v4multi', IPV4_MULTICAST, IPV4],
  ['v6multi', IPV6_MULTICAST, IPV6],
  ['other', OTHER_MULTICAST, IPV4],
  ['ownv6', OWN_MAC, IPV6],
];

function arrival(destination: number[], etherType: number): Uint8Array {
  const frame = frameOf(64, 0, destination);
  frame[12] = etherType >>> 8;
  frame[13] = etherType & 0xff;
  return frame;
}

for (const [mode, name, expected] of FILTERS)
  test(`S0_MR ${mode.toString(16)} (${name}) passes ${expected}`, (t) => {
    const { chip } = new Bench().open(mode);
    const passed = ARRIVALS.filter(([, mac, etherType]) => chip.deliver(arrival(mac, etherType)));
    t.is(passed.map(([who]) => who).join(' '), expected);
    t.is(chip.counters.filtered, ARRIVALS.length - passed.length);
    t.is(chip.counters.delivered, passed.length);
  });

test('MMB removes 33:33 as well where the behaviour says so', (t) => {
  const { chip } = new Bench({ behaviour: { blocks3333: true } }).open(0xa4);
  t.false(chip.deliver(arrival(IPV6_MULTICAST, IPV6)));
});

test('the filter uses SHAR as it is now', (t) => {
  const { chip, host } = new Bench().open();
  host.write(COMMON, reg.SHAR, FOREIGN);
  t.true(chip.deliver(arrival(FOREIGN, IPV4)));
  t.false(chip.deliver(arrival(OWN_MAC, IPV4)));
});

test('a frame that does not fit whole is dropped without a sign, and what waits stays intact', (t) => {
  const bench = new Bench().open();
  const { chip } = bench;
  for (let i = 0; i < 10; i++) t.true(chip.deliver(frameOf(1514, i)));
  bench.host.write8(SOCKET0, reg.Sn_IR, 0xff);
  t.false(chip.deliver(frameOf(1514, 99)));
  t.is(chip.counters.overflowed, 1);
  t.is(bench.interrupts, 0, 'no RECV for a dropped frame');
  t.is(bench.waiting, 15160);
  t.true(chip.deliver(frameOf(300, 10)), 'a shorter frame still fits');
  for (let i = 0; i < 10; i++) t.deepEqual(bench.take(), frameOf(1514, i));
  t.deepEqual(bench.take(), frameOf(300, 10));
});

for (const [exactlyFullIsFull, stored] of [
  [false, true],
  [true, false],
])
  test(`a frame that fills the ring exactly is ${stored ? 'stored' : 'dropped'} when exactlyFullIsFull is ${exactlyFullIsFull}`, (t) => {
    const bench = new Bench({ behaviour: { exactlyFullIsFull } }).open();
    for (let i = 0; i < 10; i++) bench.chip.deliver(frameOf(1514));
    t.is(bench.chip.deliver(frameOf(16384 - 15160 - 2)), stored);
    t.is(bench.waiting, stored ? 16384 : 15160);
  });

test('RX_RD takes effect and frees room only at RECV', (t) => {
  const bench = new Bench().open();
  const { chip, host } = bench;
  for (let i = 0; i < 10; i++) chip.deliver(frameOf(1514));
  host.write16(SOCKET0, reg.Sn_RX_RD, 1516);
  t.is(bench.waiting, 15160);
  t.false(chip.deliver(frameOf(1514)));
  bench.command(reg.RECV);
  t.is(bench.waiting, 13644);
  t.true(chip.deliver(frameOf(1514)));
});

test('RX_RD and TX_WR read back old or new before the command, as the behaviour says', (t) => {
  for (const [pointerReadback, shown] of [
    ['new', 100],
    ['old', 0],
  ] as const) {
    const bench = new Bench({ behaviour: { pointerReadback } }).open();
    bench.chip.deliver(frameOf(98));
    for (const [register, command] of [
      [reg.Sn_RX_RD, reg.RECV],
      [reg.Sn_TX_WR, reg.SEND],
    ]) {
      bench.host.write16(SOCKET0, register, 100);
      t.is(bench.host.read16(SOCKET0, register), shown, pointerReadback);
      bench.command(command);
      t.is(bench.host.read16(SOCKET0, register), 100, pointerReadback);
    }
  }
});

test('runts, giants, and frames without link or an open socket are not stored, and counted apart', (t) => {
  const { chip } = new Bench().open();
  t.false(chip.deliver(frameOf(59)));
  t.false(chip.deliver(frameOf(1515)));
  chip.setLink(false);
  t.false(chip.deliver(frameOf(60)));
  t.false(new Bench().chip.deliver(frameOf(60)));
  const { undersized, oversized, unlinked, delivered } = chip.counters;
  t.deepEqual(
    { undersized, oversized, unlinked, delivered },
    { undersized: 1, oversized: 1, unlinked: 1, delivered: 0 },
  );
});

test('giants are stored with their true length where the behaviour says so', (t) => {
  const bench = new Bench({ behaviour: { oversizeArrival: 'stored' } }).open();
  t.true(bench.chip.deliver(frameOf(1522)));
  t.is(bench.host.read16(RX0, 0), 1524);
});

test('INTn is a level: low until every unmasked source is cleared', (t) => {
  const bench = new Bench().open();
  const { chip, host } = bench;
  const edges: boolean[] = [];
  chip.onInterrupt = (low) => edges.push(low);
  chip.deliver(frameOf(60));
  chip.deliver(frameOf(60));
  t.true(chip.interruptLow);
  host.write8(SOCKET0, reg.Sn_IMR, reg.Sn_IR_RECV | reg.Sn_IR_SENDOK);
  bench.send(frameOf(60));
  host.write8(SOCKET0, reg.Sn_IR, reg.Sn_IR_RECV);
  t.true(chip.interruptLow, 'SENDOK is left');
  host.write8(SOCKET0, reg.Sn_IR, reg.Sn_IR_SENDOK);
  t.false(chip.interruptLow);
  t.deepEqual(edges, [true, false]);
  t.is(chip.counters.interrupts, 1);
});

test('INTn is silent while SIMR or Sn_IMR masks, and answers the moment it no longer does', (t) => {
  const { chip, host } = new Bench().open();
  host.write8(COMMON, reg.SIMR, 0xfe);
  chip.deliver(frameOf(60));
  t.false(chip.interruptLow, 'unmasked for other sockets only');
  host.write8(COMMON, reg.SIMR, 0);
  t.false(chip.interruptLow);
  host.write8(COMMON, reg.SIMR, 1);
  t.true(chip.interruptLow);
  host.write8(SOCKET0, reg.Sn_IMR, 0);
  t.false(chip.interruptLow);
});

test('an arrival between reading and clearing Sn_IR is lost as a notification, not as a frame', (t) => {
  const bench = new Bench().open();
  bench.chip.deliver(frameOf(60));
  const read = bench.interrupts;
  bench.chip.deliver(frameOf(60));
  bench.host.write8(SOCKET0, reg.Sn_IR, read);
  t.false(bench.chip.interruptLow);
  t.is(bench.waiting, 2 * 62);
});

test('timed: frames arrive after their wire time, one behind the other', (t) => {
  const { chip, clock } = new Bench({ timed: true }).open();
  const start = clock.now();
  t.true(chip.deliver(frameOf(1514)));
  t.true(chip.deliver(frameOf(60)));
  const times: number[] = [];
  while (clock.nextDue() !== undefined && times.length < 2) {
    clock.advanceTo(clock.nextDue() ?? 0);
    times.push(clock.now() - start);
    t.is(chip.counters.delivered, times.length);
  }
  t.true(Math.abs(times[0] - 123.04) < 1e-6);
  t.true(Math.abs(times[1] - 129.76) < 1e-6);
});

test('timed: where the behaviour says so RX_WR and RSR grow while a frame comes in, and RECV waits for its end', (t) => {
  const bench = new Bench({ timed: true, behaviour: { growingReceive: true } }).open();
  bench.chip.deliver(frameOf(1514));
  bench.clock.advance(50);
  const partial = bench.waiting;
  t.true(partial > 0 && partial < 1516, `${partial}`);
  t.is(bench.interrupts, 0);
  bench.clock.advance(100);
  t.is(bench.waiting, 1516);
  t.is(bench.interrupts, reg.Sn_IR_RECV);
});

test('a torn read mixes old and new bytes of the pointers, never an untruth after a second look (seed 3)', (t) => {
  const faults = new Faults(3);
  faults.tearing = 1;
  const bench = new Bench({ faults }).open();
  let torn = 0;
  let received = 0;
  for (let i = 0; i < 300; i++) {
    bench.chip.deliver(frameOf(300 + i));
    received = (received + 302 + i) & 0xffff;
    bench.host.write8(SOCKET0, reg.Sn_IR, 0xff);
    const [rsr, rd, wr] = words(bench.host.read(SOCKET0, reg.Sn_RX_RSR, 6));
    if (rsr !== ((wr - rd) & 0xffff)) torn++;
    t.is(bench.interrupts, reg.Sn_IR_RECV, 'the arrival completes during the read, so after the clearing');
    const [again, , end] = words(bench.host.read(SOCKET0, reg.Sn_RX_RSR, 6));
    t.is(again, 302 + i);
    t.is(end, received);
    bench.take();
  }
  t.true(torn > 100, `${torn} of 300 reads were torn visibly`);
});

function words(bytes: Uint8Array): number[] {
  const out: number[] = [];
  for (let i = 0; i < bytes.length; i += 2) out.push((bytes[i] << 8) | bytes[i + 1]);
  return out;
}
