/**
 * Pings of the router's own: four echo requests to one host, one a second, and what comes back (RFC 792). What is known
 * stands in the words of `ping`, see layout/arena.ts.
 *
 * They have their identifier by an endpoint of the router itself, held while the ping is under way: so no LAN host's ping
 * leaves with the same one. May touch: these words, that endpoint, the outbox. Must not: know who wants to know.
 */
import {
  endpointPublicPort,
  neighbourState,
  ping,
  pingAnswered,
  pingCount,
  pingEndpoint,
  pingSent,
  pingTarget,
  pingTeller,
  pingTimes,
  pingTrouble,
  pingWait,
} from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { consumedIcmp, dropIcmp, dropIcmpChecksum, dropNoFlow, sentEcho } from '../layout/reasons.ts';
import { lanAddress } from '../datapath/own.ts';
import { sumOf } from '../wire/checksum.ts';
import {
  fragmentMask,
  fragmentWord,
  icmpEcho,
  icmpHeaderBytes,
  ipAt,
  ipHeaderBytes,
  protocolIcmp,
  shortestFrame,
} from '../wire/frame.ts';
import { swap16 } from '../wire/order.ts';
import { lanHostOf } from './addresses.ts';
import { addressOn } from './arp-out.ts';
import { count, drop, note } from './count.ts';
import { holdEndpoint, openEndpoint, publicIcmp, releaseEndpoint } from './endpoints.ts';
import { asking, portOf, reachable, silent } from './hops.ts';
import { putSum, startIp } from './icmp.ts';
import { askAnew, hopFor } from './neighbours.ts';
import { blankFrame, post } from './outbox.ts';
import { frame, half, headerBytes, ingress, source, totalLength, transportAt, words } from './packet.ts';

/** Whole seconds that the last request's answer may take, at least. */
const patienceSeconds = 2;
/** Data behind the ICMP header: as much as a frame has in any case (RFC 894). */
const dataBytes = shortestFrame - 14 - ipHeaderBytes - icmpHeaderBytes;

/** `pingTrouble` when nobody answered ARP; else type << 8 | code of the ICMP error that `pingTeller` sent. */
export const noNeighbour = 1;

/** Times are tenths of milliseconds modulo this: a column takes no fractions, and 32 bits of these are not an hour. */
const timeModulus = 100000000;

/** Seconds since some moment, as a fraction. This room has no clock of its own but the second. */
let now: () => number;

function tenths(): number {
  return Math.round((now() % 10000) * 10000);
}

/**
 * Begins to ping a host; what was under way ends.
 * @param address a word  @param clock seconds since some moment, as a fraction
 * @returns false when there is no identifier for it
 */
export function startPing(address: number, clock: () => number): boolean {
  stopPing();
  ping.fill(0);
  now = clock;
  const e = openEndpoint(publicIcmp, lanHostOf(lanAddress), (tenths() & 32767) + 32768, 0);
  if (!e) return false;
  holdEndpoint(e);
  ping[pingTarget] = address;
  ping[pingEndpoint] = e;
  ping[pingWait] = patienceSeconds;
  return true;
}

function stopPing(): void {
  if (ping[pingEndpoint]) releaseEndpoint(ping[pingEndpoint]);
  ping[pingEndpoint] = 0;
}

/**
 * A second of a ping that is under way: the next request, once the neighbour it goes by is known, or the end.
 * @overlay
 */
export function stepPing(): void {
  if (ping[pingSent] == pingCount) {
    const everyBit = (1 << pingCount) - 1;
    if (ping[pingAnswered] == everyBit || !ping[pingWait]--) stopPing();
    return;
  }
  const hop = hopFor(ping[pingTarget]);
  const state = neighbourState[hop];
  if (state == reachable) sendRequest(hop);
  else if (state == silent) {
    ping[pingTrouble] = noNeighbour;
    stopPing();
  } else if (state != asking) askAnew(hop);
}

function sendRequest(hop: number): void {
  const length = ipHeaderBytes + icmpHeaderBytes + dataBytes;
  const bytes = blankFrame(length);
  if (!bytes) return;
  startIp(bytes, length, protocolIcmp, 0, addressOn(portOf(hop)), ping[pingTarget]);
  const at = ipAt + ipHeaderBytes;
  const id = endpointPublicPort[ping[pingEndpoint]];
  ping[pingTimes + ping[pingSent]] = tenths();
  ping[pingSent]++;
  bytes[at] = icmpEcho;
  bytes[at + 4] = id >>> 8;
  bytes[at + 5] = id;
  bytes[at + 7] = ping[pingSent];
  putSum(bytes, at + 2, at, length - ipHeaderBytes);
  count(sentEcho);
  post(bytes, hop);
}

/** Whether the ICMP message at hand is whole, and not damaged. */
function isSound(): boolean {
  return (
    !(words[fragmentWord] & fragmentMask) && sumOf(frame, transportAt, totalLength - headerBytes, 0) == 65535
  );
}

/**
 * An echo reply to us, while a ping is under way.
 * @returns 0
 * @overlay
 */
export function takeReply(): number {
  const i = half(transportAt + 6) - 1;
  if (
    source != ping[pingTarget] ||
    half(transportAt + 4) != endpointPublicPort[ping[pingEndpoint]] ||
    i < 0 ||
    i >= ping[pingSent]
  ) {
    return drop(ingress == lanPort ? dropIcmp : dropNoFlow);
  }
  if (!isSound()) return drop(dropIcmpChecksum);
  note(consumedIcmp);
  if (ping[pingAnswered] & (1 << i)) return 0;
  ping[pingAnswered] |= 1 << i;
  ping[pingTimes + i] = (tenths() + timeModulus - ping[pingTimes + i]) % timeModulus;
  return 0;
}

/** Whether a packet that an ICMP error quotes is a request of ours. @param ports as `queryPorts` has them */
export function isRequestOfOurs(protocol: number, target: number, ports: number): boolean {
  return (
    ping[pingEndpoint] != 0 &&
    protocol == protocolIcmp &&
    target == ping[pingTarget] &&
    ports == swap16(endpointPublicPort[ping[pingEndpoint]])
  );
}

/** Notes the ICMP error at hand about a request of ours. @returns 0 */
export function takeComplaint(): number {
  ping[pingTrouble] = half(transportAt);
  ping[pingTeller] = source;
  note(consumedIcmp);
  return 0;
}
