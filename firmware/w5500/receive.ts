/**
 * Receiving, as far as the chip is concerned: for each port the natives of the packet path and the place in its ring.
 *
 * There are two of everything, by name and not by number, because the drains run for every packet and a list costs
 * them an access at each step. All messages are those of port.ts. RX_RD is committed one byte behind the next frame,
 * because a read starts one byte early to align the IP header; so both messages share the same two bytes.
 */
import { messageBytes, messages } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import type { Bus, Wire } from '../platform/bus.ts';

/** Offset of the read request in a message block. */
const requestAt = 3;
/** Where a read request for no bytes ends in the message area: its header, and the byte that is read early. */
export const wanRequestEnd = requestAt + 4;
export const lanRequestEnd = messageBytes + requestAt + 4;

type Read = () => Uint8Array;
type Command = () => void;

/** False while the chip wants to be looked at. */
export let wanQuiet: () => boolean;
/** Clears the receive interrupt. */
export let wanClear: Command;
/** RX_WR: its two bytes are at 3 and 4 of the answer. */
export let wanArrivals: Read;
/** Sends a request and brings as many bytes: `wanExchange(request, wanSelect)`. */
export let wanExchange: Bus['exchange'];
/** The request to read the ring, up to an end in the message area: `wanRequest(wanRequestEnd + bytes)`. */
export let wanRequest: (end: number) => Uint8Array;
export let wanSelect: Wire;
/** Writes the address of the next read, which is RX_RD too, into its messages; wraps at 65536. */
export let wanSetRead: (address: number) => void;
export let wanCommitRead: Command;
/** RECV: the chip may use what was read. */
export let wanReceive: Command;
/** Where the next read starts: one byte before the next frame. Grows without end; its low 16 bits count. */
export let wanRead = 0;

export let lanQuiet: () => boolean;
export let lanClear: Command;
export let lanArrivals: Read;
export let lanExchange: Bus['exchange'];
export let lanRequest: (end: number) => Uint8Array;
export let lanSelect: Wire;
export let lanSetRead: (address: number) => void;
export let lanCommitRead: Command;
export let lanReceive: Command;
export let lanRead = 0;

/** The messages as the chip reads them: one native call writes a pointer, cheaper than two byte stores. */
const bigEndian = new DataView(messages.buffer, messages.byteOffset, messages.byteLength);

/** Binds a port's natives to its messages, which port.ts has written. */
export function bindReceive(port: number, bus: Bus, select: Wire, interrupt: Wire): void {
  const block = port * messageBytes;
  const spi = bus.spi;
  function part(at: number, bytes: number): Uint8Array {
    return messages.subarray(block + at, block + at + bytes);
  }
  const quiet = interrupt.read.bind(interrupt);
  const clear = spi.write.bind(spi, part(49, 4), select);
  const arrivals = spi.send.bind(spi, part(40, 5), select);
  const request = messages.subarray.bind(messages, block + requestAt);
  const setRead = bigEndian.setUint16.bind(bigEndian, block + requestAt);
  const commitRead = spi.write.bind(spi, part(0, 5), select);
  const receive = spi.write.bind(spi, part(32, 4), select);
  if (port == lanPort) {
    lanQuiet = quiet;
    lanClear = clear;
    lanArrivals = arrivals;
    lanExchange = bus.exchange;
    lanRequest = request;
    lanSelect = select;
    lanSetRead = setRead;
    lanCommitRead = commitRead;
    lanReceive = receive;
  } else {
    wanQuiet = quiet;
    wanClear = clear;
    wanArrivals = arrivals;
    wanExchange = bus.exchange;
    wanRequest = request;
    wanSelect = select;
    wanSetRead = setRead;
    wanCommitRead = commitRead;
    wanReceive = receive;
  }
}

/**
 * Passes over ring bytes of the WAN's port, which were taken.
 * @inline
 */
export function wanTook(bytes: number): void {
  return wanSetRead((wanRead += bytes));
}

/**
 * The same of the LAN's.
 * @inline
 */
export function lanTook(bytes: number): void {
  return lanSetRead((lanRead += bytes));
}

/** Where the next frame starts in a receive ring. Reads, and RX_RD, start one byte before it. */
export function setReceivePointer(port: number, at: number): void {
  if (port == lanPort) lanSetRead((lanRead = at - 1));
  else wanSetRead((wanRead = at - 1));
}

/**
 * Where the next frame starts in a receive ring, as the chip counts.
 * @inline
 */
export function receivePlaceOf(port: number): number {
  return ((port == lanPort ? lanRead : wanRead) + 1) & 65535;
}

/** Once in a while: the places as numbers below 65536 again, which the interpreter adds faster than large ones. */
export function wrapPlaces(): void {
  lanRead &= 65535;
  wanRead &= 65535;
}
