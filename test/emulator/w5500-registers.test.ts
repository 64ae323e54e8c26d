// Register blocks: reset values (w5500 data sheet 4.1, 4.2), read-only and reserved registers, write-1-to-clear, buffer sizes.
import test from 'ava';
import * as reg from '../../host-tools/emulator/registers.ts';
import { Bench, frameOf } from './drivers/bench.ts';
import { COMMON, SOCKET0, TX0, socketBlock } from './drivers/spi-host.ts';

/** Common block after reset, 0x0000-0x0039 in order. */
const COMMON_AFTER_RESET = [
  ['MR', '00'],
  ['GAR', '00000000'],
  ['SUBR', '00000000'],
  ['SHAR', '000000000000'],
  ['SIPR', '00000000'],
  ['INTLEVEL', '0000'],
  ['IR IMR', '0000'],
  ['SIR SIMR', '0000'],
  ['RTR', '07d0'],
  ['RCR', '08'],
  ['PTIMER', '28'],
  ['PMAGIC', '00'],
  ['PHAR', '000000000000'],
  ['PSID', '0000'],
  ['PMRU', 'ffff'],
  ['UIPR', '00000000'],
  ['UPORTR', '0000'],
  ['PHYCFGR, with 100/full link', 'bf'],
  ['reserved', '00000000000000000000'],
  ['VERSIONR', '04'],
];
/** Block of any socket after reset, 0x0000-0x002F in order. */
const SOCKET_AFTER_RESET = [
  ['MR CR IR SR', '00000000'],
  ['PORT', '0000'],
  ['DHAR', 'ffffffffffff'],
  ['DIPR', '00000000'],
  ['DPORT', '0000'],
  ['MSSR', '0000'],
  ['reserved', '00'],
  ['TOS', '00'],
  ['TTL', '80'],
  ['reserved', '00000000000000'],
  ['RXBUF_SIZE TXBUF_SIZE', '0202'],
  ['TX_FSR', '0800'],
  ['TX_RD', '0000'],
  ['TX_WR', '0000'],
  ['RX_RSR', '0000'],
  ['RX_RD', '0000'],
  ['RX_WR', '0000'],
  ['IMR', 'ff'],
  ['FRAG', '4000'],
  ['KPALVTR', '00'],
];

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Cuts a dump into the registers of a table. */
function named(table: string[][], dump: Uint8Array): string[][] {
  let at = 0;
  return table.map(([name, value]) => [name, hex(dump.subarray(at, (at += value.length / 2)))]);
}

test('every register has its reset value, before use and again after MR.RST', (t) => {
  const { host, chip } = new Bench();
  const check = () => {
    t.deepEqual(named(COMMON_AFTER_RESET, host.read(COMMON, 0, reg.COMMON_SIZE)), COMMON_AFTER_RESET);
    for (let n = 0; n < reg.SOCKET_COUNT; n++)
      t.deepEqual(
        named(SOCKET_AFTER_RESET, host.read(socketBlock(n), 0, reg.SOCKET_SIZE)),
        SOCKET_AFTER_RESET,
        `S${n}`,
      );
  };
  check();
  host.write(COMMON, reg.GAR, new Uint8Array(18).fill(0xaa));
  host.write8(COMMON, reg.SIMR, 1);
  for (let n = 0; n < reg.SOCKET_COUNT; n++) host.write(socketBlock(n), reg.Sn_RXBUF_SIZE, [4, 4]);
  host.write8(SOCKET0, reg.Sn_MR, 0x84);
  host.write8(SOCKET0, reg.Sn_CR, reg.OPEN);
  host.write16(SOCKET0, reg.Sn_TX_WR, 0x1234);
  t.is(host.read8(SOCKET0, reg.Sn_SR), 0x42);
  host.write8(COMMON, reg.MR, reg.MR_RST);
  check();
  t.is(chip.counters.resets, 1);
});

test('writable common registers keep what is written, in one burst with auto-increment', (t) => {
  const { host } = new Bench();
  const values = Uint8Array.from({ length: 18 }, (_, i) => i + 1);
  host.write(COMMON, reg.GAR, values);
  t.deepEqual(host.read(COMMON, reg.GAR, 18), values);
  host.write8(COMMON, reg.PMAGIC, 0x5a);
  t.is(host.read8(COMMON, reg.PMAGIC), 0x5a);
  host.write16(COMMON, reg.INTLEVEL, 0xffff);
  t.is(host.read16(COMMON, reg.INTLEVEL), 0xffff);
});

for (const [name, block, address] of [
  ['SIR', COMMON, reg.SIR],
  ['UIPR', COMMON, reg.UIPR],
  ['UPORTR', COMMON, reg.UPORTR],
  ['VERSIONR', COMMON, reg.VERSIONR],
  ['a reserved common register', COMMON, 0x30],
  ['a common address beyond the block', COMMON, 0x1000],
  ['Sn_SR', SOCKET0, reg.Sn_SR],
  ['Sn_TX_FSR', SOCKET0, reg.Sn_TX_FSR],
  ['Sn_TX_RD', SOCKET0, reg.Sn_TX_RD],
  ['Sn_RX_RSR', SOCKET0, reg.Sn_RX_RSR],
  ['Sn_RX_WR', SOCKET0, reg.Sn_RX_WR],
  ['a reserved socket register', SOCKET0, 0x17],
  ['a socket address beyond the block', SOCKET0, 0x30],
] as const)
  test(`a write to ${name} changes nothing and is reported`, (t) => {
    const { host, complaints } = new Bench();
    const before = host.read8(block, address);
    host.write8(block, address, 0x5a);
    t.is(host.read8(block, address), before);
    t.is(complaints.length, 1);
    t.regex(complaints[0], /^chip: .*read-only or reserved/);
  });

test('writing 1 to Sn_IR clears the bits written and no others', (t) => {
  const bench = new Bench().open();
  bench.chip.deliver(frameOf(60));
  bench.send(frameOf(60));
  t.is(bench.interrupts, reg.Sn_IR_SENDOK | reg.Sn_IR_RECV);
  bench.host.write8(SOCKET0, reg.Sn_IR, reg.Sn_IR_SENDOK);
  t.is(bench.interrupts, reg.Sn_IR_RECV);
});

test('Sn_IR latches whatever Sn_IMR says; SIR follows Sn_IMR', (t) => {
  const bench = new Bench().open();
  bench.host.write8(SOCKET0, reg.Sn_IMR, 0);
  bench.chip.deliver(frameOf(60));
  t.is(bench.interrupts, reg.Sn_IR_RECV);
  t.is(bench.host.read8(COMMON, reg.SIR), 0);
  bench.host.write8(SOCKET0, reg.Sn_IMR, reg.Sn_IR_RECV);
  t.is(bench.host.read8(COMMON, reg.SIR), 1);
});

test('OPEN in MACRAW shows status 42, pointers 0, all room free and MSSR 05B4', (t) => {
  const bench = new Bench().open();
  bench.send(frameOf(100));
  bench.chip.deliver(frameOf(100));
  bench.command(reg.OPEN);
  const { host } = bench;
  t.is(host.read8(SOCKET0, reg.Sn_SR), 0x42);
  t.is(host.read16(SOCKET0, reg.Sn_MSSR), 0x05b4);
  t.is(hex(host.read(SOCKET0, reg.Sn_TX_FSR, 12)), '4000' + '0000'.repeat(5));
  t.deepEqual(bench.complaints, []);
});

test('sockets 1 to 7 cannot open MACRAW, and other protocols do not exist here', (t) => {
  const { host, complaints } = new Bench();
  for (let n = 1; n < reg.SOCKET_COUNT; n++) {
    host.write8(socketBlock(n), reg.Sn_MR, 4);
    host.write8(socketBlock(n), reg.Sn_CR, reg.OPEN);
    t.is(host.read8(socketBlock(n), reg.Sn_SR), 0);
  }
  host.write8(SOCKET0, reg.Sn_MR, 2);
  host.write8(SOCKET0, reg.Sn_CR, reg.OPEN);
  t.is(host.read8(SOCKET0, reg.Sn_SR), 0);
  t.is(complaints.length, 8);
});

test('a buffer aliases over the whole 64 K by its size', (t) => {
  const { host } = new Bench();
  host.write(TX0, 0xfffe, [1, 2, 3, 4]);
  t.deepEqual([...host.read(TX0, 0x07fe, 4)], [1, 2, 3, 4], '2 KB after reset');
  t.deepEqual([...host.read(TX0, 0x0800, 2)], [3, 4]);
});

test('a burst longer than the ring leaves its last bytes', (t) => {
  const { host } = new Bench();
  const burst = Uint8Array.from({ length: 5000 }, (_, i) => i % 251);
  host.write(TX0, 0x7ff, burst);
  t.deepEqual(host.read(TX0, 0x7ff + 5000 - 2048, 2048), burst.slice(5000 - 2048));
});

for (const [memory, block] of [
  ['transmit', 0x10],
  ['receive', 0x18],
] as const)
  test(`each socket has its own share of the ${memory} memory`, (t) => {
    const { host } = new Bench();
    for (let n = 0; n < reg.SOCKET_COUNT; n++)
      host.write(block + 0x20 * n, 0, new Uint8Array(2048).fill(n + 1));
    for (let n = 0; n < reg.SOCKET_COUNT; n++)
      t.deepEqual(host.read(block + 0x20 * n, 0, 2048), new Uint8Array(2048).fill(n + 1));
  });

test('a socket without memory reads 0 and loses writes', (t) => {
  const { host } = new Bench().open();
  host.write(0x30, 0, [1, 2, 3]);
  t.deepEqual([...host.read(0x30, 0, 3)], [0, 0, 0]);
});
