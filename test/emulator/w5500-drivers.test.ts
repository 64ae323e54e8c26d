// Acceptance: drivers that were written for the real chip move traffic through the model, and known-bad ones fail as they do.
import test from 'ava';
import type { Behaviour } from '../../host-tools/emulator/behaviour.ts';
import { Random } from '../../host-tools/emulator/random.ts';
import * as reg from '../../host-tools/emulator/registers.ts';
import { Bench, OWN_MAC, frameOf, randomFrames } from './drivers/bench.ts';
import { EdgeOnly } from './drivers/edge-only.ts';
import { EspIdfStyle } from './drivers/esp-idf-style.ts';
import { PATIENCE } from './drivers/foreign-driver.ts';
import { IoLibraryStyle } from './drivers/iolibrary-style.ts';
import { LinuxStyle } from './drivers/linux-style.ts';
import { COMMON, SOCKET0 } from './drivers/spi-host.ts';

const SEED = 5;
const STYLES = [LinuxStyle, EspIdfStyle, IoLibraryStyle] as const;
/** Settings a driver for the real chip must live with, whichever turn out to be true. */
const CHIPS: [string, boolean, Partial<Behaviour>][] = [
  ['untimed', false, {}],
  ['timed', true, {}],
  ['timed, pointers read back old', true, { pointerReadback: 'old' }],
  ['timed, commands held for 20 us', true, { commandHold: 20 }],
];

for (const Style of STYLES)
  for (const [name, timed, behaviour] of CHIPS)
    test(`${Style.name} moves frames both ways (${name}, seed ${SEED})`, (t) => {
      const bench = new Bench({ timed, behaviour });
      const { chip, clock } = bench;
      const driver = new Style(bench.host, OWN_MAC, (us) => clock.advance(us));
      driver.start();
      clock.advance(3e6);
      const random = new Random(SEED);
      const inward = randomFrames(random, 120);
      const outward = randomFrames(random, 120);
      for (let i = 0; i < inward.length; i++) {
        chip.deliver(inward[i]);
        if (random.chance(0.4)) driver.service();
        for (let tries = 0; !driver.send(outward[i]); tries++) {
          if (tries === PATIENCE) return t.fail('send gave up');
          clock.advance(10);
        }
        if (i % 5 === 4) {
          clock.advance(1000);
          driver.service();
        }
      }
      clock.advance(1e5);
      driver.service();
      t.true(sameFrames(driver.received, inward));
      t.true(sameFrames(bench.transmitted, outward));
      const illegal = bench.complaints.filter((complaint) => !complaint.includes('adds up to 30 KB'));
      t.deepEqual(illegal, []);
    });

function sameFrames(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((frame, i) => Buffer.compare(frame, b[i]) === 0);
}

/** Bursts of frames at line rate, so that frames arrive while the driver works. */
function burstsThrough(looksAtLevel: boolean): { driver: EdgeOnly; bench: Bench } {
  const bench = new Bench({ timed: true }).open();
  const driver = new EdgeOnly(bench.host, looksAtLevel);
  for (let burst = 0; burst < 20; burst++) {
    for (let i = 0; i < 4; i++) bench.chip.deliver(frameOf(1000));
    for (let i = 0; i < 20; i++) {
      bench.clock.advance(50);
      driver.service();
    }
  }
  return { driver, bench };
}

test('a driver that lives on edges alone goes deaf: INTn low, frames waiting, overflow, link and TX still fine', (t) => {
  const { driver, bench } = burstsThrough(false);
  t.true(driver.received < 80);
  t.true(bench.chip.interruptLow);
  t.true(bench.chip.counters.overflowed > 0);
  t.is(bench.host.read8(COMMON, reg.PHYCFGR) & reg.PHY_LNK, reg.PHY_LNK);
  bench.send(frameOf(60));
  bench.clock.advance(100);
  t.is(bench.transmitted.length, 1);
});

test('the same driver hears everything when it looks at the level again', (t) => {
  const { driver, bench } = burstsThrough(true);
  t.is(driver.received, 80);
  t.false(bench.chip.interruptLow);
});

test('a driver that reads one frame per interrupt falls behind for good', (t) => {
  const bench = new Bench().open();
  let received = 0;
  bench.chip.onInterrupt = (low) => {
    if (!low) return;
    bench.host.write8(SOCKET0, reg.Sn_IR, reg.Sn_IR_RECV);
    bench.take();
    received++;
  };
  bench.host.write8(COMMON, reg.SIMR, 0);
  bench.chip.deliver(frameOf(60));
  bench.chip.deliver(frameOf(60));
  bench.host.write8(COMMON, reg.SIMR, 1);
  t.is(received, 1);
  bench.clock.advance(1e6);
  t.is(bench.waiting, 62, 'the second frame waits in silence');
  bench.chip.deliver(frameOf(60));
  t.is(received, 2);
  t.is(bench.waiting, 62);
});
