// The rings at every offset, both directions, through the end of the ring and of the 16-bit pointers.
import test from 'ava';
import { Random } from '../../host-tools/emulator/random.ts';
import * as reg from '../../host-tools/emulator/registers.ts';
import { Bench, frameOf, randomFrames } from './drivers/bench.ts';
import { RX0, SOCKET0, TX0 } from './drivers/spi-host.ts';

/** Frames of 61 bytes move RX pointers by 63, which shares no factor with 65536: every offset is met once. */
const STEP = 61;

test('a frame received at any ring offset is read back whole in one burst', (t) => {
  const { chip, host, complaints } = new Bench().open();
  const frame = frameOf(STEP);
  const met = new Uint8Array(0x10000);
  let wrong = 0;
  for (let i = 0, at = 0; i < 0x10000; i++) {
    frame[20] = i;
    frame[STEP - 1] = i >>> 8;
    chip.deliver(frame);
    met[at] = 1;
    const burst = host.read(RX0, at, STEP + 2);
    if (burst[0] !== 0 || burst[1] !== STEP + 2 || Buffer.compare(burst.subarray(2), frame) !== 0) wrong++;
    at = (at + STEP + 2) & 0xffff;
    host.write16(SOCKET0, reg.Sn_RX_RD, at);
    host.write8(SOCKET0, reg.Sn_CR, reg.RECV);
  }
  t.is(wrong, 0);
  t.is(met.indexOf(0), -1);
  t.is(host.read16(SOCKET0, reg.Sn_RX_WR), 0, '65536 frames of 63 bytes bring the pointer back to 0');
  t.deepEqual(complaints, []);
});

test('a frame written at any ring offset is sent whole', (t) => {
  const { chip, host, complaints } = new Bench().open();
  const frame = frameOf(STEP);
  let wrong = 0;
  chip.onTransmit = (sent) => {
    if (Buffer.compare(sent, frame) !== 0) wrong++;
  };
  for (let i = 0, at = 0; i < 0x10000; i++) {
    frame[20] = i;
    frame[STEP - 1] = i >>> 8;
    host.write(TX0, at, frame);
    at = (at + STEP) & 0xffff;
    host.write16(SOCKET0, reg.Sn_TX_WR, at);
    host.write8(SOCKET0, reg.Sn_CR, reg.SEND);
  }
  t.is(wrong, 0);
  t.is(chip.counters.sent, 0x10000);
  t.is(host.read16(SOCKET0, reg.Sn_TX_RD), 0);
  t.is(host.read16(SOCKET0, reg.Sn_TX_FSR), 0x4000);
  t.deepEqual(complaints, []);
});

test('frames of every size, several waiting at once, cross 0xFFFF in order (seed 7)', (t) => {
  const random = new Random(7);
  const bench = new Bench().open();
  const waiting: Uint8Array[] = [];
  for (const frame of randomFrames(random, 600)) {
    if (bench.chip.deliver(frame)) waiting.push(frame);
    else t.fail('no room');
    while (waiting.length > 8 || (waiting.length > 0 && random.chance(0.5)))
      t.deepEqual(bench.take(), waiting.shift());
  }
  while (waiting.length > 0) t.deepEqual(bench.take(), waiting.shift());
  t.is(bench.waiting, 0);
  t.deepEqual(bench.complaints, []);
});

test('one burst may hold many frames, each behind its own header without alignment', (t) => {
  const bench = new Bench().open();
  const frames = [frameOf(61, 1), frameOf(1514, 2), frameOf(60, 3), frameOf(333, 4)];
  for (const frame of frames) bench.chip.deliver(frame);
  const burst = bench.host.read(RX0, 0, bench.waiting);
  let at = 0;
  for (const frame of frames) {
    t.is((burst[at] << 8) | burst[at + 1], frame.length + 2);
    t.deepEqual(burst.slice(at + 2, at + 2 + frame.length), frame);
    at += frame.length + 2;
  }
  t.is(at, burst.length);
});
