// SEND on the MACRAW socket: what lies between TX_RD and TX_WR goes out as one frame, now or after its wire time.
// Rows 17-24 of docs/emulator.md. Does not decode commands and knows nothing of SPI.
import type { ChipContext } from './context.ts';
import type { Phy } from './phy.ts';
import type { Socket } from './socket.ts';
import { Sn_IR_SENDOK } from './registers.ts';

/** Frame sizes without FCS: IEEE 802.3 minimum, and the W5500's maximum in MACRAW (data sheet 4.2, Sn_MSSR). */
export const SHORTEST_FRAME = 60;
export const LONGEST_FRAME = 1514;
/** Preamble, start delimiter, FCS and gap between frames, in bytes of wire time. */
const WIRE_OVERHEAD = 24;

/** Wire time of a frame of `length` bytes without FCS, in us. */
export function wireTime(length: number, megabits: number): number {
  return ((Math.max(length, SHORTEST_FRAME) + WIRE_OVERHEAD) * 8) / megabits;
}

/**
 * idle; sending: on the wire; linkless: caught without link; stuck: over at CLOSE or reset; wedged: over at reset.
 */
type Phase = 'idle' | 'sending' | 'linkless' | 'stuck' | 'wedged';

export class Transmitter {
  onTransmit: (frame: Uint8Array) => void = () => {};
  private phase: Phase = 'idle';
  private stopSending: () => void = () => {};

  constructor(
    private readonly context: ChipContext,
    private readonly socket: Socket,
    private readonly phy: Phy,
  ) {}

  /** The SEND command. */
  send(): void {
    const { context, socket } = this;
    if (this.phase !== 'idle') {
      this.overlap();
      return;
    }
    socket.beginTransmit();
    if (context.faults?.wedgeNextSend === true) {
      context.faults.wedgeNextSend = false;
      this.abandon('wedged');
    } else if (!this.checkLength() && context.behaviour.oversizeSend === 'never') this.abandon('stuck');
    else if (this.phy.linked) this.start();
    else this.phase = 'linkless';
  }

  /** True if a write of `count` bytes at `offset` of the TX buffer would change a frame that is being sent. */
  overwrites(offset: number, count: number): boolean {
    if (this.phase !== 'sending') return false;
    const { socket } = this;
    const mask = socket.transmitRing.size - 1;
    const ahead = (offset - socket.txRead) & mask;
    const unsent = (socket.txWrite - socket.txRead) & 0xffff;
    return ahead < unsent || ahead + count > socket.transmitRing.size;
  }

  linkChanged(up: boolean): void {
    if (!up && this.phase === 'sending') {
      this.stopSending();
      this.phase = 'linkless';
    } else if (up && this.phase === 'linkless') this.resume();
  }

  /** CLOSE: what was being sent is lost. */
  close(): void {
    this.stopSending();
    if (this.phase === 'sending' || this.phase === 'linkless') this.context.counters.unsent++;
    if (this.phase !== 'wedged') this.phase = 'idle';
  }

  reset(): void {
    this.close();
    this.phase = 'idle';
  }

  private get length(): number {
    return (this.socket.txWrite - this.socket.txRead) & 0xffff;
  }

  /** Complains of lengths that no frame has; false if the chip cannot send it. */
  private checkLength(): boolean {
    const { context, length } = this;
    if (length === 0) context.complain('S0_CR', 'SEND with TX_WR equal to TX_RD sends nothing.');
    else if (length > LONGEST_FRAME)
      context.complain(
        'S0_CR',
        `SEND of ${length} bytes; one SEND is one frame of at most ${LONGEST_FRAME}.`,
      );
    else if (length < SHORTEST_FRAME && !context.behaviour.padsShortFrames)
      context.complain(
        'S0_CR',
        `SEND of ${length} bytes; pad to ${SHORTEST_FRAME}, the far side drops shorter frames.`,
      );
    return length > 0 && length <= LONGEST_FRAME;
  }

  private overlap(): void {
    const { context } = this;
    context.complain('S0_CR', 'SEND while a SEND is outstanding is lost; wait for SENDOK or TX_RD = TX_WR.');
    context.counters.unsent++;
    if (context.faults?.overlappingSendWedges === true) {
      this.stopSending();
      this.phase = 'wedged';
    }
  }

  private abandon(phase: 'stuck' | 'wedged'): void {
    this.phase = phase;
    this.context.counters.unsent++;
  }

  private start(): void {
    const { context } = this;
    if (!context.timed) {
      this.complete();
      return;
    }
    this.phase = 'sending';
    const duration = wireTime(Math.min(this.length, LONGEST_FRAME), this.phy.megabits);
    this.stopSending = context.clock.schedule(context.clock.now() + duration, () => this.complete());
  }

  /** Link is back and a SEND was caught without it. */
  private resume(): void {
    switch (this.context.behaviour.sendWithoutLink) {
      case 'late':
        this.start();
        break;
      case 'lost':
        this.context.counters.unsent++;
        this.socket.finishTransmit();
        this.phase = 'idle';
        break;
      case 'stuck':
        this.abandon('stuck');
    }
  }

  /** The last bit is out: take the frame from the ring as it is now, report it to the host, then to the wire. */
  private complete(): void {
    const { context, socket } = this;
    const { counters, faults, behaviour } = context;
    const length = Math.min(this.length, LONGEST_FRAME);
    const padded = behaviour.padsShortFrames && length > 0 ? Math.max(length, SHORTEST_FRAME) : length;
    const frame = new Uint8Array(padded);
    socket.transmitRing.read(socket.txRead, frame, 0, length);
    this.phase = 'idle';
    if (faults !== null && faults.random.chance(faults.completionLoss)) this.phase = 'stuck';
    else {
      socket.finishTransmit();
      if (faults === null || !faults.random.chance(faults.sendokLoss)) socket.latch(Sn_IR_SENDOK);
    }
    context.interruptsChanged();
    if (padded === 0) counters.unsent++;
    else if (padded < SHORTEST_FRAME) counters.runts++;
    else {
      counters.sent++;
      this.onTransmit(frame);
    }
  }
}
