/**
 * The sweep: ageing of flows in small slices while nothing else is to be done, and room for a new flow.
 */
import {
  clock,
  flowCount,
  flowMark,
  flowSeen,
  flowState,
  outerPorts,
  rowPorts,
  timeout,
} from '../layout/arena.ts';
import { openedOutside } from '../layout/flow.ts';
import { swap16 } from '../wire/order.ts';
import { releaseEndpointOf } from './endpoints.ts';
import { originalRow, partnerOf, removeFlow, targetOf } from './flows.ts';
import { forwardFor } from './forwards.ts';
import { icmpQuery, protocolOf, stateMask, tcpBothFin, tcpInit, tcpTransitory, udpOneWay } from './states.ts';

/** Slots a new flow may look at when the table is full: bounded work while a packet waits. */
const handReach = 16;
let hand = 1;
let sweepAt = 1;

/** Starts over. */
export function resetSweep(): void {
  hand = 1;
  sweepAt = 1;
}

/** Ends a flow. */
export function endFlow(flow: number): void {
  const original = originalRow(flow);
  const reply = partnerOf(original);
  const protocol = protocolOf(flowState[flow] & stateMask);
  releaseEndpointOf(protocol, targetOf(reply), swap16(rowPorts[reply] >>> 16));
  removeFlow(flow);
}

/** Seconds since the flow was last known to be alive. */
export function idleSeconds(flow: number): number {
  return flowMark[flow] ? 0 : (clock[0] - flowSeen[flow]) & 65535;
}

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
      } else if (expired(sweepAt)) endFlow(sweepAt);
    }
    sweepAt = sweepAt < flowCount ? sweepAt + 1 : 1;
  }
}

/** How readily a flow gives way when the table is full: 0 never. */
function expendable(flow: number): number {
  const state = flowState[flow] & stateMask;
  if (expired(flow)) return 5;
  if (state == tcpBothFin || state == tcpTransitory) return 4;
  if (state == icmpQuery) return 3;
  if (state == udpOneWay) return 2;
  return state == tcpInit ? 1 : 0;
}

/** Makes room for a flow in a full table: one that matters less among the next few slots ends. @returns whether one did */
export function roomForFlow(): boolean {
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
  if (!victim) return false;
  endFlow(victim);
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
