// Touches the chip as ESP-IDF's driver does: VERSIONR polled, 16-bit values read twice until equal, bursts across the
// ring's end, multicast blocked, RECV interrupt only, SENDOK polled in Sn_IR, drain on a length that cannot be.
import * as reg from '../../../host-tools/emulator/registers.ts';
import { PATIENCE, type ForeignDriver } from './foreign-driver.ts';
import { COMMON, RX0, SOCKET0, TX0, socketBlock, type SpiHost } from './spi-host.ts';

export class EspIdfStyle implements ForeignDriver {
  readonly received: Uint8Array[] = [];

  constructor(
    private readonly host: SpiHost,
    private readonly mac: readonly number[],
    private readonly delay: (us: number) => void,
  ) {}

  start(): void {
    const { host } = this;
    host.write8(COMMON, reg.MR, reg.MR_RST);
    this.until(() => (host.read8(COMMON, reg.MR) & reg.MR_RST) === 0, 'reset');
    this.until(() => host.read8(COMMON, reg.VERSIONR) === reg.CHIP_VERSION, 'version 04');
    for (let n = 0; n < reg.SOCKET_COUNT; n++) {
      host.write8(socketBlock(n), reg.Sn_RXBUF_SIZE, n === 0 ? 16 : 0);
      host.write8(socketBlock(n), reg.Sn_TXBUF_SIZE, n === 0 ? 16 : 0);
    }
    host.write8(COMMON, reg.SIMR, 0);
    host.write8(SOCKET0, reg.Sn_MR, reg.Sn_MR_MACRAW | reg.Sn_MR_MFEN | reg.Sn_MR_MMB);
    host.write8(SOCKET0, reg.Sn_IMR, reg.Sn_IR_RECV);
    host.write16(COMMON, reg.INTLEVEL, 0xffff);
    host.write(COMMON, reg.SHAR, this.mac);
    this.command(reg.OPEN);
    this.until(() => host.read8(SOCKET0, reg.Sn_SR) === reg.SOCK_MACRAW, 'an open socket');
    host.write8(COMMON, reg.SIMR, 1);
  }

  service(): void {
    const { host } = this;
    if (!host.chip.interruptLow) return;
    if ((host.read8(SOCKET0, reg.Sn_IR) & reg.Sn_IR_RECV) === 0) return;
    host.write8(SOCKET0, reg.Sn_IR, reg.Sn_IR_RECV);
    while (this.receive());
  }

  send(frame: Uint8Array): boolean {
    const { host } = this;
    if (this.readTwice(reg.Sn_TX_FSR) < frame.length) return false;
    const at = host.read16(SOCKET0, reg.Sn_TX_WR);
    host.write(TX0, at, frame);
    host.write16(SOCKET0, reg.Sn_TX_WR, at + frame.length);
    this.command(reg.SEND);
    for (let tries = 0; (host.read8(SOCKET0, reg.Sn_IR) & reg.Sn_IR_SENDOK) === 0; tries++) {
      if ((host.read8(COMMON, reg.PHYCFGR) & reg.PHY_LNK) === 0 || tries === PATIENCE) return false;
    }
    host.write8(SOCKET0, reg.Sn_IR, reg.Sn_IR_SENDOK);
    return true;
  }

  private receive(): boolean {
    const { host } = this;
    const waiting = this.readTwice(reg.Sn_RX_RSR);
    if (waiting === 0) return false;
    const at = host.read16(SOCKET0, reg.Sn_RX_RD);
    const [high, low] = host.read(RX0, at, 2);
    const length = (high << 8) | low;
    const sane = length >= 62 && length <= 1516 && length <= waiting;
    if (sane) this.received.push(host.read(RX0, at + 2, length - 2));
    host.write16(SOCKET0, reg.Sn_RX_RD, sane ? at + length : this.readTwice(reg.Sn_RX_WR));
    this.command(reg.RECV);
    return true;
  }

  private readTwice(register: number): number {
    for (;;) {
      const first = this.host.read16(SOCKET0, register);
      if (first === this.host.read16(SOCKET0, register)) return first;
    }
  }

  private command(command: number): void {
    this.host.write8(SOCKET0, reg.Sn_CR, command);
    this.until(() => this.host.read8(SOCKET0, reg.Sn_CR) === 0, 'the command to be taken');
  }

  private until(done: () => boolean, what: string): void {
    for (let tries = 0; !done(); tries++) {
      if (tries === PATIENCE) throw new Error(`Waited in vain for ${what}.`);
      this.delay(1000);
    }
  }
}
