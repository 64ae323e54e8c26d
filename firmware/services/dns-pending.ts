/**
 * Queries that wait for a resolver's answer, and which resolver is asked.
 *
 * A slot holds an endpoint of the router's own, by which no LAN host has its port; the endpoint's inner port tells the
 * slot. A resolver that leaves queries unanswered is asked only when the others are no better, for a while.
 *
 * May touch: the words of `asked`, the resolvers, endpoints, the log. Must not: look at the packet at hand beyond its source.
 */
import {
  asked,
  askedAs,
  askedBusy,
  askedClient,
  askedQuestion,
  askedSlots,
  clock,
  endpointPublicPort,
  resolverCount,
  resolverTrouble,
  resolvers,
} from '../layout/arena.ts';
import { resolverAnswersAgain, resolverSilent } from '../layout/events.ts';
import { lanAddress, lanHostOf, onLan, publicAddress } from '../control/addresses.ts';
import {
  endpointOf,
  holdEndpoint,
  lanUdp,
  openEndpoint,
  publicUdp,
  releaseEndpoint,
  taken,
} from '../control/endpoints.ts';
import { source } from '../control/packet.ts';
import { random32 } from '../platform/system.ts';
import { logEvent } from './log.ts';

/** Seconds after which nobody waits for an answer any more: what a client waits before it asks again (resolv.conf(5)). */
export const patienceSeconds = 5;
/** Seconds are kept modulo this. */
const secondMask = 4095;

// A word of `resolverTrouble`: queries in a row that went unanswered; whether the log says that it is silent; and from
// bit 8 on, for how many seconds the resolver still stands behind the others.
/** Queries that a resolver may leave unanswered in a row. */
export const patienceQueries = 3;
const wasTold = 16;
const oneSecond = 256;
/** Seconds for which a silent resolver stands behind the others, until it is tried again. */
export const behindSeconds = 60;

/** Ports tried at random, at most. */
const portTries = 16;

/**
 * The slot for a query of the packet's sender: the one that it has, if it comes again; else a free one; else that of the
 * oldest. One that comes again may be missed behind a slot that became free meanwhile: then it is a new one.
 */
export function slotFor(key: number, question: number): number {
  let slot = (key ^ (key >>> 16)) & (askedSlots - 1);
  let left = askedSlots;
  while (asked[slot] && !isOf(slot, key, question)) {
    if (!left--) return oldestSlot();
    slot = (slot + 1) % askedSlots;
  }
  return slot;
}

/** Whether a slot's query is this one of the packet's sender. */
export function isOf(slot: number, key: number, question: number): boolean {
  return asked[slot] == key && asked[askedClient + slot] == source && asked[askedQuestion + slot] == question;
}

function oldestSlot(): number {
  let oldest = 0;
  for (let slot = 1; slot < askedSlots; slot++) if (ageOf(slot) > ageOf(oldest)) oldest = slot;
  return oldest;
}

/** Nobody waits for the slot's answer any more. */
export function forget(slot: number): void {
  const host = lanHostOf(lanAddress);
  asked[slot] = 0;
  const e = endpointOf(publicUdp, host, slot + 1) || endpointOf(lanUdp, host, slot + 1);
  if (e) releaseEndpoint(e);
}

/**
 * The port that a slot's query leaves by, and its id: those of before, if the slot has them, else such that nobody can
 * guess (RFC 5452 section 9.2): any port from 1024 on that is free, any id.
 * @param resolver number of the one that is asked: the slot's own, or the slot is a forgotten one
 * @returns the port as people write it, or 0 when there is none
 */
export function openPort(slot: number, resolver: number): number {
  const second = (clock[0] & secondMask) << 16;
  const host = lanHostOf(lanAddress);
  const pool = onLan(resolvers[resolver]) ? lanUdp : publicUdp;
  const known = endpointOf(pool, host, slot + 1);
  asked[askedBusy] = 1;
  if (known) {
    asked[askedAs + slot] = (asked[askedAs + slot] & 65535) | second | (resolver << 28);
    return endpointPublicPort[known];
  }
  for (let i = 0; i < portTries; i++) {
    // Both of one number, in which every pair of them comes up about once.
    const random = random32();
    const port = 1024 + (random % 64512);
    if (taken(pool, port)) continue;
    const e = openEndpoint(pool, host, slot + 1, port);
    if (!e) return 0;
    holdEndpoint(e);
    asked[askedAs + slot] = (random >>> 16) | second | (resolver << 28);
    return port;
  }
  return 0;
}

/** Seconds since a slot's query left, modulo 4096. */
export function ageOf(slot: number): number {
  return (clock[0] - (asked[askedAs + slot] >>> 16)) & secondMask;
}

/**
 * The resolver to ask: the first that answers, from a number on.
 * @returns its number, or -1 when there is none; never the packet's own sender, who may be one
 */
export function chooseResolver(from: number): number {
  let behind = -1;
  for (let i = 0; i < resolverCount; i++) {
    const n = (from + i) % resolverCount;
    const address = resolvers[n];
    if (!address || address == source || !(publicAddress || onLan(address))) continue;
    if (asked[resolverTrouble + n] < oneSecond) return n;
    if (behind < 0) behind = n;
  }
  return behind;
}

/** Another address than before, or none, answers names: nothing is held against it, and nobody waits for the other. */
export function setResolver(resolver: number, address: number): void {
  if (resolvers[resolver] == address) return;
  resolvers[resolver] = address;
  asked[resolverTrouble + resolver] = 0;
  for (let slot = 0; slot < askedSlots; slot++)
    if (asked[slot] && asked[askedAs + slot] >>> 28 == resolver) forget(slot);
}

/** A resolver has left a query unanswered. */
export function miss(resolver: number): void {
  const at = resolverTrouble + resolver;
  asked[at]++;
  if ((asked[at] & 15) < patienceQueries) return;
  asked[at] = behindSeconds * oneSecond + (asked[at] & wasTold) + patienceQueries - 1;
  asked[askedBusy] = 1;
}

/** A resolver has answered that was in trouble. */
export function regain(resolver: number): void {
  asked[resolverTrouble + resolver] &= wasTold;
  asked[askedBusy] = 1;
}

/**
 * A second in which something may be over: queries that nobody will answer, the time of a resolver behind the others. And
 * what became of resolvers is logged here, so that queries and answers need not read over how.
 * @overlay
 */
export function expireQueries(): void {
  asked[askedBusy] = 0;
  for (let at = resolverTrouble; at < resolverTrouble + resolverCount; at++) {
    if (asked[at] < oneSecond) continue;
    asked[at] -= oneSecond;
    asked[askedBusy] = 1;
  }
  for (let slot = 0; slot < askedSlots; slot++) {
    if (!asked[slot]) continue;
    asked[askedBusy] = 1;
    if (ageOf(slot) < patienceSeconds) continue;
    miss(asked[askedAs + slot] >>> 28);
    forget(slot);
  }
  for (let n = 0; n < resolverCount; n++) tellTrouble(n);
}

/** The log says once that a resolver is silent, however often it is tried, and once that it answers. */
function tellTrouble(resolver: number): void {
  const at = resolverTrouble + resolver;
  if (asked[at] == wasTold) {
    asked[at] = 0;
    logEvent(resolverAnswersAgain, resolvers[resolver]);
  } else if (asked[at] >= oneSecond && !(asked[at] & wasTold)) {
    asked[at] += wasTold;
    logEvent(resolverSilent, resolvers[resolver]);
  }
}
