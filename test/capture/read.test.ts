/* Capture files as they come: both formats, both byte orders, all units of time, and every kind of damage. */
import test from 'ava';
import { readCapture, type CaptureFile } from '../../host-tools/capture/capture.ts';
import {
  block,
  interfaceBlock,
  obsoletePacketBlock,
  packetBlock,
  pcapFile,
  sectionHeader,
  simplePacketBlock,
} from './files.ts';

const one = Uint8Array.of(1, 2, 3, 4, 5);
const two = Uint8Array.of(6, 7, 8);
const moment = 1_700_000_000n;

function read(bytes: Uint8Array): CaptureFile {
  const file = readCapture(bytes);
  if (typeof file === 'string') throw new Error(file);
  return file;
}

for (const little of [true, false]) {
  const order = little ? 'little-endian' : 'big-endian';

  for (const nanoseconds of [true, false]) {
    test(`pcap, ${order}, ${nanoseconds ? 'nanoseconds' : 'microseconds'}`, (t) => {
      const second = nanoseconds ? 1_000_000_000n : 1_000_000n;
      const packets = [
        { ticks: moment * second + 1n, bytes: one, length: 60 },
        { ticks: (moment + 1n) * second, bytes: two },
      ];
      const file = read(pcapFile(packets, { little, nanoseconds }));
      t.is(file.format, 'pcap');
      t.is(file.damage, null);
      t.deepEqual(
        file.packets.map(({ time, bytes, length, linkType }) => [time, [...bytes], length, linkType]),
        [
          [moment * 1_000_000_000n + (nanoseconds ? 1n : 1000n), [1, 2, 3, 4, 5], 60, 1],
          [(moment + 1n) * 1_000_000_000n, [6, 7, 8], 3, 1],
        ],
      );
    });
  }

  test(`pcapng, ${order}: the unit of time is the interface's, in powers of ten and of two`, (t) => {
    const file = read(
      Buffer.concat([
        sectionHeader(little),
        interfaceBlock(little),
        interfaceBlock(little, { resolution: 9 }),
        interfaceBlock(little, { resolution: 0x80 | 10 }),
        packetBlock(little, { ticks: moment * 1_000_000n + 5n, bytes: one, length: 99 }),
        packetBlock(little, { ticks: moment * 1_000_000_000n + 7n, bytes: two }, { id: 1 }),
        packetBlock(little, { ticks: moment * 1024n + 512n, bytes: two }, { id: 2 }),
      ]),
    );
    t.is(file.format, 'pcapng');
    t.is(file.damage, null);
    t.deepEqual(
      file.packets.map(({ time }) => time! - moment * 1_000_000_000n),
      [5000n, 7n, 500_000_000n],
    );
    t.deepEqual(file.packets.map(({ bytes, length }) => [[...bytes], length])[0], [[1, 2, 3, 4, 5], 99]);
  });

  test(`pcapng, ${order}: simple and obsolete packets are packets, unknown blocks are passed over`, (t) => {
    const file = read(
      Buffer.concat([
        sectionHeader(little),
        interfaceBlock(little, { snapLength: 4, linkType: 101 }),
        block(little, 0x0bad, Buffer.alloc(8)),
        simplePacketBlock(little, one.slice(0, 4), 5),
        obsoletePacketBlock(little, { ticks: 3n, bytes: two }),
      ]),
    );
    t.is(file.damage, null);
    t.deepEqual(
      file.packets.map(({ time, bytes, length, linkType }) => [time, bytes.length, length, linkType]),
      [
        [null, 4, 5, 101],
        [3000n, 3, 3, 101],
      ],
    );
  });
}

test('a second section counts its interfaces anew and may have the other byte order', (t) => {
  const section = (little: boolean, linkType: number): Buffer =>
    Buffer.concat([
      sectionHeader(little),
      interfaceBlock(little, { linkType }),
      packetBlock(little, { ticks: 1n, bytes: one }),
    ]);
  const { packets, damage } = read(Buffer.concat([section(true, 1), section(false, 113)]));
  t.is(damage, null);
  t.deepEqual(
    packets.map(({ linkType }) => linkType),
    [1, 113],
  );
});

const notCaptures: [name: string, bytes: Uint8Array, sentence: RegExp][] = [
  ['an empty file', new Uint8Array(0), /^is empty$/],
  ['three bytes', new Uint8Array(3), /^is no capture: it has only 3 bytes$/],
  ['a text', Buffer.from('tcp 1.2.3.4:5'), /^is neither a pcap nor a pcapng file, which is /],
  ['a compressed file', Uint8Array.of(0x1f, 0x8b, 8, 0), /^is compressed; unpack it with gunzip first$/],
];
for (const [name, bytes, sentence] of notCaptures) {
  test(`${name} is no capture, and that is said`, (t) => {
    const answer = readCapture(bytes);
    t.is(typeof answer, 'string');
    t.regex(answer as string, sentence);
  });
}

/** Two packets; damage comes after the first. */
const pcap = pcapFile([
  { ticks: 1n, bytes: one },
  { ticks: 2n, bytes: two },
]);
const pcapng = Buffer.concat([
  sectionHeader(true),
  interfaceBlock(true),
  packetBlock(true, { ticks: 1n, bytes: one }),
  packetBlock(true, { ticks: 2n, bytes: two }),
]);
/** Offsets: 28 bytes of section, 20 of interface, 40 of the first packet. */
const secondBlock = 88;

function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(value, at);
  return copy;
}

const damages: [name: string, bytes: Uint8Array, packets: number, sentence: RegExp][] = [
  ['pcap cut in its header', pcap.slice(0, 20), 0, /^at offset 20, the file ends within its header/],
  ['pcap cut in a record header', pcap.slice(0, 50), 1, /^at offset 45, .* header of packet 2$/],
  ['pcap cut in a packet', pcap.slice(0, 62), 1, /^at offset 61, packet 2 should have 3 bytes, .* after 1$/],
  [
    'pcap with an endless packet',
    changed(pcap, 53, 0xffffffff),
    1,
    /^at offset 53, packet 2 claims 4294967295/,
  ],
  [
    'pcap with more captured than there was',
    changed(pcap, 57, 2),
    1,
    /packet 2 claims 3 captured bytes of 2/,
  ],
  [
    'pcapng cut in a block',
    pcapng.subarray(0, secondBlock + 20),
    1,
    /^at offset 88, a block should have 36 bytes/,
  ],
  ['pcapng cut between', pcapng.subarray(0, secondBlock + 6), 1, /^at offset 88, 6 bytes are left/],
  [
    'pcapng with a short block',
    changed(pcapng, secondBlock + 4, 8),
    1,
    /^at offset 92, a block claims to be 8/,
  ],
  ['pcapng with an odd block', changed(pcapng, secondBlock + 4, 37), 1, /^at offset 92, .* 37 bytes/],
  [
    'pcapng with lengths that differ',
    changed(pcapng, secondBlock + 32, 40),
    1,
    /^at offset 120, .* itself 40 long/,
  ],
  [
    'pcapng with an unknown interface',
    changed(pcapng, secondBlock + 8, 3),
    1,
    /packet 2 is of interface 3, but only 1/,
  ],
  [
    'pcapng with a packet beyond its block',
    changed(pcapng, secondBlock + 20, 9),
    1,
    /packet 2 claims 9 bytes/,
  ],
  ['pcapng without a byte order', changed(pcapng, 8, 0), 0, /^at offset 8, a section header does not tell/],
];
for (const [name, bytes, packets, sentence] of damages) {
  test(`${name}: ${packets} packets before it, and a sentence with the offset`, (t) => {
    const file = read(bytes);
    t.is(file.packets.length, packets);
    t.regex(file.damage!, sentence);
  });
}

test('a file cut anywhere is read up to there and never throws', (t) => {
  for (const whole of [pcap, pcapng]) {
    for (let length = 4; length < whole.length; length++) {
      const { packets, damage } = read(whole.slice(0, length));
      t.true(packets.length <= 1);
      // Between two packets or blocks a cut cannot be seen.
      t.true(damage !== null || [24, 45, 28, 48, 88].includes(length), `${length}`);
    }
  }
});
