/**
 * States of a flow, which also tell its protocol, and the marks beside them. Numbers and one table, nothing else.
 *
 * TCP follows RFC 7857 section 2:
 *
 *     INIT --other side--> EST --FIN--> C-FIN or S-FIN --other FIN--> CS-FIN --SYN--> INIT
 *       any --RST--> TRANS --anything but RST--> EST
 */
import { timeout } from '../layout/arena.ts';
import { protocolIcmp, protocolTcp, protocolUdp } from '../wire/frame.ts';

export const free = 0;
export const udpOneWay = 1;
export const udpTwoWay = 2;
export const icmpQuery = 3;
export const tcpInit = 4;
export const tcpEstablished = 5;
/** FIN seen from the original direction. */
export const tcpClientFin = 6;
/** FIN seen from the reply direction. */
export const tcpServerFin = 7;
export const tcpBothFin = 8;
export const tcpTransitory = 9;

/** Low bits of `flowState`: the state. What kind of flow it is stands above, see layout/flow.ts. */
export const stateMask = 15;

/**
 * Whether packets of an answered flow in this state may take the fast path.
 * @inline
 */
export function settles(state: number): boolean {
  return state == udpTwoWay || (state >= tcpEstablished && state < tcpTransitory);
}

/** Names for the `flows` answer, by state. */
export const stateNames = [
  'free',
  'one-way',
  'two-way',
  'query',
  'opening',
  'established',
  'client-closed',
  'server-closed',
  'closed',
  'transitory',
];

/** IP protocol of a state. */
export function protocolOf(state: number): number {
  if (state >= tcpInit) return protocolTcp;
  return state == icmpQuery ? protocolIcmp : protocolUdp;
}

/** UDP flows that were never answered (RFC 4787 REQ-5 allows no less). */
export const udpOneWaySeconds = 120;

/**
 * Fills the table of idle limits from the config's four values, in seconds (RFC 4787 REQ-5, RFC 5382 REQ-5,
 * RFC 5508 REQ-2; half-closed connections count as established, RFC 5382 section 5).
 */
export function setTimeouts(udp: number, established: number, transitory: number, icmp: number): void {
  timeout[udpOneWay] = udpOneWaySeconds;
  timeout[udpTwoWay] = udp;
  timeout[icmpQuery] = icmp;
  timeout[tcpInit] = transitory;
  timeout[tcpEstablished] = established;
  timeout[tcpClientFin] = established;
  timeout[tcpServerFin] = established;
  timeout[tcpBothFin] = transitory;
  timeout[tcpTransitory] = transitory;
}
