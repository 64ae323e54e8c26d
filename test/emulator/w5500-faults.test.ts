// The fault seam: every switch shows, and a chip with faults that are all off is a chip without faults.
import test from 'ava';
import { Faults } from '../../host-tools/emulator/faults.ts';
import { Random } from '../../host-tools/emulator/random.ts';
import * as reg from '../../host-tools/emulator/registers.ts';
import { Bench, frameOf, randomFrames } from './drivers/bench.ts';
import { COMMON, RX0, SOCKET0, TX0 } from './drivers/spi-host.ts';

const SEED = 11;

function benchWith(change: (faults: Faults) => void, timed = false): Bench {
  const faults = new Faults(SEED);
  const bench = new Bench({ faults, timed }).open();
  change(faults);
  return bench;
}

/** Number of differing bits. */
function distance(a: Uint8Array, b: Uint8Array): number {
  let bits = 0;
  a.forEach((byte, i) => {
    for (let x = byte ^ b[i]; x !== 0; x &= x - 1) bits++;
  });
  return bits;
}

test('all switches off: traffic is untouched', (t) => {
  const bench = benchWith(() => {});
  for (const frame of randomFrames(new Random(SEED), 50)) {
    bench.chip.deliver(frame);
    t.deepEqual(bench.take(), frame);
    bench.send(frame);
    t.deepEqual(bench.transmitted.pop(), frame);
  }
  t.deepEqual(bench.complaints, []);
});

test('sendokLoss: the frame is sent and TX_RD advances, but SENDOK stays away', (t) => {
  const bench = benchWith((faults) => (faults.sendokLoss = 1));
  bench.send(frameOf(100));
  t.is(bench.transmitted.length, 1);
  t.is(bench.interrupts, 0);
  t.is(bench.host.read16(SOCKET0, reg.Sn_TX_RD), 100);
});

test('sendokLoss at one half loses about half (seeded)', (t) => {
  const bench = benchWith((faults) => (faults.sendokLoss = 0.5));
  let lost = 0;
  for (let i = 0; i < 400; i++) {
    bench.send(frameOf(60));
    if (bench.interrupts === 0) lost++;
    bench.host.write8(SOCKET0, reg.Sn_IR, 0xff);
  }
  t.true(lost > 150 && lost < 250, `${lost}`);
});

test('completionLoss: the frame is sent, nothing tells, and TX is busy until CLOSE', (t) => {
  const bench = benchWith((faults) => (faults.completionLoss = 1));
  bench.send(frameOf(100));
  t.is(bench.transmitted.length, 1);
  t.is(bench.interrupts, 0);
  t.is(bench.host.read16(SOCKET0, reg.Sn_TX_RD), 0);
  bench.send(frameOf(100));
  t.is(bench.transmitted.length, 1);
});

for (const how of ['wedgeNextSend', 'overlappingSendWedges'] as const)
  test(`${how}: no SENDOK through CLOSE and OPEN, cured by a reset`, (t) => {
    const bench = benchWith((faults) => (faults[how] = true), true);
    bench.forceTenFull(); // a SEND lasts longer than the host needs for the next one
    bench.send(frameOf(1514));
    if (how === 'overlappingSendWedges') bench.send(frameOf(60));
    bench.clock.advance(1000);
    bench.command(reg.CLOSE);
    bench.command(reg.OPEN);
    bench.send(frameOf(60));
    bench.clock.advance(1000);
    t.is(bench.transmitted.length, 0);
    bench.host.write8(COMMON, reg.MR, reg.MR_RST);
    bench.clock.advance(5e6);
    bench.open().send(frameOf(60));
    bench.clock.advance(1000);
    t.is(bench.transmitted.length, 1);
  });

test('stickNextCommand: Sn_CR keeps the command until reset', (t) => {
  const bench = benchWith((faults) => (faults.stickNextCommand = true));
  bench.command(reg.CLOSE);
  bench.clock.advance(1e6);
  t.is(bench.host.read8(SOCKET0, reg.Sn_CR), reg.CLOSE);
  bench.host.write8(COMMON, reg.MR, reg.MR_RST);
  t.is(bench.host.read8(SOCKET0, reg.Sn_CR), 0);
});

test('tearing: TX_RD may be torn after a SEND, but not by an older SEND while the next one runs', (t) => {
  const bench = benchWith((faults) => (faults.tearing = 1), true);
  bench.forceTenFull();
  const { clock, host } = bench;
  bench.send(frameOf(1514));
  clock.advance(2000);
  t.not(host.read16(SOCKET0, reg.Sn_TX_RD), 1514);
  t.is(host.read16(SOCKET0, reg.Sn_TX_RD), 1514, 'the second look is clean');
  bench.send(frameOf(1514));
  clock.advance(2000);
  host.write16(SOCKET0, reg.Sn_TX_WR, 3 * 1514);
  bench.command(reg.SEND);
  t.is(host.read16(SOCKET0, reg.Sn_TX_RD), 2 * 1514);
});

test('filterLeak: a foreign frame passes', (t) => {
  const bench = benchWith((faults) => (faults.filterLeak = 1));
  t.true(bench.chip.deliver(frameOf(60, 0, [2, 0, 0, 0, 0xa8, 0x77])));
});

test('nextLengthHeader: one stored header is wrong, the next is right', (t) => {
  const bench = benchWith((faults) => (faults.nextLengthHeader = 0));
  bench.chip.deliver(frameOf(60));
  bench.chip.deliver(frameOf(60));
  t.is(bench.host.read16(RX0, 0), 0);
  t.is(bench.host.read16(RX0, 62), 62);
});

test('slipNextReceive: one RECV moves RX_RD beside the next header', (t) => {
  const bench = benchWith((faults) => (faults.slipNextReceive = 3));
  bench.chip.deliver(frameOf(60));
  bench.chip.deliver(frameOf(60));
  bench.take();
  t.is(bench.host.read16(SOCKET0, reg.Sn_RX_RD), 65);
  t.is(bench.waiting, 59);
});

test('nextInterruptBits: bits without a cause appear once', (t) => {
  const bench = benchWith((faults) => (faults.nextInterruptBits = reg.Sn_IR_CON | reg.Sn_IR_TIMEOUT));
  t.is(bench.interrupts, reg.Sn_IR_CON | reg.Sn_IR_TIMEOUT);
  bench.host.write8(SOCKET0, reg.Sn_IR, 0xff);
  t.is(bench.interrupts, 0);
});

test('interruptEdgeLoss: no callback, but the level is low', (t) => {
  const bench = benchWith((faults) => (faults.interruptEdgeLoss = 1));
  bench.chip.onInterrupt = () => t.fail();
  bench.chip.deliver(frameOf(60));
  t.true(bench.chip.interruptLow);
});

test('misoFlips: reads differ in about the stated share of bits, the ring does not', (t) => {
  const bench = benchWith(() => {});
  const faults = new Faults(SEED);
  const flipping = new Bench({ faults }).open();
  const frame = frameOf(1514);
  for (const each of [bench, flipping]) each.host.write(TX0, 0, frame);
  faults.misoFlips = 0.01;
  const flips = distance(flipping.host.read(TX0, 0, 1514), frame);
  t.true(flips > 60 && flips < 190, `${flips} of 12112 bits`);
  faults.misoFlips = 0;
  t.deepEqual(flipping.host.read(TX0, 0, 1514), frame);
});

test('flipLength: one flip inverts that many bits in a row', (t) => {
  const faults = new Faults(SEED);
  const bench = new Bench({ faults });
  faults.flipLength = 8;
  faults.misoFlips = 1;
  t.is(bench.host.read8(COMMON, reg.VERSIONR), 0x04 ^ 0xff);
  t.deepEqual([...bench.host.echo], [0xfe, 0xfd, 0xfc]);
});

test("mosiFlips: what is written differs, the caller's bytes do not", (t) => {
  const faults = new Faults(SEED);
  const bench = new Bench({ faults }).open();
  const burst = new Uint8Array(1517);
  burst[2] = 0x14;
  faults.mosiFlips = 0.001;
  const { chip } = bench;
  chip.select();
  chip.transfer(burst.subarray(0, 3), null);
  chip.transfer(burst.subarray(3), null);
  chip.deselect();
  faults.mosiFlips = 0;
  const flips = distance(bench.host.read(TX0, 0, 1514), new Uint8Array(1514));
  t.true(flips > 0 && flips < 40, `${flips}`);
  t.is(
    burst.findIndex((byte, i) => byte !== 0 && i !== 2),
    -1,
  );
});

test('misoSlip: every bit arrives one late', (t) => {
  const bench = benchWith((faults) => (faults.misoSlip = 1));
  t.is(bench.host.read8(COMMON, reg.VERSIONR), 0x82, '03 04 shifted right by one');
  t.deepEqual([...bench.host.echo], [0x00, 0x81, 0x01]);
});

for (const stuckMiso of [0x00, 0xff] as const)
  test(`stuckMiso ${stuckMiso.toString(16)}: everything reads so, header echo included`, (t) => {
    const bench = benchWith((faults) => (faults.stuckMiso = stuckMiso));
    t.is(bench.host.read8(COMMON, reg.VERSIONR), stuckMiso);
    t.is(bench.host.echo[1], stuckMiso);
  });

test('version: VERSIONR reads the stated value', (t) => {
  const bench = benchWith((faults) => (faults.version = 0x10));
  t.is(bench.host.read8(COMMON, reg.VERSIONR), 0x10);
});

test('writeLoss: a write does nothing, a read works', (t) => {
  const bench = benchWith((faults) => (faults.writeLoss = 1));
  bench.host.write8(COMMON, reg.PMAGIC, 0x5a);
  t.is(bench.host.read8(COMMON, reg.PMAGIC), 0);
  t.is(bench.host.read8(COMMON, reg.VERSIONR), 4);
});

test('the same seed brings the same faults', (t) => {
  const run = () => {
    const bench = benchWith((faults) => (faults.misoFlips = 0.001));
    return [...bench.host.read(COMMON, 0, 0x3a), ...bench.host.read(TX0, 0, 1000)];
  };
  t.deepEqual(run(), run());
});
