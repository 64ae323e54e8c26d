// Espruino's `require("Storage")`: named files in flash. Keeps their bytes in memory, with the rules of flash that a
// program can meet: long names are cut, files have a fixed size, written bytes cannot be rewritten, erased ones are
// 0xff. Power loss, compaction and wear are not modelled.
import type { Realm } from './realm.ts';

/** The storage area of the classic ESP32's 4 MB partition table, bytes. */
const CAPACITY = 896 * 1024;
const HEADER_BYTES = 32;
const LONGEST_NAME = 28;
const ERASED = 0xff;

/** The methods are arrow properties so that the firmware may bind or detach them. */
export class Storage {
  private readonly contents = new Map<string, Uint8Array>();

  constructor(
    private readonly realm: Realm,
    files: Readonly<Record<string, string>>,
  ) {
    for (const [name, text] of Object.entries(files)) this.contents.set(name, toBytes(text));
  }

  /** One character per byte. */
  read = (name: string, offset = 0, length?: number): string | undefined => {
    const file = this.contents.get(cut(name));
    if (file === undefined) return undefined;
    return toText(file.subarray(offset, length ? offset + length : undefined));
  };

  readJSON = (name: string, noExceptions?: boolean): unknown => {
    const text = this.read(name);
    if (text === undefined) return undefined;
    try {
      return this.realm.JSON.parse(text) as unknown;
    } catch (error) {
      if (noExceptions) return undefined;
      throw error;
    }
  };

  /**
   * At offset 0 replaces the file, unless its content is the same or it has that size and is still erased. At another
   * offset writes into it, onto erased bytes only; the first of several pieces gives the size of the whole.
   */
  write = (name: string, data: unknown, offset = 0, size = 0): boolean => {
    const key = cut(name);
    const bytes = toBytes(data);
    const wanted = size || bytes.length;
    let file = this.contents.get(key);
    if (offset === 0 && !(file?.length === wanted && file.every((byte) => byte === ERASED))) {
      if (file !== undefined && Buffer.compare(file, bytes) === 0) return true;
      file = this.create(key, wanted);
    }
    if (file === undefined) throw new Error('Unable to find or create file');
    if (offset + bytes.length > file.length) throw new Error('Too much data for file size');
    const place = file.subarray(offset, offset + bytes.length);
    if (!place.every((byte) => byte === ERASED)) throw new Error('File already written with different data');
    place.set(bytes);
    return true;
  };

  erase = (name: string): void => {
    this.contents.delete(cut(name));
  };

  list = (pattern?: RegExp): string[] => {
    const names = [...this.contents.keys()];
    return pattern === undefined ? names : names.filter((name) => pattern.test(name));
  };

  /** Bytes. */
  getFree = (): number => {
    let used = 0;
    for (const file of this.contents.values()) used += HEADER_BYTES + ((file.length + 3) & ~3);
    return CAPACITY - used;
  };

  private create(key: string, size: number): Uint8Array {
    if (size === 0) throw new Error("Can't create zero length file");
    this.contents.delete(key);
    if (HEADER_BYTES + size > this.getFree()) throw new Error('Not enough free space in Storage');
    const file = new Uint8Array(size).fill(ERASED);
    this.contents.set(key, file);
    return file;
  }
}

function cut(name: string): string {
  return String(name).slice(0, LONGEST_NAME);
}

function toBytes(data: unknown): Uint8Array {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
