/**
 * Traffic whose every frame can be told from the next: one UDP flow between C and I that the datapath forwards by
 * itself, in either direction, in any length, and what must come out of the other port for each frame.
 */
import { address, bytes, mac } from '../scenes/cast.ts';
import type { Rig, Side } from '../w5500/rig.ts';
import { otherSide } from '../w5500/rig.ts';

export const shortest = 60;
export const longest = 1514;

/** Ethernet, IP and UDP headers: what a frame of the flow has in front of its payload. */
const headerBytes = 42;
const portOf = { client: '0fa0', internet: '0009' };

interface Ends {
  macs: string;
  addresses: string;
  ports: string;
  ttl: string;
}

/** The flow's frames as they arrive on each port, and as they must leave the other one. */
const arriving: Record<Side, Ends> = {
  lan: {
    macs: mac.routerLan + mac.client,
    addresses: address.C + address.I,
    ports: portOf.client + portOf.internet,
    ttl: '40',
  },
  wan: {
    macs: mac.routerWan + mac.gateway,
    addresses: address.I + address.P,
    ports: portOf.internet + portOf.client,
    ttl: '40',
  },
};
const leaving: Record<Side, Ends> = {
  lan: {
    macs: mac.gateway + mac.routerWan,
    addresses: address.P + address.I,
    ports: portOf.client + portOf.internet,
    ttl: '3f',
  },
  wan: {
    macs: mac.client + mac.routerLan,
    addresses: address.I + address.C,
    ports: portOf.internet + portOf.client,
    ttl: '3f',
  },
};

const hex16 = (value: number) => value.toString(16).padStart(4, '0');

/** The IP checksum, computed in full (RFC 1071) and not as the firmware does it. */
function ipChecksum(header: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < 20; i += 2) sum += (header[i] << 8) | header[i + 1];
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum ^ 0xffff;
}

function headers(ends: Ends, length: number): Uint8Array {
  const total = hex16(length - 14);
  const ip = (check: string) => `4500${total}00014000${ends.ttl}11${check}${ends.addresses}`;
  const check = hex16(ipChecksum(bytes(ip('0000'))));
  return bytes(`${ends.macs}0800${ip(check)}${ends.ports}${hex16(length - 34)}0000`);
}

/** Headers by length: a run asks for the same ones again and again. */
function cached(ends: Ends): (length: number) => Uint8Array {
  const made: Uint8Array[] = [];
  return (length) => (made[length] ??= headers(ends, length));
}
const arrivingHeaders = { lan: cached(arriving.lan), wan: cached(arriving.wan) };
const leavingHeaders = { lan: cached(leaving.lan), wan: cached(leaving.wan) };

/** Nothing regular, so that a byte from elsewhere is noticed. */
const noise = Uint8Array.from({ length: 4096 }, (_, i) => (Math.imul(i + 1, 0x9e3779b1) >>> 13) & 255);

/** Frame number `number` of the flow as it arrives on `side`. @param length Ethernet length, 60 to 1514 */
export function arrival(side: Side, length: number, number: number): Uint8Array {
  const frame = new Uint8Array(length);
  frame.set(arrivingHeaders[side](length));
  frame.set(noise.subarray(number & 2047, (number & 2047) + length - headerBytes), headerBytes);
  frame[headerBytes] = number >>> 16;
  frame[headerBytes + 1] = number >>> 8;
  frame[headerBytes + 2] = number;
  return frame;
}

/** What must leave the other port for a frame that arrived on `side`. */
export function departure(side: Side, frame: Uint8Array): Uint8Array {
  const expected = frame.slice();
  expected.set(leavingHeaders[side](frame.length));
  return expected;
}

/** Whether what left is exactly what had to, in order. */
export function leftAsExpected(
  side: Side,
  arrived: readonly Uint8Array[],
  left: readonly Uint8Array[],
): boolean {
  return (
    left.length === arrived.length &&
    left.every((frame, i) => Buffer.compare(frame, departure(side, arrived[i])) === 0)
  );
}

/** The number a frame was made with. */
export function numberOf(frame: Uint8Array): number {
  return (frame[headerBytes] << 16) | (frame[headerBytes + 1] << 8) | frame[headerBytes + 2];
}

/** Lets a frame in by `side`, gives the router time, and returns what left by the other port. */
export function pass(rig: Rig, side: Side, frame: Uint8Array, us = 20_000): Uint8Array[] {
  rig.take(otherSide[side]);
  rig.chips[side].deliver(frame);
  rig.run(us);
  return rig.take(otherSide[side]);
}

/** Opens the flow and settles it: from then on the datapath forwards both directions by itself. */
export function settleFlow(rig: Rig): void {
  const out = arrival('lan', shortest, 0);
  const back = arrival('wan', shortest, 0);
  const settled =
    leftAsExpected('lan', [out], pass(rig, 'lan', out)) &&
    leftAsExpected('wan', [back], pass(rig, 'wan', back)) &&
    leftAsExpected('lan', [out], pass(rig, 'lan', out));
  if (!settled) throw new Error('The flow between C and I was not forwarded.');
}
