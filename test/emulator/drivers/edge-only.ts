// A known-bad driver: works on falling edges of INTn alone, and is not looking for one while it works.
// Nothing tells it of a frame that arrives meanwhile; the level stays low and no further edge comes.
import * as reg from '../../../host-tools/emulator/registers.ts';
import { RX0, SOCKET0, type SpiHost } from './spi-host.ts';

export class EdgeOnly {
  received = 0;
  private edges = 0;

  constructor(
    private readonly host: SpiHost,
    /** The cure: look at the level again after working. */
    private readonly looksAtLevel: boolean,
  ) {
    host.chip.onInterrupt = (low) => {
      if (low) this.edges++;
    };
  }

  service(): void {
    if (this.edges === 0) return;
    do {
      this.host.write8(SOCKET0, reg.Sn_IR, reg.Sn_IR_RECV);
      this.drain();
      this.edges = 0;
    } while (this.looksAtLevel && this.host.chip.interruptLow);
  }

  private drain(): void {
    const { host } = this;
    while (host.read16(SOCKET0, reg.Sn_RX_RSR) > 0) {
      const at = host.read16(SOCKET0, reg.Sn_RX_RD);
      const length = host.read16(RX0, at);
      host.write16(SOCKET0, reg.Sn_RX_RD, at + length);
      host.write8(SOCKET0, reg.Sn_CR, reg.RECV);
      this.received++;
    }
  }
}
