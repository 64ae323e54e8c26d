// The SPI frame and the strict mode: decoding, splitting, and every complaint about access.
import test from 'ava';
import * as reg from '../../host-tools/emulator/registers.ts';
import { Bench, frameOf } from './drivers/bench.ts';
import { COMMON, RX0, SOCKET0, TX0 } from './drivers/spi-host.ts';

test('MISO carries 01 02 03 during the header', (t) => {
  const { host } = new Bench();
  host.read(COMMON, reg.VERSIONR, 1);
  t.deepEqual([...host.echo], [1, 2, 3]);
});

test('a frame may be cut into transfers anywhere', (t) => {
  const { chip, host } = new Bench().open();
  for (const pieces of [[1, 1, 1, 1, 1, 1], [2, 4], [3, 3], [4, 2], [5, 1], [6]]) {
    host.write(COMMON, reg.GAR, [0, 0, 0]);
    const bytes = [0x00, reg.GAR, 0x04, 0x11, 0x22, 0x33];
    chip.select();
    let at = 0;
    for (const piece of pieces) chip.transfer(Uint8Array.from(bytes.slice(at, (at += piece))), null);
    chip.deselect();
    t.deepEqual([...host.read(COMMON, reg.GAR, 3)], [0x11, 0x22, 0x33], pieces.join('+'));
  }
});

test('a burst into the TX buffer may be cut into transfers too', (t) => {
  const { chip, host } = new Bench().open();
  const frame = frameOf(300);
  chip.select();
  chip.transfer(Uint8Array.of(0xff, 0xf0, 0x14), null);
  chip.transfer(frame.subarray(0, 7), null);
  chip.transfer(frame.subarray(7), null);
  chip.deselect();
  t.deepEqual(host.read(TX0, 0xfff0, 300), frame);
});

test('chip-select frames, transfers and bytes are counted', (t) => {
  const { chip } = new Bench();
  chip.select();
  chip.transfer(Uint8Array.of(0, 0x39, 0), null);
  chip.transfer(Uint8Array.of(0), new Uint8Array(1));
  chip.deselect();
  const { frames, transfers, bytes } = chip.counters;
  t.deepEqual({ frames, transfers, bytes }, { frames: 1, transfers: 2, bytes: 4 });
});

test('every access is shown to onAccess with control byte, address and length', (t) => {
  const { chip, host } = new Bench();
  const seen: number[][] = [];
  chip.onAccess = (...access) => seen.push(access);
  host.read(SOCKET0, reg.Sn_RX_RSR, 6);
  host.write16(SOCKET0, reg.Sn_RX_RD, 0);
  t.deepEqual(seen, [
    [0x08, 0x26, 6],
    [0x0c, 0x28, 2],
  ]);
});

test('the model copies from a view anywhere in a larger buffer, and into one', (t) => {
  const { chip, host } = new Bench();
  const arena = new Uint8Array(64).fill(0xee);
  arena.set([0x00, 0x00, 0x14, 7, 8, 9], 13);
  chip.select();
  chip.transfer(arena.subarray(13, 19), null);
  chip.deselect();
  t.deepEqual([...host.read(TX0, 0, 4)], [7, 8, 9, 0]);
  chip.select();
  chip.transfer(Uint8Array.of(0, 0, 0x10, 0, 0, 0), arena.subarray(30, 36));
  chip.deselect();
  t.deepEqual([...arena.subarray(29, 37)], [0xee, 1, 2, 3, 7, 8, 9, 0xee]);
});

/** Each does one illegal thing to an open chip; the complaint must name the place and the rule. */
const ILLEGAL: [string, RegExp, (bench: Bench) => void][] = [
  ['a transfer without select', /SCSn: .*not selected/, ({ chip }) => chip.transfer(Uint8Array.of(0), null)],
  [
    'a frame of a header alone',
    /SCSn: .*without data/,
    ({ chip }) => {
      chip.select();
      chip.transfer(Uint8Array.of(0, 0, 4), null);
      chip.deselect();
    },
  ],
  [
    'select while selected',
    /SCSn: selected while selected/,
    ({ chip }) => {
      chip.select();
      chip.select();
    },
  ],
  ['fixed length mode', /control byte: fixed length/, ({ host }) => host.read(COMMON | 1, 0, 1)],
  ['a reserved block', /control byte: block 4 is reserved/, ({ host }) => host.read(0x20, 0, 1)],
  ['a write to the RX buffer', /S0 RX buffer: belongs to the chip/, ({ host }) => host.write(RX0, 0, [1])],
  [
    'a read of the RX buffer when nothing came',
    /S0 RX buffer: 1 bytes read/,
    ({ host }) => host.read(RX0, 0, 1),
  ],
  ['a command on a closed socket', /S1_CR: .*closed/, ({ host }) => host.write8(0x28, reg.Sn_CR, reg.RECV)],
  ['a TCP command', /S0_CR: command 0x4 means nothing/, (bench) => bench.command(reg.CONNECT)],
  ['an empty SEND', /S0_CR: SEND with TX_WR equal/, (bench) => bench.command(reg.SEND)],
  ['a SEND of 59 bytes', /S0_CR: SEND of 59 bytes; pad/, (bench) => bench.send(frameOf(59))],
  ['a SEND of two frames at once', /S0_CR: SEND of 2000 bytes/, (bench) => bench.send(frameOf(2000))],
  [
    'RECV beyond what was received',
    /S0_CR: RECV with RX_RD beyond/,
    (bench) => {
      bench.host.write16(SOCKET0, reg.Sn_RX_RD, 1);
      bench.command(reg.RECV);
    },
  ],
  [
    'a buffer size that does not exist',
    /S0_RXBUF_SIZE: is 3;/,
    (bench) => {
      bench.host.write8(SOCKET0, reg.Sn_RXBUF_SIZE, 3);
      bench.command(reg.OPEN);
    },
  ],
  [
    'buffers of more than 16 KB in all',
    /Sn_TXBUF_SIZE: adds up to 18 KB/,
    (bench) => {
      bench.host.write8(0x28, reg.Sn_TXBUF_SIZE, 2);
      bench.command(reg.OPEN);
    },
  ],
  [
    'an own IP address',
    /SIPR: is set/,
    (bench) => {
      bench.host.write8(COMMON, reg.SIPR, 192);
      bench.command(reg.OPEN);
    },
  ],
];

for (const [what, complaint, act] of ILLEGAL)
  test(`strict mode reports ${what}`, (t) => {
    const bench = new Bench().open();
    act(bench);
    t.is(bench.complaints.length, 1, bench.complaints.join('\n'));
    t.regex(bench.complaints[0], complaint);
    t.regex(bench.complaints[0], /^chip: \S.*: \S.*\.$/);
    t.is(bench.chip.counters.complaints, 1);
  });

test('a correct open, receive and send bring no complaint', (t) => {
  const bench = new Bench().open();
  bench.chip.deliver(frameOf(1514));
  bench.send(bench.take());
  bench.command(reg.CLOSE);
  bench.command(reg.CLOSE);
  t.deepEqual(bench.complaints, []);
});
