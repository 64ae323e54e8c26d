/* Looks at a chip in its boot loader: what is where a release's images go, and in the regions around them. Reads only. */
import { createHash } from 'node:crypto';
import type { Chip } from './chip.ts';
import { readPartitions, regionOf } from './partitions.ts';
import type { ChipState } from './plan.ts';
import { type Release, TABLE_FILE } from './release.ts';

/** Espruino's Storage begins with a header: size and flags in 4 bytes, name in 28 (src/jsflash.h). */
const HEADER_SIZE = 32;
const NAME_OFFSET = 4;
const SIZE_MASK = 0xffffff;

/** Everything that planFlash wants to know. */
export async function inspectChip(chip: Chip, release: Release): Promise<ChipState> {
  const digests: Record<string, string> = {};
  let table: ChipState['table'] = 'is missing';
  for (const { file, offset, bytes, md5 } of release.images) {
    // A chip that is too small repeats itself from there on; planFlash refuses it.
    digests[file] = await chip.digest(offset, bytes.length);
    if (file !== TABLE_FILE) continue;
    table = readPartitions(digests[file] === md5 ? bytes : await chip.read(offset, bytes.length));
  }
  const otadata = regionOf('otadata');
  const storage = regionOf('storage');
  const inReach = storage.offset + storage.size <= chip.flashSize;
  return {
    flashSize: chip.flashSize,
    digests,
    table,
    otadataErased: (await chip.digest(otadata.offset, otadata.size)) === digestOfErased(otadata.size),
    storage: inReach ? judgeStorage(await chip.read(storage.offset, HEADER_SIZE), storage.size) : 'foreign',
  };
}

/** Judges the first header: a name of printable characters, or one whose beginning was zeroed to delete the file. */
export function judgeStorage(header: Uint8Array, areaSize: number): ChipState['storage'] {
  if (header.every((byte) => byte === 0xff)) return 'empty';
  const size = new DataView(header.buffer, header.byteOffset).getUint32(0, true) & SIZE_MASK;
  const name = header.subarray(NAME_OFFSET, HEADER_SIZE);
  const end = name.indexOf(0);
  const deleted = name.subarray(0, 4).every((byte) => byte === 0);
  const spelled = name.subarray(0, end < 0 ? name.length : end).every((byte) => byte > 0 && byte < 0x7f);
  const fits = size > 0 && size <= areaSize - HEADER_SIZE;
  return fits && (deleted || (end !== 0 && spelled)) ? 'files' : 'foreign';
}

function digestOfErased(size: number): string {
  return createHash('md5').update(new Uint8Array(size).fill(0xff)).digest('hex');
}
