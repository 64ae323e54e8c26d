/**
 * States of a flow, which also tell its protocol, and the marks beside them. Numbers and one table, nothing else.
 *
 * TCP follows RFC 7857 section 2:
 *
 *     INIT --other side--> EST --FIN--> C-FIN or S-FIN --other FIN--> CS-FIN --SYN--> INIT
 *       any --RST--> TRANS --anything but RST--> EST
 *
 * A flow that the Internet opens is ACCEPTED between INIT and EST, until the one who opened it goes on.
 */
import { evictionRank, timeout } from '../layout/arena.ts';
import { protocolIcmp, protocolTcp, protocolUdp } from '../wire/frame.ts';

export const free = 0;
export const udpOneWay = 1;
/** Answered, and nothing of the original direction since. */
export const udpReplied = 2;
/** Answered and gone on: nobody's guess any more ("assured"). */
export const udpTwoWay = 3;
/** Answered by a name server, or by a time server. */
export const udpDns = 4;
export const udpNtp = 5;
export const icmpQuery = 6;
export const tcpInit = 7;
/** Opened by the Internet and accepted by the LAN: anybody may have sent that SYN, until its sender goes on. */
export const tcpAccepted = 8;
export const tcpEstablished = 9;
/** FIN seen from the original direction. */
export const tcpClientFin = 10;
/** FIN seen from the reply direction. */
export const tcpServerFin = 11;
export const tcpBothFin = 12;
export const tcpTransitory = 13;

/** Low bits of `flowState`: the state. What kind of flow it is stands above, see layout/flow.ts. */
export const stateMask = 15;

/**
 * Whether packets of an answered flow in this state may take the fast path.
 * @inline
 */
export function settles(state: number): boolean {
  return (state > udpOneWay && state < icmpQuery) || (state >= tcpEstablished && state < tcpTransitory);
}

/** Names for the `flows` answer, by state. */
export const stateNames = [
  'free',
  'one-way',
  'answered',
  'two-way',
  'answered-dns',
  'answered-ntp',
  'query',
  'opening',
  'accepted',
  'established',
  'client-closed',
  'server-closed',
  'closed',
  'transitory',
];

/** Expired flows give way before all others. */
export const rankExpired = 8;
/** Half-closed TCP gives way when it has been idle for more than `halfClosedIdle` seconds. */
export const rankHalfClosed = 2;
export const halfClosedIdle = 240;
/** UDP in both directions, when idle for more than `assuredIdle` seconds: RFC 4787 REQ-5 promises these. */
export const rankAssured = 1;
export const assuredIdle = 120;

/**
 * Who gives way first in a full table, by state: the highest rank. 0 never does.
 */
const rankOf = [
  0,
  4, // UDP that was not answered, or has not gone on since
  4,
  rankAssured,
  5, // names and times that were told
  5,
  6, // ICMP queries
  3, // TCP that waits for an answer, or for its sender to go on
  3,
  0, // established TCP
  rankHalfClosed,
  rankHalfClosed,
  7, // closed, or reset
  7,
];

/**
 * IP protocol of a state.
 * @inline
 */
export function protocolOf(state: number): number {
  return state >= tcpInit ? protocolTcp : state == icmpQuery ? protocolIcmp : protocolUdp;
}

/** UDP flows that were never answered (RFC 4787 REQ-5 allows no less). */
export const udpOneWaySeconds = 120;
/** After the answer of a name server or a time server nothing more comes (RFC 4787 REQ-5a allows less for these). */
export const dnsSeconds = 15;
export const ntpSeconds = 30;
export const dnsPort = 53;
export const ntpPort = 123;

/**
 * The state of a UDP flow whose first answer comes now.
 * @param port of the side that answers
 * @inline
 */
export function answeredState(port: number): number {
  return port == dnsPort ? udpDns : port == ntpPort ? udpNtp : udpReplied;
}

/**
 * Fills the table of idle limits from the config's four values, in seconds (RFC 4787 REQ-5, RFC 5382 REQ-5,
 * RFC 5508 REQ-2; half-closed connections count as established, RFC 5382 section 5).
 */
export function setTimeouts(udp: number, established: number, transitory: number, icmp: number): void {
  timeout[udpOneWay] = udpOneWaySeconds;
  timeout[udpReplied] = udp;
  timeout[udpTwoWay] = udp;
  timeout[udpDns] = dnsSeconds;
  timeout[udpNtp] = ntpSeconds;
  timeout[icmpQuery] = icmp;
  timeout[tcpInit] = transitory;
  timeout[tcpAccepted] = transitory;
  timeout[tcpEstablished] = established;
  timeout[tcpClientFin] = established;
  timeout[tcpServerFin] = established;
  timeout[tcpBothFin] = transitory;
  timeout[tcpTransitory] = transitory;
  for (let state = 0; state < rankOf.length; state++) evictionRank[state] = rankOf[state];
}
