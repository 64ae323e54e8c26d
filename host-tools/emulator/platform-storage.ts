// Espruino's `require("Storage")`: what a program can call, over files in flash as storage-files.ts lays them. Power loss
// is in it byte by byte; how long flash takes and wear are not.
import { Flash } from './flash.ts';
import type { Realm } from './realm.ts';
import { StorageFiles } from './storage-files.ts';

const LONGEST_NAME = 28;

/** The methods are arrow properties so that the firmware may bind or detach them. */
export class Storage {
  readonly flash: Flash;
  private readonly files: StorageFiles;

  /**
   * @param contents files to put into an empty flash, or the flash of a board as it is
   * @param print the interpreter's own lines on the console
   */
  constructor(
    private readonly realm: Realm,
    contents: Readonly<Record<string, string>> | Flash,
    private readonly print: (line: string) => void = () => {},
  ) {
    this.flash = contents instanceof Flash ? contents : Flash.blank();
    this.files = new StorageFiles(this.flash, print);
    if (contents instanceof Flash) return;
    for (const [name, text] of Object.entries(contents)) this.write(name, text);
  }

  /** What the interpreter does with Storage at power-on, before anything is read from it. */
  powerOn(): void {
    this.flash.power();
    if (this.files.isValid()) return;
    for (const line of ['Storage is corrupt.', 'Erasing Storage Area...']) this.print(line);
    this.files.eraseAll();
    this.print('Erase complete.');
  }

  /** One character per byte. */
  read = (name: string, offset = 0, length = 0): string | undefined => {
    const file = this.files.find(nameBytes(name));
    if (file === undefined) return undefined;
    const from = Math.min(Math.max(offset, 0), file.size);
    const wanted = Math.min(length > 0 ? length : file.size, file.size - from);
    return toText(this.flash.read(file.data + from, wanted));
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
   * At offset 0 replaces the file - first the old one goes, then the new one comes -, unless its content is the same or
   * it has that size and is still erased. At another offset writes into it, onto erased bytes only; the first of several
   * pieces gives the size of the whole.
   */
  write = (name: string, data: unknown, offset = 0, size = 0): boolean => {
    const key = nameBytes(name);
    const bytes = toBytes(data);
    const wanted = size || bytes.length;
    if (wanted === 0) throw new Error("Can't create zero length file");
    let file = this.files.find(key);
    let place = file?.data ?? 0;
    let room = file?.size ?? 0;
    if (offset === 0 && !(file?.size === wanted && file.flags === 0 && this.flash.isErased(place, wanted))) {
      if (file?.size === wanted && file.flags === 0 && this.holds(place, bytes, wanted)) return true;
      if (file) this.files.erase(file);
      file = undefined;
      place = this.files.create(key, wanted);
      room = wanted;
    }
    if (!place) throw new Error('Unable to find or create file');
    if (offset + bytes.length > room) throw new Error('Too much data for file size');
    if (!this.flash.isErased(place + offset, bytes.length))
      throw new Error('File already written with different data');
    this.flash.write(place + offset, bytes);
    return true;
  };

  private holds(place: number, bytes: Uint8Array, size: number): boolean {
    return bytes.length === size && Buffer.compare(this.flash.read(place, size), bytes) === 0;
  }

  erase = (name: string): void => {
    const file = this.files.find(nameBytes(name));
    if (file) this.files.erase(file);
  };

  eraseAll = (): void => {
    this.files.eraseAll();
  };

  list = (pattern?: RegExp): string[] => {
    const names = this.files.listed().map(({ name }) => nameText(name));
    return pattern === undefined ? names : names.filter((name) => pattern.test(name));
  };

  /** Bytes behind the last file: the longest file, with its header, that can be written without compacting. */
  getFree = (): number => this.files.free;

  /** Of what Espruino counts, what is asked for: bytes of all of Storage. */
  getStats = (): { totalBytes: number } => ({ totalBytes: this.flash.end - this.flash.start });

  compact = (): void => {
    this.files.compact();
  };
}

/** Cut to what a header holds; a drive in front (`C:name`) is taken off. */
function nameBytes(name: string): Uint8Array {
  const bytes = new Uint8Array(LONGEST_NAME);
  const text = String(name).slice(0, LONGEST_NAME);
  bytes.set(Buffer.from(text[1] === ':' ? text.slice(2) : text, 'latin1'));
  return bytes;
}

/** Up to the first zero. */
function nameText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return toText(end < 0 ? bytes : bytes.subarray(0, end));
}

function toBytes(data: unknown): Uint8Array {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  if (Array.isArray(data)) return Uint8Array.from(data as number[]);
  const text = typeof data === 'object' && data !== null ? JSON.stringify(data) : String(data);
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
