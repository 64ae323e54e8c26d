/**
 * New addresses while the router runs: what P or R was part of is forgotten, because every flow, every public port and
 * every neighbour of that side leans on it (rows hp-14 and dc-14 of docs/conformance.md). Forwards name no P and stay.
 *
 * May touch: addresses, flows, endpoints, neighbours, what waits for them. Must not: know why the address changes.
 */
import {
  asked,
  askedSlots,
  counter,
  firstLanHop,
  fragments,
  gatewayHop,
  lanBroadcastHop,
  lastLanHop,
  lastWanHop,
  mapped,
  mappedDue,
  neighbourAddress,
  neighbourState,
  neighbourTries,
  nextFragment,
  ping,
  pingEndpoint,
  wanBroadcastHop,
} from '../layout/arena.ts';
import { dropNeighbour } from '../layout/reasons.ts';
import { lanAddress, publicAddress } from '../datapath/own.ts';
import { gatewayAddress, setLan, setWan } from './addresses.ts';
import { resetPorts } from './endpoints.ts';
import { resetFlows, unsettleHop } from './flows.ts';
import { moveTargets } from './forwards.ts';
import { heldNow } from './held.ts';
import { unused } from './hops.ts';
import { resetNeighbours } from './neighbours.ts';
import { resetSweep } from './sweep.ts';

/** Forgets the neighbours between two hops; the port's address is announced anew. */
function forgetHops(from: number, to: number, everybody: number): void {
  for (let hop = from; hop <= to; hop++) {
    neighbourState[hop] = unused;
    neighbourTries[hop] = 0;
    neighbourAddress[hop] = 0;
  }
  neighbourTries[everybody] = 0;
}

/** Forgets all flows, the public ports, and what waits. */
function forgetFlows(random: () => number): void {
  resetFlows();
  resetPorts(random);
  resetSweep();
  counter[dropNeighbour] += heldNow();
  resetNeighbours();
  for (let i = 0; i < nextFragment; i++) fragments[i] = 0;
  ping[pingEndpoint] = 0;
  for (let slot = 0; slot < askedSlots; slot++) asked[slot] = 0;
}

/**
 * Takes another address on the WAN, or none. The same address again keeps all flows (row dc-14).
 * @param address a word as the mask and the gateway; 0 when there is none, then the mask is all ones
 * @param mtu longest IP packet of the WAN in bytes  @param random unsigned 32-bit random numbers
 * @overlay
 */
export function changeWan(
  address: number,
  mask: number,
  gateway: number,
  mtu: number,
  random: () => number,
): void {
  const before = publicAddress;
  const gatewayBefore = gatewayAddress;
  setWan(address, mask, gateway, mtu);
  if (address != before) {
    forgetHops(gatewayHop, lastWanHop, wanBroadcastHop);
    forgetFlows(random);
  } else if (gateway != gatewayBefore) {
    unsettleHop(gatewayHop);
    neighbourState[gatewayHop] = unused;
  }
  neighbourAddress[gatewayHop] = gateway;
  mapped[mappedDue] = 0;
}

/**
 * Moves the LAN, with all its hosts, to another network of the same size.
 * @param address the router's there, a word, with the same host part  @param random as above
 * @overlay
 */
export function moveLan(address: number, random: () => number): void {
  moveTargets(address ^ lanAddress);
  setLan(address);
  forgetHops(firstLanHop, lastLanHop, lanBroadcastHop);
  forgetFlows(random);
}
