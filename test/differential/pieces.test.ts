/** What a host makes of pieces: the datagram, or nothing, as Linux would. */
import test from 'ava';
import { udp } from '../wire/packets.ts';
import { frameOf, join, piece, pieces } from './frames.ts';
import { reassembled } from './reassemble.ts';

const packet = udp('C:4000', 'I:9', {
  data: new Uint8Array(92).map((_, index) => index),
  fragment: 0,
  id: 7,
});
const [first, middle, last] = pieces(packet, 40);
const arrived = (...packets: Uint8Array[]) =>
  reassembled(packets.map((one) => ({ side: 'wan' as const, frame: frameOf('C', 'P', one) }))).map(
    ({ frame, pieces }) => `${pieces}: ${Buffer.from(frame).toString('hex')}`,
  );
const whole = `3: ${Buffer.from(join(frameOf('C', 'P', packet).subarray(0, 14), packet)).toString('hex')}`;

test('in every order, the datagram as it was', (t) => {
  t.deepEqual(arrived(first, middle, last), [whole]);
  t.deepEqual(arrived(last, middle, first), [whole]);
  t.deepEqual(arrived(middle, first, last), [whole]);
});

test('a piece that adds nothing does no harm', (t) => {
  t.deepEqual(arrived(first, first, middle, last), [whole]);
  t.deepEqual(arrived(first, piece(packet, 8, 16), middle, last), [whole]);
});

test('nothing while one is missing, or where two overlap', (t) => {
  t.deepEqual(arrived(first, last), []);
  t.deepEqual(arrived(first, piece(packet, 32, 48), middle, last), []);
});

test('pieces of two datagrams are not mixed up, and what is whole stays as it is', (t) => {
  const other = pieces(udp('C:4000', 'I:9', { data: new Uint8Array(92), fragment: 0, id: 8 }), 40);
  t.is(arrived(first, other[0], middle, other[1], last).length, 1);
  t.is(arrived(packet)[0].slice(0, 2), '1:');
});
