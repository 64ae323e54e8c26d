// The common register block: storage, the derived registers, write-1-to-clear. Reset itself is the chip's (w5500.ts).
import type { ChipContext } from './context.ts';
import type { Phy } from './phy.ts';
import type { Socket } from './socket.ts';
import * as reg from './registers.ts';

export class CommonBlock {
  /** Called when the host sets MR.RST. */
  onReset: () => void = () => {};
  /** Registers that are plain storage, SHAR among them. */
  readonly bytes = new Uint8Array(reg.COMMON_SIZE);

  constructor(
    private readonly context: ChipContext,
    private readonly sockets: readonly Socket[],
    private readonly phy: Phy,
  ) {
    this.reset();
  }

  reset(): void {
    this.bytes.fill(0);
    for (const [offset, ...values] of reg.COMMON_RESET) this.bytes.set(values, offset);
  }

  /** SIR: bit n is set while socket n has an unmasked interrupt. */
  get socketInterrupts(): number {
    let pending = 0;
    for (let n = 0; n < reg.SOCKET_COUNT; n++) if (this.sockets[n].interrupting) pending |= 1 << n;
    return pending;
  }

  /** What pulls INTn low. */
  get interrupting(): boolean {
    const simr = this.bytes[reg.SIMR];
    return (
      (simr !== 0 && (this.socketInterrupts & simr) !== 0) || (this.bytes[reg.IR] & this.bytes[reg.IMR]) !== 0
    );
  }

  read(offset: number): number {
    switch (offset) {
      case reg.SIR:
        return this.socketInterrupts;
      case reg.PHYCFGR:
        return this.phy.read();
      case reg.VERSIONR:
        if (this.context.reset.settling) return 0x00;
        return this.context.faults?.version ?? reg.CHIP_VERSION;
      default:
        return offset < reg.COMMON_SIZE ? this.bytes[offset] : 0;
    }
  }

  write(offset: number, value: number): void {
    switch (offset) {
      case reg.MR:
        if ((value & reg.MR_RST) !== 0) this.onReset();
        else this.bytes[reg.MR] = value;
        break;
      case reg.IR:
        this.bytes[reg.IR] &= ~value;
        break;
      case reg.PHYCFGR:
        this.phy.write(value);
        break;
      default:
        if (offset < reg.UIPR && offset !== reg.SIR) this.bytes[offset] = value;
        else
          this.context.complain(
            `common register 0x${offset.toString(16).padStart(4, '0')}`,
            'is read-only or reserved; the write does nothing.',
          );
    }
  }
}
