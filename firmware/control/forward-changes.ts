/**
 * Forwards that come and go while the router runs. May touch: the compiled rules and their counters, and the flows and
 * mappings in their way. Rules are found by port at every use, so a flow does not know its rule's number.
 */
import {
  flowCount,
  flowState,
  forwardFirstPort,
  forwardFlows,
  forwardFrom,
  forwardFromMask,
  forwardLastPort,
  forwardMode,
  forwardProtocol,
  forwardTo,
  forwardToPort,
  outerPorts,
} from '../layout/arena.ts';
import { openedOutside } from '../layout/flow.ts';
import type { Forward } from '../config/schema.ts';
import { protocolTcp, protocolUdp } from '../wire/frame.ts';
import { swap16 } from '../wire/order.ts';
import { compileForward, forwardCount, setForwardCount } from './forwards.ts';
import { protocolOf, stateMask } from './states.ts';
import { endFlow, endFlowsOf } from './sweep.ts';

/**
 * Adds a rule behind the others. What the Internet opened to its ports before - through somebody's mapping, or to the DMZ
 * host - ends; what a LAN host opened from a mapping that has such a port goes on, and so does that mapping, until its
 * last flow ends: its own packets find their flow first.
 */
export function addForward(rule: Forward): void {
  for (let flow = 1; flow <= flowCount; flow++) {
    const state = flowState[flow];
    if (
      state & openedOutside &&
      concerns(rule, protocolOf(state & stateMask), swap16(outerPorts[flow] >>> 16))
    )
      endFlow(flow);
  }
  forwardFlows[forwardCount] = 0;
  compileForward(forwardCount, rule);
  setForwardCount(forwardCount + 1);
}

function concerns(rule: Forward, protocol: number, port: number): boolean {
  return (
    port >= rule.firstPort &&
    port <= rule.lastPort &&
    ((protocol == protocolTcp && rule.proto != 'udp') || (protocol == protocolUdp && rule.proto != 'tcp'))
  );
}

/** Takes a rule out, and ends its flows; those behind it move up. Hints of its ports stay, which only costs a search. */
export function removeForward(rule: number): void {
  endFlowsOf(rule);
  const last = forwardCount - 1;
  for (let i = rule; i < last; i++) {
    forwardProtocol[i] = forwardProtocol[i + 1];
    forwardFirstPort[i] = forwardFirstPort[i + 1];
    forwardLastPort[i] = forwardLastPort[i + 1];
    forwardTo[i] = forwardTo[i + 1];
    forwardToPort[i] = forwardToPort[i + 1];
    forwardFrom[i] = forwardFrom[i + 1];
    forwardFromMask[i] = forwardFromMask[i + 1];
    forwardMode[i] = forwardMode[i + 1];
    forwardFlows[i] = forwardFlows[i + 1];
  }
  forwardProtocol[last] = 0;
  setForwardCount(last);
}
