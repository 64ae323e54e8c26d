/**
 * Datagrams of the router's own services: which service one is for, whether it is whole, and building new ones.
 * May touch: the packet at hand, the outbox. Each service has files of its own; none of them is called by name elsewhere.
 */
import {
  policyDns,
  policyLanDhcp,
  policyNatPmp,
  policySwitch,
  policyWanDhcp,
  switches,
  wanLease,
} from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { wanXid } from '../layout/wan-lease.ts';
import { dropDatagram, dropNoForward, sentDatagram } from '../layout/reasons.ts';
import { count, drop } from '../control/count.ts';
import { startIp } from '../control/icmp.ts';
import { blankFrame, post } from '../control/outbox.ts';
import {
  frame,
  half,
  headerBytes,
  ingress,
  totalLength,
  transportAt,
  transportWord,
  words,
} from '../control/packet.ts';
import { refuse } from '../control/refuse.ts';
import { sumOf } from '../wire/checksum.ts';
import {
  dhcpClientPort,
  dhcpServerPort,
  dnsPort,
  ipAt,
  ipHeaderBytes,
  natPmpPort,
  protocolUdp,
  sourceAt,
  udpHeaderBytes,
} from '../wire/frame.ts';
import { takeDiscovery } from './dhcp-server.ts';
import { answerLocally } from './dns-local.ts';
import { perhapsLocal } from './dns-message.ts';
import { forwardQuery, takeAnswer } from './dns.ts';
import { takeLease } from './isp-answers.ts';
import { serveNatPmp } from './nat-pmp.ts';

/** Word of a DHCP message's transaction, behind the words of UDP: what is for nobody here costs no more than this. */
const xidWord = 3;

/** Where the payload of a datagram of ours begins in its frame. */
export const payloadAt = ipAt + ipHeaderBytes + udpHeaderBytes;

/**
 * Gives the datagram at hand, which is for the router itself, to its service.
 * @returns the hop to send the frame at hand to, changed in place, or 0
 */
export function serveDatagram(): number {
  const port = half(transportAt + 2);
  if (ingress != lanPort && switches[policySwitch] & policyWanDhcp && port == dhcpClientPort)
    return words[transportWord + xidWord] == wanLease[wanXid] ? takeLease() : drop(dropDatagram);
  if (ingress == lanPort && switches[policySwitch] & policyLanDhcp && port == dhcpServerPort)
    return takeDiscovery();
  if (ingress == lanPort && port == natPmpPort && switches[policySwitch] & policyNatPmp) return serveNatPmp();
  if (switches[policySwitch] & policyDns) {
    if (ingress == lanPort && port == dnsPort) {
      let hop = forwardQuery(false);
      if (hop == perhapsLocal) hop = answerLocally();
      return hop == perhapsLocal ? forwardQuery(true) : hop;
    }
    if (half(transportAt) == dnsPort && port != dhcpClientPort) return takeAnswer();
  }
  return ingress == lanPort ? refuse() : drop(dropNoForward);
}

/** The sum that goes before those of a datagram's own bytes: addresses, protocol and length (RFC 768). */
function pseudoSum(bytes: Uint8Array, length: number): number {
  return sumOf(bytes, sourceAt, 8, (protocolUdp << 8) + (((length & 255) << 8) | (length >>> 8)));
}

/** Whether the datagram at hand is as long as it says, and not damaged. */
export function isWhole(): boolean {
  const length = (frame[transportAt + 4] << 8) | frame[transportAt + 5];
  if (length < udpHeaderBytes || length > totalLength - headerBytes) return false;
  if (!frame[transportAt + 6] && !frame[transportAt + 7]) return true;
  return sumOf(frame, transportAt, length, pseudoSum(frame, length)) == 65535;
}

/**
 * Begins a datagram: a blank frame with its headers written, and zeros from `payloadAt` on.
 * @param from word of one of our addresses, or 0  @param to a word  @param bytes of payload
 * @returns undefined when the outbox is full, which is counted
 */
export function startDatagram(
  from: number,
  to: number,
  fromPort: number,
  toPort: number,
  bytes: number,
): Uint8Array | undefined {
  const length = udpHeaderBytes + bytes;
  const datagram = blankFrame(ipHeaderBytes + length);
  if (datagram) {
    startIp(datagram, ipHeaderBytes + length, protocolUdp, 0, from, to);
    const header = [fromPort >>> 8, fromPort, toPort >>> 8, toPort, length >>> 8, length];
    for (let i = 0; i < 6; i++) datagram[ipAt + ipHeaderBytes + i] = header[i];
  }
  return datagram;
}

/** Ends a datagram whose payload is written: checksum, and into the outbox. @param bytes of payload, as at its start */
export function postDatagram(datagram: Uint8Array, bytes: number, hop: number): void {
  const length = udpHeaderBytes + bytes;
  const at = ipAt + ipHeaderBytes;
  const sum = ~sumOf(datagram, at, length, pseudoSum(datagram, length)) & 65535 || 65535;
  datagram[at + 6] = sum;
  datagram[at + 7] = sum >>> 8;
  count(sentDatagram);
  post(datagram, hop);
}
