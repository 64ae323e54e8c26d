/**
 * The checker's part about neighbours, held frames and columns that must stand still: see structure.ts. The first
 * broken rule is told as a sentence.
 */
import {
  clock,
  evictionRank,
  firstLanHop,
  flowCount,
  flowSlots,
  flowState,
  forwardFirstPort,
  forwardFrom,
  forwardFromMask,
  forwardLastPort,
  forwardMode,
  forwardProtocol,
  forwardTo,
  forwardToPort,
  gatewayHop,
  hopSlots,
  lanAnswerHop,
  lanBroadcastHop,
  messages,
  neighbourAddress,
  neighbourMacs,
  neighbourSeen,
  neighbourState,
  neighbourTries,
  policySwitch,
  portHints,
  rowHop,
  rowSource,
  switches,
  timeout,
  wanAnswerHop,
  wanBroadcastHop,
  messageBytes,
  chipLan,
  chipWan,
  linkLan,
  linkWan,
} from '../../firmware/layout/arena.ts';
import { gatewayAddress, onLan, onWanSubnet } from '../../firmware/control/addresses.ts';
import { heldNow } from '../../firmware/control/held.ts';

const asking = 1;
const reachable = 2;
const lastState = 3;
const replySeen = 16;
const hairpinBits = 192;
/** Protocol states whose packets may take the fast path: see `settles` in control/states.ts. */
const settling = [2, 3, 4, 5, 9, 10, 11, 12];
/** Hops that are nobody's in particular. */
const special = [wanBroadcastHop, wanAnswerHop, lanBroadcastHop, lanAnswerHop];

type Fault = string | undefined;

/** The first broken rule about hops, or undefined. */
export function hopFault(): Fault {
  let waitedFor = 0;
  for (let hop = 1; hop < hopSlots; hop++) {
    if (special.includes(hop)) {
      if (neighbourState[hop] !== reachable)
        return `hop ${hop} is always known, but has state ${neighbourState[hop]}`;
      continue;
    }
    if (neighbourState[hop] > lastState) return `hop ${hop} has no state: ${neighbourState[hop]}`;
    if (neighbourState[hop] === asking) waitedFor++;
    if (neighbourTries[hop] > 3) return `hop ${hop} was asked ${neighbourTries[hop]} times`;
    const fault = addressFault(hop);
    if (fault) return fault;
  }
  // One frame for each neighbour that is asked, at most three; pieces without their first one have three places too.
  if (heldNow() > Math.min(3, waitedFor) + 3)
    return `${heldNow()} frames are held, and ${waitedFor} hops are asked`;
  return settledFault();
}

function addressFault(hop: number): Fault {
  const address = neighbourAddress[hop];
  if (hop === gatewayHop) return address === gatewayAddress ? undefined : 'the gateway has another address';
  if (!address) return undefined;
  if (hop < firstLanHop ? !onWanSubnet(address) : !onLan(address))
    return `hop ${hop} has an address of the other side`;
  for (let other = 1; other < hop; other++) {
    if (neighbourAddress[other] === address && !special.includes(other))
      return `hops ${other} and ${hop} have the same address`;
  }
  return undefined;
}

/** A row with a hop is of a flow that both sides spoke in, and the hop is where its packets must go. */
function settledFault(): Fault {
  for (let flow = 1; flow <= flowCount; flow++) {
    if (!rowHop[flow] && !rowHop[flow + flowSlots]) continue;
    const state = flowState[flow];
    if (!(state & replySeen)) return `flow ${flow} is settled without an answer`;
    if (!settling.includes(state & 15)) return `flow ${flow} is settled in state ${state & 15}`;
    for (const [row, partner] of [
      [flow, flow + flowSlots],
      [flow + flowSlots, flow],
    ]) {
      const hop = rowHop[row];
      if (!hop) continue;
      if (neighbourState[hop] !== reachable) return `row ${row} is settled by hop ${hop}, which is not known`;
      const goal = rowSource[partner];
      const byWan = row === flow && !(state & hairpinBits);
      const next = byWan && !onWanSubnet(goal) ? gatewayAddress : goal;
      if (neighbourAddress[hop] !== next)
        return `row ${row} is settled by hop ${hop}, which is somebody else's`;
    }
  }
  return undefined;
}

/** Columns that only the configuration writes. */
const still: [string, ArrayLike<number>][] = Object.entries({
  evictionRank,
  forwardFirstPort,
  forwardFrom,
  forwardFromMask,
  forwardLastPort,
  forwardMode,
  forwardProtocol,
  forwardTo,
  forwardToPort,
  portHints,
  timeout,
  policy: switches.subarray(policySwitch),
  chips: switches.subarray(chipWan, chipLan + 1),
  links: switches.subarray(linkWan, linkLan + 1),
  'messages of the driver': messages.subarray(0, 2 * messageBytes),
  'first neighbour': neighbourMacs.subarray(0, 12),
  'second half of the clock': clock.subarray(1),
});
let standing: string[] = [];

/** Remembers the columns that only the configuration writes; `stillFault` tells the first that changed since. */
export function rememberStill(): void {
  standing = still.map(([, column]) => Array.prototype.join.call(column));
}

/** The first column that changed though only the configuration writes it, or undefined. */
export function stillFault(): Fault {
  const i = still.findIndex(([, column], at) => Array.prototype.join.call(column) !== standing[at]);
  if (i >= 0) return `the column "${still[i][0]}" has changed`;
  for (let hop = 1; hop < hopSlots; hop++) {
    const like = hop < firstLanHop ? gatewayHop : firstLanHop;
    for (let at = 6; at < 12; at++) {
      if (neighbourMacs[12 * hop + at] !== neighbourMacs[12 * like + at])
        return `hop ${hop} has lost our address`;
    }
  }
  return neighbourSeen[0] || neighbourState[0] ? 'hop 0 is none, but is used' : undefined;
}
