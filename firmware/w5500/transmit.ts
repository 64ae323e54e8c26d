/**
 * Sending: for each port the natives that put a frame into the chip's ring and out, in the way of receive.ts.
 *
 * The received array itself goes out again: its first three bytes become the SPI header, the three behind them land
 * in the ring just before the frame (TX_WR - 3), which is free because the previous frame has left by then.
 */
import {
  chipLan,
  chipWan,
  counter,
  linkLan,
  linkWan,
  messageBytes,
  messages,
  neighbourMacs,
  stampLan,
  stampWan,
  switches,
} from '../layout/arena.ts';
import { chipStuck, lanPort, running, wanPort } from '../layout/ports.ts';
import { linkDownDrop, transmitBusy, transmitStuck } from '../layout/reasons.ts';
import type { Bus, Wire } from '../platform/bus.ts';
import { copier, copierOf } from '../platform/bus.ts';
import { lanSelect, wanSelect } from './receive.ts';
import { transmitIdle } from './registers.ts';
import { setChip } from './state.ts';

/** Offset of TX_WR's value, which the template's address follows; of the template; of its MAC addresses. */
const endAt = 11;
const templateAt = 13;
const templateBytes = 18;
const templateMacsAt = 19;

/** Looks at a transmitter that is still busy before it counts as stuck: several milliseconds on a board. */
const busyLooks = 64;

/** High byte of TX_FSR at 3 of the answer. */
export let wanFree: () => Uint8Array;
/** `wanWrite(frame, wanSelect)` */
export let wanWrite: Bus['write'];
/** Copies the transmit template over the beginning of a frame's array. */
export let wanStamp: (frame: Uint8Array) => void;
/** Writes TX_WR and the template's address at once: the upper and lower half of a word. */
export let wanPlace: (both: number) => void;
export let wanCommitWrite: () => void;
export let wanSend: () => void;
/** Ring address of the next frame's array, three bytes before the frame; below 65536. */
export let wanNext = 0;

export let lanFree: () => Uint8Array;
export let lanWrite: Bus['write'];
export let lanStamp: (frame: Uint8Array) => void;
export let lanPlace: (both: number) => void;
export let lanCommitWrite: () => void;
export let lanSend: () => void;
export let lanNext = 0;

/** Twelve bytes of `neighbourMacs`, and a copy of them in a template: `copy(macsOf(begin, end), lanMacs)`. */
const macsOf = neighbourMacs.subarray.bind(neighbourMacs);
const copy = copier();
let wanMacs: Uint8Array;
let lanMacs: Uint8Array;

/** Binds a port's natives to its messages, which port.ts has written. */
export function bindTransmit(port: number, bus: Bus, select: Wire): void {
  const block = port * messageBytes;
  const spi = bus.spi;
  function part(at: number, bytes: number): Uint8Array {
    return messages.subarray(block + at, block + at + bytes);
  }
  const view = new DataView(messages.buffer, messages.byteOffset + block + endAt, 4);
  const free = spi.send.bind(spi, part(45, 4), select);
  const stamp = copierOf(part(templateAt, templateBytes));
  const place = view.setUint32.bind(view, 0);
  const commitWrite = spi.write.bind(spi, part(8, 5), select);
  const send = spi.write.bind(spi, part(36, 4), select);
  if (port == lanPort) {
    lanFree = free;
    lanWrite = bus.write;
    lanStamp = stamp;
    lanPlace = place;
    lanCommitWrite = commitWrite;
    lanSend = send;
    lanMacs = part(templateMacsAt, 12);
  } else {
    wanFree = free;
    wanWrite = bus.write;
    wanStamp = stamp;
    wanPlace = place;
    wanCommitWrite = commitWrite;
    wanSend = send;
    wanMacs = part(templateMacsAt, 12);
  }
}

/** What `place` writes for a frame's array at ring address a is a * 65537 and this: TX_WR is three bytes on. */
const bothShift = 3 * 65536;

/** Where the next frame goes in a transmit ring. */
export function setTransmitPointer(port: number, at: number): void {
  if (port == lanPort) lanPlace((lanNext = (at - 3) & 65535) * 65537 + bothShift);
  else wanPlace((wanNext = (at - 3) & 65535) * 65537 + bothShift);
}

/**
 * Where the transmit ring ends, as the chip was told last.
 * @inline
 */
export function transmitEndOf(port: number): number {
  return ((port == lanPort ? lanNext : wanNext) + 3) & 65535;
}

/**
 * Puts a frame into the ring of a port that may send, and out. @param header its Ethernet length and 2
 * @inline
 */
export function wanEmit(frame: Uint8Array, header: number): void {
  return (
    wanStamp(frame),
    wanWrite(frame, wanSelect),
    wanPlace((wanNext = (wanNext + header - 2) & 65535) * 65537 + bothShift),
    wanCommitWrite(),
    wanSend()
  );
}

/**
 * The same for the LAN.
 * @inline
 */
export function lanEmit(frame: Uint8Array, header: number): void {
  return (
    lanStamp(frame),
    lanWrite(frame, lanSelect),
    lanPlace((lanNext = (lanNext + header - 2) & 65535) * 65537 + bothShift),
    lanCommitWrite(),
    lanSend()
  );
}

/**
 * Gives the WAN's template the addresses of another hop than last time, if the port may send at all.
 * @returns whether it may; if not, that is counted and the frame is lost
 */
export function wanRestamp(hop: number): boolean {
  if (switches[chipWan] != running || !switches[linkWan]) return closed();
  copy(macsOf(12 * hop, 12 * hop + 12), wanMacs);
  switches[stampWan] = hop;
  return true;
}

/** The same for the LAN's. */
export function lanRestamp(hop: number): boolean {
  if (switches[chipLan] != running || !switches[linkLan]) return closed();
  copy(macsOf(12 * hop, 12 * hop + 12), lanMacs);
  switches[stampLan] = hop;
  return true;
}

/**
 * Counts a frame that a port may not send. @returns false: there are never fewer than none
 * @inline
 */
function closed(): boolean {
  return counter[linkDownDrop]++ < 0;
}

/** Waits, within bounds, for the previous frame to leave a port; else that port is stuck. @returns whether it has */
export function leaves(port: number): boolean {
  const free = port == lanPort ? lanFree : wanFree;
  counter[transmitBusy]++;
  for (let looks = 0; looks < busyLooks; looks++) if (free()[3] == transmitIdle) return true;
  counter[transmitStuck]++;
  setChip(port, chipStuck);
  return false;
}

/** Sends a frame on the WAN, whatever went there before: its array, its length header, the next hop. */
export function sendWan(frame: Uint8Array, header: number, hop: number): void {
  if (hop != switches[stampWan] && !wanRestamp(hop)) return;
  if (wanFree()[3] == transmitIdle || leaves(wanPort)) wanEmit(frame, header);
}

/** The same on the LAN. */
export function sendLan(frame: Uint8Array, header: number, hop: number): void {
  if (hop != switches[stampLan] && !lanRestamp(hop)) return;
  if (lanFree()[3] == transmitIdle || leaves(lanPort)) lanEmit(frame, header);
}
