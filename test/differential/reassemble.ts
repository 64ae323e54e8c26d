/**
 * What a host makes of the pieces it receives (RFC 815 in small): Linux puts datagrams together and cuts them anew, this
 * firmware passes pieces on, so what counts is the datagram that arrives. Overlapping pieces make it worthless,
 * as for Linux; a piece that adds nothing does no harm. Pure.
 */
import { get16 } from '../wire/packets.ts';
import { join, put16, sealed, transportAt } from './frames.ts';
import type { Arrived } from './router.ts';

const MORE = 0x2000;
const OFFSET = 0x1fff;

export interface Datagram extends Arrived {
  /** In how many pieces it came; 1 if it was whole. */
  pieces: number;
}

interface Piece {
  start: number;
  end: number;
  more: boolean;
  packet: Uint8Array;
}

/** Whole frames as they are and pieces put together, each datagram where its last piece was. What stays incomplete is left out. */
export function reassembled(arrived: readonly Arrived[]): Datagram[] {
  const waiting = new Map<string, Piece[]>();
  const whole: Datagram[] = [];
  for (const one of arrived) {
    const packet = packetOf(one.frame);
    if (!packet || !(get16(packet, 6) & (MORE | OFFSET))) {
      whole.push({ ...one, pieces: 1 });
      continue;
    }
    const key =
      one.side +
      Buffer.concat([
        one.frame.subarray(0, 12),
        packet.subarray(4, 6),
        packet.subarray(9, 10),
        packet.subarray(12, 20),
      ]).toString('hex');
    const known = waiting.get(key) ?? [];
    waiting.set(key, known);
    const part = pieceOf(packet);
    if (isContained(part, known)) continue;
    known.push(part);
    const together = complete(known);
    if (!together) continue;
    waiting.delete(key);
    whole.push({ side: one.side, frame: join(one.frame.subarray(0, 14), together), pieces: known.length });
  }
  return whole;
}

function packetOf(frame: Uint8Array): Uint8Array | null {
  if (get16(frame, 12) !== 0x0800) return null;
  return frame.subarray(14, 14 + get16(frame, 16));
}

function pieceOf(packet: Uint8Array): Piece {
  const start = (get16(packet, 6) & OFFSET) * 8;
  const end = start + packet.length - transportAt(packet);
  return { start, end, more: (get16(packet, 6) & MORE) !== 0, packet };
}

/** Whether a piece adds nothing to one that is there. */
function isContained({ start, end }: Piece, all: readonly Piece[]): boolean {
  return all.some((other) => other.start <= start && other.end >= end);
}

/** The datagram if these are all its pieces, none overlapping another. */
function complete(all: readonly Piece[]): Uint8Array | null {
  const sorted = [...all].sort((a, b) => a.start - b.start);
  if (sorted.some(({ start }, index) => start !== (index === 0 ? 0 : sorted[index - 1].end))) return null;
  if (sorted.at(-1)!.more) return null;
  const first = sorted[0].packet;
  const header = first.subarray(0, transportAt(first));
  const packet = join(header, ...sorted.map((part) => part.packet.subarray(transportAt(part.packet))));
  put16(packet, 2, packet.length);
  put16(packet, 6, 0);
  return sealed(packet);
}
