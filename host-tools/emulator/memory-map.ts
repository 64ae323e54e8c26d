// The chip's address space: the block that a control byte selects, and what may be done there.
// Spots illegal accesses; what registers mean is in the blocks themselves.
import type { ChipContext } from './context.ts';
import type { CommonBlock } from './common-block.ts';
import type { Receiver } from './receive.ts';
import type { Socket } from './socket.ts';
import type { Blocks } from './spi-frame.ts';
import type { Transmitter } from './transmit.ts';
import { CONTROL_BLOCK_SHIFT } from './registers.ts';

/** The low two bits of the block select; the upper three are the socket. */
const REGISTERS = 1;
const TX_BUFFER = 2;
const RX_BUFFER = 3;

export class MemoryMap implements Blocks {
  constructor(
    private readonly context: ChipContext,
    private readonly common: CommonBlock,
    private readonly sockets: readonly Socket[],
    private readonly transmitter: Transmitter,
    private readonly receiver: Receiver,
  ) {}

  readRun(control: number, address: number, into: Uint8Array, at: number, count: number): void {
    const block = control >>> CONTROL_BLOCK_SHIFT;
    const socket = this.sockets[block >>> 2];
    switch (block & 3) {
      case REGISTERS:
        socket.readRun(address, into, at, count);
        this.context.interruptsChanged();
        break;
      case TX_BUFFER:
        socket.transmitRing.read(address, into, at, count);
        break;
      case RX_BUFFER:
        if (socket.index === 0 && this.receiver.misses(address, count))
          this.context.complain(
            'S0 RX buffer',
            `${count} bytes read at ${hex(address)} are not all received data.`,
          );
        socket.receiveRing.read(address, into, at, count);
        break;
      default:
        this.readCommon(block, address, into, at, count);
    }
  }

  writeRun(control: number, address: number, from: Uint8Array, at: number, count: number): void {
    if (this.context.reset.settling) {
      this.context.complain('reset', `a write to ${hex(address)} before VERSIONR reads 04 is lost.`);
      return;
    }
    const block = control >>> CONTROL_BLOCK_SHIFT;
    const socket = this.sockets[block >>> 2];
    switch (block & 3) {
      case REGISTERS:
        this.writeSocket(socket, address, from, at, count);
        break;
      case TX_BUFFER:
        if (socket.index === 0 && this.transmitter.overwrites(address, count))
          this.context.complain(
            'S0 TX buffer',
            `${count} bytes written at ${hex(address)} change a frame being sent.`,
          );
        socket.transmitRing.write(address, from, at, count);
        break;
      case RX_BUFFER:
        this.context.complain(
          `S${socket.index} RX buffer`,
          'belongs to the chip; the write damages received frames.',
        );
        socket.receiveRing.write(address, from, at, count);
        break;
      default:
        this.writeCommon(block, address, from, at, count);
    }
  }

  private writeSocket(socket: Socket, address: number, from: Uint8Array, at: number, count: number): void {
    for (let i = 0; i < count; i++) socket.write((address + i) & 0xffff, from[at + i]);
    this.context.interruptsChanged();
  }

  private readCommon(block: number, address: number, into: Uint8Array, at: number, count: number): void {
    if (block !== 0) this.context.complain('SPI control byte', `block ${block} is reserved; it reads 0.`);
    for (let i = 0; i < count; i++) into[at + i] = block === 0 ? this.common.read((address + i) & 0xffff) : 0;
  }

  private writeCommon(block: number, address: number, from: Uint8Array, at: number, count: number): void {
    if (block !== 0) {
      this.context.complain('SPI control byte', `block ${block} is reserved; the write does nothing.`);
      return;
    }
    for (let i = 0; i < count; i++) this.common.write((address + i) & 0xffff, from[at + i]);
    this.context.interruptsChanged();
  }
}

function hex(address: number): string {
  return `0x${address.toString(16).padStart(4, '0')}`;
}
