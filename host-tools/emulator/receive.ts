// Frames from the wire into the receive ring, and the RECV command that frees it.
// Rows 9-12, 14, 15, 32 and 34 of docs/emulator.md. Knows nothing of SPI.
import type { ChipContext } from './context.ts';
import type { W5500Counters } from './counters.ts';
import type { Phy } from './phy.ts';
import type { Socket } from './socket.ts';
import { passesFilter } from './filter.ts';
import { SHAR, Sn_IR_RECV } from './registers.ts';
import { LONGEST_FRAME, SHORTEST_FRAME, wireTime } from './transmit.ts';

/** The big-endian length before each frame in the ring; it counts itself. */
const HEADER = 2;
/** Preamble and start delimiter: wire bytes before the first that can show in RX_WR. */
const PREAMBLE = 8;

interface Arrival {
  readonly frame: Uint8Array;
  readonly start: number;
}

export class Receiver {
  /** Frames on their way in, timed mode only; the first may be half received. */
  private readonly arrivals: Arrival[] = [];
  private lineFreeAt = 0;

  constructor(
    private readonly context: ChipContext,
    private readonly socket: Socket,
    private readonly phy: Phy,
    private readonly common: Uint8Array,
  ) {
    if (context.timed) socket.incoming = () => this.incoming();
  }

  /** A frame comes from the wire. True if it was stored or, in timed mode, if it is on its way to an open socket. */
  deliver(frame: Uint8Array): boolean {
    const { context, socket } = this;
    if (!context.timed) return this.arrive(frame);
    if (!this.phy.linked) return this.arrive(frame);
    const { clock } = context;
    const start = Math.max(clock.now(), this.lineFreeAt);
    const arrival = { frame: frame.slice(), start };
    this.lineFreeAt = start + wireTime(frame.length, this.phy.megabits);
    this.arrivals.push(arrival);
    clock.schedule(this.lineFreeAt, () => {
      this.arrivals.shift();
      this.arrive(arrival.frame);
    });
    return socket.opened;
  }

  /** The RECV command: RX_RD takes effect and frees what lies before it. */
  free(): void {
    const { context, socket } = this;
    socket.rxRead = socket.rxWritten;
    const { faults } = context;
    if (faults !== null && faults.slipNextReceive !== 0) {
      socket.rxRead = socket.rxWritten = (socket.rxRead + faults.slipNextReceive) & 0xffff;
      faults.slipNextReceive = 0;
    } else if (socket.rxFree < 0)
      context.complain('S0_CR', 'RECV with RX_RD beyond RX_WR frees bytes never received.');
  }

  /** True if a read of `count` bytes at `offset` of the RX buffer reaches bytes that were not received or already freed. */
  misses(offset: number, count: number): boolean {
    const { socket } = this;
    const ahead = (offset - socket.rxRead) & (socket.receiveRing.size - 1);
    return ahead + count > socket.received;
  }

  /** The last bit and the FCS have come. */
  private arrive(frame: Uint8Array): boolean {
    const fate = this.judge(frame);
    this.context.counters[fate]++;
    if (fate !== 'delivered') return false;
    this.store(frame);
    this.socket.latch(Sn_IR_RECV);
    this.context.interruptsChanged();
    return true;
  }

  private judge(frame: Uint8Array): keyof W5500Counters {
    const { context, socket } = this;
    if (!this.phy.linked) return 'unlinked';
    if (!socket.opened) return 'unopened';
    if (frame.length < SHORTEST_FRAME) return 'undersized';
    if (frame.length > LONGEST_FRAME && context.behaviour.oversizeArrival === 'dropped') return 'oversized';
    if (!this.passes(frame)) return 'filtered';
    return this.fits(frame) ? 'delivered' : 'overflowed';
  }

  private passes(frame: Uint8Array): boolean {
    const { behaviour, faults } = this.context;
    if (passesFilter(this.socket.mode, this.common, SHAR, frame, behaviour.blocks3333)) return true;
    return faults !== null && faults.random.chance(faults.filterLeak);
  }

  /** Header and frame fit whole, or the frame is dropped without a word. */
  private fits(frame: Uint8Array): boolean {
    const left = this.socket.rxFree - HEADER - frame.length;
    return this.context.behaviour.exactlyFullIsFull ? left > 0 : left >= 0;
  }

  private store(frame: Uint8Array): void {
    const { socket, context } = this;
    let header = frame.length + HEADER;
    if (context.faults !== null && context.faults.nextLengthHeader !== null) {
      header = context.faults.nextLengthHeader;
      context.faults.nextLengthHeader = null;
    }
    const ring = socket.receiveRing;
    ring.put(socket.rxWrite, header >>> 8);
    ring.put(socket.rxWrite + 1, header & 0xff);
    ring.write(socket.rxWrite + HEADER, frame, 0, frame.length);
    socket.advanceRxWrite(frame.length + HEADER);
  }

  /** Bytes of the frame now coming in, as far as RX_WR shows them. */
  private incoming(): number {
    const { arrivals, context, socket } = this;
    if (!context.behaviour.growingReceive || arrivals.length === 0 || !socket.opened) return 0;
    const { frame, start } = arrivals[0];
    const shown = Math.floor(((context.clock.now() - start) * this.phy.megabits) / 8) - PREAMBLE;
    const stored =
      passesFilter(socket.mode, this.common, SHAR, frame, context.behaviour.blocks3333) && this.fits(frame);
    return stored ? Math.min(Math.max(shown, 0), frame.length + HEADER - 1) : 0;
  }
}
