/**
 * The slow path on one page: every packet the datapath had no answer for comes here once.
 *
 * The order is that of RFC 1812 section 5.2 with NAT in the middle: link layer, IP header, martians and side,
 * fragments, flow, ICMP error, admission, TTL and MTU, translation, neighbour. Every way out that sends nothing
 * has a named reason. Header words are asked rather than bytes, and what only a wrong packet needs is one call away:
 * the first packet of a flow comes all the way down this page.
 */
import {
  clock,
  counter,
  flowSeen,
  flowSlots,
  flowState,
  neighbourState,
  rowHop,
  rowSource,
} from '../layout/arena.ts';
import { dnatOnly, openedOutside, replySeen, strangerMask } from '../layout/flow.ts';
import { lanPort } from '../layout/ports.ts';
import {
  dropBroadcast,
  dropEtherType,
  dropHeader,
  dropHeaderChecksum,
  dropIcmp,
  dropMartian,
  dropNotForUs,
  dropProtocol,
  dropSourceRoute,
  dropTransport,
  dropWrongSide,
  flowsMade,
  slowForwarded,
} from '../layout/reasons.ts';
import { lanAddress, publicAddress } from '../datapath/own.ts';
import {
  ethernetBytes,
  etherTypeArp,
  etherTypeIpv4,
  etherTypeWord,
  fragmentMask,
  fragmentWord,
  icmpHeaderBytes,
  ipAt,
  ipHeaderBytes,
  protocolIcmp,
  protocolTcp,
  protocolUdp,
  tcpHeaderBytes,
  tcpRst,
  tcpSyn,
  udpHeaderBytes,
} from '../wire/frame.ts';
import { swap16 } from '../wire/order.ts';
import {
  broadcast,
  isBroadcast,
  isLanEdge,
  isMartianSource,
  isMartianTarget,
  lanMtu,
  onLan,
  wanMtu,
} from './addresses.ts';
import { admit, admittedHop, admittedRow } from './admit.ts';
import { drop, note } from './count.ts';
import { egressOf, findRow, flowOf, isReply, partnerOf, settle, unsettle } from './flows.ts';
import { isFirst, relay } from './fragments.ts';
import { reachable } from './hops.ts';
import { isError, isQuery, queryPorts, translateError } from './icmp-errors.ts';
import { prohibited, sendUnreachable } from './icmp.ts';
import { dropUnlessServed } from './local.ts';
import { recount } from './sweep.ts';
import { clampMss } from './mss.ts';
import { arp, hopFor, openHopFor, ready } from './neighbours.ts';
import {
  forgetIp,
  frame,
  frameBytes,
  headerBytes,
  ingress,
  ports,
  protocol,
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
import {
  answeredState,
  settles,
  stateMask,
  tcpInit,
  tcpTransitory,
  udpOneWay,
  udpReplied,
  udpTwoWay,
} from './states.ts';
import { isForUs, toMany } from './station.ts';
import { advance, flagsAreLegal } from './tcp.ts';

/**
 * Decides about one received frame, changing it in place if it is to be sent on.
 * @param bytes the frame in the layout of wire/frame.ts  @param view words over the same memory
 * @param length Ethernet length, at most 1514  @param port the port it arrived on
 * @returns the next hop to send the frame to, or 0: dropped, held, or answered through the outbox
 */
export function decide(bytes: Uint8Array, view: Uint32Array, length: number, port: number): number {
  take(bytes, view, length, port);
  if (!isForUs()) return drop(dropNotForUs);
  const type = view[etherTypeWord] >>> 16;
  if (type != swap16(etherTypeIpv4)) {
    forgetIp();
    return type == swap16(etherTypeArp) ? arp() : drop(dropEtherType);
  }
  const wrong = headerFault() || addressFault();
  if (wrong) return wrong == dropBroadcast || wrong == dropWrongSide ? dropUnlessServed(wrong) : drop(wrong);
  if (view[fragmentWord] & fragmentMask && !isFirst()) return relay();
  if (protocol == protocolIcmp) return decideIcmp();
  if (protocol == protocolTcp) {
    if (!segmentIsSound()) return drop(dropTransport);
  } else {
    if (protocol != protocolUdp) return decideOther();
    if (totalLength - headerBytes < udpHeaderBytes) return drop(dropTransport);
  }
  setPorts(view[transportWord]);
  return decideFlow();
}

/** What is wrong with the IP header, or 0 (RFC 1812 section 5.2.2). */
function headerFault(): number {
  if (frame[ipAt] >> 4 != 4 || headerBytes < ipHeaderBytes) return dropHeader;
  if (totalLength < headerBytes || totalLength > frameBytes - ethernetBytes) return dropHeader;
  // Whole words may be added: 65536 leaves a remainder of 1, so it is the sum of their halves that is taken.
  let sum = words[5] + words[6] + words[7] + words[8] + words[9];
  if (headerBytes == ipHeaderBytes) return sum % 65535 ? dropHeaderChecksum : 0;
  for (let i = 10; i < transportWord; i++) sum += words[i];
  if (sum % 65535) return dropHeaderChecksum;
  return hasSourceRoute() ? dropSourceRoute : 0;
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
  return (
    header >= tcpHeaderBytes && header <= totalLength - headerBytes && flagsAreLegal(frame[transportAt + 13])
  );
}

/** What is wrong with the addresses on this port, or 0 (RFC 1812 section 5.3.7 and 5.3.8, RFC 3704). */
function addressFault(): number {
  // No address is P's either, while it has none.
  if (target != publicAddress ? isMartianTarget(target) : !target) return dropMartian;
  if (toMany()) {
    // A host without an address may ask all for one (RFC 2131 section 4.1).
    if (!source && target == broadcast) return dropBroadcast;
    return isMartianSource(source) || isBroadcast(source) ? dropMartian : dropBroadcast;
  }
  if (ingress == lanPort) {
    // Whatever is within the LAN's subnet is no martian, unless it is the subnet's own address or its broadcast.
    if (onLan(source)) return isLanEdge(source) ? dropMartian : source == lanAddress ? dropWrongSide : 0;
    return isMartianSource(source) || isBroadcast(source) ? dropMartian : dropWrongSide;
  }
  if (isMartianSource(source) || isBroadcast(source)) return dropMartian;
  return onLan(source) || source == publicAddress ? dropWrongSide : 0;
}

/** A protocol that has no ports: nothing to tell its flows apart by. */
function decideOther(): number {
  if (ingress == lanPort && target != lanAddress) sendUnreachable(prohibited);
  return drop(dropProtocol);
}

function decideIcmp(): number {
  if (totalLength - headerBytes < icmpHeaderBytes) return drop(dropTransport);
  const type = frame[transportAt];
  if (isError(type)) return translateError();
  if (!isQuery(type)) return drop(dropIcmp);
  const key = queryPorts(type, frame[transportAt + 4] | (frame[transportAt + 5] << 8));
  setPorts(key);
  return decideFlow();
}

/** A packet with a key: finds its flow or asks for one, then sends it through. */
function decideFlow(): number {
  const row = findRow(ingress, source, target, ports, protocol);
  if (!row) return beginFlow();
  if (!mayTravel(egressOf(row))) return 0;
  const hop = rowHop[row] || hopFor(rowSource[partnerOf(row)]);
  if (neighbourState[hop] != reachable && !ready(hop)) return 0;
  track(row);
  rewrite(row);
  if (wanMtu < lanMtu && offersSegments(row)) clampMss();
  if (flowState[flowOf(row)] & replySeen) open(row, hop);
  else if (rowHop[row]) close(row);
  note(slowForwarded);
  return hop;
}

/** A packet that belongs to no flow: what it may do, and its way if that is to open one. Its state needs no tracking. */
function beginFlow(): number {
  const hop = admit();
  if (hop || !admittedRow) return hop;
  counter[flowsMade]++;
  if (neighbourState[admittedHop] != reachable && !ready(admittedHop)) return 0;
  rewrite(admittedRow);
  if (wanMtu < lanMtu && offersSegments(admittedRow)) clampMss();
  note(slowForwarded);
  return admittedHop;
}

/**
 * Whether the packet at hand is a SYN between LAN and WAN.
 * @inline
 */
function offersSegments(row: number): boolean {
  return (
    protocol == protocolTcp && (frame[transportAt + 13] & tcpSyn) != 0 && !(flowState[flowOf(row)] & dnatOnly)
  );
}

/** Opens the fast path to a flow whose both directions were seen, as far as its neighbours are known, or closes it. */
function open(row: number, hop: number): void {
  const flow = flowOf(row);
  const state = flowState[flow] & stateMask;
  // The datapath knows no packets that keep their source around the hairpin: those of the mistake stay here.
  if (!settles(state) || (flowState[flow] & dnatOnly) == dnatOnly) {
    unsettle(flow);
    return;
  }
  if (state == udpReplied) {
    // Whether the one who asked goes on is not known yet: control has to see that.
    rowHop[partnerOf(row)] = 0;
    rowHop[row] = hop;
    return;
  }
  // Not by `hopFor`: that might give away the very slot by which the packet at hand is about to leave.
  const back = rowHop[partnerOf(row)] || openHopFor(source);
  if (row == flow) settle(flow, hop, back);
  else settle(flow, back, hop);
}

/** Closes the fast path to the flow of a row. */
function close(row: number): void {
  const flow = flowOf(row);
  unsettle(flow);
}

/**
 * Whether a packet of the row comes from the Internet, and that opened the flow.
 * @inline
 */
function comesFromOpener(row: number, state: number): boolean {
  return row >= flowSlots && (state & (openedOutside | dnatOnly)) == openedOutside;
}

/**
 * Moves the flow's state on and notes that it lives. What is not answered, or was reset, is not kept alive by the one on
 * the Internet who opened it, nor by resets (RFC 7857 section 7).
 */
function track(row: number): void {
  const flow = flowOf(row);
  const before = flowState[flow];
  const state = before & stateMask;
  const reply = isReply(row);
  const isStranger = (before & strangerMask) == openedOutside;
  if (
    (!isStranger && state != tcpTransitory) ||
    !(comesFromOpener(row, before) || (state >= tcpInit && frame[transportAt + 13] & tcpRst))
  ) {
    flowSeen[flow] = clock[0];
  }
  if (state >= tcpInit) advance(flow, reply, frame[transportAt + 13]);
  else if (reply) {
    const answering = swap16(ports & 65535);
    if (state == udpOneWay) flowState[flow] += answeredState(answering) - udpOneWay;
    flowState[flow] |= replySeen;
  } else if (state == udpReplied) flowState[flow] = before - udpReplied + udpTwoWay;
  if (flowState[flow] != before) recount(flow, before);
}
