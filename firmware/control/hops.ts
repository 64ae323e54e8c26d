/**
 * Next hops: which slot of the neighbour table a packet leaves by. Addresses only; asking is neighbours.ts.
 */
import {
  clock,
  firstLanHop,
  gatewayHop,
  hopSlots,
  lanAnswerHop,
  lanBroadcastHop,
  lastLanHop,
  lastWanHop,
  neighbourAddress,
  neighbourMacs,
  neighbourSeen,
  neighbourState,
  neighbourTries,
  noStamp,
  stampLan,
  stampWan,
  switches,
  wanAnswerHop,
  wanBroadcastHop,
} from '../layout/arena.ts';
import { lanPort, wanPort } from '../layout/ports.ts';
import { gatewayAddress, onWanSubnet } from './addresses.ts';

/** States of a slot. */
export const unused = 0;
export const asking = 1;
export const reachable = 2;
/** Did not answer; packets to it are dropped until it is asked again. */
export const silent = 3;

/**
 * The port a hop belongs to.
 * @inline
 */
export function portOf(hop: number): number {
  return hop < firstLanHop ? wanPort : lanPort;
}

/** Empties the table and writes both ports' own MAC addresses into every slot. */
export function resetHops(wanMac: number[], lanMac: number[]): void {
  for (let hop = 1; hop < hopSlots; hop++) {
    neighbourAddress[hop] = 0;
    neighbourState[hop] = unused;
    neighbourTries[hop] = 0;
    const mac = portOf(hop) == wanPort ? wanMac : lanMac;
    for (let i = 0; i < 6; i++) {
      neighbourMacs[12 * hop + i] = 255;
      neighbourMacs[12 * hop + 6 + i] = mac[i];
    }
  }
  neighbourState[wanBroadcastHop] = reachable;
  neighbourState[lanBroadcastHop] = reachable;
  neighbourState[wanAnswerHop] = reachable;
  neighbourState[lanAnswerHop] = reachable;
  neighbourAddress[gatewayHop] = gatewayAddress;
  switches[stampWan] = noStamp;
  switches[stampLan] = noStamp;
}

/** Writes a hop's MAC address. The ports' transmit templates are told to copy it again. */
export function setMac(hop: number, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 6; i++) neighbourMacs[12 * hop + i] = bytes[at + i];
  switches[portOf(hop) == wanPort ? stampWan : stampLan] = noStamp;
}

/** Whether a hop has this MAC address. */
export function hasMac(hop: number, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 6; i++) if (neighbourMacs[12 * hop + i] != bytes[at + i]) return false;
  return true;
}

/**
 * First slot to look at for an address: LAN hosts start at a place of their own, so that the usual lookup is one
 * comparison however many hosts there are. The top byte of the word is the last byte of the address.
 * @inline
 */
function firstSlot(port: number, address: number): number {
  return port == wanPort ? gatewayHop : firstLanHop + ((address >>> 24) % (lastLanHop - firstLanHop + 1));
}

/**
 * The slot after `hop` on its port, round and round.
 * @inline
 */
function nextSlot(port: number, hop: number): number {
  return port == wanPort
    ? hop == lastWanHop
      ? gatewayHop
      : hop + 1
    : hop == lastLanHop
      ? firstLanHop
      : hop + 1;
}

/** The slot that remembers an address on a port, or 0. The gateway always has its slot. */
export function knownHop(port: number, address: number): number {
  const start = firstSlot(port, address);
  let hop = start;
  do {
    if (neighbourAddress[hop] == address && (neighbourState[hop] || hop == gatewayHop)) return hop;
    hop = nextSlot(port, hop);
  } while (hop != start);
  return 0;
}

/** How readily a slot gives way to a new address: four bits for each state, in the order of the constants above. */
const yields = 0x3124;

/** @inline */
function readinessOf(state: number): number {
  return (yields >> (4 * state)) & 15;
}

/**
 * The slot for an address on a port's own subnet: the one it has, else a free one, else that of an address which
 * does not answer. A live neighbour gives way only when nobody else does. Nothing is asked yet, so a slot that was
 * unused still is: whoever is about to send by it says `ready` first.
 * @param evicted told which slot is about to change its address while somebody may still count on it
 */
export function hopTo(port: number, address: number, evicted: (hop: number) => void): number {
  const start = firstSlot(port, address);
  let hop = start;
  let best = 0;
  let readiness = 0;
  let oldest = 0;
  do {
    // Also one that was forgotten: an address never has two slots, so a flow's hop is right while its address is.
    if (neighbourAddress[hop] == address) return hop;
    const ready = hop == gatewayHop ? 0 : readinessOf(neighbourState[hop]);
    const age = (clock[0] - neighbourSeen[hop]) & 65535;
    if (ready > readiness || (ready && ready == readiness && age > oldest)) {
      best = hop;
      readiness = ready;
      oldest = age;
    }
    hop = nextSlot(port, hop);
  } while (hop != start);
  if (readiness < readinessOf(silent)) evicted(best);
  neighbourAddress[best] = address;
  neighbourState[best] = unused;
  neighbourSeen[best] = clock[0];
  return best;
}

/**
 * The address that must be asked for to reach `address` through the WAN.
 * @inline
 */
export function wanNextHop(address: number): number {
  return onWanSubnet(address) ? address : gatewayAddress;
}
