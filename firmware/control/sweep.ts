/**
 * The sweep: ageing of flows in small slices while nothing else is to be done, and room for a new flow.
 */
import {
  clock,
  flowCount,
  flowMark,
  flowSeen,
  flowState,
  rowPorts,
  rowTarget,
  timeout,
} from '../layout/arena.ts';
import { swap16 } from '../wire/order.ts';
import { publicAddress } from './addresses.ts';
import { releaseEndpointOf } from './endpoints.ts';
import { flowAvailable, removeFlow } from './flows.ts';
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
  const reply = 2 * flow + 1;
  releaseEndpointOf(
    protocolOf(flowState[flow] & stateMask),
    rowTarget[reply],
    swap16(rowPorts[reply] >>> 16),
  );
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

/** Whether a flow can be made, if need be in the place of one that matters less among the next few slots. */
export function roomForFlow(): boolean {
  if (flowAvailable()) return true;
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
    const state = flowState[flow] & stateMask;
    const port = swap16(rowPorts[2 * flow] >>> 16);
    if (state && rowTarget[2 * flow] == publicAddress && forwardFor(protocolOf(state), port) == rule)
      endFlow(flow);
  }
}
