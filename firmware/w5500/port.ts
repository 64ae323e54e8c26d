/**
 * The two W5500 as everything but the packet path sees them: by number, with slow reads and writes of registers; and
 * the block of messages in the arena from which the packet path's natives are made (receive.ts, transmit.ts).
 *
 * A bound native is the cheapest call the interpreter has, so every fixed SPI message lies ready in the arena and is
 * sent by a function without arguments. Layout of a port's message block:
 *
 *      0  00 28 0C rr rr       write RX_RD: where the next read starts
 *      3  rr rr 18 ...         read the receive ring from there; whatever follows in the arena is sent meanwhile
 *      8  00 24 0C tt tt       write TX_WR: the end of the frame to send
 *     13  ww ww 14 jj jj jj dd dd dd dd dd dd ss ss ss ss ss ss
 *                              the first 18 bytes of a frame to send: SPI header, 3 bytes that land before the
 *                              frame, both MAC addresses
 *     32  00 01 0C 40          RECV          36  00 01 0C 20        SEND
 *     40  00 2A 08 00 00       read RX_WR    45  00 20 08 00        read the high byte of TX_FSR
 *     49  00 02 0C 04          clear the receive interrupt
 */
import { messageBytes, messages } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import type { Bus, ChipPins, Spi, Wire } from '../platform/bus.ts';
import { interruptPin, resetPin, selectPin } from '../platform/bus.ts';
import { bindReceive, lanSelect, wanSelect } from './receive.ts';
import {
  commandAt,
  commandReceive,
  commandSend,
  interruptAt,
  interruptReceived,
  receiveEndAt,
  receivePointerAt,
  receiveRead,
  socketRead,
  socketWrite,
  transmitFreeAt,
  transmitPointerAt,
  transmitWrite,
} from './registers.ts';
import { bindTransmit } from './transmit.ts';

/** The buses; the packet path has natives of its own, and the select lines. */
let wanBus: Spi;
let lanBus: Spi;
/** By port number. */
const reset: Wire[] = [];

/** @inline */
function selectOf(port: number): Wire {
  return port == lanPort ? lanSelect : wanSelect;
}

/** @inline */
function busOf(port: number): Spi {
  return port == lanPort ? lanBus : wanBus;
}

/** Writes a 3-byte SPI header and a data byte into the message area. */
function message(at: number, address: number, control: number, data: number): void {
  messages[at] = address >>> 8;
  messages[at + 1] = address;
  messages[at + 2] = control;
  messages[at + 3] = data;
}

/**
 * Prepares a port's messages and binds its natives. Touches no chip.
 * @returns the interrupt line
 * @overlay
 */
export function openPort(port: number, bus: Bus, pins: ChipPins): Wire {
  const block = port * messageBytes;
  message(block, receivePointerAt, socketWrite, 0);
  messages[block + 5] = receiveRead;
  message(block + 8, transmitPointerAt, socketWrite, 0);
  messages[block + 15] = transmitWrite;
  message(block + 32, commandAt, socketWrite, commandReceive);
  message(block + 36, commandAt, socketWrite, commandSend);
  message(block + 40, receiveEndAt, socketRead, 0);
  message(block + 45, transmitFreeAt, socketRead, 0);
  message(block + 49, interruptAt, socketWrite, interruptReceived);
  if (port == lanPort) lanBus = bus.spi;
  else wanBus = bus.spi;
  const select = selectPin(pins);
  reset[port] = resetPin(pins);
  const interrupt = interruptPin(pins);
  bindReceive(port, bus, select, interrupt);
  bindTransmit(port, bus, select);
  return interrupt;
}

/**
 * Drives a chip's reset line.
 * @inline
 */
export function driveReset(port: number, level: number): void {
  return reset[port].write(level);
}

/** A request for some registers: header, then as many bytes as are read or written. */
function request(address: number, control: number, bytes: number): Uint8Array {
  const bytesOut = new Uint8Array(3 + bytes);
  bytesOut[0] = address >>> 8;
  bytesOut[1] = address;
  bytesOut[2] = control;
  return bytesOut;
}

/**
 * Reads registers: the answer's first three bytes are dummies. Not for the packet path: it allocates.
 * @inline
 */
export function readRegisters(port: number, address: number, control: number, bytes: number): Uint8Array {
  return busOf(port).send(request(address, control, bytes), selectOf(port));
}

/** Writes registers from byte values. Not for the packet path. */
export function writeRegisters(
  port: number,
  address: number,
  control: number,
  values: ArrayLike<number>,
): void {
  const bytesOut = request(address, control, values.length);
  for (let i = 0; i < values.length; i++) bytesOut[3 + i] = values[i];
  busOf(port).write(bytesOut, selectOf(port));
}
