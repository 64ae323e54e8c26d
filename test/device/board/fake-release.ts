/*
 * A release of Espruino as far as flashing goes: three files with valid headers and digests, whose programs are seeded
 * noise. Made here, so that no test needs the real one.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../../host-tools/emulator/random.ts';
import { espruinoLayout, type Partition } from '../../../host-tools/device/flash/partitions.ts';

export interface FakeImageOptions {
  /** Of the program, bytes. */
  size?: number;
  seed?: number;
  /** As in the header: 0 is the classic ESP32, 2 is DIO, 0x20 is 4 MB at 40 MHz. */
  chip?: number;
  mode?: number;
  sizeAndSpeed?: number;
}

/** An image in Espressif's format: header, two segments, checksum, SHA-256. */
export function fakeImage(options: FakeImageOptions = {}): Uint8Array {
  const { size = 5000, seed = 1, chip = 0, mode = 2, sizeAndSpeed = 0x20 } = options;
  const random = new Random(seed);
  const header = [
    0xe9,
    2,
    mode,
    sizeAndSpeed,
    0,
    4,
    8,
    0x40,
    0xee,
    0,
    0,
    0,
    chip,
    0,
    ...new Array<number>(9).fill(0),
    1,
  ];
  const bytes = [...header];
  let sum = 0xef;
  for (const length of [64, size & ~3]) {
    bytes.push(0, 0, 0x40, 0x3f, length & 255, (length >> 8) & 255, length >> 16, 0);
    for (let i = 0; i < length; i++) {
      // Half as dense as noise, like a program.
      const byte = random.chance(0.5) ? random.below(256) : 0;
      bytes.push(byte);
      sum ^= byte;
    }
  }
  while (bytes.length % 16 !== 15) bytes.push(0);
  bytes.push(sum);
  return Uint8Array.from([...bytes, ...createHash('sha256').update(Uint8Array.from(bytes)).digest()]);
}

/** A partition table in Espressif's format, with the digest row and filled up to 3 kB. */
export function fakeTable(rows: readonly Partition[] = espruinoLayout): Uint8Array {
  const table = new Uint8Array(0xc00).fill(0xff);
  const view = new DataView(table.buffer);
  rows.forEach(({ label, type, subtype, offset, size }, index) => {
    const at = 32 * index;
    table.fill(0, at, at + 32);
    table.set([0xaa, 0x50, type, subtype], at);
    view.setUint32(at + 4, offset, true);
    view.setUint32(at + 8, size, true);
    table.set(new TextEncoder().encode(label), at + 12);
  });
  const end = 32 * rows.length;
  table.set([0xeb, 0xeb], end);
  table.set(createHash('md5').update(table.subarray(0, end)).digest(), end + 16);
  return table;
}

/** The files of a release by name; give some to have others instead, or undefined to leave one out. */
export function fakeRelease(
  instead: Record<string, Uint8Array | undefined> = {},
): Record<string, Uint8Array> {
  const files = {
    'bootloader.bin': fakeImage({ size: 3000, seed: 11 }),
    'espruino_esp32.bin': fakeImage({ size: 60_000, seed: 12 }),
    'partitions_espruino.bin': fakeTable(),
    ...instead,
  };
  const given = Object.entries(files).filter((entry): entry is [string, Uint8Array] => !!entry[1]);
  return Object.fromEntries(given);
}

/** Writes the files into a folder, which is made. @returns the folder */
export function writeFiles(folder: string, files: Record<string, Uint8Array>): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return folder;
}
