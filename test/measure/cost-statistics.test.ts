/** From counted instructions to turns, and from turns to packets a second. */
import test from 'ava';
import { figure, perCall, stubTurns } from '../espruino/cost/statistics.ts';
import { frameTime, megabits, packetsPerSecond, total } from '../espruino/cost/throughput.ts';

test('what a run costs once, and what the twin costs too, cancels', (t) => {
  const once = 5000;
  const call = 700;
  const rest = 30;
  const stretches = {
    loop: [once + 10 * (call + rest), once + 40 * (call + rest)],
    twin: [once + 10 * rest, once + 40 * rest],
  } as const;
  t.is(perCall(stretches, [10, 40]), call);
});

test('lengths that do not grow are refused', (t) => {
  const stretches = { loop: [1, 2], twin: [1, 2] } as const;
  t.throws(() => perCall(stretches, [4, 4]), { message: /longer than the first, not 4 and 4/ });
});

test('stubs are taken off by kind and number, once for all frames of a batch', (t) => {
  const stubs = stubTurns({ status: 2, write: 8 }, { status: 0.5, write: 0.25, clear: 9 });
  t.is(stubs, 3);
  t.deepEqual(figure(8 * 60 * 1000, 1000, stubs, 8), { gross: 60, stubs: 3 / 8, net: 60 - 3 / 8 });
});

test('a stub whose price is not known is no free stub', (t) => {
  t.throws(() => stubTurns({ loose: 1 }, { status: 1 }), { message: /'loose' was not measured/ });
});

test('the prototype of the design comes out as it was timed', (t) => {
  // 46.1 turns of the emulated ESP32; 7 transactions and 2L+45 bytes; 399 frames a second at 26.67 MHz.
  const time = total(frameTime(46.1, 64, { transactions: 7, bytes: 2 * 64 + 45 }, 26_666_667, 1));
  t.true(Math.abs(packetsPerSecond(time) - 399) < 1, String(packetsPerSecond(time)));
  const long = total(frameTime(46.1, 1514, { transactions: 7, bytes: 2 * 1514 + 45 }, 26_666_667, 1));
  t.true(Math.abs(megabits(long, 1514) - 2.9) < 0.05, String(megabits(long, 1514)));
});

test('stalls slow the core down, not the bus', (t) => {
  const spi = { transactions: 9, bytes: 200 };
  const [ideal, slow] = [1, 2].map((stall) => frameTime(50, 64, spi, 20_000_000, stall));
  t.deepEqual(slow, {
    ...ideal,
    interpretation: 2 * ideal.interpretation,
    natives: 2 * ideal.natives,
  });
  t.is(slow.bytes, (200 * 8) / 20);
  t.is(slow.waiting, 9 * 14);
});
