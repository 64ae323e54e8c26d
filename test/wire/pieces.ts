/**
 * Datagrams in pieces, as hosts make them and put them together (RFC 791 section 3.2, RFC 815): plain code over bytes
 * that shares nothing with the firmware, so that what left the router is judged by what its receiver makes of it.
 */
import { foldedSum, get16 } from './packets.ts';

const moreFragments = 0x2000;
const offsetMask = 0x1fff;

/** A packet's own bytes, without the padding of a short frame. */
export function withoutPadding(packet: Uint8Array): Uint8Array {
  return packet.slice(0, get16(packet, 2));
}

function headerOf(packet: Uint8Array): number {
  return (packet[0] & 15) * 4;
}

/** Where a piece's payload lies in that of its datagram, and whether others are behind it. */
export function placeOf(packet: Uint8Array): { from: number; to: number; more: boolean } {
  const field = get16(packet, 6);
  const from = 8 * (field & offsetMask);
  return { from, to: from + get16(packet, 2) - headerOf(packet), more: (field & moreFragments) !== 0 };
}

export function identification(packet: Uint8Array): number {
  return get16(packet, 4);
}

/** A packet around some bytes: length, fragment field and header checksum written. */
function around(header: Uint8Array, field: number, payload: Uint8Array): Uint8Array {
  const packet = new Uint8Array(header.length + payload.length);
  packet.set(header);
  packet.set(payload, header.length);
  const view = new DataView(packet.buffer);
  view.setUint16(2, packet.length);
  view.setUint16(6, field);
  view.setUint16(10, 0);
  view.setUint16(10, 0xffff - foldedSum(packet.subarray(0, header.length)));
  return packet;
}

/** Cuts a whole packet as its sender would: payload bytes of each piece but the last, multiples of eight. */
export function inPieces(packet: Uint8Array, ...sizes: number[]): Uint8Array[] {
  const header = packet.subarray(0, headerOf(packet));
  const payload = packet.subarray(header.length);
  const flags = get16(packet, 6) & ~moreFragments;
  const ends = [...sizes.map((_, i) => sizes.slice(0, i + 1).reduce((a, b) => a + b)), payload.length];
  return ends.map((end, i) => {
    const from = i ? ends[i - 1] : 0;
    const field = flags | (from / 8) | (end < payload.length ? moreFragments : 0);
    return around(header, field, payload.subarray(from, end));
  });
}

function keyOf(packet: Uint8Array): string {
  return [...packet.subarray(12, 20), packet[9], identification(packet)].join();
}

/**
 * Puts together what was cut. @returns the datagrams, in the order in which their first received pieces came; whole
 * packets as they are
 * @throws when a piece is missing, overlaps another, or is followed by none though it says so
 */
export function reassemble(packets: readonly Uint8Array[]): Uint8Array[] {
  const datagrams = new Map<string, Uint8Array[]>();
  for (const padded of packets) {
    const packet = withoutPadding(padded);
    if (foldedSum(packet.subarray(0, headerOf(packet))) !== 0xffff)
      throw new Error('an IP checksum is wrong');
    const { from, more } = placeOf(packet);
    const key = from || more ? keyOf(packet) : `whole ${datagrams.size}`;
    datagrams.set(key, [...(datagrams.get(key) ?? []), packet]);
  }
  return [...datagrams.values()].map(together);
}

function together(pieces: readonly Uint8Array[]): Uint8Array {
  const sorted = [...pieces].sort((a, b) => placeOf(a).from - placeOf(b).from);
  let end = 0;
  sorted.forEach((piece, i) => {
    const { from, to, more } = placeOf(piece);
    if (from !== end) throw new Error(`a datagram goes on at byte ${from} and not at ${end}`);
    if (more !== i < sorted.length - 1) throw new Error(`the piece at byte ${from} says more: ${more}`);
    end = to;
  });
  const payload = new Uint8Array(end);
  for (const piece of sorted) payload.set(piece.subarray(headerOf(piece)), placeOf(piece).from);
  const [first] = sorted;
  return around(first.subarray(0, headerOf(first)), get16(first, 6) & ~moreFragments, payload);
}
