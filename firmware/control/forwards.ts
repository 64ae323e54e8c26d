/**
 * Port forwards: the config's rules, compiled into the arena, behind them those that LAN hosts asked for, and the question
 * which one a packet meets.
 */
import {
  forwardFirstPort,
  forwardFrom,
  forwardFromMask,
  forwardLastPort,
  forwardMode,
  forwardProtocol,
  forwardTo,
  forwardToPort,
  hintPublic,
  hintSlots,
  hintTarget,
  mapped,
  portHints,
} from '../layout/arena.ts';
import type { Forward } from '../config/schema.ts';
import { forwardTcp, forwardUdp, hairpinNames } from '../layout/ports.ts';
import { protocolTcp, protocolUdp } from '../wire/frame.ts';
import { swap32 } from '../wire/order.ts';
import { maskOf } from './addresses.ts';

/** Rules, those of LAN hosts among them. */
export let forwardCount = 0;

/** The DMZ host, or 0: it gets what is for P and belongs to no rule and to nobody's mapping. */
export let dmzAddress = 0;

/** Compiles the rules, as many as a config may have. @param dmz address of the DMZ host or 0, most significant byte first */
export function setForwards(rules: Forward[], dmz: number): void {
  forwardCount = rules.length;
  dmzAddress = swap32(dmz);
  forwardProtocol.fill(0);
  for (let i = 0; i < forwardCount; i++) compileForward(i, rules[i]);
  hintAll();
}

/** How many rules are of the config: they come first. */
export function ruleCount(): number {
  let count = 0;
  while (count < forwardCount && !mapped[count]) count++;
  return count;
}

/** Compiles one rule into its place. `hintAll` must follow. */
export function compileForward(i: number, rule: Forward): void {
  forwardProtocol[i] = rule.proto == 'both' ? 3 : rule.proto == 'tcp' ? forwardTcp : forwardUdp;
  forwardFirstPort[i] = rule.firstPort;
  forwardLastPort[i] = rule.lastPort;
  forwardTo[i] = swap32(rule.to);
  forwardToPort[i] = rule.toPort;
  forwardFromMask[i] = swap32(maskOf(rule.fromPrefix));
  forwardFrom[i] = swap32(rule.from);
  forwardMode[i] = hairpinNames.indexOf(rule.hairpin);
}

/** Every LAN host that a rule leads to has moved: its address is what it was, XOR `change`, a word. */
export function moveTargets(change: number): void {
  for (let i = 0; i < forwardCount; i++) forwardTo[i] ^= change;
  if (dmzAddress) dmzAddress = (dmzAddress ^ change) >>> 0;
}

/** There are so many rules now. */
export function setForwardCount(count: number): void {
  forwardCount = count;
}

/** Notes the ports of all rules; a range of all hints or more gives all of them. */
export function hintAll(): void {
  portHints.fill(0);
  for (let rule = 0; rule < forwardCount; rule++) {
    const ports = forwardLastPort[rule] - forwardFirstPort[rule];
    for (let i = 0; i <= ports && i < hintSlots; i++) {
      portHints[(forwardFirstPort[rule] + i) % hintSlots] |= hintPublic;
      portHints[(forwardToPort[rule] + i) % hintSlots] |= hintTarget;
    }
  }
}

/** @inline */
function protocolBit(protocol: number): number {
  return protocol == protocolTcp ? forwardTcp : protocol == protocolUdp ? forwardUdp : 0;
}

/**
 * Pools of endpoints.ts: TCP and UDP on the public address are the first two.
 * @inline
 */
function poolBit(pool: number): number {
  return pool >> 10 == 1 ? forwardTcp : pool >> 10 == 2 ? forwardUdp : 0;
}

/** The rule for a protocol and public port, or -1. */
export function forwardFor(protocol: number, port: number): number {
  if (!(portHints[port % hintSlots] & hintPublic)) return -1;
  const bit = protocolBit(protocol);
  for (let i = 0; i < forwardCount; i++) {
    if (port >= forwardFirstPort[i] && port <= forwardLastPort[i] && forwardProtocol[i] & bit) return i;
  }
  return -1;
}

/**
 * Whether a rule admits a sender from the Internet.
 * @inline
 */
export function forwardAdmits(rule: number, source: number): boolean {
  return (source & forwardFromMask[rule]) >>> 0 == forwardFrom[rule];
}

/**
 * Whether a rule owns a port of a pool, so that no endpoint may have it. The pool's number tells the protocol.
 * @inline
 */
export function forwardOwns(pool: number, port: number): boolean {
  return forwardFor(pool >> 10 == 1 ? protocolTcp : pool >> 10 == 2 ? protocolUdp : 0, port) >= 0;
}

/** The public port by which a server's port is reached in a pool, or 0: its answers and its own calls look alike. */
export function publicPortOf(pool: number, address: number, port: number): number {
  const bit = poolBit(pool);
  for (let i = 0; i < forwardCount; i++) {
    const offset = port - forwardToPort[i];
    if (
      forwardTo[i] == address &&
      forwardProtocol[i] & bit &&
      offset >= 0 &&
      offset <= forwardLastPort[i] - forwardFirstPort[i]
    ) {
      return forwardFirstPort[i] + offset;
    }
  }
  return 0;
}

/**
 * The server's port for a public port: ranges are shifted as a whole.
 * @inline
 */
export function serverPort(rule: number, port: number): number {
  return forwardToPort[rule] + port - forwardFirstPort[rule];
}
