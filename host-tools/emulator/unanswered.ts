// CONNECT of a TCP socket to a host that is not there: ARP finds nobody, TIMEOUT is latched, the socket closes. All
// that this model has of the chip's own TCP/IP engine; it makes a chip raise INTn without cable and without peer.
// Source: data sheet 4.1 (RTR, RCR), 4.2 (Sn_CR CONNECT, Sn_IR TIMEOUT).
import type { ChipContext } from './context.ts';
import type { Socket } from './socket.ts';
import * as reg from './registers.ts';

/** RTR counts in these (us). */
const RETRY_UNIT = 100;

export class Unanswered {
  private forget: () => void = () => {};

  constructor(
    private readonly context: ChipContext,
    private readonly socket: Socket,
    /** The common registers. */
    private readonly common: Uint8Array,
  ) {}

  connect(): void {
    const { clock, timed } = this.context;
    const retry = (this.common[reg.RTR] << 8) | this.common[reg.RTR + 1];
    const wait = timed ? retry * RETRY_UNIT * (this.common[reg.RCR] + 1) : 0;
    this.forget = clock.schedule(clock.now() + wait, () => this.giveUp());
    if (wait === 0) {
      this.forget();
      this.giveUp();
    }
  }

  /** CLOSE or reset came first. */
  stop(): void {
    this.forget();
  }

  private giveUp(): void {
    this.socket.status = reg.SOCK_CLOSED;
    this.socket.latch(reg.Sn_IR_TIMEOUT);
    this.context.interruptsChanged();
  }
}
