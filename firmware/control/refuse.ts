/**
 * Refusing a LAN client: a TCP reset or a port-unreachable, from the address the client asked. The WAN side hears
 * nothing.
 */
import { lanPort } from '../layout/ports.ts';
import { dropRefused, sentReset } from '../layout/reasons.ts';
import { sumOf } from '../wire/checksum.ts';
import {
  ipAt,
  ipHeaderBytes,
  protocolTcp,
  sourceAt,
  tcpAck,
  tcpFin,
  tcpHeaderBytes,
  tcpRst,
  tcpSyn,
} from '../wire/frame.ts';
import { count, drop } from './count.ts';
import { portUnreachable, sendUnreachable, startIp } from './icmp.ts';
import { hopFor, ready } from './neighbours.ts';
import { blankFrame, post } from './outbox.ts';
import { frame, headerBytes, ingress, protocol, source, target, totalLength, transportAt } from './packet.ts';
import { toMany } from './station.ts';

/** Drops the packet at hand and, on the LAN, tells its sender. @returns 0 */
export function refuse(): number {
  if (ingress == lanPort && !toMany()) {
    if (protocol == protocolTcp) sendReset();
    else sendUnreachable(portUnreachable);
  }
  return drop(dropRefused);
}

/**
 * A reset for the segment at hand (RFC 9293 section 3.10.7.1), from the address it was sent to.
 * @overlay
 */
function sendReset(): void {
  const flags = frame[transportAt + 13];
  const hop = hopFor(source);
  if (flags & tcpRst || !ready(hop)) return;
  const length = ipHeaderBytes + tcpHeaderBytes;
  const bytes = blankFrame(length);
  if (!bytes) return;
  startIp(bytes, length, protocolTcp, 0, target, source);
  const at = ipAt + ipHeaderBytes;
  for (let i = 0; i < 2; i++) {
    bytes[at + i] = frame[transportAt + 2 + i];
    bytes[at + 2 + i] = frame[transportAt + i];
  }
  if (flags & tcpAck) {
    for (let i = 0; i < 4; i++) bytes[at + 4 + i] = frame[transportAt + 8 + i];
    bytes[at + 13] = tcpRst;
  } else {
    acknowledge(bytes, at + 8, flags);
    bytes[at + 13] = tcpRst | tcpAck;
  }
  bytes[at + 12] = 0x50;
  const pseudo = ((6 << 8) + (tcpHeaderBytes << 8)) | 0;
  const sum = ~sumOf(bytes, at, tcpHeaderBytes, sumOf(bytes, sourceAt, 8, pseudo));
  bytes[at + 16] = sum;
  bytes[at + 17] = sum >>> 8;
  count(sentReset);
  post(bytes, hop);
}

/** Writes the sequence number that follows the segment at hand: its own plus data, SYN and FIN. */
function acknowledge(bytes: Uint8Array, at: number, flags: number): void {
  let carry = totalLength - headerBytes - (frame[transportAt + 12] >> 4) * 4;
  if (flags & tcpSyn) carry++;
  if (flags & tcpFin) carry++;
  for (let i = 3; i >= 0; i--) {
    carry += frame[transportAt + 4 + i];
    bytes[at + i] = carry;
    carry = carry >>> 8;
  }
}
