/**
 * Large datagrams through the router in miniature: packets go in one after the other, and what left is told as its
 * receiver sees it, put together and with every checksum verified.
 */
import { tell, udp } from '../wire/packets.ts';
import { identification, inPieces, reassemble, withoutPadding } from '../wire/pieces.ts';
import { lan, lastLeft, told, wan } from './table.ts';
import type { Left, Port } from './table.ts';

/** So many bytes of payload that are not all alike. */
export function filler(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 255);
}

/** A datagram of 2,008 bytes with its header, that may be cut. */
export const large = (from: string, to: string, shape = {}) =>
  udp(from, to, { data: filler(2000), fragment: 0, id: 7, ...shape });
/** The same in two pieces, or in three. */
export const halves = (from: string, to: string, shape = {}) => inPieces(large(from, to, shape), 1480);
export const thirds = (from: string, to: string, shape = {}) => inPieces(large(from, to, shape), 800, 800);

/** Lets packets arrive one after the other. @returns what left */
export function through(port: Port, packets: readonly Uint8Array[]): Left[] {
  return packets.flatMap((packet) => {
    if (port === 'lan') lan(packet);
    else wan(packet);
    return lastLeft;
  });
}

/** The IP packets that left, padding removed. */
export function packetsOf(left: readonly Left[]): Uint8Array[] {
  return left.map(({ frame }) => withoutPadding(frame.subarray(14)));
}

/** What the receivers make of it: `lan S | udp P:1 > S:5000, 2000 bytes`, the bytes being the IP payload. */
export function received(left: Left[]): string[] {
  const ways = new Map<string, Left[]>();
  told(left).forEach((line, i) => {
    const way = line.split(' | ')[0];
    ways.set(way, [...(ways.get(way) ?? []), left[i]]);
  });
  return [...ways].flatMap(([way, some]) =>
    reassemble(packetsOf(some)).map(
      (packet) => `${way} | ${tell(packet)}, ${packet.length - (packet[0] & 15) * 4} bytes`,
    ),
  );
}

/** Identifications of what left, one after the other. */
export function identifications(left: Left[]): number[] {
  return packetsOf(left).map(identification);
}
