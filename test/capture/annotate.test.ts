/* Comments put into captures: each on its packet, and everything that was in the file is still there. */
import test from 'ava';
import { annotated } from '../../host-tools/capture/annotate.ts';
import { readCapture, type CaptureFile } from '../../host-tools/capture/capture.ts';
import {
  block,
  interfaceBlock,
  option,
  packetBlock,
  pcapFile,
  sectionHeader,
  simplePacketBlock,
} from './files.ts';

const one = Uint8Array.of(1, 2, 3, 4, 5);
const two = Uint8Array.of(6, 7, 8);

function read(bytes: Uint8Array): CaptureFile {
  const file = readCapture(bytes);
  if (typeof file === 'string') throw new Error(file);
  return file;
}

for (const little of [true, false]) {
  test(`pcapng, ${little ? 'little' : 'big'}-endian: every other byte stays`, (t) => {
    const own = Buffer.concat([option(little, 1, Buffer.from('mine')), option(little, 0, Buffer.alloc(0))]);
    const other = block(little, 0x0bad, Buffer.from('keep me!'));
    const head = Buffer.concat([sectionHeader(little), interfaceBlock(little)]);
    const bytes = Buffer.concat([
      head,
      packetBlock(little, { ticks: 1n, bytes: one }, { options: own }),
      other,
      packetBlock(little, { ticks: 2n, bytes: two, length: 70 }),
      simplePacketBlock(little, one),
    ]);
    const comments = ['first', 'second', 'third'];
    const options = (...texts: string[]): Uint8Array<ArrayBuffer> =>
      Uint8Array.from(
        Buffer.concat([
          ...texts.map((text) => option(little, 1, Buffer.from(text))),
          option(little, 0, Buffer.alloc(0)),
        ]),
      );
    t.deepEqual(
      Buffer.from(annotated(bytes, read(bytes), comments)),
      Buffer.concat([
        head,
        packetBlock(little, { ticks: 1n, bytes: one }, { options: options('first', 'mine') }),
        other,
        packetBlock(little, { ticks: 2n, bytes: two, length: 70 }, { options: options('second') }),
        simplePacketBlock(little, one),
      ]),
    );
  });
}

test('pcap becomes pcapng with the same packets, times to the nanosecond and link type', (t) => {
  const bytes = pcapFile(
    [
      { ticks: 1_700_000_000_123_456_789n, bytes: one, length: 60 },
      { ticks: 1_700_000_001_000_000_001n, bytes: two },
    ],
    { nanoseconds: true, linkType: 113 },
  );
  const file = read(bytes);
  const written = annotated(bytes, file, ['first', 'second']);
  const again = read(written);
  t.is(again.format, 'pcapng');
  t.is(again.damage, null);
  t.deepEqual(again.packets, file.packets);
  t.regex(Buffer.from(written).toString('latin1'), /first[^]*second/);
});

test('a comment too long for an option is cut, and the file stays whole', (t) => {
  const bytes = Buffer.concat([
    sectionHeader(true),
    interfaceBlock(true),
    packetBlock(true, { ticks: 1n, bytes: one }),
  ]);
  const again = read(annotated(bytes, read(bytes), ['x'.repeat(70_000)]));
  t.is(again.damage, null);
  t.deepEqual([...again.packets[0].bytes], [...one]);
});
