/* The capture writer against a reader written here from the format's description. */
import test from 'ava';
import { enhancedPacket } from '../../host-tools/capture/blocks.ts';
import { pcapng, type Capture } from '../../host-tools/capture/write.ts';
import { blocksOf, optionsOf } from './blocks.ts';

const capture: Capture = {
  name: 'router-lan',
  application: 'a test',
  origin: 1_700_000_000_000_000,
  resolution: 9,
  frames: [],
};

test('a capture opens with its section and its one interface', (t) => {
  const [section, description, ...rest] = blocksOf(pcapng(capture));
  t.is(section.type, 0x0a0d0d0a);
  t.is(section.body.readUInt32LE(0), 0x1a2b3c4d);
  t.is(optionsOf(section.body.subarray(16)).get(4)?.toString(), 'a test');
  t.is(description.type, 1);
  t.is(description.body.readUInt16LE(0), 1, 'Ethernet');
  const options = optionsOf(description.body.subarray(8));
  t.is(options.get(2)?.toString(), 'router-lan');
  t.deepEqual([...(options.get(9) ?? [])], [9]);
  t.is(rest.length, 0);
});

test('a frame keeps its time to the nanosecond, its bytes, both lengths and its comment', (t) => {
  const frame = { time: 12.345, bytes: Uint8Array.of(1, 2, 3, 4, 5), length: 1514, comment: 'hop 1' };
  const { type, body } = blocksOf(pcapng({ ...capture, frames: [frame] }))[2];
  t.is(type, 6);
  const ticks = (BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8));
  t.is(ticks, 1_700_000_000_000_012_345n);
  t.is(body.readUInt32LE(12), 5);
  t.is(body.readUInt32LE(16), 1514);
  t.deepEqual([...body.subarray(20, 28)], [1, 2, 3, 4, 5, 0, 0, 0]);
  t.is(optionsOf(body.subarray(28)).get(1)?.toString(), 'hop 1');
});

test('in microseconds a time is rounded to whole ones, and no comment means no options', (t) => {
  const frame = { time: 7.6, bytes: new Uint8Array(4), length: 4 };
  const { body } = blocksOf(pcapng({ ...capture, resolution: 6, frames: [frame] }))[2];
  t.is((BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8)), 1_700_000_000_000_008n);
  t.is(body.length, 24);
});

test('direction and losses are options behind the comment', (t) => {
  const packet = { interface: 1, ticks: 5n, bytes: new Uint8Array(3), length: 60, comment: 'c' };
  const bodyOf = (more: object) => blocksOf(enhancedPacket({ ...packet, ...more }))[0].body;
  const body = bodyOf({ direction: 'out', lost: 300 });
  t.is(body.readUInt32LE(0), 1);
  const options = optionsOf(body.subarray(24));
  t.deepEqual([...options.keys()], [1, 2, 4]);
  t.is(options.get(2)!.readUInt32LE(0), 2);
  t.is(options.get(4)!.readBigUInt64LE(0), 300n);
  t.is(
    optionsOf(bodyOf({ direction: 'in' }).subarray(24))
      .get(2)!
      .readUInt32LE(0),
    1,
  );
  t.deepEqual([...optionsOf(bodyOf({ lost: 0 }).subarray(24)).keys()], [1]);
});
