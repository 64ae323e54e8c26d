/*
 * A program image of Espressif's chips, as it lies in a file: for which chip and flash it is built, and whether it is
 * whole. Looks at bytes only; Espressif's esptool documentation, "Firmware Image Format", is the source of the layout.
 */
import { createHash } from 'node:crypto';

/** First byte of every image. */
const IMAGE_MAGIC = 0xe9;
/** Offsets in the header, and its size, bytes. */
const HEADER = { segments: 1, mode: 2, sizeAndSpeed: 3, chip: 12, hashed: 23, end: 24 };
/** In front of each segment: its address, its length. */
const SEGMENT_HEAD = 8;
const CHECKSUM_SEED = 0xef;
const HASH_SIZE = 32;

const CLASSIC = 0;
/** Chips by the number in the header; images older than the S2 have 0 there as well. */
const CHIPS: Readonly<Record<number, string>> = {
  0: 'ESP32',
  2: 'ESP32-S2',
  5: 'ESP32-C3',
  9: 'ESP32-S3',
  12: 'ESP32-C2',
  13: 'ESP32-C6',
  16: 'ESP32-H2',
  18: 'ESP32-P4',
  20: 'ESP32-C61',
  23: 'ESP32-C5',
};
const MODES = ['QIO', 'QOUT', 'DIO', 'DOUT'];
/** The one that every module's flash understands, and what Espruino is built with. */
const DIO = MODES.indexOf('DIO');
/** Flash size by the upper half of its byte, MB. */
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128];
/** Espruino's partition table is made for this one. */
const EXPECTED_SIZE = 4;

/** Where releases come from; the end of most sentences about them. */
export const releaseAdvice =
  'download espruino_2v29_esp32.zip, the build for the classic ESP32, from www.espruino.com/Download';

/** Why this image cannot be used, as a sentence without the file's name ("is ..."), or null. */
export function imageTrouble(bytes: Uint8Array): string | null {
  if (bytes[0] !== IMAGE_MAGIC || bytes.length < HEADER.end)
    return `is not an image of Espressif's chips; ${releaseAdvice}.`;
  return chipTrouble(bytes) ?? damage(bytes) ?? flashTrouble(bytes);
}

function chipTrouble(bytes: Uint8Array): string | null {
  const chip = bytes[HEADER.chip] | (bytes[HEADER.chip + 1] << 8);
  if (chip === CLASSIC) return null;
  const name = CHIPS[chip];
  return `is the image of ${name ? `an ${name}` : `another chip (number ${chip})`}; ${releaseAdvice}.`;
}

function flashTrouble(bytes: Uint8Array): string | null {
  const mode = bytes[HEADER.mode];
  if (mode !== DIO)
    return `is built for flash in ${MODES[mode] ?? 'an unknown'} mode, and modules need DIO; ${releaseAdvice}.`;
  const size = SIZES[bytes[HEADER.sizeAndSpeed] >> 4];
  if (size === EXPECTED_SIZE) return null;
  return `is built for ${size ? `${size} MB of flash` : 'an unknown size of flash'}, and Espruino's layout is one of ${EXPECTED_SIZE} MB; ${releaseAdvice}.`;
}

/** Checksum over the segments, and a SHA-256 over everything where there is one. */
function damage(bytes: Uint8Array): string | null {
  const broken = `is damaged: ${releaseAdvice}, again.`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = HEADER.end;
  let sum = CHECKSUM_SEED;
  for (let left = bytes[HEADER.segments]; left > 0; left--) {
    if (at + SEGMENT_HEAD > bytes.length) return broken;
    const end = at + SEGMENT_HEAD + view.getUint32(at + 4, true);
    if (end > bytes.length) return broken;
    for (at += SEGMENT_HEAD; at < end; at++) sum ^= bytes[at];
  }
  // The checksum is the last byte of a line of 16.
  const end = (at + 16) & ~15;
  if (bytes[end - 1] !== sum) return broken;
  if (bytes[HEADER.hashed] !== 1) return null;
  const hash = createHash('sha256').update(bytes.subarray(0, end)).digest();
  return hash.equals(bytes.subarray(end, end + HASH_SIZE)) ? null : broken;
}
