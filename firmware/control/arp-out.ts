/**
 * ARP packets of ours, on their way to the outbox (RFC 826).
 * May touch: the outbox, reading MAC addresses. Must not: know whether anybody answers.
 */
import { lanBroadcastHop, lanMacAt, neighbourMacs, wanBroadcastHop, wanMacAt } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import {
  arpBytes,
  arpSenderAt,
  arpSenderMacAt,
  arpTargetAt,
  arpTargetMacAt,
  etherTypeAt,
} from '../wire/frame.ts';
import { lanAddress, publicAddress } from '../datapath/own.ts';
import { blankFrame, post } from './outbox.ts';

/**
 * Our address on a port.
 * @inline
 */
export function addressOn(port: number): number {
  return port == lanPort ? lanAddress : publicAddress;
}

/**
 * The hop to everybody on a port.
 * @inline
 */
export function broadcastOn(port: number): number {
  return port == lanPort ? lanBroadcastHop : wanBroadcastHop;
}

/** Writes a word of an address, which need not be aligned, as its four bytes. */
function putAddress(bytes: Uint8Array, at: number, address: number): void {
  bytes[at] = address;
  bytes[at + 1] = address >>> 8;
  bytes[at + 2] = address >>> 16;
  bytes[at + 3] = address >>> 24;
}

/**
 * Builds and posts an ARP packet.
 * @param to the ARP packet to answer: its sender's MAC address becomes the target's
 * @overlay
 */
export function postArp(
  operation: number,
  port: number,
  to: Uint8Array | undefined,
  address: number,
  hop: number,
): void {
  const bytes = blankFrame(arpBytes);
  if (!bytes) return;
  const header = [8, 6, 0, 1, 8, 0, 6, 4, 0, operation];
  for (let i = 0; i < 10; i++) bytes[etherTypeAt + i] = header[i];
  const own = port == lanPort ? lanMacAt : wanMacAt;
  for (let i = 0; i < 6; i++) {
    bytes[arpSenderMacAt + i] = neighbourMacs[own + i];
    if (to) bytes[arpTargetMacAt + i] = to[arpSenderMacAt + i];
  }
  putAddress(bytes, arpSenderAt, addressOn(port));
  putAddress(bytes, arpTargetAt, address);
  post(bytes, hop);
}
