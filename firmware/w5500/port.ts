/**
 * One W5500 as the packet path sees it: a handful of natives with their arguments bound, made once at boot.
 *
 * A bound native is the cheapest call the interpreter has, so every fixed SPI message lies ready in the arena and
 * is sent by a function without arguments. Layout of a port's message block:
 *
 *      0  00 28 0C rr rr       write RX_RD: where the next read starts
 *      3  rr rr 18 ...         read the receive ring from there; filler follows as long as the read is
 *      8  00 24 0C tt tt       write TX_WR: the end of the frame to send
 *     13  ww ww 14 jj jj jj dd dd dd dd dd dd ss ss ss ss ss ss
 *                              the first 18 bytes of a frame to send: SPI header, 3 bytes that land before the
 *                              frame, both MAC addresses
 *     32  00 01 0C 40          RECV          36  00 01 0C 20        SEND
 *     40  00 2A 08 00 00       read RX_WR    45  00 20 08 00        read the high byte of TX_FSR
 *     49  00 02 0C 04          clear the receive interrupt
 *
 * RX_RD is committed one byte behind the next frame, because a read starts one byte early to align the IP header;
 * so both messages share the same two bytes.
 */
import { messageBytes, messages, burstBytes } from '../layout/arena.ts';
import type { ChipPins, Spi, Wire } from '../platform/bus.ts';
import { copierOf, interruptPin, resetPin, selectPin } from '../platform/bus.ts';
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

/** Offset of the read header in a message block. */
export const readHeader = 3;
/** Offset of TX_WR's value. */
export const transmitEnd = 11;
/** Offset of the transmit template, and its length. */
export const template = 13;
export const templateBytes = 18;
/** Offset of the MAC addresses in the template. */
export const templateMacs = 19;

export interface Port {
  /** wanPort or lanPort. */
  number: number;
  /** Offset of its message block. */
  block: number;
  spi: Spi;
  select: Wire;
  reset: Wire;
  /** False while the chip wants to be looked at. */
  interruptHigh: () => boolean;
  interruptWire: Wire;
  /** RX_WR: its two bytes are at 3 and 4 of the answer. */
  arrivals: () => Uint8Array;
  /** View of the read message up to an end offset counted from the arena's message area. */
  readMessage: (end: number) => Uint8Array;
  /** Sends and receives at once: `exchange(message, select)`. */
  exchange: (message: Uint8Array, select: Wire) => Uint8Array;
  /** Writes the address of the next read, which is RX_RD too, into its messages; wraps at 65536. */
  setRead: (address: number) => void;
  commitRead: () => void;
  receive: () => void;
  clearInterrupt: () => void;
  /** High byte of TX_FSR at 3 of the answer. */
  transmitFree: () => Uint8Array;
  /** Copies the transmit template over the beginning of a frame's array. */
  stamp: (frame: Uint8Array) => void;
  /** `write(frame, select)` */
  write: (frame: Uint8Array, select: Wire) => void;
  /** Writes the address of the next frame's SPI header, three bytes before the frame. */
  setWrite: (address: number) => void;
  /** Writes TX_WR, the end of the frame to send. */
  setEnd: (address: number) => void;
  commitWrite: () => void;
  send: () => void;
}

/** The messages as the chip reads them: one native call writes a pointer, cheaper than two byte stores. */
const bigEndian = new DataView(messages.buffer, messages.byteOffset, messages.byteLength);

/** Writes a 3-byte SPI header and up to two data bytes into the message area. */
function message(at: number, address: number, control: number, data: number): void {
  messages[at] = address >>> 8;
  messages[at + 1] = address;
  messages[at + 2] = control;
  messages[at + 3] = data;
}

/** Prepares a port's messages and binds its natives. Touches no chip. */
export function openPort(number: number, spi: Spi, pins: ChipPins): Port {
  const block = number * messageBytes;
  message(block, receivePointerAt, socketWrite, 0);
  messages[block + 5] = receiveRead;
  message(block + 8, transmitPointerAt, socketWrite, 0);
  messages[block + template + 2] = transmitWrite;
  message(block + 32, commandAt, socketWrite, commandReceive);
  message(block + 36, commandAt, socketWrite, commandSend);
  message(block + 40, receiveEndAt, socketRead, 0);
  message(block + 45, transmitFreeAt, socketRead, 0);
  message(block + 49, interruptAt, socketWrite, interruptReceived);
  const select = selectPin(pins);
  const wire = interruptPin(pins);
  function part(at: number, bytes: number): Uint8Array {
    return messages.subarray(block + at, block + at + bytes);
  }
  function setter(at: number): (address: number) => void {
    return bigEndian.setUint16.bind(bigEndian, block + at);
  }
  return {
    number: number,
    block: block,
    spi: spi,
    select: select,
    reset: resetPin(pins),
    interruptHigh: wire.read.bind(wire),
    interruptWire: wire,
    arrivals: spi.send.bind(spi, part(40, 5), select),
    readMessage: messages.subarray.bind(messages, block + readHeader),
    exchange: spi.send.bind(spi),
    setRead: setter(readHeader),
    commitRead: spi.write.bind(spi, part(0, 5), select),
    receive: spi.write.bind(spi, part(32, 4), select),
    clearInterrupt: spi.write.bind(spi, part(49, 4), select),
    transmitFree: spi.send.bind(spi, part(45, 4), select),
    stamp: copierOf(part(template, templateBytes)),
    write: spi.write.bind(spi),
    setWrite: setter(template),
    setEnd: setter(transmitEnd),
    commitWrite: spi.write.bind(spi, part(8, 5), select),
    send: spi.write.bind(spi, part(36, 4), select),
  };
}

/** Reads registers: the answer's first three bytes are dummies. Not for the packet path: it allocates. */
export function readRegisters(port: Port, address: number, control: number, bytes: number): Uint8Array {
  const request = new Uint8Array(3 + bytes);
  request[0] = address >>> 8;
  request[1] = address;
  request[2] = control;
  return port.spi.send(request, port.select);
}

/** Writes registers from a list of byte values. Not for the packet path. */
export function writeRegisters(port: Port, address: number, control: number, values: number[]): void {
  const request = new Uint8Array(3 + values.length);
  request[0] = address >>> 8;
  request[1] = address;
  request[2] = control;
  for (let i = 0; i < values.length; i++) request[3 + i] = values[i];
  port.spi.write(request, port.select);
}

/** Bytes of the ring one read may bring: the burst less its header and the byte read early. */
export const readMost = burstBytes - 4;
