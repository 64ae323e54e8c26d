/*
 * Partition tables of the ESP32, and the one that Espruino and this tool count on. Bytes in, rows out; the source of the
 * format is ESP-IDF's "Partition Tables", of the layout Espruino's partitions_espruino.csv (2v26 and later).
 */
import { createHash } from 'node:crypto';

/** One row: a region of the flash. */
export interface Partition {
  label: string;
  type: number;
  subtype: number;
  /** First byte and size, bytes. */
  offset: number;
  size: number;
}

const ROW = 32;
const ROW_MAGIC = 0x50aa;
/** Begins a row that holds, in its second half, the MD5 of all rows before it. */
const DIGEST_MAGIC = 0xebeb;
const LABEL = { from: 12, to: 28 };
const EMPTY_WORD = 0xffff;

const kB = 1024;
const row = (label: string, type: number, subtype: number, offset: number, size: number): Partition => ({
  label,
  type,
  subtype,
  offset,
  size,
});
/** Types: 0 application, 1 data. */
export const espruinoLayout: readonly Partition[] = [
  row('nvs', 1, 0x02, 0x9000, 12 * kB),
  row('otadata', 1, 0x00, 0xc000, 8 * kB),
  row('free', 1, 0x40, 0xe000, 8 * kB),
  row('factory', 0, 0x00, 0x10000, 1536 * kB),
  row('ota_0', 0, 0x10, 0x190000, 1536 * kB),
  row('flash', 1, 0x40, 0x310000, 64 * kB),
  row('storage', 1, 0x41, 0x320000, 896 * kB),
];

/** Without these nothing works: where the interpreter starts, and where its files lie. */
const NEEDED = ['nvs', 'otadata', 'factory', 'storage'];

/** A row of the layout by its label. */
export function regionOf(label: string): Partition {
  const found = espruinoLayout.find((one) => one.label === label);
  if (!found) throw new Error(`There is no partition ${label}.`);
  return found;
}

/** The rows of a table, or, as a string, what is wrong with it ("has ..."). */
export function readPartitions(bytes: Uint8Array): Partition[] | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const rows: Partition[] = [];
  for (let at = 0; at + ROW <= bytes.length; at += ROW) {
    const magic = view.getUint16(at, true);
    if (magic === EMPTY_WORD) break;
    if (magic === DIGEST_MAGIC) {
      const said = bytes.subarray(at + ROW / 2, at + ROW);
      const is = createHash('md5').update(bytes.subarray(0, at)).digest();
      return is.equals(said) ? rows : 'has rows that do not match its own digest';
    }
    if (magic !== ROW_MAGIC) return rows.length > 0 ? 'ends in something else' : 'is no partition table';
    rows.push({
      label: textOf(bytes.subarray(at + LABEL.from, at + LABEL.to)),
      type: bytes[at + 2],
      subtype: bytes[at + 3],
      offset: view.getUint32(at + 4, true),
      size: view.getUint32(at + 8, true),
    });
  }
  return rows.length > 0 ? rows : 'is empty';
}

/** In what these rows differ from Espruino's layout ("has its storage at 0x..."), or null. */
export function layoutTrouble(rows: readonly Partition[]): string | null {
  for (const label of NEEDED) {
    const expected = regionOf(label);
    const found = rows.find((one) => one.label === label);
    if (!found) return `has no partition '${label}'`;
    if (found.type !== expected.type || found.subtype !== expected.subtype)
      return `has a '${label}' of another type`;
    if (found.offset !== expected.offset || found.size !== expected.size)
      return `has '${label}' at ${place(found)} instead of ${place(expected)}`;
  }
  return null;
}

function place({ offset, size }: Partition): string {
  return `0x${offset.toString(16)} (${size / kB} kB)`;
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return String.fromCharCode(...bytes.subarray(0, end < 0 ? bytes.length : end));
}
