/**
 * IPv4 fragments for tests, cut and put together the plain way (RFC 791 section 3.2), by code that shares nothing with
 * the firmware.
 */
import { foldedSum, get16 } from '../wire/packets.ts';

const moreFragments = 0x2000;
const offsetMask = 0x1fff;

/** A fragment as a receiver sees it. Offset and lengths are of the IP payload, in bytes. */
export interface Piece {
  offset: number;
  length: number;
  more: boolean;
  id: number;
}

/**
 * Cuts a packet into pieces. Options are repeated in each: fit for those that ask for it.
 * @param sizes bytes of payload of all pieces but the last, multiples of 8
 */
export function cut(packet: Uint8Array, ...sizes: number[]): Uint8Array[] {
  const header = (packet[0] & 15) * 4;
  const payload = packet.subarray(header);
  const kept = get16(packet, 6) & moreFragments;
  const start = get16(packet, 6) & offsetMask;
  let at = 0;
  return [...sizes, payload.length].map((size) => {
    const end = Math.min(payload.length, at + size);
    const piece = new Uint8Array(header + end - at);
    piece.set(packet.subarray(0, header));
    piece.set(payload.subarray(at, end), header);
    put16(piece, 2, piece.length);
    put16(piece, 6, (end < payload.length ? moreFragments : kept) | (start + at / 8));
    put16(piece, 10, 0);
    put16(piece, 10, 0xffff - foldedSum(piece.subarray(0, header)));
    at = end;
    return piece;
  });
}

/** What the header of a piece says. */
export function pieceOf(packet: Uint8Array): Piece {
  const flags = get16(packet, 6);
  return {
    offset: (flags & offsetMask) * 8,
    length: get16(packet, 2) - (packet[0] & 15) * 4,
    more: (flags & moreFragments) !== 0,
    id: get16(packet, 4),
  };
}

/**
 * Puts the pieces of one packet together, in whatever order they come.
 * @throws when a header sum is wrong, or they are not exactly the pieces of one packet
 */
export function together(pieces: Uint8Array[]): Uint8Array {
  const sorted = [...pieces].sort((a, b) => pieceOf(a).offset - pieceOf(b).offset);
  const headerBytes = (sorted[0][0] & 15) * 4;
  let end = 0;
  const parts = sorted.map((packet, index) => {
    const { offset, length, more, id } = pieceOf(packet);
    const header = packet.subarray(0, (packet[0] & 15) * 4);
    if (foldedSum(header) !== 0xffff) throw new Error('the IP checksum of a piece is wrong');
    if (offset !== end) throw new Error(`a piece begins at ${offset}, the one before ended at ${end}`);
    if (more !== index < sorted.length - 1) throw new Error('the mark of more pieces is wrong');
    const sameDatagram = id === pieceOf(sorted[0]).id && packet[9] === sorted[0][9];
    if (!sameDatagram || String(packet.subarray(12, 20)) !== String(sorted[0].subarray(12, 20)))
      throw new Error('pieces of different packets');
    end += length;
    return packet.subarray(header.length, header.length + length);
  });
  const whole = new Uint8Array(headerBytes + end);
  whole.set(sorted[0].subarray(0, headerBytes));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), headerBytes);
  put16(whole, 2, whole.length);
  put16(whole, 6, 0);
  put16(whole, 10, 0);
  put16(whole, 10, 0xffff - foldedSum(whole.subarray(0, headerBytes)));
  return whole;
}

function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}
