/**
 * The filter of dynamic mappings: whether somebody on the Internet may send to one without being its flow's peer
 * (RFC 4787 REQ-8, RFC 5382 REQ-3).
 *
 * Address-dependent, the default: whoever its owner has a flow with, from any port. Endpoint-independent: everybody.
 * May touch: flow columns, reading. Must not: make or change anything.
 */
import {
  clock,
  endpointHost,
  endpointPublicPort,
  flowSlots,
  flowState,
  outerPorts,
  outerSource,
  policyFilterTcp,
  policyFilterUdp,
  policySwitch,
  rowSource,
  switches,
} from '../layout/arena.ts';
import { dnatOnly } from '../layout/flow.ts';
import { protocolTcp } from '../wire/frame.ts';
import { swap16 } from '../wire/order.ts';
import { lanAddressOf } from './addresses.ts';
import { protocol, source } from './packet.ts';
import { protocolOf, stateMask } from './states.ts';
import { idleSeconds } from './sweep.ts';

/**
 * Asks for the packet at hand, which is for the endpoint e and belongs to no flow.
 *
 * The column is searched by the interpreter itself: 513 flows cost what 170 empty turns do, and no column of links has to
 * be kept for it (docs/decisions/0013-who-gets-in-and-who-gives-way.md).
 * @returns since which second the flow that lets it in has been idle - what comes in by the filter must not prolong the
 * mapping (RFC 7857 section 7) - or -1 when nothing lets it in
 */
export function letsIn(e: number): number {
  const open = switches[policySwitch] & (protocol == protocolTcp ? policyFilterTcp : policyFilterUdp);
  const column = open ? rowSource : outerSource;
  const wanted = open ? lanAddressOf(endpointHost[e]) : source;
  const port = swap16(endpointPublicPort[e]);
  let flow = column.indexOf(wanted);
  while (flow > 0 && flow < flowSlots) {
    const state = flowState[flow];
    if (
      outerPorts[flow] >>> 16 == port &&
      state &&
      !(state & dnatOnly) &&
      protocolOf(state & stateMask) == protocol
    ) {
      return (clock[0] - idleSeconds(flow)) & 65535;
    }
    flow = column.indexOf(wanted, flow + 1);
  }
  // A mapping that only hairpin flows use: open to all, and as fresh as can be.
  return open ? clock[0] : -1;
}
