// The part of a flash chip that holds Storage, byte by byte: writing only clears bits, erasing sets whole pages. Power can
// be cut in the middle of either. Knows nothing of files.

/** Where the classic ESP32's partition table has Storage, and how much of it: addresses of the chip, bytes. */
export const STORAGE_START = 0x320000;
export const STORAGE_BYTES = 896 * 1024;
const PAGE_BYTES = 4096;

const ERASED = 0xff;

/** Thrown out of the write or erase in which power went. The board is dead; nothing it does afterwards counts. */
export class PowerLost extends Error {
  constructor() {
    super('Power was lost.');
  }
}

/** When power goes: behind so many bytes written from now on, or half-way through the so-manieth page erase (from 1). */
export type PowerCut = { readonly afterBytes: number } | { readonly duringErase: number };

export class Flash {
  readonly start: number;
  readonly end: number;
  /** Since the last `power`: what a cut counts, and what a test needs to go through every place for one. */
  written = 0;
  erased = 0;
  /** Told at once when power goes, for a board that has to stop. */
  onPowerLost: () => void = () => {};

  private cut: PowerCut | undefined;
  private dead = false;

  /**
   * @param bytes what the chip holds there, changed in place  @param start address of the first of them
   * @param pageBytes what one erase sets to 0xff, a power of two: only the interpreter's own fake of a flash has others
   */
  constructor(
    readonly bytes: Uint8Array,
    start = STORAGE_START,
    readonly pageBytes = PAGE_BYTES,
  ) {
    this.start = start;
    this.end = start + bytes.length;
  }

  /** An erased chip. */
  static blank(length = STORAGE_BYTES): Flash {
    return new Flash(new Uint8Array(length).fill(ERASED));
  }

  /** Address of the page behind the one that an address is in. */
  pageBehind(address: number): number {
    return (address & ~(this.pageBytes - 1)) + this.pageBytes;
  }

  /** Power is there, and goes away again at `cut`. */
  power(cut?: PowerCut): void {
    this.cut = cut;
    this.dead = false;
    this.written = 0;
    this.erased = 0;
  }

  get isDead(): boolean {
    return this.dead;
  }

  /** The bytes from an address on; behind the end there are none. */
  read(address: number, length: number): Uint8Array {
    return this.bytes.subarray(address - this.start, address - this.start + length);
  }

  isErased(address: number, length: number): boolean {
    return this.read(address, length).every((byte) => byte === ERASED);
  }

  /** Clears the bits that are clear in `data`, byte after byte. */
  write(address: number, data: Uint8Array): void {
    const at = address - this.start;
    for (let i = 0; i < data.length; i++) {
      this.check(this.cut !== undefined && 'afterBytes' in this.cut && this.written >= this.cut.afterBytes);
      this.bytes[at + i] &= data[i];
      this.written++;
    }
    // Power that goes behind the last byte goes before anything else happens.
    this.check(this.cut !== undefined && 'afterBytes' in this.cut && this.written >= this.cut.afterBytes);
  }

  /** Erases the page of an address. Cut short, the first half is erased and the second as it was. */
  erasePage(address: number): void {
    const at = this.pageBehind(address) - this.pageBytes - this.start;
    const cutShort =
      this.cut !== undefined && 'duringErase' in this.cut && this.erased + 1 >= this.cut.duringErase;
    this.check(false);
    this.bytes.fill(ERASED, at, at + (cutShort ? this.pageBytes / 2 : this.pageBytes));
    this.erased++;
    this.check(cutShort);
  }

  private check(goes: boolean): void {
    if (goes && !this.dead) {
      this.dead = true;
      this.onPowerLost();
    }
    if (this.dead) throw new PowerLost();
  }
}
