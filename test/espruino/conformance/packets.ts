/**
 * Packets that are wrong on purpose, beside those of test/wire/packets.ts.
 */
import { foldedSum } from '../../wire/packets.ts';

/** The packet with some bytes changed; with `summed` its header checksum follows. */
export function spoilt(packet: Uint8Array, changes: Record<number, number>, summed = true): Uint8Array {
  const copy = packet.slice();
  for (const [at, value] of Object.entries(changes)) copy[Number(at)] = value;
  if (!summed) return copy;
  copy[10] = copy[11] = 0;
  const sum = 0xffff - foldedSum(copy.subarray(0, (copy[0] & 15) * 4));
  copy[10] = sum >>> 8;
  copy[11] = sum & 255;
  return copy;
}

/** The packet without its last bytes, its total length right. */
export function cut(packet: Uint8Array, length: number): Uint8Array {
  return spoilt(packet.subarray(0, length), { 2: length >>> 8, 3: length & 255 });
}

/** So many bytes of payload. */
export function filler(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i & 255);
}
