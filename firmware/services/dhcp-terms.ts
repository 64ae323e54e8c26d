/**
 * What an ISP's server says of an address, read into the words of `wanLease`: nothing is taken that the router could not
 * work with. May touch: the packet at hand, these words, the resolvers. Must not: act on it.
 */
import { resolverCount, resolvers, resolversFixed, wanLease } from '../layout/arena.ts';
import {
  forever,
  wanGateway,
  wanLeased,
  wanLimit,
  wanMostMtu,
  wanNetmask,
  wanRebinding,
  wanRenewal,
  wanSeconds,
  wanServer,
} from '../layout/wan-lease.ts';
import { minMtu, minWanPrefix } from '../config/schema.ts';
import { isMartianSource, maskOf, publicAddress } from '../control/addresses.ts';
import { frame, half } from '../control/packet.ts';
import {
  ack,
  leaseOption,
  maskOption,
  mtuOption,
  rebindingOption,
  renewalOption,
  resolverOption,
  routerOption,
  serverOption,
  yiaddrAt,
} from '../wire/dhcp.ts';
import { swap32 } from '../wire/order.ts';
import { fieldAt, wordAt, wordOf } from './dhcp-message.ts';
import { setResolver } from './dns-pending.ts';

/** What a lease is cut to that is longer, and not for ever, in seconds: the clock's sums stay whole. */
const longestLease = 0x7fffffff;

/**
 * Reads an offer or an acknowledgement at hand.
 * @param options of `readMessage`  @returns whether the router can work with it; if not, nothing was noted
 */
export function noteTerms(options: Uint16Array, type: number): boolean {
  const address = wordAt(fieldAt(yiaddrAt));
  const mask = maskFor(address, wordOf(options, maskOption));
  const server = wordOf(options, serverOption);
  const seconds = secondsOf(options, leaseOption);
  // An offer without its server cannot be asked for; an acknowledgement comes from the one that is known.
  if (!isUsable(address, mask) || (type == ack ? !seconds : !server)) return false;
  wanLease[wanLeased] = address;
  wanLease[wanNetmask] = mask;
  if (server) wanLease[wanServer] = server;
  // More time for the same address may be given without saying again what goes with it.
  const isSame = address == publicAddress;
  const router = wordOf(options, routerOption);
  if (router || !isSame) wanLease[wanGateway] = gatewayFor(address, router);
  wanLease[wanLimit] = limitOf(options[mtuOption]);
  noteTimes(seconds, secondsOf(options, renewalOption), secondsOf(options, rebindingOption));
  const names = options[resolverOption];
  if (type == ack && !resolvers[resolversFixed] && (names || !isSame)) noteResolvers(names);
  return true;
}

/** A number of seconds, or 0. */
function secondsOf(options: Uint16Array, code: number): number {
  return swap32(wordOf(options, code));
}

/**
 * The mask that goes with an address, a word: the one that was sent, if it is one, else that of the address's class
 * (RFC 2131 section 4.4.1 leaves that to us; RFC 791 section 3.2 has the classes).
 */
function maskFor(address: number, sent: number): number {
  for (let prefix = minWanPrefix; prefix <= 32; prefix++) if (swap32(maskOf(prefix)) == sent) return sent;
  return swap32(maskOf((address & 255) < 128 ? 8 : (address & 255) < 192 ? 16 : 24));
}

/** Whether a host can have this address: one of a single host's, and not its network's own or its broadcast. */
function isUsable(address: number, mask: number): boolean {
  const host = (swap32(address) & ~swap32(mask)) >>> 0;
  const most = ~swap32(mask) >>> 0;
  // A network of one or two addresses has neither (RFC 3021).
  return !isMartianSource(address) && (most < 2 || (host != 0 && host != most));
}

/** The first of the routers; it may lie outside the subnet, as some ISPs have it. 0 = none that could be one. */
function gatewayFor(address: number, router: number): number {
  return router == address || isMartianSource(router) ? 0 : router;
}

/** Longest packet: the config's, unless the lease has less, which no host may be told below 576. @param at of its option */
function limitOf(at: number): number {
  const limit = at && frame[at - 1] == 2 ? half(at) : 0;
  return limit >= minMtu && limit < wanLease[wanMostMtu] ? limit : wanLease[wanMostMtu];
}

/** Notes for how long it is leased; T1 and T2 that do not lie in order within the lease are ours (RFC 2131 section 4.4.5). */
function noteTimes(seconds: number, renewal: number, rebinding: number): void {
  const isEndless = seconds == forever;
  const lease = !isEndless && seconds > longestLease ? longestLease : seconds;
  const t2 = rebinding && rebinding < lease ? rebinding : Math.floor(lease * 0.875);
  const t1 = Math.min(Math.floor(lease / 2), t2);
  wanLease[wanSeconds] = lease;
  wanLease[wanRebinding] = isEndless ? forever : t2;
  wanLease[wanRenewal] = isEndless ? forever : renewal && renewal < t2 ? renewal : t1;
}

/** Notes who answers names, three at most. @param at of their option */
function noteResolvers(at: number): void {
  const end = at && at + frame[at - 1];
  let count = 0;
  for (let i = at; i + 4 <= end && count < resolverCount; i += 4) {
    const resolver = wordAt(i);
    if (isMartianSource(resolver)) continue;
    setResolver(count, resolver);
    count++;
  }
  while (count < resolverCount) {
    setResolver(count, 0);
    count++;
  }
}
