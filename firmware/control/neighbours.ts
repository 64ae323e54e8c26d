/**
 * Neighbours: answering ARP, asking with it, and ageing (RFC 826, RFC 1122 2.3.2).
 *
 * May touch: the neighbour columns, the outbox; frames that wait are held.ts's. Must not: know what they are for.
 */
import {
  clock,
  gatewayHop,
  hopSlots,
  lanAnswerHop,
  lanBroadcastHop,
  neighbourAddress,
  neighbourSeen,
  neighbourState,
  neighbourTries,
  outSlots,
  probe,
  wanAnswerHop,
  wanBroadcastHop,
} from '../layout/arena.ts';
import { lanPort, wanPort } from '../layout/ports.ts';
import { answeredArp, consumedArp, dropArp, dropNeighbour, sentArpRequest } from '../layout/reasons.ts';
import {
  arpBytes,
  arpHardwareAt,
  arpOperationAt,
  arpSenderAt,
  arpSenderMacAt,
  arpTargetAt,
} from '../wire/frame.ts';
import { gatewayAddress, isBroadcast, onLan, onWanSubnet } from './addresses.ts';
import { addressOn, postArp } from './arp-out.ts';
import { defend, noteOwner } from './claims.ts';
import { count, drop, note } from './count.ts';
import { unsettleHop } from './flows.ts';
import { hold, letRelease, resetHeld, takeHeld } from './held.ts';
import {
  asking,
  hasMac,
  hopTo,
  knownHop,
  portOf,
  reachable,
  setMac,
  silent,
  unused,
  wanNextHop,
} from './hops.ts';
import { ethernetLength, outCount } from './outbox.ts';
import { frame, frameBytes, half, ingress } from './packet.ts';

/** An answer is good for this long (RFC 1122 2.3.2.1 asks for a limit). */
export const neighbourSeconds = 300;
/** From this age on the neighbour is asked again. */
export const refreshSeconds = 240;
/** Seconds between two questions about a stale neighbour. */
const refreshEverySeconds = 20;
/** Questions without an answer before we give up; one a second (RFC 1122 2.3.2.1). */
export const questionCount = 3;
/** After that, packets are dropped without asking for this long. */
export const silenceSeconds = 3;

/** Second in which a neighbour was last forgotten. */
let expiredAt = -1;

/** Forgets what waits for neighbours, and when one was last forgotten. */
export function resetNeighbours(): void {
  resetHeld();
  expiredAt = -1;
}

/** The slot for an on-link address. */
export function neighbour(port: number, address: number): number {
  return hopTo(port, address, forsake);
}

/** The slot by which packets to an address leave, on whichever side it is; see `hopTo`. */
export function hopFor(address: number): number {
  return onLan(address) ? hopTo(lanPort, address, forsake) : hopTo(wanPort, wanNextHop(address), forsake);
}

/** The slot by which packets to an address can leave at once, or 0. No other address gives way for it. */
export function openHopFor(address: number): number {
  const hop = onLan(address) ? knownHop(lanPort, address) : knownHop(wanPort, wanNextHop(address));
  return neighbourState[hop] == reachable ? hop : 0;
}

/** A slot is needed for another address: what waits for it is dropped, and its flows leave the fast path. */
function forsake(hop: number): void {
  if (neighbourState[hop] == reachable) unsettleHop(hop);
  if (takeHeld(hop)) count(dropNeighbour);
}

/**
 * Whether something can leave by `hop` now. If not, the packet at hand is held and the neighbour asked, or it is
 * dropped and counted. Call before anything about the packet is changed.
 */
export function ready(hop: number): boolean {
  const state = neighbourState[hop];
  if (state == reachable) return true;
  if (state == silent) {
    drop(dropNeighbour);
    return false;
  }
  hold(hop);
  if (state != asking) askAnew(hop);
  return false;
}

/**
 * Begins to ask for a neighbour of whom nothing is known.
 * @inline
 */
export function askAnew(hop: number): void {
  return ((neighbourState[hop] = asking), (neighbourTries[hop] = 0), ask(hop, broadcastOf(hop)));
}

/** @inline */
function broadcastOf(hop: number): number {
  return portOf(hop) == wanPort ? wanBroadcastHop : lanBroadcastHop;
}

/** @inline */
function getAddress(at: number): number {
  return (frame[at] | (frame[at + 1] << 8) | (frame[at + 2] << 16) | (frame[at + 3] << 24)) >>> 0;
}

/** Asks for a neighbour, by broadcast or, to refresh, at its known address. */
function ask(hop: number, by: number): void {
  // Many neighbours may be due at once; those that find the outbox full are asked a second later.
  if (outCount == outSlots) return;
  neighbourTries[hop]++;
  neighbourSeen[hop] = neighbourState[hop] == asking ? clock[0] : neighbourSeen[hop];
  count(sentArpRequest);
  postArp(1, portOf(hop), undefined, neighbourAddress[hop], by);
}

/** Whether the ARP packet is one we understand (RFC 826). */
function arpIsSound(): boolean {
  return (
    frameBytes >= ethernetLength(arpBytes) &&
    half(arpHardwareAt) == 1 &&
    half(arpHardwareAt + 2) == 0x0800 &&
    half(arpHardwareAt + 4) == 0x0604 &&
    (half(arpOperationAt) == 1 || half(arpOperationAt) == 2) &&
    !(frame[arpSenderMacAt] & 1)
  );
}

/** Whether the port at hand can have a neighbour with this address. Some ISPs' gateways lie outside the subnet they lease. */
function mayBeNeighbour(sender: number): boolean {
  if (ingress == lanPort) return onLan(sender) && !isBroadcast(sender);
  return sender == gatewayAddress || (onWanSubnet(sender) && !isBroadcast(sender));
}

/**
 * A received ARP packet: learn and answer.
 * @returns 0: nothing to forward
 * @overlay
 */
export function arp(): number {
  const sender = getAddress(arpSenderAt);
  const target = getAddress(arpTargetAt);
  const own = addressOn(ingress);
  if (!arpIsSound()) return drop(dropArp);
  // Whoever has an address speaks from it; who is about to take one asks for it in nobody's name (RFC 5227).
  if (probe[ingress] && probe[ingress] == (sender || target)) noteOwner();
  if (sender && !mayBeNeighbour(sender)) return drop(dropArp);
  if (sender && sender == own) {
    defend();
    return drop(dropArp);
  }
  const forUs = own != 0 && target == own;
  let hop = sender ? knownHop(ingress, sender) : 0;
  // RFC 826: entries are updated by anyone, but made only by those who speak to us.
  if (!hop && sender && forUs) hop = neighbour(ingress, sender);
  if (hop) learn(hop);
  if (!forUs || half(arpOperationAt) != 1) {
    note(consumedArp);
    return 0;
  }
  if (!hop) {
    // A probe (RFC 5227) has no address to remember.
    hop = ingress == lanPort ? lanAnswerHop : wanAnswerHop;
    setMac(hop, frame, arpSenderMacAt);
  }
  note(answeredArp);
  postArp(2, ingress, frame, sender, hop);
  return 0;
}

function learn(hop: number): void {
  if (!hasMac(hop, frame, arpSenderMacAt)) setMac(hop, frame, arpSenderMacAt);
  neighbourState[hop] = reachable;
  neighbourTries[hop] = 0;
  neighbourSeen[hop] = clock[0];
  letRelease();
}

/**
 * Ages one slot; called for every slot about once a second.
 * @returns whether a held frame, now `releasedFrame`, will never leave: its sender can be told, then it is dropped
 */
export function ageHop(hop: number): boolean {
  const age = (clock[0] - neighbourSeen[hop]) & 65535;
  const state = neighbourState[hop];
  if (state == asking && age >= 1) {
    if (neighbourTries[hop] >= questionCount) return giveUp(hop);
    ask(hop, broadcastOf(hop));
  } else if (state == silent && age >= silenceSeconds) {
    neighbourState[hop] = unused;
  } else if (state == reachable && age >= neighbourSeconds) {
    expire(hop);
  } else if (state == reachable && age >= refreshSeconds + neighbourTries[hop] * refreshEverySeconds) {
    ask(hop, hop);
  }
  return false;
}

/** A neighbour is forgotten. One a second: each costs a look at all flows. */
function expire(hop: number): void {
  if (expiredAt == clock[0]) return;
  expiredAt = clock[0];
  neighbourState[hop] = unused;
  unsettleHop(hop);
}

function giveUp(hop: number): boolean {
  neighbourState[hop] = silent;
  neighbourSeen[hop] = clock[0];
  // Out of its place: the answer to its sender may have to wait for the sender, in this very place.
  return takeHeld(hop);
}

/** Whether a slot takes part in ageing: not the broadcast and one-off hops. */
export function ages(hop: number): boolean {
  return (
    hop < hopSlots &&
    hop >= gatewayHop &&
    hop != wanBroadcastHop &&
    hop != wanAnswerHop &&
    hop < lanBroadcastHop
  );
}
