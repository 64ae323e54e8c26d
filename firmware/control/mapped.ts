/**
 * Ports that LAN hosts ask for themselves (RFC 6886): rules of the one table of forwards, so they hairpin like the config's,
 * and end in time. May touch: rules that are no config's. How a host asks, services/nat-pmp.ts knows.
 */
import {
  dmzRule,
  endpointHost,
  endpointInnerPort,
  forwardFirstPort,
  forwardProtocol,
  forwardTo,
  forwardToPort,
  mapped,
  policySwitch,
  policyWanDhcp,
  switches,
} from '../layout/arena.ts';
import { forwardTcp } from '../layout/ports.ts';
import { dhcpClientPort, protocolTcp, protocolUdp } from '../wire/frame.ts';
import { swap32 } from '../wire/order.ts';
import { lanAddressOf } from './addresses.ts';
import { endpointAt, publicTcp, publicUdp } from './endpoints.ts';
import { addMapped, removeForward } from './forward-changes.ts';
import { forwardCount, forwardFor, publicPortOf } from './forwards.ts';

/** Rules of one host, and of all hosts together: none can take all places. */
const mostOfHost = 8;
const mostOfAll = 16;
/** Ports tried at random when the one that was asked for is taken. */
const tries = 16;

/** What a port is asked for: a protocol's bit as in `forwardProtocol`, the host as a word, its port. */
export interface Wanted {
  bit: number;
  host: number;
  port: number;
}

/** @inline */
function poolOf(bit: number): number {
  return bit == forwardTcp ? publicTcp : publicUdp;
}

/** The rule by which a host has a port already, or -1. Port 0: the first of any. */
function ruleOf(wanted: Wanted): number {
  for (let i = 0; i < forwardCount; i++) {
    if (
      mapped[i] &&
      forwardTo[i] == wanted.host &&
      forwardProtocol[i] == wanted.bit &&
      (!wanted.port || forwardToPort[i] == wanted.port)
    )
      return i;
  }
  return -1;
}

/** Whether there are as many rules as may be, of this host or of all. */
function isFull(host: number): boolean {
  let all = 0;
  let own = 0;
  for (let i = 0; i < forwardCount; i++) {
    if (mapped[i]) {
      all++;
      if (forwardTo[i] == host) own++;
    }
  }
  return all >= mostOfAll || own >= mostOfHost || forwardCount >= dmzRule;
}

/**
 * Whether a public port may be given: nobody has it, neither a rule, nor a mapping of somebody else, nor the router; and
 * with the other protocol it is nobody else's (RFC 6886 section 3.3).
 */
function isFree(wanted: Wanted, port: number): boolean {
  const isTcp = wanted.bit == forwardTcp;
  const companion = forwardFor(isTcp ? protocolUdp : protocolTcp, port);
  const e = endpointAt(poolOf(wanted.bit), port);
  return (
    port != 0 &&
    (isTcp || port != dhcpClientPort || !(switches[policySwitch] & policyWanDhcp)) &&
    forwardFor(isTcp ? protocolTcp : protocolUdp, port) < 0 &&
    (companion < 0 || forwardTo[companion] == wanted.host) &&
    (!e || (lanAddressOf(endpointHost[e]) == wanted.host && endpointInnerPort[e] == wanted.port))
  );
}

/** The port asked for, or the host's own, or one at random; 0 when none is found. */
function choosePort(wanted: Wanted, port: number, random: () => number): number {
  if (isFree(wanted, port)) return port;
  if (isFree(wanted, wanted.port)) return wanted.port;
  for (let i = 0; i < tries; i++) {
    const other = 1024 + (random() % 64512);
    if (isFree(wanted, other)) return other;
  }
  return 0;
}

function addRule(wanted: Wanted, port: number, end: number): void {
  addMapped(
    {
      name: '',
      proto: wanted.bit == forwardTcp ? 'tcp' : 'udp',
      firstPort: port,
      lastPort: port,
      to: swap32(wanted.host),
      toPort: wanted.port,
      from: 0,
      fromPrefix: 0,
      hairpin: 'external',
    },
    end,
  );
}

/**
 * Maps a public port to a host's own, or goes on mapping the one that it has. One that the config leads there is told.
 * @param port the one that would be best, or 0  @param end second since the start in which it ends
 * @param random unsigned 32-bit random numbers  @returns the public port, or 0 when there is no room
 */
export function mapPort(wanted: Wanted, port: number, end: number, random: () => number): number {
  const known = ruleOf(wanted);
  if (known >= 0) {
    mapped[known] = end;
    return forwardFirstPort[known];
  }
  const configured = publicPortOf(poolOf(wanted.bit), wanted.host, wanted.port);
  if (configured) return configured;
  const chosen = isFull(wanted.host) ? 0 : choosePort(wanted, port, random);
  if (chosen) addRule(wanted, chosen, end);
  return chosen;
}

/** Ends what a host has asked for: one port, or with port 0 all of the protocol. @returns whether nothing of it is left */
export function unmapPort(wanted: Wanted): boolean {
  let rule = ruleOf(wanted);
  while (rule >= 0) {
    removeForward(rule);
    rule = ruleOf(wanted);
  }
  return !wanted.port || !publicPortOf(poolOf(wanted.bit), wanted.host, wanted.port);
}

/** Ends those whose time is over. @returns the second in which the next one's is, or `never` */
export function endMapped(now: number, never: number): number {
  let next = never;
  for (let i = forwardCount - 1; i >= 0; i--) {
    if (mapped[i] && mapped[i] <= now) removeForward(i);
    else if (mapped[i] && mapped[i] < next) next = mapped[i];
  }
  return next;
}
