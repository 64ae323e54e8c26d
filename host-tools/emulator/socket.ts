// One socket's register block: what the host reads and writes there, and the pointers behind it.
// Does not act on commands (commands.ts), move frames (transmit.ts, receive.ts) or place rings (buffers.ts).
import type { ChipContext } from './context.ts';
import type { Ring } from './ring.ts';
import * as reg from './registers.ts';

export class Socket {
  /** Called when the host writes Sn_CR. */
  onCommand: (command: number) => void = () => {};
  /** Called when the host writes a buffer size. */
  onBufferSize: () => void = () => {};

  /** Registers that are plain storage. The others are derived below. */
  private readonly bytes = new Uint8Array(reg.SOCKET_SIZE);

  /** Sn_CR: the command not yet accepted, else 0. */
  command = 0;
  /** Sn_TX_RD, and Sn_TX_WR as the last SEND took it. */
  txRead = 0;
  txWrite = 0;
  /** Sn_RX_RD as the last RECV took it, and Sn_RX_WR. */
  rxRead = 0;
  rxWrite = 0;
  /** Sn_TX_WR and Sn_RX_RD as the host wrote them last; they count only from the next SEND or RECV on. */
  txWritten = 0;
  rxWritten = 0;
  /** Bytes of a frame still coming in that RX_WR already shows (behaviour growingReceive). */
  incoming: () => number = () => 0;
  /** RX_WR and TX_RD before their last change, while no read has seen that change: what a torn read may still show. */
  private staleRxWrite = -1;
  private staleTxRead = -1;

  constructor(
    readonly index: number,
    private readonly context: ChipContext,
    readonly transmitRing: Ring,
    readonly receiveRing: Ring,
  ) {
    this.reset();
  }

  reset(): void {
    this.bytes.fill(0);
    for (const [offset, ...values] of reg.SOCKET_RESET) this.bytes.set(values, offset);
    this.command = 0;
    this.clearPointers();
  }

  /** All pointers 0, as OPEN leaves them. */
  clearPointers(): void {
    this.txRead = this.txWrite = this.txWritten = 0;
    this.rxRead = this.rxWrite = this.rxWritten = 0;
    this.staleRxWrite = this.staleTxRead = -1;
  }

  get mode(): number {
    return this.bytes[reg.Sn_MR];
  }

  get status(): number {
    return this.bytes[reg.Sn_SR];
  }

  set status(value: number) {
    this.bytes[reg.Sn_SR] = value;
  }

  /** Open for frames, which is in MACRAW. */
  get opened(): boolean {
    return this.status === reg.SOCK_MACRAW;
  }

  /** This socket's bit of SIR. */
  get interrupting(): boolean {
    return (this.bytes[reg.Sn_IR] & this.bytes[reg.Sn_IMR]) !== 0;
  }

  get interrupts(): number {
    return this.bytes[reg.Sn_IR];
  }

  get rxKilobytes(): number {
    return this.bytes[reg.Sn_RXBUF_SIZE];
  }

  get txKilobytes(): number {
    return this.bytes[reg.Sn_TXBUF_SIZE];
  }

  /** Sn_RX_RSR: bytes waiting, headers included. */
  get received(): number {
    return (this.rxWrite + this.incoming() - this.rxRead) & 0xffff;
  }

  /** Room for arrivals; negative after the host moved RX_RD beyond RX_WR. */
  get rxFree(): number {
    return this.receiveRing.size - ((this.rxWrite - this.rxRead) & 0xffff);
  }

  /** Sn_TX_FSR. */
  get txFree(): number {
    return (this.transmitRing.size - (this.txWrite - this.txRead)) & 0xffff;
  }

  /** Sn_IR latches whatever Sn_IMR says. */
  latch(interrupts: number): void {
    this.bytes[reg.Sn_IR] |= interrupts;
  }

  setMaximumSegment(bytes: number): void {
    this.bytes[reg.Sn_MSSR] = bytes >>> 8;
    this.bytes[reg.Sn_MSSR + 1] = bytes & 0xff;
  }

  /** A received frame is complete: RX_WR moves by `count`. */
  advanceRxWrite(count: number): void {
    this.staleRxWrite = this.rxWrite;
    this.rxWrite = (this.rxWrite + count) & 0xffff;
  }

  /** A SEND starts: TX_WR takes effect. */
  beginTransmit(): void {
    this.txWrite = this.txWritten;
    this.staleTxRead = -1;
  }

  /** A SEND has finished: TX_RD reaches TX_WR. */
  finishTransmit(): void {
    this.staleTxRead = this.txRead;
    this.txRead = this.txWrite;
  }

  /** Reads `count` registers from `offset` into `into[at..]`, torn if a fault says so. */
  readRun(offset: number, into: Uint8Array, at: number, count: number): void {
    const torn = this.tornBytes(offset, count);
    if (torn > 0) this.readStale(offset, into, at, torn);
    for (let i = torn; i < count; i++) into[at + i] = this.read((offset + i) & 0xffff);
  }

  read(offset: number): number {
    switch (offset) {
      case reg.Sn_CR:
        return this.command;
      case reg.Sn_TX_FSR:
        return this.txFree >>> 8;
      case reg.Sn_TX_FSR + 1:
        return this.txFree & 0xff;
      case reg.Sn_TX_RD:
        return this.txRead >>> 8;
      case reg.Sn_TX_RD + 1:
        return this.txRead & 0xff;
      case reg.Sn_TX_WR:
        return this.shownTxWrite >>> 8;
      case reg.Sn_TX_WR + 1:
        return this.shownTxWrite & 0xff;
      case reg.Sn_RX_RSR:
        return this.received >>> 8;
      case reg.Sn_RX_RSR + 1:
        return this.received & 0xff;
      case reg.Sn_RX_RD:
        return this.shownRxRead >>> 8;
      case reg.Sn_RX_RD + 1:
        return this.shownRxRead & 0xff;
      case reg.Sn_RX_WR:
        return ((this.rxWrite + this.incoming()) >>> 8) & 0xff;
      case reg.Sn_RX_WR + 1:
        return (this.rxWrite + this.incoming()) & 0xff;
      default:
        return offset < reg.SOCKET_SIZE ? this.bytes[offset] : 0;
    }
  }

  write(offset: number, value: number): void {
    switch (offset) {
      case reg.Sn_CR:
        this.onCommand(value);
        break;
      case reg.Sn_IR:
        this.bytes[reg.Sn_IR] &= ~value;
        break;
      case reg.Sn_TX_WR:
        this.txWritten = (value << 8) | (this.txWritten & 0xff);
        break;
      case reg.Sn_TX_WR + 1:
        this.txWritten = (this.txWritten & 0xff00) | value;
        break;
      case reg.Sn_RX_RD:
        this.rxWritten = (value << 8) | (this.rxWritten & 0xff);
        break;
      case reg.Sn_RX_RD + 1:
        this.rxWritten = (this.rxWritten & 0xff00) | value;
        break;
      case reg.Sn_RXBUF_SIZE:
      case reg.Sn_TXBUF_SIZE:
        this.bytes[offset] = value;
        this.onBufferSize();
        break;
      default:
        if (WRITABLE[offset] === 1) this.bytes[offset] = value;
        else
          this.context.complain(
            registerName(this.index, offset),
            'is read-only or reserved; the write does nothing.',
          );
    }
  }

  private get shownTxWrite(): number {
    return this.context.behaviour.pointerReadback === 'new' ? this.txWritten : this.txWrite;
  }

  private get shownRxRead(): number {
    return this.context.behaviour.pointerReadback === 'new' ? this.rxWritten : this.rxRead;
  }

  /** How many leading bytes of this read still show the chip before its last change; 0 for a clean read. */
  private tornBytes(offset: number, count: number): number {
    if (offset > reg.Sn_RX_WR + 1 || offset + count <= reg.Sn_TX_FSR) return 0;
    if (this.staleRxWrite < 0 && this.staleTxRead < 0) return 0;
    const faults = this.context.faults;
    if (faults !== null && faults.random.chance(faults.tearing)) return 1 + faults.random.below(count);
    this.staleRxWrite = this.staleTxRead = -1;
    return 0;
  }

  /** The arrival completes during this read, so RECV is latched (again) behind the bytes that do not show it yet. */
  private readStale(offset: number, into: Uint8Array, at: number, count: number): void {
    const { rxWrite, txRead, staleRxWrite, staleTxRead } = this;
    if (staleRxWrite >= 0) this.rxWrite = staleRxWrite;
    if (staleTxRead >= 0) this.txRead = staleTxRead;
    for (let i = 0; i < count; i++) into[at + i] = this.read(offset + i);
    this.rxWrite = rxWrite;
    this.txRead = txRead;
    if (staleRxWrite >= 0) this.latch(reg.Sn_IR_RECV);
    this.staleRxWrite = this.staleTxRead = -1;
  }
}

/** 1 for every register that is plain storage the host may write. */
const WRITABLE = new Uint8Array(reg.SOCKET_SIZE);
WRITABLE.fill(1, reg.Sn_PORT, reg.Sn_MSSR + 2);
for (const offset of [reg.Sn_MR, reg.Sn_TOS, reg.Sn_TTL, reg.Sn_IMR, reg.Sn_KPALVTR]) WRITABLE[offset] = 1;
WRITABLE.fill(1, reg.Sn_FRAG, reg.Sn_FRAG + 2);

/** For complaints: the data sheet's name of the register at `offset`. */
export function registerName(socket: number, offset: number): string {
  const known = NAMES.find(([name]) => name === offset || name + 1 === offset);
  return known
    ? `S${socket}_${known[1]}`
    : `socket ${socket} register 0x${offset.toString(16).padStart(4, '0')}`;
}

const NAMES: readonly (readonly [number, string])[] = [
  [reg.Sn_SR, 'SR'],
  [reg.Sn_TX_FSR, 'TX_FSR'],
  [reg.Sn_TX_RD, 'TX_RD'],
  [reg.Sn_RX_RSR, 'RX_RSR'],
  [reg.Sn_RX_WR, 'RX_WR'],
];
