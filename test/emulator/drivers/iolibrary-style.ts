// Touches the chip as WIZnet's ioLibrary does: 16-bit registers byte by byte and read until two agree, polling without
// interrupts, two RECV per frame (header, then data), SENDOK awaited after every SEND, buffers of the others left at 2 KB.
import * as reg from '../../../host-tools/emulator/registers.ts';
import { PATIENCE, type ForeignDriver } from './foreign-driver.ts';
import { COMMON, RX0, SOCKET0, TX0, type SpiHost } from './spi-host.ts';

export class IoLibraryStyle implements ForeignDriver {
  readonly received: Uint8Array[] = [];

  constructor(
    private readonly host: SpiHost,
    private readonly mac: readonly number[],
    private readonly delay: (us: number) => void,
  ) {}

  start(): void {
    const { host } = this;
    host.write8(COMMON, reg.MR, reg.MR_RST);
    this.delay(2000);
    if (host.read8(COMMON, reg.VERSIONR) !== reg.CHIP_VERSION) throw new Error('VERSIONR is not 04.');
    host.write8(SOCKET0, reg.Sn_RXBUF_SIZE, 16);
    host.write8(SOCKET0, reg.Sn_TXBUF_SIZE, 16);
    host.write(COMMON, reg.SHAR, this.mac);
    host.write8(SOCKET0, reg.Sn_MR, reg.Sn_MR_MACRAW);
    this.command(reg.OPEN);
    if (host.read8(SOCKET0, reg.Sn_SR) !== reg.SOCK_MACRAW) throw new Error('The socket does not open.');
  }

  service(): void {
    while (this.readStable(reg.Sn_RX_RSR) > 0) {
      const [high, low] = this.receiveData(2);
      this.received.push(this.receiveData(((high << 8) | low) - 2));
    }
  }

  send(frame: Uint8Array): boolean {
    const { host } = this;
    for (let tries = 0; this.readStable(reg.Sn_TX_FSR) < frame.length; tries++)
      if (tries === PATIENCE) return false;
    const at = this.readBytes(reg.Sn_TX_WR);
    host.write(TX0, at, frame);
    this.writeBytes(reg.Sn_TX_WR, at + frame.length);
    this.command(reg.SEND);
    for (let tries = 0; (host.read8(SOCKET0, reg.Sn_IR) & reg.Sn_IR_SENDOK) === 0; tries++)
      if (tries === PATIENCE) return false;
    host.write8(SOCKET0, reg.Sn_IR, reg.Sn_IR_SENDOK);
    return true;
  }

  private receiveData(count: number): Uint8Array {
    const at = this.readBytes(reg.Sn_RX_RD);
    const bytes = this.host.read(RX0, at, count);
    this.writeBytes(reg.Sn_RX_RD, at + count);
    this.command(reg.RECV);
    return bytes;
  }

  private readBytes(register: number): number {
    return (this.host.read8(SOCKET0, register) << 8) | this.host.read8(SOCKET0, register + 1);
  }

  private writeBytes(register: number, value: number): void {
    this.host.write8(SOCKET0, register, (value >>> 8) & 0xff);
    this.host.write8(SOCKET0, register + 1, value & 0xff);
  }

  private readStable(register: number): number {
    for (;;) {
      const first = this.readBytes(register);
      if (first === 0 || first === this.readBytes(register)) return first;
    }
  }

  private command(command: number): void {
    this.host.write8(SOCKET0, reg.Sn_CR, command);
    for (let tries = 0; this.host.read8(SOCKET0, reg.Sn_CR) !== 0; tries++)
      if (tries === PATIENCE) throw new Error('The chip does not take the command.');
  }
}
