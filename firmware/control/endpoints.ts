/**
 * Endpoints and public ports: which public port an inner endpoint has, and who owns a public port.
 *
 * Mapping is endpoint-independent (RFC 4787 REQ-1): every flow of (pool, inner address, inner port) uses the same
 * public port while any of them lives. A pool is a protocol on one of our addresses: P for the Internet and
 * `external` hairpin, R for `lan` hairpin. Ports here are numbers as people write them.
 */
import {
  endpointBuckets,
  endpointCount,
  endpointHost,
  endpointInnerIndex,
  endpointInnerPort,
  endpointNextInner,
  endpointNextPublic,
  endpointPublicIndex,
  endpointPublicPort,
  endpointUse,
  hintPublic,
  hintSlots,
  hintTarget,
  policySwitch,
  policyWanDhcp,
  portHints,
  switches,
} from '../layout/arena.ts';
import { dhcpClientPort, protocolTcp, protocolUdp } from '../wire/frame.ts';
import { lanAddress, publicAddress } from '../datapath/own.ts';
import { lanAddressOf } from './addresses.ts';
import { forwardOwns, publicPortOf } from './forwards.ts';

/** Pools, in the high bits of `endpointUse`; never 0, so that a used slot is never 0. */
export const publicTcp = 1 << 10;
export const publicUdp = 2 << 10;
export const publicIcmp = 3 << 10;
export const lanTcp = 4 << 10;
export const lanUdp = 5 << 10;
const countMask = 1023;

/** Ports tried at random when the preserved one is taken (RFC 6056 in spirit, bounded). */
export const searchTries = 32;

let freeHead = 0;
/** Endpoints in use. */
export let endpointsInUse = 0;
let random: () => number = function () {
  return 0;
};

/** Empties the table. @param source unsigned 32-bit random numbers */
export function resetPorts(source: () => number): void {
  random = source;
  for (let i = 0; i < endpointBuckets; i++) {
    endpointInnerIndex[i] = 0;
    endpointPublicIndex[i] = 0;
  }
  for (let i = 1; i <= endpointCount; i++) {
    endpointUse[i] = 0;
    endpointNextInner[i] = i < endpointCount ? i + 1 : 0;
  }
  freeHead = 1;
  endpointsInUse = 0;
}

/**
 * The pool for a protocol on P.
 * @inline
 */
export function publicPool(protocol: number): number {
  return protocol == protocolTcp ? publicTcp : protocol == protocolUdp ? publicUdp : publicIcmp;
}

/**
 * The pool for a protocol on R.
 * @inline
 */
export function lanPool(protocol: number): number {
  return protocol == protocolTcp ? lanTcp : lanUdp;
}

/** @inline */
function innerBucket(host: number, port: number): number {
  return (host + port) % endpointBuckets;
}

/** The endpoint of an inner host and port, or 0. */
export function endpointOf(pool: number, host: number, port: number): number {
  let e = endpointInnerIndex[innerBucket(host, port)];
  while (
    e &&
    (endpointInnerPort[e] != port || endpointHost[e] != host || (endpointUse[e] & ~countMask) != pool)
  ) {
    e = endpointNextInner[e];
  }
  return e;
}

/** The endpoint that has a public port, or 0. */
export function endpointAt(pool: number, port: number): number {
  let e = endpointPublicIndex[port % endpointBuckets];
  while (e && (endpointPublicPort[e] != port || (endpointUse[e] & ~countMask) != pool))
    e = endpointNextPublic[e];
  return e;
}

/**
 * Whether a port belongs to an endpoint or a forward, or is none at all; or where the ISP answers the router itself, so
 * that no LAN host's flow may take those answers away.
 * @inline
 */
export function taken(pool: number, port: number): boolean {
  return (
    (portHints[port % hintSlots] & hintPublic && pool < lanTcp && forwardOwns(pool, port)) ||
    port == 0 ||
    (port == dhcpClientPort && pool == publicUdp && (switches[policySwitch] & policyWanDhcp) != 0) ||
    endpointAt(pool, port) != 0
  );
}

/**
 * A port for a new endpoint: that of a forward to it (RFC 4787 REQ-1), the inner one if it is free, else one at random
 * of the same class (below 1024 or not, RFC 4787 REQ-3a) and parity (REQ-4).
 * @returns 0 when none was found in a bounded number of tries
 */
function choosePort(pool: number, host: number, wanted: number): number {
  if (portHints[wanted % hintSlots] & hintTarget) {
    const forwarded = publicPortOf(pool, lanAddressOf(host), wanted);
    if (forwarded && !endpointAt(pool, forwarded)) return forwarded;
  }
  if (!taken(pool, wanted)) return wanted;
  const base = wanted < 1024 ? 0 : 1024;
  const span = wanted < 1024 ? 1024 : 64512;
  for (let i = 0; i < searchTries; i++) {
    const port = base + (((random() % span) & ~1) | (wanted & 1));
    if (!taken(pool, port)) return port;
  }
  return 0;
}

/**
 * The endpoint for a new flow of an inner host and port: the one it has, or a new one. `holdEndpoint` must follow.
 * @param fixed the public port that a new one gets, or 0: the best that is free
 * @returns the endpoint, or 0 when no port or no slot is free
 */
export function openEndpoint(pool: number, host: number, port: number, fixed: number): number {
  const known = endpointOf(pool, host, port);
  if (known) return known;
  const e = freeHead;
  const chosen = e ? fixed || choosePort(pool, host, port) : 0;
  if (!chosen) return 0;
  freeHead = endpointNextInner[e];
  endpointsInUse++;
  endpointHost[e] = host;
  endpointInnerPort[e] = port;
  endpointPublicPort[e] = chosen;
  endpointUse[e] = pool;
  let bucket = innerBucket(host, port);
  endpointNextInner[e] = endpointInnerIndex[bucket];
  endpointInnerIndex[bucket] = e;
  bucket = chosen % endpointBuckets;
  endpointNextPublic[e] = endpointPublicIndex[bucket];
  endpointPublicIndex[bucket] = e;
  return e;
}

/**
 * One more flow uses the endpoint.
 * @inline
 */
export function holdEndpoint(e: number): number {
  return endpointUse[e]++;
}

/** One flow less; the last one gives the port back. */
export function releaseEndpoint(e: number): void {
  if (endpointUse[e] & countMask) endpointUse[e]--;
  if (endpointUse[e] & countMask) return;
  unchain(endpointInnerIndex, endpointNextInner, innerBucket(endpointHost[e], endpointInnerPort[e]), e);
  unchain(endpointPublicIndex, endpointNextPublic, endpointPublicPort[e] % endpointBuckets, e);
  endpointUse[e] = 0;
  endpointNextInner[e] = freeHead;
  freeHead = e;
  endpointsInUse--;
}

/**
 * One flow less that uses the endpoint at one of our own addresses; nothing for any other address.
 * @param target what the packets that come to it are addressed to, with `port`
 */
export function releaseEndpointOf(protocol: number, target: number, port: number): void {
  let pool = 0;
  if (target == publicAddress) pool = publicPool(protocol);
  else if (target == lanAddress) pool = lanPool(protocol);
  const e = pool ? endpointAt(pool, port) : 0;
  if (e) releaseEndpoint(e);
}

function unchain(index: Uint16Array, next: Uint16Array, bucket: number, e: number): void {
  let at = index[bucket];
  if (at == e) {
    index[bucket] = next[e];
    return;
  }
  while (next[at] != e) at = next[at];
  next[at] = next[e];
}
