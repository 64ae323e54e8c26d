// Reset by register and by pin, the time it takes, and the PHY: link, modes, PHY reset.
import test from 'ava';
import * as reg from '../../host-tools/emulator/registers.ts';
import { Bench, OWN_MAC, frameOf } from './drivers/bench.ts';
import { COMMON, SOCKET0 } from './drivers/spi-host.ts';

const link = (bench: Bench) => bench.host.read8(COMMON, reg.PHYCFGR) & reg.PHY_LNK;

test('RSTn forgets everything: MAC, sizes, socket, rings, interrupt', (t) => {
  const bench = new Bench().open();
  const { chip, clock, host } = bench;
  chip.deliver(frameOf(60));
  t.true(chip.interruptLow);
  chip.setReset(true);
  t.false(chip.interruptLow);
  t.false(chip.deliver(frameOf(60)));
  clock.advance(500);
  chip.setReset(false);
  t.deepEqual([...host.read(COMMON, reg.SHAR, 6)], [0, 0, 0, 0, 0, 0]);
  t.is(host.read8(SOCKET0, reg.Sn_SR), 0);
  t.is(host.read8(SOCKET0, reg.Sn_RXBUF_SIZE), 2);
  t.is(bench.waiting, 0);
  t.deepEqual(bench.complaints, []);
  t.is(chip.counters.resets, 1);
});

for (const heldMiso of [0x00, 0xff] as const)
  test(`while held in reset MISO stays at ${heldMiso.toString(16)} and writes are lost`, (t) => {
    const { chip, clock, host, complaints } = new Bench({ behaviour: { heldMiso } });
    chip.setReset(true);
    t.is(host.read8(COMMON, reg.VERSIONR), heldMiso);
    t.deepEqual([...host.echo], [heldMiso, heldMiso, heldMiso]);
    host.write(COMMON, reg.SHAR, OWN_MAC);
    clock.advance(1000);
    chip.setReset(false);
    t.is(host.read8(COMMON, reg.SHAR), 0);
    t.regex(complaints[0], /RSTn: SPI access while/);
  });

test('a reset pulse of under 500 us is reported', (t) => {
  const { chip, clock, complaints } = new Bench();
  chip.setReset(true);
  clock.advance(499);
  chip.setReset(false);
  t.regex(complaints[0], /RSTn: was low for less than 500 us/);
});

test('after a reset VERSIONR reads 00 and writes are lost for the reset time', (t) => {
  const { clock, host, complaints } = new Bench({ behaviour: { resetTime: 50_000 } });
  host.write8(COMMON, reg.MR, reg.MR_RST);
  t.is(host.read8(COMMON, reg.MR), 0, 'RST clears itself');
  t.is(host.read8(COMMON, reg.VERSIONR), 0);
  host.write8(COMMON, reg.PMAGIC, 0x5a);
  t.regex(complaints[0], /reset: a write to 0x001d .* is lost/);
  clock.advance(49_999);
  t.is(host.read8(COMMON, reg.VERSIONR), 0);
  clock.advance(2);
  t.is(host.read8(COMMON, reg.VERSIONR), 4);
  t.is(host.read8(COMMON, reg.PMAGIC), 0);
  host.write8(COMMON, reg.PMAGIC, 0x5a);
  t.is(host.read8(COMMON, reg.PMAGIC), 0x5a);
});

test('a reset forgets the command that Sn_CR still holds', (t) => {
  const { clock, host } = new Bench({ behaviour: { commandHold: 20 } });
  host.write8(SOCKET0, reg.Sn_MR, 0x84);
  host.write8(SOCKET0, reg.Sn_CR, reg.OPEN);
  host.write8(COMMON, reg.MR, reg.MR_RST);
  host.write8(SOCKET0, reg.Sn_MR, 0x84);
  clock.advance(100);
  t.is(host.read8(SOCKET0, reg.Sn_SR), 0);
});

test('timed: MR.RST in mid-traffic loses the frame being sent, what waited, and the link for its negotiation', (t) => {
  const bench = new Bench({ timed: true }).open();
  bench.chip.deliver(frameOf(1514));
  bench.send(frameOf(1514));
  bench.host.write8(COMMON, reg.MR, reg.MR_RST);
  bench.clock.advance(2000);
  t.deepEqual(bench.transmitted, []);
  t.is(bench.host.read8(COMMON, reg.VERSIONR), 4);
  t.is(link(bench), 0);
  bench.open();
  t.is(bench.waiting, 0);
  bench.clock.advance(2e6);
  t.is(link(bench), 1);
  bench.send(frameOf(100));
  bench.clock.advance(100);
  t.is(bench.transmitted.length, 1);
});

test('PHYCFGR reads BF with a 100/full link and BA without', (t) => {
  const bench = new Bench();
  t.is(bench.host.read8(COMMON, reg.PHYCFGR), 0xbf);
  bench.chip.setLink(false);
  t.is(bench.host.read8(COMMON, reg.PHYCFGR), 0xba);
});

test('timed: a cable plugged in links after its negotiation', (t) => {
  const bench = new Bench({ timed: true });
  bench.chip.setLink(false);
  bench.chip.setLink(true);
  bench.clock.advance(1.9e6);
  t.is(link(bench), 0);
  bench.clock.advance(0.2e6);
  t.is(link(bench), 1);
});

test('a PHY mode takes effect only at a PHY reset, which drops the link', (t) => {
  const bench = new Bench({ behaviour: { negotiation: 1000 } });
  const { host, clock } = bench;
  const tenFull = reg.PHY_OPMD | (1 << 3);
  host.write8(COMMON, reg.PHYCFGR, reg.PHY_RST | tenFull);
  t.is(host.read8(COMMON, reg.PHYCFGR), reg.PHY_RST | tenFull | 0x07, 'still 100/full');
  host.write8(COMMON, reg.PHYCFGR, tenFull);
  t.is(link(bench), 0);
  clock.advance(5000);
  t.is(link(bench), 0, 'held in PHY reset');
  host.write8(COMMON, reg.PHYCFGR, reg.PHY_RST | tenFull);
  clock.advance(1001);
  t.is(host.read8(COMMON, reg.PHYCFGR), reg.PHY_RST | tenFull | reg.PHY_DPX | reg.PHY_LNK, '10/full');
});

test('a PHY that is powered down has no link', (t) => {
  const bench = new Bench();
  const down = reg.PHY_OPMD | (6 << 3);
  bench.host.write8(COMMON, reg.PHYCFGR, down);
  bench.host.write8(COMMON, reg.PHYCFGR, reg.PHY_RST | down);
  t.is(link(bench), 0);
  t.false(bench.open().chip.deliver(frameOf(60)));
});

test('CLOSE stops reception; re-OPEN starts with empty rings and pointers 0', (t) => {
  const bench = new Bench().open();
  bench.chip.deliver(frameOf(60));
  bench.command(reg.CLOSE);
  t.is(bench.host.read8(SOCKET0, reg.Sn_SR), 0);
  t.false(bench.chip.deliver(frameOf(60)));
  t.is(bench.chip.counters.unopened, 1);
  bench.command(reg.OPEN);
  t.is(bench.waiting, 0);
  bench.chip.deliver(frameOf(77, 3));
  t.deepEqual(bench.take(), frameOf(77, 3));
});
