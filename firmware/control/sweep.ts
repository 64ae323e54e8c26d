/**
 * The ends of flows: the sweep, which ages them in small slices while nothing else is to be done, and room for a new one,
 * by whom each counts for. May touch: the flow table, its endpoints, `hostFlows`. Must not: decide who may come in.
 */
import {
  clock,
  endedPlace,
  evictionRank,
  flowCount,
  flowMark,
  flowSeen,
  flowSlots,
  flowState,
  hostFlows,
  hostSlots,
  outerPorts,
  outerSource,
  rowPorts,
  rowSource,
  strangersPlace,
  timeout,
} from '../layout/arena.ts';
import {
  dnatOnly,
  externalHairpin,
  lanHairpin,
  openedOutside,
  replySeen,
  strangerMask,
} from '../layout/flow.ts';
import { swap16 } from '../wire/order.ts';
import { releaseEndpointOf } from './endpoints.ts';
import { removeFlow, targetOf, unsettle } from './flows.ts';
import { forwardFor } from './forwards.ts';
import {
  assuredIdle,
  halfClosedIdle,
  protocolOf,
  rankAssured,
  rankExpired,
  rankHalfClosed,
  stateMask,
  tcpAccepted,
  tcpBothFin,
  tcpEstablished,
  tcpInit,
  tcpServerFin,
  tcpTransitory,
  udpOneWay,
} from './states.ts';

/** Slots a new flow may look at when the table is full: bounded work while a packet waits. */
const handReach = 16;
let hand = 1;
let strangerHand = 0;
let sweepAt = 1;

/** Flows one LAN host may have, so that a port scan leaves room for others (RFC 6888 REQ-4 asks for a limit). */
export const hostLimit = Math.floor(flowCount * 0.6);
/** Flows from the Internet that nobody has answered, or gone on with, yet: a flood of them fills no more of the table. */
export const strangerLimit = flowCount / 8;

/** Starts over. */
export function resetSweep(): void {
  hand = 1;
  strangerHand = 0;
  sweepAt = 1;
  hostFlows.fill(0);
}

/**
 * Place in `hostFlows` of a LAN host, by its address as a word. Hosts with the same last six bits share one, and with it
 * a limit.
 * @inline
 */
export function hostPlace(address: number): number {
  return (address >>> 24) & (hostSlots - 1);
}

/**
 * The LAN host a flow is counted to: the client of a hairpin, else the only one.
 * @inline
 */
function ownerOf(flow: number): number {
  return flowState[flow] & dnatOnly ? outerSource[flow] : rowSource[flow];
}

/**
 * Place in `hostFlows` where a flow in some state counts: its host's, unless nobody is to blame for it, because the
 * Internet opened it and nobody went on, or it has ended and only waits for what may still be on its way.
 * @inline
 */
function countedAt(flow: number, state: number): number {
  return (state & strangerMask) == openedOutside
    ? strangersPlace
    : (state & stateMask) >= tcpBothFin
      ? endedPlace
      : hostPlace(ownerOf(flow));
}

/** A flow's state has changed from `before`: it may count elsewhere now. */
export function recount(flow: number, before: number): void {
  hostFlows[countedAt(flow, before)]--;
  hostFlows[countedAt(flow, flowState[flow])]++;
}

/** Ends a flow, and gives back what it holds besides its rows. */
export function endFlow(flow: number): void {
  const state = flowState[flow];
  const protocol = protocolOf(state & stateMask);
  // The row whose packets come to a port of ours that an endpoint has. What came in by a forward has none.
  const row = state & dnatOnly ? flow : flow + flowSlots;
  const port = swap16(rowPorts[row] >>> 16);
  hostFlows[countedAt(flow, state)]--;
  if ((state & (openedOutside | dnatOnly)) != openedOutside || forwardFor(protocol, port) < 0) {
    releaseEndpointOf(protocol, targetOf(row), port);
  }
  removeFlow(flow);
}

/**
 * Seconds since the flow was last known to be alive.
 * @inline
 */
export function idleSeconds(flow: number): number {
  return flowMark[flow] ? 0 : (clock[0] - flowSeen[flow]) & 65535;
}

/** @inline */
function expired(flow: number): boolean {
  return idleSeconds(flow) >= timeout[flowState[flow] & stateMask];
}

/** Ages the next `slots` flows: marks become times, and what has been idle too long ends. */
export function sweepFlows(slots: number): void {
  while (slots-- > 0) {
    if (flowState[sweepAt]) {
      if (flowMark[sweepAt]) {
        flowMark[sweepAt] = 0;
        flowSeen[sweepAt] = clock[0];
      } else if (expired(sweepAt)) retire(sweepAt);
    }
    sweepAt = sweepAt < flowCount ? sweepAt + 1 : 1;
  }
}

/** A connection that fell silent has the transitory time left (RFC 7857 section 2), anything else ends. */
function retire(flow: number): void {
  const before = flowState[flow];
  const state = before & stateMask;
  if (state < tcpEstablished || state > tcpServerFin) endFlow(flow);
  else {
    flowState[flow] = before - state + tcpTransitory;
    recount(flow, before);
    flowSeen[flow] = clock[0];
    unsettle(flow);
  }
}

/** How readily a flow gives way when the table is full: the higher the sooner, 0 not at all. The oldest of a rank first. */
function expendable(flow: number): number {
  const state = flowState[flow] & stateMask;
  const idle = idleSeconds(flow);
  const rank = idle >= timeout[state] ? rankExpired : evictionRank[state];
  if ((rank == rankAssured && idle <= assuredIdle) || (rank == rankHalfClosed && idle <= halfClosedIdle))
    return 0;
  return rank && rank * 65536 + idle;
}

/** Makes room in a full table: of the next few slots the flow that matters least ends. @returns whether one did */
export function makeRoom(): boolean {
  let victim = 0;
  let best = 0;
  for (let i = 0; i < handReach; i++) {
    const worth = expendable(hand);
    if (worth > best) {
      best = worth;
      victim = hand;
    }
    hand = hand < flowCount ? hand + 1 : 1;
  }
  if (victim) endFlow(victim);
  return victim > 0;
}

/**
 * Makes room among the flows of a LAN host that has as many as one may have. The interpreter's own search leads from one
 * of them to the next. @param host its address, as a word  @returns whether one ended
 * @overlay
 */
export function makeRoomOf(host: number): boolean {
  return endOneOf(host, rowSource) || endOneOf(host, outerSource);
}

/** The same among those that have the host in a column: of the inner side, or as the client of a hairpin. */
function endOneOf(host: number, column: Uint32Array): boolean {
  let victim = 0;
  let best = 0;
  for (let i = 0; i < handReach; i++) {
    let next = column.indexOf(host, hand + 1);
    if (next < 1 || next > flowCount) next = column.indexOf(host, 1);
    if (next < 1 || next > flowCount) break;
    hand = next;
    if (!flowState[hand] || ownerOf(hand) != host) continue;
    const worth = expendable(hand);
    if (worth > best) {
      best = worth;
      victim = hand;
    }
  }
  if (victim) endFlow(victim);
  return victim > 0;
}

/**
 * Makes room for a flow from the Internet: a connection that has ended gives way, or one of its like, and each has its
 * turn. What a crowd leaves behind is side by side in the table, so the interpreter's own search finds the next at once.
 * @returns whether there was one
 * @overlay
 */
export function replaceStranger(): boolean {
  const kinds = [openedOutside, 0, openedOutside + externalHairpin, openedOutside + lanHairpin];
  // One stranger too many makes room among strangers alone.
  if (hostFlows[strangersPlace] < strangerLimit) {
    for (let i = 0; i < kinds.length; i++) {
      const kind = kinds[i] + replySeen;
      if (endNext(kind + tcpBothFin) || endNext(kind + tcpTransitory)) return true;
    }
  }
  const states = [tcpTransitory, udpOneWay, tcpInit, tcpAccepted];
  for (let i = 0; i < states.length; i++) if (endNext(openedOutside + states[i])) return true;
  return false;
}

/** Ends the next flow in exactly this state, behind the last one that gave way so. @returns whether there was one */
function endNext(state: number): boolean {
  let flow = flowState.indexOf(state, strangerHand + 1);
  if (flow < 1) flow = flowState.indexOf(state, 1);
  if (flow < 1) return false;
  strangerHand = flow;
  endFlow(flow);
  return true;
}

/** Ends every flow that came in by a forward, so that a changed rule holds for the next packet. */
export function endFlowsOf(rule: number): void {
  for (let flow = 1; flow <= flowCount; flow++) {
    const state = flowState[flow];
    const port = swap16(outerPorts[flow] >>> 16);
    if (state & openedOutside && forwardFor(protocolOf(state & stateMask), port) == rule) endFlow(flow);
  }
}
