/**
 * The fast path's front door: of what kind a packet is, and which of the six translations that kind has.
 *
 * A translation is chosen by protocol (tcp.ts, udp.ts) and by where the packet comes from and goes to: from the WAN to
 * P, from the LAN to somebody else, from the LAN to the router itself, which is the hairpin. Each looks in an index of
 * its own, so a hit needs no test of the port of arrival. May touch: words of the frame, by calling on. Flat.
 *
 * The words of a frame (wire/frame.ts): 1 length | begin of the target MAC, 5 first IP word, 6 fragment bits,
 * 7 TTL | protocol | checksum, 8 source, 9 target, 10 ports, 11 UDP length | checksum, 13 TCP flags,
 * 14 TCP checksum | urgent pointer.
 */
import { hairpinToLan } from '../layout/flow.ts';
import { lanPort } from '../layout/ports.ts';
import { fragmentMask, groupMask } from '../wire/frame.ts';
import { lanAddress, publicAddress } from './own.ts';
import { tcpFromLan, tcpFromWan, tcpHairpin } from './tcp.ts';
import { udpFromLan, udpFromWan, udpHairpin } from './udp.ts';

/** Kind of a TCP packet: version 4, no options, no fragment, protocol 6, sent to one station. */
export const tcpKind = 0x0645;
/** Kind of a UDP packet. */
export const udpKind = 0x1145;

/**
 * What version, header length, fragment bits, protocol and the group bit of the target's MAC address come to.
 * @inline
 */
export function kindOf(w: Uint32Array): number {
  return (w[5] & 255) | (w[6] & fragmentMask) | (w[7] & 65280) | (w[1] & groupMask);
}

/**
 * Translates a packet of the given kind that arrived on the WAN.
 * @inline
 */
export function fromWan(w: Uint32Array, kind: number): number {
  return kind == tcpKind ? tcpFromWan(w) : kind == udpKind ? udpFromWan(w) : 0;
}

/**
 * Translates a packet of the given kind that arrived on the LAN for somebody else.
 * @inline
 */
export function fromLan(w: Uint32Array, kind: number): number {
  return kind == tcpKind ? tcpFromLan(w) : kind == udpKind ? udpFromLan(w) : 0;
}

/**
 * Whether a packet is for P; from the LAN, that is around the hairpin.
 * @inline
 */
export function isPublic(w: Uint32Array): boolean {
  return w[9] == publicAddress;
}

/**
 * Translates a packet of the given kind that arrived on the LAN for P.
 * @inline
 */
export function toPublic(w: Uint32Array, kind: number): number {
  return kind == tcpKind ? tcpHairpin(w, 0) : kind == udpKind ? udpHairpin(w, 0) : 0;
}

/**
 * Whether a packet is for R.
 * @inline
 */
export function isForRouter(w: Uint32Array): boolean {
  return w[9] == lanAddress;
}

/** Translates a packet of the given kind that arrived on the LAN for R: half of a `lan` hairpin. */
export function toLanAddress(w: Uint32Array, kind: number): number {
  return kind == tcpKind ? tcpHairpin(w, hairpinToLan) : kind == udpKind ? udpHairpin(w, hairpinToLan) : 0;
}

/**
 * Looks a packet up and, if its flow is settled, rewrites addresses, ports, TTL and checksums in place: what the
 * drains do inline, for everybody who is not in a hurry.
 * @param w the frame's words, 16 at least
 * @param port the port it arrived on
 * @returns the next hop to send the frame to, or 0 when control must decide; then nothing was changed
 */
export function translate(w: Uint32Array, port: number): number {
  const kind = kindOf(w);
  if (port != lanPort) return fromWan(w, kind);
  if (isPublic(w)) return toPublic(w, kind);
  return isForRouter(w) ? toLanAddress(w, kind) : fromLan(w, kind);
}
