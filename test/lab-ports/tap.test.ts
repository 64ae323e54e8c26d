/* Captured frames survive packing, in order and cut to the snap length. */
import test from 'ava';
import type { LabFrame } from '../../host-tools/lab/lab.ts';
import { Tap, unpackBatch } from '../../host-tools/lab/kernel/tap.ts';

test('frames come out of batches as they went in', (t) => {
  const batches: Uint8Array[] = [];
  let now = 0;
  const tap = new Tap(
    () => ++now,
    100,
    (batch) => batches.push(batch),
  );
  const sent: [LabFrame['wire'], Uint8Array][] = [];
  for (let length = 60; length <= 1514; length += 3) {
    const frame = new Uint8Array(length).map((_, at) => at * length);
    sent.push([length % 2 ? 'wan' : 'server', frame]);
  }
  // Often enough for more than one batch.
  for (let round = 0; round < 10; round++) for (const [wire, frame] of sent) tap.record(wire, frame);
  tap.flush();
  const frames: LabFrame[] = [];
  for (const batch of batches) unpackBatch(batch, frames);
  t.true(batches.length > 1);
  t.is(frames.length, sent.length * 10);
  frames.forEach((frame, index) => {
    const [wire, bytes] = sent[index % sent.length];
    t.is(frame.time, index + 1);
    t.is(frame.wire, wire);
    t.is(frame.length, bytes.length);
    t.deepEqual([...frame.bytes], [...bytes.subarray(0, 100)]);
  });
});

test('nothing is posted when nothing was captured', (t) => {
  const tap = new Tap(
    () => 0,
    100,
    () => t.fail(),
  );
  tap.flush();
  t.pass();
});
