/**
 * Admission: what a packet without a flow may do, and the flow that lets its followers pass.
 *
 * This is the policy in one page (step 7 of the processing order): a packet for P meets a forward, then a dynamic
 * mapping (LAN only), then the router itself; a packet for R meets the router; a LAN packet for elsewhere goes out
 * in P's name; a WAN packet for elsewhere ends here.
 */
import {
  endpointHost,
  endpointInnerPort,
  endpointPublicPort,
  forwardMode,
  forwardTo,
} from '../layout/arena.ts';
import { hairpinDnatOnly, hairpinLan, hairpinNone, lanPort, wanPort } from '../layout/ports.ts';
import {
  dropBroadcast,
  dropIcmp,
  dropNoFlow,
  dropNoForward,
  dropNeighbour,
  dropNoPort,
  dropTableFull,
  dropWrongSide,
  flowsMade,
} from '../layout/reasons.ts';
import { icmpEcho, protocolIcmp, protocolTcp, protocolUdp, tcpRst } from '../wire/frame.ts';
import { swap16 } from '../wire/order.ts';
import {
  isBroadcast,
  isMulticast,
  lanAddress,
  lanAddressOf,
  lanHostOf,
  onLan,
  publicAddress,
} from './addresses.ts';
import { count, drop } from './count.ts';
import { endpointAt, holdEndpoint, lanPool, openEndpoint, publicPool, releaseEndpoint } from './endpoints.ts';
import { findRow, makeFlow } from './flows.ts';
import { forwardAdmits, forwardFor, serverPort } from './forwards.ts';
import { answerEcho, prohibited, sendUnreachable } from './icmp.ts';
import { isRequest } from './icmp-errors.ts';
import { neighbour } from './neighbours.ts';
import { wanNextHop } from './hops.ts';
import { forwardPlain, mayTravel } from './pass.ts';
import { frame, ingress, ports, protocol, source, target, transportAt } from './packet.ts';
import { refuse } from './refuse.ts';
import { roomForFlow } from './sweep.ts';
import { icmpQuery, tcpInit, udpOneWay } from './states.ts';
import { isOpening } from './tcp.ts';

/** The setting `nat.hairpinDynamic`. */
let hairpinDynamic = true;

export function setHairpinDynamic(on: boolean): void {
  hairpinDynamic = on;
}

/** Row of the flow made for the packet at hand, when `admit` answered 0 and made one; else 0. */
export let admittedRow = 0;

/**
 * Decides about a packet that belongs to no flow.
 * @returns a hop to send the frame to as it is now, or 0; then `admittedRow` tells whether to translate it
 */
export function admit(): number {
  admittedRow = 0;
  const fromLan = ingress == lanPort;
  if (isMulticast(target) || isBroadcast(target)) return drop(dropBroadcast);
  if (target == publicAddress) return admitToPublic(fromLan);
  if (!fromLan) return drop(dropWrongSide);
  if (target == lanAddress) return protocol == protocolIcmp ? admitQuery(fromLan) : refuse();
  if (onLan(target)) return forwardPlain(target);
  return admitOut();
}

/** An ICMP query for the router itself, or an answer nobody waits for: only echo is served. */
function admitQuery(fromLan: boolean): number {
  if (frame[transportAt] == icmpEcho) return answerEcho();
  return drop(fromLan ? dropIcmp : dropNoFlow);
}

/** The public port a packet for P names. */
function wantedPort(): number {
  return swap16(ports >>> 16);
}

/** A packet for P: from the Internet, or from the LAN around the hairpin. */
function admitToPublic(fromLan: boolean): number {
  if (protocol == protocolIcmp) return admitQuery(fromLan);
  const rule = forwardFor(protocol, wantedPort());
  if (rule >= 0) return fromLan ? admitHairpin(rule) : admitIn(rule);
  if (!fromLan) return drop(dropNoForward);
  const e = hairpinDynamic ? endpointAt(publicPool(protocol), wantedPort()) : 0;
  if (!e) return refuse();
  return translateSource(
    publicPool(protocol),
    publicAddress,
    lanAddressOf(endpointHost[e]),
    endpointInnerPort[e],
  );
}

/** From the Internet to a forward: only the destination changes. */
function admitIn(rule: number): number {
  if (!forwardAdmits(rule, source)) return drop(dropNoForward);
  if (protocol == protocolTcp && !isOpening(frame[transportAt + 13])) return drop(dropNoFlow);
  return keepSource(forwardTo[rule], serverPort(rule, wantedPort()));
}

/** From the LAN to a forward: the hairpin, in the forward's mode. */
function admitHairpin(rule: number): number {
  const mode = forwardMode[rule];
  if (mode == hairpinNone) return refuse();
  if (isStrayReset()) return drop(dropNoFlow);
  const port = serverPort(rule, wantedPort());
  // The mistake: the server will answer its neighbour directly, and the answer will be thrown away.
  if (mode == hairpinDnatOnly) return keepSource(forwardTo[rule], port);
  if (mode == hairpinLan) return translateSource(lanPool(protocol), lanAddress, forwardTo[rule], port);
  return translateSource(publicPool(protocol), publicAddress, forwardTo[rule], port);
}

/** From the LAN to the Internet. */
function admitOut(): number {
  if (protocol == protocolIcmp && !isRequest(frame[transportAt])) return drop(dropIcmp);
  if (isStrayReset()) return drop(dropNoFlow);
  const toPort = protocol == protocolIcmp ? 0 : wantedPort();
  return translateSource(publicPool(protocol), publicAddress, target, toPort);
}

/** A reset ends a connection; one without a flow must not make one. */
function isStrayReset(): boolean {
  return protocol == protocolTcp && !!(frame[transportAt + 13] & tcpRst);
}

/** Opens a flow whose source stays as it is. */
function keepSource(toAddress: number, toPort: number): number {
  return mayOpen(toAddress) ? open(source, ports & 65535, toAddress, toPort) : 0;
}

/** Opens a flow whose source becomes `address` with the port its endpoint has in `pool`. */
function translateSource(pool: number, address: number, toAddress: number, toPort: number): number {
  // Room is made first: a flow that gives way may give back the port, or the slot, that this one needs.
  if (!mayOpen(toAddress)) return 0;
  const e = openEndpoint(pool, lanHostOf(source), swap16(ports & 65535));
  if (!e) {
    sendUnreachable(prohibited);
    return drop(dropNoPort);
  }
  holdEndpoint(e);
  open(address, swap16(endpointPublicPort[e]), toAddress, toPort);
  if (!admittedRow) releaseEndpoint(e);
  return 0;
}

/** Whether the packet at hand may go to `address` and there is room for its flow; if not, its sender is told. */
function mayOpen(address: number): boolean {
  if (!mayTravel(portFor(address))) return false;
  if (roomForFlow()) return true;
  if (ingress == lanPort) sendUnreachable(prohibited);
  drop(dropTableFull);
  return false;
}

function portFor(address: number): number {
  return onLan(address) ? lanPort : wanPort;
}

function hopFor(address: number): number {
  return onLan(address) ? neighbour(lanPort, address) : neighbour(wanPort, wanNextHop(address));
}

function firstState(): number {
  if (protocol == protocolTcp) return tcpInit;
  return protocol == protocolUdp ? udpOneWay : icmpQuery;
}

/**
 * Makes the flow of the packet at hand: it will leave from `fromAddress:fromPort` to `toAddress:toPort`.
 * @param fromPort as it lies in the packet  @param toPort as a number
 */
function open(fromAddress: number, fromPort: number, toAddress: number, toPort: number): number {
  const replyPorts = (swap16(toPort) | (fromPort << 16)) >>> 0;
  if (findRow(portFor(toAddress), toAddress, fromAddress, replyPorts, protocol)) {
    // Two forwards lead to one server, and this client already talks to it from the same port by the other one.
    sendUnreachable(prohibited);
    return drop(dropNoPort);
  }
  const out = hopFor(toAddress);
  const back = hopFor(source);
  if (!out || !back) return drop(dropNeighbour);
  const hops = (out << 8) | back;
  const flow = makeFlow(firstState(), source, target, ports, toAddress, fromAddress, replyPorts, hops);
  if (!flow) return drop(dropTableFull);
  count(flowsMade);
  admittedRow = 2 * flow;
  return 0;
}
