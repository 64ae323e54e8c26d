// SEND: one frame per command, its wire time, its completion, and what happens without link or out of order.
import test from 'ava';
import * as reg from '../../host-tools/emulator/registers.ts';
import { Bench, frameOf } from './drivers/bench.ts';
import { SOCKET0, TX0 } from './drivers/spi-host.ts';

const sendDone = (bench: Bench) => (bench.interrupts & reg.Sn_IR_SENDOK) !== 0;

test('untimed: SEND completes inside the command write', (t) => {
  const bench = new Bench().open();
  bench.send(frameOf(100, 5));
  t.deepEqual(bench.transmitted, [frameOf(100, 5)]);
  t.is(bench.interrupts, reg.Sn_IR_SENDOK);
  t.is(bench.host.read16(SOCKET0, reg.Sn_TX_RD), 100);
  t.is(bench.host.read16(SOCKET0, reg.Sn_TX_FSR), 0x4000);
});

test('each frame sent is a copy of its own', (t) => {
  const bench = new Bench().open();
  for (let i = 0; i < 40; i++) bench.send(frameOf(1514, i));
  t.deepEqual(
    bench.transmitted,
    Array.from({ length: 40 }, (_, i) => frameOf(1514, i)),
  );
});

for (const [length, megabits, microseconds] of [
  [1514, 100, 123.04],
  [60, 100, 6.72],
  [1514, 10, 1230.4],
  [60, 10, 67.2],
])
  test(`timed: SEND of ${length} bytes at ${megabits} Mbit/s takes ${microseconds} us`, (t) => {
    const bench = new Bench({ timed: true }).open();
    if (megabits === 10) bench.forceTenFull();
    bench.send(frameOf(length));
    const start = bench.clock.now();
    t.is(
      bench.host.read16(SOCKET0, reg.Sn_TX_FSR),
      length === 60 && megabits === 100 ? 0x4000 : 0x4000 - length,
    );
    if (bench.transmitted.length === 0) bench.clock.advanceTo(start + microseconds - 0.001);
    t.is(bench.transmitted.length, length === 60 && megabits === 100 ? 1 : 0);
    bench.clock.advanceTo(start + microseconds + 0.001);
    t.is(bench.transmitted.length, 1);
    t.true(sendDone(bench));
    t.is(bench.host.read16(SOCKET0, reg.Sn_TX_RD), length);
  });

test('a frame written ahead during a SEND goes out untouched by the next SEND', (t) => {
  const bench = new Bench({ timed: true }).open();
  bench.send(frameOf(1514, 1));
  bench.host.write(TX0, 1514, frameOf(100, 2));
  t.deepEqual(bench.complaints, []);
  bench.clock.advance(200);
  bench.host.write16(SOCKET0, reg.Sn_TX_WR, 1614);
  bench.command(reg.SEND);
  bench.clock.advance(200);
  t.deepEqual(bench.transmitted, [frameOf(1514, 1), frameOf(100, 2)]);
});

test('overwriting a frame that is being sent is reported and sends the new bytes', (t) => {
  const bench = new Bench({ timed: true }).open();
  bench.send(frameOf(1514, 1));
  bench.host.write(TX0, 1513 + 0x4000, [0xaa]);
  t.regex(bench.complaints[0], /S0 TX buffer: .*change a frame being sent/);
  bench.clock.advance(200);
  t.is(bench.transmitted[0][1513], 0xaa);
});

test('TX_WR over two frames is one long frame', (t) => {
  const bench = new Bench().open();
  bench.host.write(TX0, 0, frameOf(100, 1));
  bench.host.write(TX0, 100, frameOf(200, 2));
  bench.host.write16(SOCKET0, reg.Sn_TX_WR, 300);
  bench.command(reg.SEND);
  t.deepEqual(
    bench.transmitted.map((frame) => frame.length),
    [300],
  );
});

test('SEND while a SEND runs is lost and reported', (t) => {
  const bench = new Bench({ timed: true }).open();
  bench.forceTenFull();
  bench.send(frameOf(1514, 1));
  bench.send(frameOf(100, 2));
  t.regex(bench.complaints[0], /S0_CR: SEND while a SEND is outstanding/);
  bench.clock.advance(2000);
  t.deepEqual(bench.transmitted, [frameOf(1514, 1)]);
  t.is(bench.chip.counters.unsent, 1);
});

for (const [oversizeSend, lengths] of [
  ['truncated', [1514]],
  ['never', []],
] as const)
  test(`a SEND of 1600 bytes is ${oversizeSend === 'never' ? 'never completed' : 'truncated'} when oversizeSend is ${oversizeSend}`, (t) => {
    const bench = new Bench({ behaviour: { oversizeSend } }).open();
    bench.send(frameOf(1600));
    t.deepEqual(
      bench.transmitted.map((frame) => frame.length),
      [...lengths],
    );
    t.is(sendDone(bench), oversizeSend === 'truncated');
  });

test('a frame of under 60 bytes is a runt that the far side drops, unless the chip pads', (t) => {
  const bench = new Bench().open();
  bench.send(frameOf(42));
  t.is(bench.chip.counters.runts, 1);
  t.deepEqual(bench.transmitted, []);
  t.true(sendDone(bench));
  const padding = new Bench({ behaviour: { padsShortFrames: true } }).open();
  padding.send(frameOf(42));
  t.deepEqual([...padding.transmitted[0]], [...frameOf(42), ...new Array<number>(18).fill(0)]);
  t.deepEqual(padding.complaints, []);
});

for (const sendWithoutLink of ['lost', 'late', 'stuck'] as const)
  test(`a SEND without link never raises SENDOK; at link up it is ${sendWithoutLink}`, (t) => {
    const bench = new Bench({ behaviour: { sendWithoutLink } }).open();
    bench.chip.setLink(false);
    bench.send(frameOf(100, 1));
    t.false(sendDone(bench));
    bench.chip.setLink(true);
    t.is(sendDone(bench), sendWithoutLink === 'late');
    t.is(bench.transmitted.length, sendWithoutLink === 'late' ? 1 : 0);
    bench.host.write8(SOCKET0, reg.Sn_IR, 0xff);
    bench.send(frameOf(100, 2));
    t.is(sendDone(bench), sendWithoutLink !== 'stuck', 'the next SEND');
    bench.command(reg.CLOSE);
    bench.command(reg.OPEN);
    bench.host.write8(SOCKET0, reg.Sn_IR, 0xff);
    bench.send(frameOf(100, 3));
    t.true(sendDone(bench), 'after CLOSE and OPEN');
  });

test('timed: link lost in the middle of a SEND loses its SENDOK', (t) => {
  const bench = new Bench({ timed: true }).open();
  bench.send(frameOf(1514));
  bench.clock.advance(20);
  bench.chip.setLink(false);
  bench.clock.advance(5e6);
  bench.chip.setLink(true);
  bench.clock.advance(5e6);
  t.false(sendDone(bench));
  t.deepEqual(bench.transmitted, []);
});

test('timed: a SEND caught by the loss of link is sent at link up where the behaviour says so', (t) => {
  const bench = new Bench({ timed: true, behaviour: { sendWithoutLink: 'late' } }).open();
  bench.send(frameOf(1514, 1));
  bench.clock.advance(20);
  bench.chip.setLink(false);
  bench.chip.setLink(true);
  bench.clock.advance(3e6);
  t.deepEqual(bench.transmitted, [frameOf(1514, 1)]);
  t.true(sendDone(bench));
});

test('timed: CLOSE loses the frame that is being sent', (t) => {
  const bench = new Bench({ timed: true }).open();
  bench.send(frameOf(1514));
  bench.command(reg.CLOSE);
  bench.clock.advance(1000);
  t.deepEqual(bench.transmitted, []);
  t.is(bench.chip.counters.unsent, 1);
  t.is(bench.host.read8(SOCKET0, reg.Sn_SR), 0);
});

test('Sn_CR holds a command for its time; until then nothing happens and another command is lost', (t) => {
  const bench = new Bench({ behaviour: { commandHold: 20 } }).open();
  t.is(bench.host.read8(SOCKET0, reg.Sn_CR), reg.OPEN);
  t.is(bench.host.read8(SOCKET0, reg.Sn_SR), 0);
  bench.command(reg.CLOSE);
  t.regex(bench.complaints[0], /S0_CR: a command written while/);
  bench.clock.advance(19);
  t.is(bench.host.read8(SOCKET0, reg.Sn_SR), 0);
  bench.clock.advance(2);
  t.is(bench.host.read8(SOCKET0, reg.Sn_CR), 0);
  t.is(bench.host.read8(SOCKET0, reg.Sn_SR), 0x42);
});

test('a frame may be delivered to the chip from inside its own onTransmit', (t) => {
  const bench = new Bench().open();
  bench.chip.onTransmit = (frame) => bench.chip.deliver(frame);
  bench.send(frameOf(100, 1));
  t.deepEqual(bench.take(), frameOf(100, 1));
});
