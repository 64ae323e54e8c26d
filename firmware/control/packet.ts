/**
 * The packet the control room is looking at: its header fields, read once, for every file of this room.
 *
 * One packet at a time (the router is single-threaded), so these are plain variables. `take` fills them; whoever
 * rewrites the frame keeps them as they were received, which is what ICMP errors must quote.
 */
import { fragmentAt, ipAt, protocolAt, sourceWord, targetWord, totalLengthAt, ttlAt } from '../wire/frame.ts';
import { forgetReason } from './count.ts';

export let frame: Uint8Array;
export let words: Uint32Array;
/** Ethernet length of the frame. */
export let frameBytes = 0;
/** Port it came in by. */
export let ingress = 0;
/** Bytes of the IP header, options included. */
export let headerBytes = 0;
export let totalLength = 0;
export let protocol = 0;
export let source = 0;
export let target = 0;
/** Byte offset of the transport header in the frame, and the same as a word index. */
export let transportAt = 0;
export let transportWord = 0;
/** The word of both ports; control puts an ICMP query's identifier here, see icmp-errors.ts. */
export let ports = 0;

/** Points at a received frame and reads the fields of an IP header, whose length the caller checks afterwards. */
export function take(bytes: Uint8Array, view: Uint32Array, length: number, port: number): void {
  frame = bytes;
  words = view;
  frameBytes = length;
  ingress = port;
  headerBytes = (bytes[ipAt] & 15) * 4;
  totalLength = (bytes[totalLengthAt] << 8) | bytes[totalLengthAt + 1];
  protocol = bytes[protocolAt];
  source = view[sourceWord];
  target = view[targetWord];
  transportAt = ipAt + headerBytes;
  transportWord = transportAt / 4;
  ports = 0;
  forgetReason();
}

/**
 * The frame is no IP packet: it has none of these.
 * @inline
 */
export function forgetIp(): number {
  return (protocol = source = target = 0);
}

/**
 * Sets the key word of the transport header.
 * @inline
 */
export function setPorts(value: number): number {
  return (ports = value);
}

/**
 * A big-endian halfword of the frame.
 * @inline
 */
export function half(at: number): number {
  return (frame[at] << 8) | frame[at + 1];
}

/**
 * Whether it is a fragment other than the first.
 * @inline
 */
export function isLaterFragment(): boolean {
  return (half(fragmentAt) & 0x1fff) != 0;
}

/**
 * Whether routers must not fragment it.
 * @inline
 */
export function dontFragment(): boolean {
  return (frame[fragmentAt] & 64) != 0;
}

/** @inline */
export function ttl(): number {
  return frame[ttlAt];
}
