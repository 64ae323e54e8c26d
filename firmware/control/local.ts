/**
 * Datagrams for the router itself: services take them (addresses, names, ports), which this room does not know. main.ts
 * hands over who does. May touch: the packet at hand. Must not: know what is in a datagram.
 */
import { policyLanDhcp, policySwitch, policyWanDhcp, switches } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { dropFragment } from '../layout/reasons.ts';
import {
  dhcpClientPort,
  dhcpServerPort,
  fragmentMask,
  fragmentWord,
  protocolUdp,
  udpHeaderBytes,
} from '../wire/frame.ts';
import { drop } from './count.ts';
import {
  half,
  headerBytes,
  ingress,
  protocol,
  setPorts,
  totalLength,
  transportAt,
  transportWord,
  words,
} from './packet.ts';
import { refuse } from './refuse.ts';

let service = refuse;

/** @param taker takes the datagram at hand, and answers as `decide` does: the hop to send the frame to, or 0 */
export function openServices(taker: () => number): void {
  service = taker;
}

/** A datagram for the router itself, from either side. @returns the hop to send the frame to, or 0 */
export function takeDatagram(): number {
  // What is for the router itself is not put together (RFC 1812 section 4.2.2.8 is not followed).
  return words[fragmentWord] & fragmentMask ? drop(dropFragment) : service();
}

/**
 * A packet that would end here, unless it is DHCP's: who has no address yet is spoken to by broadcast, or at an address
 * that is not ours yet, and may share its network with the other side (RFC 2131 section 4.1).
 * @param reason why it ends if it is not @returns 0 or a hop, as `decide`
 */
export function dropUnlessServed(reason: number): number {
  if (
    protocol != protocolUdp ||
    totalLength - headerBytes < udpHeaderBytes ||
    half(transportAt + 2) != (ingress == lanPort ? dhcpServerPort : dhcpClientPort) ||
    !(switches[policySwitch] & (ingress == lanPort ? policyLanDhcp : policyWanDhcp))
  )
    return drop(reason);
  setPorts(words[transportWord]);
  return takeDatagram();
}
