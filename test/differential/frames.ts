/**
 * Frames as the hosts of the test make them, beyond what test/wire/packets.ts builds: TCP segments with all their
 * fields, packets cut into pieces, and packets damaged on purpose. Pure.
 */
import { foldedSum, get16, ip } from '../wire/packets.ts';
import { macBytes } from './network.ts';

export function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

function put32(bytes: Uint8Array, at: number, value: number): void {
  put16(bytes, at, value >>> 16);
  put16(bytes, at + 2, value & 0xffff);
}

export function join(...parts: ArrayLike<number>[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

/** An Ethernet frame around a packet, from one of the hosts (by name) to a port of the router, padded to 60 bytes. */
export function frameOf(link: string, routerPort: string, packet: Uint8Array, broadcast = false): Uint8Array {
  const frame = new Uint8Array(Math.max(60, 14 + packet.length));
  frame.set(broadcast ? new Uint8Array(6).fill(255) : macBytes(routerPort), 0);
  frame.set(macBytes(link), 6);
  frame.set([8, 0], 12);
  frame.set(packet, 14);
  return frame;
}

/** What a host may do to the IP header of anything it sends. */
export interface IpShape {
  ttl?: number;
  tos?: number;
  id?: number;
  /** Flags and offset; DF alone if not given. */
  fragment?: number;
  options?: number[];
}

export interface Segment {
  flags: number;
  seq: number;
  ack: number;
  data?: Uint8Array;
  /** TCP options, a multiple of four bytes. */
  tcpOptions?: number[];
  urgent?: number;
}

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;
export const URG = 32;
const WINDOW = 0xfaf0;

export interface End {
  address: string;
  port: number;
}

export function segment(from: End, to: End, what: Segment, shape: IpShape): Uint8Array {
  const options = what.tcpOptions ?? [];
  const header = new Uint8Array(20 + options.length);
  put16(header, 0, from.port);
  put16(header, 2, to.port);
  put32(header, 4, what.seq >>> 0);
  put32(header, 8, what.ack >>> 0);
  header[12] = (header.length / 4) << 4;
  header[13] = what.flags;
  put16(header, 14, WINDOW);
  put16(header, 18, what.urgent ?? 0);
  header.set(options, 20);
  const packet = ip(6, from.address, to.address, join(header, what.data ?? []), shape);
  put16(packet, transportAt(packet) + 16, 0xffff - transportSum(packet));
  return packet;
}

export function transportAt(packet: Uint8Array): number {
  return (packet[0] & 15) * 4;
}

/** Sum over pseudo header and payload: 0xffff when the checksum is right. */
export function transportSum(packet: Uint8Array): number {
  const payload = packet.subarray(transportAt(packet));
  const pseudo = join(packet.subarray(12, 20), [0, packet[9], payload.length >>> 8, payload.length & 255]);
  return foldedSum(join(pseudo, payload));
}

/** Recomputes the IP header's checksum after a field was changed. */
export function sealed(packet: Uint8Array): Uint8Array {
  put16(packet, 10, 0);
  put16(packet, 10, 0xffff - foldedSum(packet.subarray(0, transportAt(packet))));
  return packet;
}

/** A copy with some bytes of the IP header changed and its checksum made right again. */
export function changed(packet: Uint8Array, at: number, ...bytes: number[]): Uint8Array {
  const copy = packet.slice();
  copy.set(bytes, at);
  return sealed(copy);
}

/** A copy with one bit turned; the checksums stay as they were. */
export function damaged(packet: Uint8Array, at: number): Uint8Array {
  const copy = packet.slice();
  copy[at] ^= 0x10;
  return copy;
}

/** A piece of a packet: payload bytes from `start` (a multiple of eight) to `end`. */
export function piece(packet: Uint8Array, start: number, end: number): Uint8Array {
  const header = transportAt(packet);
  const last = header + end >= packet.length;
  const cut = join(packet.subarray(0, header), packet.subarray(header + start, header + end));
  put16(cut, 2, cut.length);
  put16(cut, 6, (last ? 0 : 0x2000) | (start / 8));
  return sealed(cut);
}

/** The pieces of a packet, or of what follows `from`, when none may carry more than `size` bytes of payload (multiples of eight). */
export function pieces(packet: Uint8Array, size: number, from = 0): Uint8Array[] {
  const payload = get16(packet, 2) - transportAt(packet);
  const cuts: Uint8Array[] = [];
  for (let start = from; start < payload; start += size)
    cuts.push(piece(packet, start, Math.min(payload, start + size)));
  return cuts;
}
