/*
 * The registers of an ESP32 that a flasher reads: what chip this is, its eFuses, and the SPI controller through which it
 * asks the flash chip who it is. Addresses and meanings: ESP32 Technical Reference Manual, chapters eFuse and SPI.
 * Every other register reads as 0 and takes what is written.
 */
import type { SpiFlash } from './spi-flash.ts';

/** By this register a flasher tells chips apart. */
export const CHIP_MAGIC = 0x40001000;
export const magics = { esp32: 0x00f01d83, esp32s3: 0x00000009, esp32c3: 0x6921506f };

/** Factory address of the chip: 24:0a:c4:12:34:56. */
export const MAC = '24:0a:c4:12:34:56';

/** eFuse block 0, word by word: an ESP32-D0WD-V3, revision 3, dual core. */
const EFUSES: Readonly<Record<number, number>> = {
  0x3ff5a004: 0xc4123456,
  0x3ff5a008: 0x0000240a,
  0x3ff5a00c: (1 << 15) | (1 << 9),
  0x3ff5a014: 1 << 20,
};
const REVISION_BIT_2 = { at: 0x3ff6607c, value: 1 << 31 };
/** Divider of UART0's clock, as the ROM leaves it: 40 MHz over 115,200 baud. */
const UART_DIVIDER = { at: 0x3ff40014, value: 347 };

/** SPI1, to which the flash chip is connected. */
const SPI = 0x3ff42000;
const SPI_COMMAND = SPI;
const SPI_USER_2 = SPI + 0x24;
const SPI_DATA_0 = SPI + 0x80;
const RUN_USER_COMMAND = 1 << 18;
const READ_ID = 0x9f;

export class Registers {
  readonly #values = new Map<number, number>();

  constructor(
    magic: number,
    private readonly flash: SpiFlash,
  ) {
    this.#values.set(CHIP_MAGIC, magic);
    for (const [at, value] of Object.entries(EFUSES)) this.#values.set(Number(at), value);
    for (const { at, value } of [REVISION_BIT_2, UART_DIVIDER]) this.#values.set(at, value);
  }

  read(at: number): number {
    return (this.#values.get(at) ?? 0) >>> 0;
  }

  write(at: number, value: number, mask: number): void {
    const kept = this.read(at) & ~mask;
    this.#values.set(at, kept | (value & mask));
    if (at === SPI_COMMAND && value & RUN_USER_COMMAND) this.#runSpi();
  }

  /** A command to the flash chip is over at once; only the one that asks for its name is answered. */
  #runSpi(): void {
    if ((this.read(SPI_USER_2) & 0xff) === READ_ID) this.#values.set(SPI_DATA_0, this.flash.id);
    this.#values.set(SPI_COMMAND, 0);
  }
}
