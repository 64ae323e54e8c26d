/*
 * The flash chip beside an ESP32, as it behaves to whoever writes it: erasing sets whole sectors of 4 kB to 0xff,
 * programming only clears bits. Its contents are the caller's array, so a test can look at them, and a board can boot
 * from them.
 */
import { createHash } from 'node:crypto';

/** Smallest piece that can be erased, in bytes. */
export const SECTOR = 0x1000;

/** A cell that does not take what is written: one bit reads as 0 after each of the next `times` writes over it. */
export interface WeakCell {
  at: number;
  times: number;
}

export class SpiFlash {
  /** @param bytes what is on the chip; its length is the chip's size, a power of two */
  constructor(
    readonly bytes: Uint8Array,
    private readonly weak?: WeakCell,
  ) {}

  /** The answer to 0x9f (RDID): manufacturer in the low byte, log2 of the size in the third. No chip: all ones. */
  get id(): number {
    if (this.bytes.length === 0) return 0xffffff;
    return (Math.log2(this.bytes.length) << 16) | 0x40c8;
  }

  /** Erases every sector that the region touches. */
  erase(from: number, size: number): void {
    const start = from - (from % SECTOR);
    this.bytes.fill(0xff, start, Math.ceil((from + size) / SECTOR) * SECTOR);
  }

  program(at: number, data: Uint8Array): void {
    for (let i = 0; i < data.length; i++) this.bytes[at + i] &= data[i];
    const { weak } = this;
    if (weak && weak.times > 0 && weak.at >= at && weak.at < at + data.length) {
      weak.times -= 1;
      this.bytes[weak.at] ^= lowestBit(this.bytes[weak.at]);
    }
  }

  md5(from: number, size: number): Uint8Array {
    return createHash('md5')
      .update(this.bytes.subarray(from, from + size))
      .digest();
  }
}

function lowestBit(byte: number): number {
  return byte === 0 ? 1 : byte & -byte;
}
