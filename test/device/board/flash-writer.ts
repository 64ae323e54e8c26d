/*
 * What the loader does with the data of a write, plain or compressed: takes blocks in order, erases sector by sector
 * just ahead of what it programs, and knows how much it was told to expect. One per FLASH_BEGIN or FLASH_DEFL_BEGIN.
 */
import { Unzlib } from 'fflate';
import { SECTOR, type SpiFlash } from './spi-flash.ts';

/** Second byte of the loader's status, as esptool's stub names them. */
export const trouble = {
  dataLength: 0xc0,
  checksum: 0xc1,
  command: 0xc3,
  notWriting: 0xc6,
  inflate: 0xc7,
  tooLittle: 0xc8,
  tooMuch: 0xc9,
};

export class FlashWriter {
  /** Bytes that are still to come, after decompression. */
  remaining: number;
  #at: number;
  #erasedTo: number;
  #failed = 0;
  readonly #inflate: Unzlib | null;

  constructor(
    private readonly flash: SpiFlash,
    at: number,
    size: number,
    compressed: boolean,
  ) {
    this.#at = at;
    this.#erasedTo = at - (at % SECTOR);
    this.remaining = size;
    this.#inflate = compressed ? new Unzlib((data) => this.#program(data)) : null;
  }

  /** Takes one block. @returns 0, or what is wrong */
  take(block: Uint8Array): number {
    if (this.#failed) return this.#failed;
    try {
      if (this.#inflate) this.#inflate.push(block);
      else this.#program(block);
    } catch {
      this.#failed = trouble.inflate;
    }
    return this.#failed;
  }

  /** The end of the data. @returns 0, or what is wrong */
  end(): number {
    return this.#failed || (this.remaining > 0 ? trouble.tooLittle : 0);
  }

  #program(data: Uint8Array): void {
    // Plain blocks are filled up to their size: what stands past the end of the image is not written.
    const taken = this.#inflate ? data : data.subarray(0, this.remaining);
    if (taken.length > this.remaining) this.#failed = trouble.tooMuch;
    if (this.#failed || taken.length === 0) return;
    while (this.#erasedTo < this.#at + taken.length) {
      this.flash.erase(this.#erasedTo, SECTOR);
      this.#erasedTo += SECTOR;
    }
    this.flash.program(this.#at, taken);
    this.#at += taken.length;
    this.remaining -= taken.length;
  }
}
