// The SPI frame: three header bytes, then data with auto-increment. Decodes and hands runs of data to the blocks.
// Rows 1 and 2 of docs/emulator.md. Source: data sheet chapter 2. Knows no register.
import type { ChipContext } from './context.ts';
import { CONTROL_LENGTH_MODE, CONTROL_WRITE, HEADER_ECHO } from './registers.ts';

/** What lies behind the header. `control` is the frame's control byte; runs are at most one transfer long. */
export interface Blocks {
  readRun(control: number, address: number, into: Uint8Array, at: number, count: number): void;
  writeRun(control: number, address: number, from: Uint8Array, at: number, count: number): void;
}

const HEADER = 3;
/** Data bytes of the length modes 01, 10, 11; mode 00 has no limit. */
const FIXED_LENGTH = [Infinity, 1, 2, 4];

export class SpiFrame {
  /** Called at the end of every frame that carried data, for traces and budgets. */
  onAccess: ((control: number, address: number, count: number) => void) | null = null;
  private selected = false;
  private headerBytes = 0;
  private address = 0;
  private control = 0;
  /** Data bytes so far. */
  private count = 0;
  /** A fault makes this frame's writes disappear. */
  private losingWrites = false;

  constructor(
    private readonly context: ChipContext,
    private readonly blocks: Blocks,
  ) {}

  get isSelected(): boolean {
    return this.selected;
  }

  select(): void {
    if (this.selected)
      this.context.complain('SCSn', 'selected while selected; end the frame before the next.');
    this.selected = true;
    this.headerBytes = 0;
    this.address = 0;
    this.control = 0;
    this.count = 0;
    const { faults } = this.context;
    if (faults !== null) this.losingWrites = faults.random.chance(faults.writeLoss);
  }

  /** Clocks `mosi` in and as many bytes out into `miso`; null when the host does not look. */
  shift(mosi: Uint8Array, miso: Uint8Array | null): void {
    let at = 0;
    while (this.headerBytes < HEADER && at < mosi.length) {
      if (miso !== null) miso[at] = HEADER_ECHO[this.headerBytes];
      this.takeHeader(mosi[at++]);
    }
    const count = Math.min(mosi.length - at, FIXED_LENGTH[this.control & CONTROL_LENGTH_MODE] - this.count);
    if (count < mosi.length - at && miso !== null) miso.fill(0, at + count, mosi.length);
    if (count <= 0) return;
    const address = (this.address + this.count) & 0xffff;
    if ((this.control & CONTROL_WRITE) !== 0) {
      if (miso !== null) miso.fill(0, at, at + count);
      if (!this.losingWrites) this.blocks.writeRun(this.control, address, mosi, at, count);
    } else if (miso !== null) this.blocks.readRun(this.control, address, miso, at, count);
    this.count += count;
  }

  deselect(): void {
    this.selected = false;
    if (this.count === 0) this.context.complain('SCSn', 'a frame without data bytes does nothing.');
    else if (this.onAccess !== null) this.onAccess(this.control, this.address, this.count);
  }

  private takeHeader(byte: number): void {
    this.headerBytes++;
    if (this.headerBytes < HEADER) {
      this.address = (this.address << 8) | byte;
      return;
    }
    this.control = byte;
    if ((byte & CONTROL_LENGTH_MODE) !== 0)
      this.context.complain(
        'SPI control byte',
        'fixed length needs SCSn tied low; use variable length (OM = 00).',
      );
  }
}
