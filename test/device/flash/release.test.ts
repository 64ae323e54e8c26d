/** A release of Espruino is found as folder or zip, and everything that would not run is refused with its remedy. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { zipSync } from 'fflate';
import { UserError } from '../../../host-tools/cli/user-error.ts';
import { espruinoLayout, type Partition } from '../../../host-tools/device/flash/partitions.ts';
import { readRelease } from '../../../host-tools/device/flash/release.ts';
import { fakeImage, fakeRelease, fakeTable, writeFiles } from '../board/fake-release.ts';

const root = mkdtempSync(join(tmpdir(), 'hairpin-release-'));
test.after.always(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
const freshFolder = () => join(root, `${++folders}`);

function refusal(files: Record<string, Uint8Array>): string {
  return messageOf(writeFiles(join(freshFolder(), 'espruino_2v29_esp32'), files));
}

function messageOf(path: string): string {
  try {
    readRelease(path);
  } catch (error) {
    if (error instanceof UserError) return error.message.replaceAll(root, '');
    throw error;
  }
  return '';
}

test('a folder, a folder in it, a zip, and a folder in a zip give the same manifest', (t) => {
  const files = fakeRelease();
  const deep = freshFolder();
  const folder = writeFiles(join(deep, 'espruino_2v29_esp32'), files);
  const zip = join(root, 'espruino_2v29_esp32.zip');
  writeFileSync(zip, zipSync({ espruino_2v29_esp32: { ...files, 'README_flash.txt': new Uint8Array(9) } }));
  const flat = join(root, 'flat.zip');
  writeFileSync(flat, zipSync(files));
  const [release, ...others] = [folder, deep, zip, flat].map(readRelease);
  t.is(release.version, '2v29');
  t.is(others[1].version, '2v29');
  t.is(others[2].version, null);
  t.deepEqual(
    release.images.map(({ file, offset, bytes, md5 }) => [file, offset, bytes.length, md5]),
    (
      [
        ['bootloader.bin', 0x1000],
        ['partitions_espruino.bin', 0x8000],
        ['espruino_esp32.bin', 0x10000],
      ] as const
    ).map(([file, offset]) => [
      file,
      offset,
      files[file].length,
      createHash('md5').update(files[file]).digest('hex'),
    ]),
  );
  for (const other of others) t.deepEqual(other.images, release.images);
});

const app = (instead: Uint8Array) => fakeRelease({ 'espruino_esp32.bin': instead });
const table = (rows: readonly Partition[]) => fakeRelease({ 'partitions_espruino.bin': fakeTable(rows) });
const changed = (label: string, change: Partial<Partition>) =>
  espruinoLayout.map((one) => (one.label === label ? { ...one, ...change } : one));
const flipped = (bytes: Uint8Array, at: number) =>
  bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
const noHash = (bytes: Uint8Array) => bytes.map((byte, index) => (index === 23 ? 0 : byte));

const refusals: [what: string, files: Record<string, Uint8Array>, sentence: RegExp][] = [
  [
    'images that are missing',
    fakeRelease({ 'bootloader.bin': undefined, 'espruino_esp32.bin': undefined }),
    /is no release of Espruino for the ESP32: bootloader.bin, espruino_esp32.bin are missing; download/,
  ],
  ['an empty folder', {}, /bootloader.bin, partitions_espruino.bin, espruino_esp32.bin are missing/],
  [
    'the build for an ESP32-S3',
    fakeRelease({ 'bootloader.bin': fakeImage({ chip: 9 }) }),
    /^bootloader.bin in .* is the image of an ESP32-S3; download espruino_2v29_esp32.zip/,
  ],
  ['the build for an ESP32-C3', app(fakeImage({ chip: 5 })), /espruino_esp32.bin .* an ESP32-C3;/],
  ['a chip without a name', app(fakeImage({ chip: 77 })), /another chip \(number 77\)/],
  [
    'something else',
    app(new TextEncoder().encode('<html>404</html>')),
    /is not an image of Espressif's chips/,
  ],
  ['an empty file', app(new Uint8Array(0)), /is not an image/],
  ['flash mode QIO', app(fakeImage({ mode: 0 })), /in QIO mode, and modules need DIO/],
  ['2 MB of flash', app(fakeImage({ sizeAndSpeed: 0x10 })), /for 2 MB of flash, and .* 4 MB/],
  ['a download cut short', app(fakeImage().subarray(0, 3000)), /is damaged: download .*, again/],
  ['a program with a flipped bit', app(flipped(fakeImage(), 2000)), /is damaged/],
  ['the same without a SHA-256', app(flipped(noHash(fakeImage()), 2000)), /is damaged/],
  ['a header with a flipped bit', app(flipped(fakeImage(), 4)), /is damaged/],
  [
    'an image that reaches into the next region',
    fakeRelease({ 'bootloader.bin': fakeImage({ size: 0x7000 }) }),
    /bootloader.bin .* would reach past 0x8000/,
  ],
  [
    'the table of an older Espruino',
    table(changed('storage', { offset: 0x300000, size: 0x100000 })),
    /has 'storage' at 0x300000 \(1024 kB\) instead of 0x320000 \(896 kB\), .* 2v26/,
  ],
  ['a table without Storage', table(espruinoLayout.slice(0, -1)), /has no partition 'storage'/],
  ['Storage of another type', table(changed('storage', { subtype: 0x82 })), /a 'storage' of another type/],
  ['the program elsewhere', table(changed('factory', { offset: 0x20000 })), /has 'factory' at 0x20000/],
  [
    'a table that is none',
    fakeRelease({ 'partitions_espruino.bin': fakeImage({ size: 500 }) }),
    /is no partition table/,
  ],
  [
    'a table with a flipped bit',
    fakeRelease({ 'partitions_espruino.bin': flipped(fakeTable(), 200) }),
    /do not match its own digest/,
  ],
  ['an empty table', fakeRelease({ 'partitions_espruino.bin': new Uint8Array(3072).fill(255) }), /is empty/],
];
for (const [what, files, sentence] of refusals)
  test(`refused: ${what}`, (t) => t.regex(refusal(files), sentence));

test('refused: nothing there, no zip, several releases', (t) => {
  t.regex(
    messageOf(join(root, 'nowhere')),
    /There is no release of Espruino at .*: download .*--espruino PATH/,
  );
  const text = join(root, 'text.zip');
  writeFileSync(text, 'PK\x03\x04 no zip');
  t.regex(messageOf(text), /neither a folder nor a zip/);
  const two = freshFolder();
  writeFiles(join(two, 'a'), fakeRelease());
  writeFiles(join(two, 'b'), fakeRelease());
  t.regex(messageOf(two), /There are several releases in .*: .*a, .*b\. Name the one/);
});
