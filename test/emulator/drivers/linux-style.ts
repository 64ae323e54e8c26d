// Touches the chip as Linux' w5100.c does: RTR as presence test, single 16-bit reads, ring ends split by the host,
// one RECV per frame, interrupt masked while draining, SENDOK taken from the interrupt.
import * as reg from '../../../host-tools/emulator/registers.ts';
import type { ForeignDriver } from './foreign-driver.ts';
import { COMMON, RX0, SOCKET0, TX0, socketBlock, type SpiHost } from './spi-host.ts';

const RING = 0x4000;
const RESET_DELAY = 5_000;

export class LinuxStyle implements ForeignDriver {
  readonly received: Uint8Array[] = [];
  private sending = false;

  constructor(
    private readonly host: SpiHost,
    private readonly mac: readonly number[],
    private readonly delay: (us: number) => void,
  ) {}

  start(): void {
    const { host } = this;
    host.write8(COMMON, reg.MR, reg.MR_RST);
    this.delay(RESET_DELAY);
    host.write8(COMMON, reg.MR, reg.MR_PB);
    if (host.read16(COMMON, reg.RTR) !== 0x07d0) throw new Error('No chip: RTR does not read 07D0.');
    host.write(COMMON, reg.SHAR, this.mac);
    host.write8(SOCKET0, reg.Sn_RXBUF_SIZE, 16);
    host.write8(SOCKET0, reg.Sn_TXBUF_SIZE, 16);
    for (let n = 1; n < reg.SOCKET_COUNT; n++) {
      host.write8(socketBlock(n), reg.Sn_RXBUF_SIZE, 0);
      host.write8(socketBlock(n), reg.Sn_TXBUF_SIZE, 0);
    }
    host.write8(SOCKET0, reg.Sn_MR, reg.Sn_MR_MACRAW | reg.Sn_MR_MFEN);
    this.command(reg.OPEN);
    this.unmask(true);
  }

  service(): void {
    const { host } = this;
    if (!host.chip.interruptLow) return;
    const pending = host.read8(SOCKET0, reg.Sn_IR);
    host.write8(SOCKET0, reg.Sn_IR, pending);
    if ((pending & reg.Sn_IR_SENDOK) !== 0) this.sending = false;
    if ((pending & reg.Sn_IR_RECV) === 0) return;
    this.unmask(false);
    while (this.receive());
    this.unmask(true);
  }

  send(frame: Uint8Array): boolean {
    if (this.sending) this.service();
    if (this.sending) return false;
    const { host } = this;
    const at = host.read16(SOCKET0, reg.Sn_TX_WR);
    const offset = at % RING;
    const first = Math.min(frame.length, RING - offset);
    host.write(TX0, offset, frame.subarray(0, first));
    if (first < frame.length) host.write(TX0, 0, frame.subarray(first));
    host.write16(SOCKET0, reg.Sn_TX_WR, at + frame.length);
    this.sending = true;
    this.command(reg.SEND);
    return true;
  }

  private receive(): boolean {
    const { host } = this;
    if (host.read16(SOCKET0, reg.Sn_RX_RSR) === 0) return false;
    const at = host.read16(SOCKET0, reg.Sn_RX_RD);
    const [high, low] = this.readRing(at, 2);
    const length = ((high << 8) | low) - 2;
    this.received.push(this.readRing(at + 2, length));
    host.write16(SOCKET0, reg.Sn_RX_RD, at + 2 + length);
    this.command(reg.RECV);
    return true;
  }

  private readRing(at: number, count: number): Uint8Array {
    const offset = at % RING;
    const first = Math.min(count, RING - offset);
    const bytes = new Uint8Array(count);
    bytes.set(this.host.read(RX0, offset, first));
    if (first < count) bytes.set(this.host.read(RX0, 0, count - first), first);
    return bytes;
  }

  private unmask(on: boolean): void {
    this.host.write8(COMMON, reg.SIMR, on ? 1 : 0);
  }

  private command(command: number): void {
    this.host.write8(SOCKET0, reg.Sn_CR, command);
    for (let tries = 0; this.host.read8(SOCKET0, reg.Sn_CR) !== 0; tries++) {
      if (tries > 50) throw new Error('The chip does not take the command.');
      this.delay(100);
    }
  }
}
