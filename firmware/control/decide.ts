/**
 * The slow path on one page: every packet the datapath had no answer for comes here once.
 *
 * The order is that of RFC 1812 section 5.2 with NAT in the middle: link layer, IP header, martians and side,
 * fragments, flow, ICMP error, admission, TTL and MTU, translation, neighbour. Every way out that sends nothing
 * has a named reason.
 */
import { clock, flowSeen, flowState, rowHop } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import {
  dropEtherType,
  dropFragment,
  dropHeader,
  dropHeaderChecksum,
  dropIcmp,
  dropMartian,
  dropNeighbour,
  dropNotForUs,
  dropOversize,
  dropProtocol,
  dropSourceRoute,
  dropTransport,
  dropWrongSide,
  dropBroadcast,
  slowForwarded,
} from '../layout/reasons.ts';
import { sumOf } from '../wire/checksum.ts';
import {
  etherTypeArp,
  etherTypeAt,
  etherTypeIpv4,
  icmpHeaderBytes,
  ipAt,
  ipHeaderBytes,
  longestFrame,
  protocolIcmp,
  protocolTcp,
  protocolUdp,
  tcpHeaderBytes,
  udpHeaderBytes,
} from '../wire/frame.ts';
import {
  isBroadcast,
  isMartianSource,
  isMartianTarget,
  lanAddress,
  onLan,
  publicAddress,
} from './addresses.ts';
import { admit, admittedRow } from './admit.ts';
import { drop, note } from './count.ts';
import { findRow, settle } from './flows.ts';
import { portOf } from './hops.ts';
import { isError, isQuery, queryPorts, translateError } from './icmp-errors.ts';
import { prohibited, sendUnreachable } from './icmp.ts';
import { arp, ready } from './neighbours.ts';
import {
  frame,
  frameBytes,
  half,
  headerBytes,
  ingress,
  isFragment,
  ports,
  protocol,
  readIp,
  setPorts,
  source,
  take,
  target,
  totalLength,
  transportAt,
  transportWord,
  words,
} from './packet.ts';
import { mayTravel } from './pass.ts';
import { rewrite } from './rewrite.ts';
import { replySeen, stateMask, tcpInit, udpOneWay, udpTwoWay } from './states.ts';
import { isForUs, toMany } from './station.ts';
import { advance, flagsAreLegal } from './tcp.ts';
import { refreshHop } from './way.ts';

/**
 * Decides about one received frame, changing it in place if it is to be sent on.
 * @param bytes the frame in the layout of wire/frame.ts  @param view words over the same memory
 * @param length Ethernet length  @param port the port it arrived on
 * @returns the next hop to send the frame to, or 0: dropped, held, or answered through the outbox
 */
export function decide(bytes: Uint8Array, view: Uint32Array, length: number, port: number): number {
  take(bytes, view, length, port);
  if (length > longestFrame) return drop(dropOversize);
  if (!isForUs(bytes, port)) return drop(dropNotForUs);
  const type = half(etherTypeAt);
  if (type == etherTypeArp) return arp();
  if (type != etherTypeIpv4) return drop(dropEtherType);
  readIp();
  const wrong = headerFault() || addressFault();
  if (wrong) return drop(wrong);
  if (isFragment()) return drop(dropFragment);
  if (protocol == protocolIcmp) return decideIcmp();
  if (protocol != protocolTcp && protocol != protocolUdp) {
    if (ingress == lanPort && target != lanAddress) sendUnreachable(prohibited);
    return drop(dropProtocol);
  }
  if (totalLength - headerBytes < (protocol == protocolTcp ? tcpHeaderBytes : udpHeaderBytes))
    return drop(dropTransport);
  setPorts(words[transportWord]);
  if (protocol == protocolTcp && !segmentIsSound()) return drop(dropTransport);
  return decideFlow();
}

/** What is wrong with the IP header, or 0 (RFC 1812 section 5.2.2). */
function headerFault(): number {
  if (frame[ipAt] >> 4 != 4 || headerBytes < ipHeaderBytes) return dropHeader;
  if (totalLength < headerBytes || totalLength > frameBytes - 14) return dropHeader;
  if (sumOf(frame, ipAt, headerBytes, 0) != 65535) return dropHeaderChecksum;
  return headerBytes > ipHeaderBytes && hasSourceRoute() ? dropSourceRoute : 0;
}

/** Loose or strict source route among the options (RFC 7126 says drop). Broken options count as one. */
function hasSourceRoute(): boolean {
  let at = ipAt + ipHeaderBytes;
  while (at < transportAt && frame[at]) {
    const kind = frame[at];
    if (kind == 131 || kind == 137) return true;
    const step = kind == 1 ? 1 : frame[at + 1];
    if (kind != 1 && step < 2) return true;
    at += step;
  }
  return at > transportAt;
}

/** Whether a TCP header lies within its packet and has flags that make sense. */
function segmentIsSound(): boolean {
  const header = (frame[transportAt + 12] >> 4) * 4;
  if (header < tcpHeaderBytes || header > totalLength - headerBytes) return false;
  return flagsAreLegal(frame[transportAt + 13]);
}

/** What is wrong with the addresses on this port, or 0 (RFC 1812 section 5.3.7 and 5.3.8, RFC 3704). */
function addressFault(): number {
  if (isMartianSource(source) || isBroadcast(source) || isMartianTarget(target)) return dropMartian;
  if (toMany(frame)) return dropBroadcast;
  const lanSource = onLan(source);
  if (ingress == lanPort) return lanSource && source != lanAddress ? 0 : dropWrongSide;
  return lanSource || source == publicAddress ? dropWrongSide : 0;
}

function decideIcmp(): number {
  if (totalLength - headerBytes < icmpHeaderBytes) return drop(dropTransport);
  const type = frame[transportAt];
  if (isError(type)) return translateError();
  if (!isQuery(type)) return drop(dropIcmp);
  setPorts(queryPorts(type, frame[transportAt + 4] | (frame[transportAt + 5] << 8)));
  return decideFlow();
}

/** A packet with a key: finds its flow or asks for one, then sends it through. */
function decideFlow(): number {
  let row = findRow(ingress, source, target, ports, protocol);
  if (row) {
    if (!mayTravel(portOf(rowHop[row]))) return 0;
    if (!refreshHop(row) || !refreshHop(row ^ 1)) return drop(dropNeighbour);
  } else {
    const hop = admit();
    row = admittedRow;
    if (hop || !row) return hop;
  }
  if (!ready(rowHop[row])) return 0;
  track(row);
  rewrite(row);
  settle(row >> 1);
  note(slowForwarded);
  return rowHop[row];
}

/** Moves the flow's state on and notes that it lives. */
function track(row: number): void {
  const flow = row >> 1;
  const reply = row & 1;
  const state = flowState[flow] & stateMask;
  flowSeen[flow] = clock[0];
  if (state >= tcpInit) advance(flow, reply, frame[transportAt + 13]);
  else if (reply) flowState[flow] = (state == udpOneWay ? udpTwoWay : state) | replySeen;
}
