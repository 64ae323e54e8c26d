// The host's end of the SPI bus for chip tests: one chip-select frame per call. Knows frames, not registers' meaning.
import type { W5500 } from '../../../host-tools/emulator/w5500.ts';

/** Control bytes without the write bit. */
export const COMMON = 0x00;
export const SOCKET0 = 0x08;
export const TX0 = 0x10;
export const RX0 = 0x18;
const WRITE = 0x04;

/** Register block of socket `n`. */
export function socketBlock(n: number): number {
  return 0x08 + 0x20 * n;
}

export class SpiHost {
  /** MISO during the header of the last frame. */
  readonly echo = new Uint8Array(3);

  constructor(
    readonly chip: W5500,
    /** Told the bytes of each frame, before it happens: lets a test spend bus time. */
    private readonly spend: (bytes: number) => void = () => {},
  ) {}

  read(block: number, address: number, count: number): Uint8Array {
    const mosi = new Uint8Array(3 + count);
    mosi.set([address >>> 8, address & 0xff, block]);
    const miso = new Uint8Array(mosi.length);
    this.frame(mosi, miso);
    this.echo.set(miso.subarray(0, 3));
    return miso.subarray(3);
  }

  write(block: number, address: number, bytes: ArrayLike<number>): void {
    const mosi = new Uint8Array(3 + bytes.length);
    mosi.set([address >>> 8, address & 0xff, block | WRITE]);
    mosi.set(bytes, 3);
    this.frame(mosi, null);
  }

  read8(block: number, address: number): number {
    return this.read(block, address, 1)[0];
  }

  read16(block: number, address: number): number {
    const [high, low] = this.read(block, address, 2);
    return (high << 8) | low;
  }

  write8(block: number, address: number, value: number): void {
    this.write(block, address, [value]);
  }

  write16(block: number, address: number, value: number): void {
    this.write(block, address, [(value >>> 8) & 0xff, value & 0xff]);
  }

  private frame(mosi: Uint8Array, miso: Uint8Array | null): void {
    this.spend(mosi.length);
    this.chip.select();
    this.chip.transfer(mosi, miso);
    this.chip.deselect();
  }
}
