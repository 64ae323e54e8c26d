/**
 * Both rings of both chips, a frame starting at every offset.
 */
import test from 'ava';
import { arrival, leftAsExpected, settleFlow } from '../router/traffic.ts';
import type { Rig, Side } from './rig.ts';
import { inService, otherSide } from './rig.ts';

/** Bytes of a ring. */
const ringBytes = 16384;

/** Passes frames in bursts of 1 to 8, so that some are read alone and some with others behind them. */
function firstFault(rig: Rig, side: Side, length: number, count: number): number {
  const arrived: Uint8Array[] = [];
  let burst = 1;
  for (let i = 0; i < count; i++) {
    const frame = arrival(side, length, i);
    rig.chips[side].deliver(frame);
    arrived.push(frame);
    if (arrived.length < burst && i < count - 1) continue;
    rig.settle();
    if (!leftAsExpected(side, arrived, rig.take(otherSide[side]))) return i;
    burst = burst === 8 ? 1 : burst + 1;
    arrived.length = 0;
  }
  return -1;
}

// An odd step visits every offset of the ring in as many frames as the ring has bytes: 2 + length bytes a frame in
// the receive ring, `length` in the transmit ring. Meanwhile the 16-bit pointers wrap 15 or 378 times.
for (const side of ['lan', 'wan'] as const) {
  for (const length of [61, 1513]) {
    test(`frames of ${length} bytes from the ${side} start at every offset of both rings`, async (t) => {
      const rig = await inService();
      settleFlow(rig);
      const before = rig.counter('forwarded-fast');
      t.is(firstFault(rig, side, length, ringBytes), -1);
      t.is(rig.counter('forwarded-fast') - before, ringBytes);
      t.deepEqual(rig.complaints, []);
    });
  }
}
