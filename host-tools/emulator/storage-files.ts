// How Espruino lays files into flash (src/jsflash.c, the same in 2v29 and in master for builds with one bank of flash):
// headers one behind the other, a file deleted by zeroing the start of its name, compaction, the check at boot. Its
// functions are here under their names there, so that the two can be read side by side.
import type { Flash } from './flash.ts';

/** A header: size with flags in its top 8 bits, least significant byte first, and the name, padded with zeros. */
export const HEADER_BYTES = 32;
const NAME_AT = 4;
const NAME_BYTES = 28;
/** The start of a name: all zeros once the file is deleted. */
const FIRST_CHARS = 4;
const UNSET = 0xffffffff;
/** Flags that a file may have: none, a piece of a StorageFile, compressed. */
const REAL_FLAGS = [0, 64, 128];

/** A file or what is left of one. Addresses are the chip's. */
export interface Entry {
  /** Of the header. */
  readonly address: number;
  /** Of the content, and its bytes. */
  readonly data: number;
  readonly size: number;
  readonly flags: number;
  readonly name: Uint8Array;
  /** Neither deleted nor something that only looks like a file. */
  readonly real: boolean;
  readonly deleted: boolean;
}

export class StorageFiles {
  /** @param print the interpreter's own lines on the console */
  constructor(
    readonly flash: Flash,
    private readonly print: (line: string) => void,
  ) {}

  /** jsfFindFile. */
  find(name: Uint8Array): Entry | undefined {
    return this.entries().find((entry) => !entry.deleted && Buffer.compare(entry.name, name) === 0);
  }

  /** The files that `list` shows, in the order of their addresses. */
  listed(): Entry[] {
    return this.entries().filter((entry) => entry.real);
  }

  /** jsfEraseFileInternal. */
  erase(entry: Entry): void {
    this.flash.write(entry.address + NAME_AT, new Uint8Array(FIRST_CHARS));
  }

  /** jsfGetStorageStats.free: the room behind the last file. What deleted files take is not in it. */
  get free(): number {
    const last = this.entries().at(-1);
    return this.flash.end - (last === undefined ? this.flash.start : behind(last));
  }

  /** _jsfCreateFile: the header of a new file. @returns the address of its content, 0 when there is no room */
  create(name: Uint8Array, size: number): number {
    const needed = align(size) + HEADER_BYTES;
    let compacted = false;
    for (;;) {
      const { place, room } = this.findHole(needed);
      if (place) {
        const header = new Uint8Array(HEADER_BYTES);
        new DataView(header.buffer).setUint32(0, size, true);
        header.set(name, NAME_AT);
        this.flash.write(place, header);
        return place + HEADER_BYTES;
      }
      if (compacted || needed >= room || !this.compact()) return 0;
      compacted = true;
    }
  }

  /** Where a file fits; if nowhere, how much there is in holes and deleted files. */
  private findHole(needed: number): { place: number; room: number } {
    let room = 0;
    let address = this.flash.start;
    while (address) {
      let entry = this.entryAt(address);
      while (entry) {
        if (entry.deleted) room += entry.size;
        address = this.nextAddress(entry);
        entry = address ? this.entryAt(address) : undefined;
      }
      const space = this.spaceLeftInPage(address);
      room += space;
      if (space >= needed) return { place: address, room };
      address = this.nextPage(address);
    }
    return { place: 0, room };
  }

  /**
   * jsfGetSpaceLeftInPage. Address 0 stands for "the last file ends where no header fits any more"; the interpreter of an
   * ESP32 then looks into the chip's first page, which is not Storage. Here there is no room.
   */
  private spaceLeftInPage(address: number): number {
    if (!address) return 0;
    const next = this.flash.pageBehind(address);
    return (next < this.flash.end && !this.entryAt(next) ? this.flash.end : next) - address;
  }

  /** jsfGetAddressOfNextPage, or 0. */
  private nextPage(address: number): number {
    const next = this.flash.pageBehind(address);
    return !address || next >= this.flash.end ? 0 : next;
  }

  /** jsfGetFileHeader: undefined when it is none. */
  private entryAt(address: number): Entry | undefined {
    const header = this.flash.read(address, HEADER_BYTES);
    if (header.length < HEADER_BYTES) return undefined;
    const word = new DataView(header.buffer, header.byteOffset).getUint32(0, true);
    const size = word & 0xffffff;
    const flags = word >>> 24;
    if (word === UNSET || word === 0 || address + HEADER_BYTES + size > this.flash.end) return undefined;
    const name = header.slice(NAME_AT, NAME_AT + NAME_BYTES);
    const deleted = name.subarray(0, FIRST_CHARS).every((byte) => byte === 0);
    const real = !deleted && REAL_FLAGS.includes(flags);
    return { address, data: address + HEADER_BYTES, size, flags, name, real, deleted };
  }

  /** Where the header behind a file would be; 0 when none fits any more. */
  private nextAddress(entry: Entry): number {
    const next = behind(entry);
    return next + HEADER_BYTES > this.flash.end ? 0 : next;
  }

  /** jsfGetNextFileHeader with GNFH_GET_ALL: the header behind a file or at the start of the next page. */
  private next(entry: Entry): { address: number; entry: Entry | undefined } {
    let address = this.nextAddress(entry);
    if (!address) return { address, entry: undefined };
    const found = this.entryAt(address);
    if (found) return { address, entry: found };
    address = this.nextPage(address);
    return { address, entry: address ? this.entryAt(address) : undefined };
  }

  private entries(): Entry[] {
    const entries: Entry[] = [];
    let entry = this.entryAt(this.flash.start);
    while (entry) {
      entries.push(entry);
      entry = this.next(entry).entry;
    }
    return entries;
  }

  /**
   * jsfIsBankStorageValid, JSFSTT_NORMAL: what a power-on asks; when it says no, the interpreter erases everything. Looks
   * at the header behind the last file, or rather, unless that is in the last page, at the start of the page after it: half
   * a header passes, and the next file is written over it.
   */
  isValid(): boolean {
    let address = this.flash.start;
    let entry = this.entryAt(address);
    let last: Entry | undefined;
    while (entry) {
      last = entry;
      ({ address, entry } = this.next(entry));
    }
    if (last && !address) {
      const place = behind(last);
      return place + HEADER_BYTES > this.flash.end || this.flash.isErased(place, HEADER_BYTES);
    }
    const blank = this.flash.isErased(address, HEADER_BYTES);
    return blank && address === this.flash.start
      ? this.flash.isErased(address, this.flash.bytes.length)
      : blank;
  }

  /** jsfEraseAll. */
  eraseAll(): void {
    this.erasePages(this.flash.start, this.flash.end);
  }

  /** jsfBankCompact and jsfCompactInternal. @returns whether there was anything to gain */
  compact(): boolean {
    const entries = this.entries();
    if (!entries.some((entry) => entry.deleted)) return false;
    this.print('Compacting... ');
    const live = entries.filter((entry) => !entry.deleted);
    const bytes = live.reduce((sum, entry) => sum + behind(entry) - entry.address, 0);
    const from = this.firstPageWithDeleted(entries);
    return new Compaction(this.flash, from, Math.min(bytes, this.flash.pageBytes + HEADER_BYTES)).run(
      (address) => {
        const entry = this.entryAt(address);
        return entry && { entry, next: this.next(entry).address };
      },
    );
  }

  /** Where compaction starts: the last page before the first deleted file that a header starts. */
  private firstPageWithDeleted(entries: readonly Entry[]): number {
    let unbroken = this.flash.start;
    for (const entry of entries) {
      if (entry.address % this.flash.pageBytes === 0) unbroken = entry.address;
      if (entry.deleted) break;
    }
    return unbroken;
  }

  private erasePages(from: number, to: number): void {
    for (let address = from; address < to; address += this.flash.pageBytes) this.flash.erasePage(address);
  }
}

/** Copies live files towards the start through a ring buffer, a page behind what it reads. */
class Compaction {
  private readonly ring: Uint8Array;
  private head = 0;
  private tail = 0;
  private used = 0;
  private to: number;

  constructor(
    private readonly flash: Flash,
    private readonly from: number,
    ringBytes: number,
  ) {
    this.ring = new Uint8Array(ringBytes);
    this.to = from;
  }

  /** @param walk a header and the address of the next. @returns false when the ring is too small */
  run(walk: (address: number) => { entry: Entry; next: number } | undefined): boolean {
    let address = this.from;
    for (let step = walk(address); step; step = address ? walk(address) : undefined) {
      if (step.entry.real && !this.copy(step.entry)) return false;
      address = step.next;
    }
    this.flush(this.flash.end);
    if (this.to !== this.from) this.to = this.flash.pageBehind(this.to - 1);
    const end = address || this.flash.end;
    for (; this.to < end; this.to += this.flash.pageBytes) this.flash.erasePage(this.to);
    return true;
  }

  private copy(entry: Entry): boolean {
    this.push(this.flash.read(entry.address, HEADER_BYTES));
    let from = entry.data;
    let left = align(entry.size);
    this.flush(from);
    while (left) {
      let piece = Math.min(this.ring.length - this.used, this.ring.length - this.head);
      if (this.tail > this.head) piece = Math.min(piece, this.tail - this.head);
      if (piece === 0) return false;
      piece = Math.min(piece, left);
      this.push(this.flash.read(from, piece));
      from += piece;
      left -= piece;
      this.flush(from);
    }
    return true;
  }

  private push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      this.ring[this.head] = byte;
      this.head = (this.head + 1) % this.ring.length;
    }
    this.used += bytes.length;
  }

  /** jsfCompactWriteBuffer: whole pages that nothing is read from any more. */
  private flush(reading: number): void {
    while (this.used) {
      const page = this.flash.pageBehind(this.to);
      const piece = Math.min(this.used, this.ring.length - this.tail, page - this.to);
      if (reading < page) return;
      if (this.to % this.flash.pageBytes === 0) this.flash.erasePage(this.to);
      this.flash.write(this.to, this.ring.subarray(this.tail, this.tail + piece));
      this.to += piece;
      this.tail = (this.tail + piece) % this.ring.length;
      this.used -= piece;
    }
  }
}

function align(bytes: number): number {
  return (bytes + 3) & ~3;
}

function behind(entry: Entry): number {
  return align(entry.data + entry.size);
}
