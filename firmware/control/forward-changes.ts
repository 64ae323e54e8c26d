/**
 * Forwards that come and go while the router runs. May touch: the compiled rules and their counters, and the flows and
 * mappings in their way. Rules are found by port at every use, so a flow does not know its rule's number.
 */
import {
  dmzRule,
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
  mapped,
  outerPorts,
} from '../layout/arena.ts';
import { openedOutside } from '../layout/flow.ts';
import { forwardTcp } from '../layout/ports.ts';
import type { Forward } from '../config/schema.ts';
import { protocolTcp, protocolUdp } from '../wire/frame.ts';
import { swap16 } from '../wire/order.ts';
import { compileForward, forwardCount, hintAll, ruleCount, setForwardCount } from './forwards.ts';
import { protocolOf, stateMask } from './states.ts';
import { endFlow, endFlowsOf } from './sweep.ts';

/**
 * Adds a rule of the config behind its others. What the Internet opened to its ports before - through somebody's mapping,
 * or to the DMZ host - ends; what a LAN host opened from a mapping that has such a port goes on, and so does that mapping,
 * until its last flow ends: its own packets find their flow first. Rules of LAN hosts give way to it.
 */
export function addForward(rule: Forward): void {
  for (let i = forwardCount - 1; i >= 0; i--) {
    if (mapped[i] && concerns(rule, protocolOfRule(i), forwardFirstPort[i])) removeForward(i);
  }
  if (forwardCount == dmzRule) removeForward(dmzRule - 1);
  endFlowsInTheWay(rule);
  const place = ruleCount();
  if (place < forwardCount) copyRule(place, forwardCount);
  mapped[place] = 0;
  addAt(place, rule);
}

/** Adds a rule that a LAN host asked for, behind all others; there is room. @param end second since the start */
export function addMapped(rule: Forward, end: number): void {
  endFlowsInTheWay(rule);
  mapped[forwardCount] = end;
  addAt(forwardCount, rule);
}

function addAt(place: number, rule: Forward): void {
  forwardFlows[place] = 0;
  compileForward(place, rule);
  setForwardCount(forwardCount + 1);
  hintAll();
}

/** A rule that a LAN host asked for has one protocol. */
function protocolOfRule(rule: number): number {
  return forwardProtocol[rule] == forwardTcp ? protocolTcp : protocolUdp;
}

function endFlowsInTheWay(rule: Forward): void {
  for (let flow = 1; flow <= flowCount; flow++) {
    const state = flowState[flow];
    if (
      state & openedOutside &&
      concerns(rule, protocolOf(state & stateMask), swap16(outerPorts[flow] >>> 16))
    )
      endFlow(flow);
  }
}

function concerns(rule: Forward, protocol: number, port: number): boolean {
  return (
    port >= rule.firstPort &&
    port <= rule.lastPort &&
    ((protocol == protocolTcp && rule.proto != 'udp') || (protocol == protocolUdp && rule.proto != 'tcp'))
  );
}

function copyRule(from: number, to: number): void {
  forwardProtocol[to] = forwardProtocol[from];
  forwardFirstPort[to] = forwardFirstPort[from];
  forwardLastPort[to] = forwardLastPort[from];
  forwardTo[to] = forwardTo[from];
  forwardToPort[to] = forwardToPort[from];
  forwardFrom[to] = forwardFrom[from];
  forwardFromMask[to] = forwardFromMask[from];
  forwardMode[to] = forwardMode[from];
  forwardFlows[to] = forwardFlows[from];
  mapped[to] = mapped[from];
}

/** Takes a rule out, and ends its flows; those behind it move up. */
export function removeForward(rule: number): void {
  endFlowsOf(rule);
  const last = forwardCount - 1;
  for (let i = rule; i < last; i++) copyRule(i + 1, i);
  forwardProtocol[last] = 0;
  mapped[last] = 0;
  setForwardCount(last);
  hintAll();
}
