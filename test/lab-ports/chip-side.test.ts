/* Frames wait for room in the chip's ring: none is lost, none overtakes another, and no port is starved or spun on. */
import test from 'ava';
import { Side, type FrameChip, type FramePort } from '../../host-tools/lab/kernel/chip-side.ts';

/** A chip whose ring takes `room` frames, and a port with numbered frames waiting. */
function pair(waiting: number, room: number) {
  const buffer = new Uint8Array(60);
  let next = 0;
  const port: FramePort = {
    receive: () => (next < waiting ? buffer.fill(next++) : null),
    send: () => true,
  };
  const ring: number[] = [];
  const chip: FrameChip = {
    get receiveRoom() {
      return (room - ring.length) * 62;
    },
    onTransmit: () => {},
    setLink: () => {},
    deliver: (frame) => {
      ring.push(frame[0]);
      return true;
    },
  };
  return { side: new Side(port, chip, null), ring, taken: () => next };
}

test('a full ring keeps one frame back and leaves the others in the queue', (t) => {
  const { side, ring, taken } = pair(100, 4);
  t.true(side.deliver());
  t.true(side.full);
  t.deepEqual(ring, [0, 1, 2, 3]);
  t.is(taken(), 5);
});

test('while nothing is taken out, nothing more is read and there is no progress to report', (t) => {
  const { side, taken } = pair(100, 4);
  side.deliver();
  t.false(side.deliver());
  t.false(side.deliver());
  t.is(taken(), 5);
});

test('every frame arrives once, in order, however slowly the ring is emptied', (t) => {
  const { side, ring } = pair(50, 3);
  const seen: number[] = [];
  for (let turn = 0; turn < 200; turn++) {
    side.deliver();
    if (turn % 2) seen.push(...ring.splice(0, 2));
  }
  t.deepEqual(
    [...seen, ...ring],
    Array.from({ length: 50 }, (_, index) => index),
  );
  t.false(side.full);
});

test('a burst is bounded, so that the other side has its turn', (t) => {
  const { side, taken } = pair(100, 1000);
  t.true(side.deliver());
  t.true(taken() <= 16);
});

test('a frame the chip refuses for another reason is not kept', (t) => {
  const { side } = pair(3, 1000);
  side.chip.deliver = () => false;
  t.false(side.deliver());
  t.false(side.full);
});
