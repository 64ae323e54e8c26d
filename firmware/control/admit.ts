/**
 * Admission: what a packet without a flow may do, and the flow that lets its followers pass.
 *
 * This is the policy in one page (step 7 of the processing order): a packet for P meets a forward, then a dynamic
 * mapping (from the Internet if its owner's filter lets it in, see strangers.ts), then the DMZ host, then the router
 * itself; a packet for R meets the router; a LAN packet for elsewhere goes out in P's name; a WAN packet for elsewhere
 * ends here.
 */
import {
  clock,
  dmzRule,
  endpointHost,
  endpointInnerPort,
  endpointPublicPort,
  flowSeen,
  flowSlots,
  forwardFlows,
  forwardMode,
  forwardTo,
  hostFlows,
  ping,
  pingEndpoint,
  policyHairpinDynamic,
  policySwitch,
  policyWanDhcp,
  strangersPlace,
  switches,
} from '../layout/arena.ts';
import { dnatOnly, externalHairpin, lanHairpin, openedOutside } from '../layout/flow.ts';
import { hairpinDnatOnly, hairpinLan, hairpinNone, lanPort, wanPort } from '../layout/ports.ts';
import {
  dropBroadcast,
  dropFiltered,
  dropHostLimit,
  dropIcmp,
  dropNoAddress,
  dropNoFlow,
  dropNoForward,
  dropNoPort,
  dropTableFull,
  dropWrongSide,
} from '../layout/reasons.ts';
import { lanAddress, publicAddress } from '../datapath/own.ts';
import {
  dhcpClientPort,
  icmpEcho,
  icmpEchoReply,
  protocolIcmp,
  protocolTcp,
  protocolUdp,
  tcpRst,
} from '../wire/frame.ts';
import { swap16 } from '../wire/order.ts';
import {
  isBroadcast,
  isMulticast,
  isSpecial,
  lanAddressOf,
  lanHostOf,
  lanMtu,
  onLan,
  wanMtu,
} from './addresses.ts';
import { drop } from './count.ts';
import { endpointAt, holdEndpoint, lanPool, openEndpoint, publicPool, releaseEndpoint } from './endpoints.ts';
import { letsIn } from './filter.ts';
import { findRow, flowAvailable, makeFlow } from './flows.ts';
import { dmzAddress, forwardAdmits, forwardFor, serverPort } from './forwards.ts';
import { isRequest } from './icmp-errors.ts';
import { answerEcho, netUnreachable, prohibited, sendUnreachable } from './icmp.ts';
import { dropUnlessServed, takeDatagram } from './local.ts';
import { hopFor } from './neighbours.ts';
import { frame, ingress, ports, protocol, source, target, transportAt } from './packet.ts';
import { forwardPlain, mayTravel, travels } from './pass.ts';
import { takeReply } from './ping.ts';
import { refuse } from './refuse.ts';
import { icmpQuery, tcpInit, udpOneWay } from './states.ts';
import { hostLimit, hostPlace, makeRoom, makeRoomOf, replaceStranger, strangerLimit } from './sweep.ts';
import { isOpening } from './tcp.ts';

/** When `admit` answered 0 and made a flow: the row of the packet at hand and its next hop. Else the row is 0. */
export let admittedRow = 0;
export let admittedHop = 0;

/**
 * Decides about a packet that belongs to no flow.
 * @returns a hop to send the frame to as it is now, or 0; then `admittedRow` tells whether to translate it
 */
export function admit(): number {
  admittedRow = 0;
  if (target == publicAddress) return admitToPublic();
  if (isSpecial(target) && (isMulticast(target) || isBroadcast(target)))
    return dropUnlessServed(dropBroadcast);
  if (ingress != lanPort) return dropUnlessServed(dropWrongSide);
  if (onLan(target)) return admitToLan();
  return admitOut();
}

/** A packet for P: from the Internet, or from the LAN around the hairpin. */
function admitToPublic(): number {
  if (protocol == protocolIcmp) return admitQuery();
  const wanted = swap16(ports >>> 16);
  const rule = forwardFor(protocol, wanted);
  if (ingress != lanPort) return rule < 0 ? admitStranger(wanted) : admitIn(rule, wanted);
  if (rule >= 0) return admitHairpin(rule, wanted);
  const pool = publicPool(protocol);
  const e = switches[policySwitch] & policyHairpinDynamic ? endpointAt(pool, wanted) : 0;
  const inner = e ? lanAddressOf(endpointHost[e]) : dmzAddress;
  // A port that the router itself speaks by is no service.
  if (!inner || inner == lanAddress) return refuse();
  if (isStrayReset()) return drop(dropNoFlow);
  const hop = translateBoth(externalHairpin, pool, inner, e ? endpointInnerPort[e] : wanted);
  if (admittedRow && inner == dmzAddress) forwardFlows[dmzRule]++;
  return hop;
}

/**
 * An ICMP query for the router itself, of which only echo is served; an answer to its own, or one nobody waits for.
 * @inline
 */
function admitQuery(): number {
  return frame[transportAt] == icmpEcho
    ? answerEcho()
    : frame[transportAt] == icmpEchoReply && ping[pingEndpoint]
      ? takeReply()
      : drop(ingress == lanPort ? dropIcmp : dropNoFlow);
}

/**
 * From the LAN for the router itself, or for another host of the LAN.
 * @inline
 */
function admitToLan(): number {
  return target != lanAddress
    ? forwardPlain(target)
    : protocol == protocolUdp
      ? takeDatagram()
      : protocol == protocolIcmp
        ? admitQuery()
        : refuse();
}

/** From the Internet to a forward: only the destination changes. */
function admitIn(rule: number, wanted: number): number {
  if (!forwardAdmits(rule, source)) return drop(dropNoForward);
  if (protocol == protocolTcp && !isOpening(frame[transportAt + 13])) return drop(dropNoFlow);
  const hop = keepSource(0, forwardTo[rule], serverPort(rule, wanted));
  if (admittedRow) forwardFlows[rule]++;
  return hop;
}

/**
 * From the Internet to no forward: to the owner of a dynamic mapping that is open to this sender, or to the DMZ host.
 * @overlay
 */
function admitStranger(wanted: number): number {
  const pool = publicPool(protocol);
  if (switches[policySwitch] & policyWanDhcp && protocol == protocolUdp && wanted == dhcpClientPort)
    return takeDatagram();
  let e = endpointAt(pool, wanted);
  // Port 0 is nobody's, and no endpoint can have it.
  const inner = e ? lanAddressOf(endpointHost[e]) : wanted && dmzAddress;
  if (!inner) return drop(dropNoForward);
  // An answer to a question of the router's own.
  if (inner == lanAddress) return takeDatagram();
  if (protocol == protocolTcp && !isOpening(frame[transportAt + 13])) return drop(dropNoFlow);
  const toDmz = inner == dmzAddress;
  const seen = toDmz ? clock[0] : letsIn(e);
  if (seen < 0) return drop(dropFiltered);
  if (!e) e = openEndpoint(pool, lanHostOf(inner), wanted, wanted);
  // The DMZ host speaks to others by another port, from the one that this packet is for.
  if (!e || endpointPublicPort[e] != wanted) return drop(dropNoPort);
  // Held before room is made: that may end the last flow which uses it.
  holdEndpoint(e);
  keepSource(0, inner, endpointInnerPort[e]);
  if (!admittedRow) releaseEndpoint(e);
  else {
    flowSeen[admittedRow - flowSlots] = seen;
    if (toDmz) forwardFlows[dmzRule]++;
  }
  return 0;
}

/** From the LAN to a forward: the hairpin, in the forward's mode. */
function admitHairpin(rule: number, wanted: number): number {
  const mode = forwardMode[rule];
  if (mode == hairpinNone) return refuse();
  if (isStrayReset()) return drop(dropNoFlow);
  const port = serverPort(rule, wanted);
  let hop = 0;
  // The mistake: the server will answer its neighbour directly, and the answer will be thrown away.
  if (mode == hairpinDnatOnly) hop = keepSource(dnatOnly, forwardTo[rule], port);
  else if (mode == hairpinLan) hop = translateBoth(lanHairpin, lanPool(protocol), forwardTo[rule], port);
  else hop = translateBoth(externalHairpin, publicPool(protocol), forwardTo[rule], port);
  if (admittedRow) forwardFlows[rule]++;
  return hop;
}

/** From the LAN to the Internet: the source becomes P with the port its endpoint has. */
function admitOut(): number {
  if (protocol == protocolIcmp ? !isRequest(frame[transportAt]) : isStrayReset()) {
    return drop(protocol == protocolIcmp ? dropIcmp : dropNoFlow);
  }
  if (!publicAddress) {
    sendUnreachable(netUnreachable);
    return drop(dropNoAddress);
  }
  // Room is made first: a flow that gives way may give back the port, or the slot, that this one needs.
  if (!travels(wanMtu) && !mayTravel(wanPort)) return 0;
  const place = hostPlace(source);
  if (lacksRoom(place) && !findRoom(place)) return 0;
  const e = endpointFor(publicPool(protocol));
  if (!e) return 0;
  hostFlows[place]++;
  admittedHop = hopFor(target);
  const peerPorts = ((ports >>> 16) | (swap16(endpointPublicPort[e]) << 16)) >>> 0;
  admittedRow = makeFlow(firstState(), source, ports, target, peerPorts);
  return 0;
}

/**
 * A reset ends a connection; one without a flow must not make one.
 * @inline
 */
function isStrayReset(): boolean {
  return protocol == protocolTcp && (frame[transportAt + 13] & tcpRst) != 0;
}

/** Opens a flow to a LAN host whose source stays as it is. @param kind 0 from the WAN */
function keepSource(kind: number, inner: number, port: number): number {
  if (!travels(lanMtu) && !mayTravel(lanPort)) return 0;
  const place = hostPlace(kind ? source : inner);
  if ((lacksRoom(place) || (!kind && hostFlows[strangersPlace] >= strangerLimit)) && !findRoom(place))
    return 0;
  const counted = kind ? place : strangersPlace;
  return openInward(kind, inner, (swap16(port) | (ports << 16)) >>> 0, 0, counted);
}

/** Opens a hairpin flow whose source becomes one of ours, with the port its endpoint has in `pool`. */
function translateBoth(kind: number, pool: number, inner: number, port: number): number {
  if (!travels(lanMtu) && !mayTravel(lanPort)) return 0;
  const place = hostPlace(source);
  if (lacksRoom(place) && !findRoom(place)) return 0;
  const e = endpointFor(pool);
  return e && openInward(kind, inner, (swap16(port) | (swap16(endpointPublicPort[e]) << 16)) >>> 0, e, place);
}

/**
 * Makes the flow of the packet at hand towards a LAN host that answers with `innerPorts`.
 * @param e the endpoint it uses, or 0
 * @param place where it counts: of a LAN host, or of strangers
 */
function openInward(kind: number, inner: number, innerPorts: number, e: number, place: number): number {
  // Two forwards may lead to one server, and this client may already talk to it from the same port by the other one.
  const answersTo = kind == externalHairpin ? publicAddress : kind == lanHairpin ? lanAddress : source;
  if (findRow(lanPort, inner, answersTo, innerPorts, protocol)) {
    if (e) releaseEndpoint(e);
    sendUnreachable(prohibited);
    return drop(dropNoPort);
  }
  hostFlows[place]++;
  admittedHop = hopFor(inner);
  admittedRow = makeFlow(firstState() | openedOutside | kind, inner, innerPorts, source, ports) + flowSlots;
  return 0;
}

/** The endpoint of the packet at hand in a pool, held; 0 when there is no port for it, and its sender is told. */
function endpointFor(pool: number): number {
  const e = openEndpoint(pool, lanHostOf(source), swap16(ports), 0);
  if (e) {
    holdEndpoint(e);
    return e;
  }
  sendUnreachable(prohibited);
  return drop(dropNoPort);
}

/**
 * Whether a flow that counts for the LAN host at this place can only be made instead of another.
 * @inline
 */
function lacksRoom(place: number): boolean {
  return hostFlows[place] >= hostLimit || !flowAvailable();
}

/**
 * Makes room for a flow: in a full table, or among its host's when that has too many. What comes from the Internet
 * replaces its like alone. If there is none to make, the sender on the LAN is told. @returns whether it was made
 */
function findRoom(place: number): boolean {
  const many = hostFlows[place] >= hostLimit;
  if (ingress != lanPort ? !many && replaceStranger() : many ? makeRoomOf(source) : makeRoom()) return true;
  if (ingress == lanPort) sendUnreachable(prohibited);
  drop(many ? dropHostLimit : dropTableFull);
  return false;
}

/** @inline */
function firstState(): number {
  return protocol == protocolTcp ? tcpInit : protocol == protocolUdp ? udpOneWay : icmpQuery;
}
