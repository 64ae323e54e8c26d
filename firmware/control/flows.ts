/**
 * The flow table: make, find, settle, free. Knows nothing of policy or packets' contents.
 *
 * A flow is one entry with two rows (layout/arena.ts): the inner row f, of the LAN host's packets, and the outer row
 * f + flowSlots, of its peer's. Always true:
 * - a flow with state `free` is in the free list and in no index, without mark and hops; every other flow has both
 *   rows in an index;
 * - which index, and what a row's packets are addressed to, follow from the flow's kind alone;
 * - `rowHop` is 0 unless both directions were seen and the row's next hop is known;
 * - the rows of a flow never change while it lives, only its state, marks and hops do.
 */
import {
  clock,
  flowBuckets,
  flowCount,
  flowIp,
  flowMark,
  flowPort,
  flowSeen,
  flowSlots,
  flowState,
  flowTransport,
  hairpinIndex,
  lanIndex,
  outerNext,
  outerPorts,
  outerSource,
  rowHop,
  rowNext,
  rowPorts,
  rowSlots,
  rowSource,
  wanIndex,
} from '../layout/arena.ts';
import {
  dnatOnly,
  externalHairpin,
  hairpinToLan,
  icmpOffset,
  lanHairpin,
  openedOutside,
  udpOffset,
} from '../layout/flow.ts';
import { lanPort } from '../layout/ports.ts';
import { lanAddress, publicAddress } from '../datapath/own.ts';
import { halves, ipStep, residue } from '../wire/checksum.ts';
import { protocolTcp, protocolUdp } from '../wire/frame.ts';
import { free, icmpQuery, stateMask, tcpInit } from './states.ts';

let freeHead = 0;
/** Halves of P, added. */
let publicHalves = 0;
/** Flows in use. */
export let flowsInUse = 0;

/** Empties the table, and takes over the public address. */
export function resetFlows(): void {
  publicHalves = halves(publicAddress);
  wanIndex.fill(0);
  lanIndex.fill(0);
  hairpinIndex.fill(0);
  flowState.fill(free);
  flowMark.fill(0);
  rowHop.fill(0);
  for (let flow = 1; flow <= flowCount; flow++) rowNext[flow] = flow < flowCount ? flow + 1 : 0;
  freeHead = 1;
  flowsInUse = 0;
}

/**
 * The flow of a row.
 * @inline
 */
export function flowOf(row: number): number {
  return row < flowSlots ? row : row - flowSlots;
}

/**
 * The row of the other side.
 * @inline
 */
export function partnerOf(row: number): number {
  return row < flowSlots ? row + flowSlots : row - flowSlots;
}

/**
 * Whether a row is its flow's reply direction: 1 or 0.
 * @inline
 */
export function isReply(row: number): number {
  return row < flowSlots
    ? flowState[row] & openedOutside
      ? 1
      : 0
    : flowState[row - flowSlots] & openedOutside
      ? 0
      : 1;
}

/**
 * The row of the original direction.
 * @inline
 */
export function originalRow(flow: number): number {
  return flowState[flow] & openedOutside ? flow + flowSlots : flow;
}

/**
 * Whether the peer is on the LAN as well.
 * @inline
 */
function isHairpin(flow: number): boolean {
  return (flowState[flow] & dnatOnly) != 0;
}

/** What a row's packets are addressed to when they arrive. */
export function targetOf(row: number): number {
  if (row >= flowSlots) return publicAddress;
  const kind = flowState[row] & dnatOnly;
  if (kind == externalHairpin) return publicAddress;
  return kind == lanHairpin ? lanAddress : outerSource[row];
}

/**
 * What the packets of an outer row leave with as their source; those of an inner one have P.
 * @inline
 */
export function peerAs(flow: number): number {
  return (flowState[flow] & dnatOnly) == externalHairpin
    ? publicAddress
    : (flowState[flow] & dnatOnly) == lanHairpin
      ? lanAddress
      : outerSource[flow];
}

/**
 * The port by which a row's packets leave.
 * @inline
 */
export function egressOf(row: number): number {
  return row < flowSlots && !isHairpin(row) ? 0 : lanPort;
}

/**
 * The row of a packet that arrived on `port`.
 * @param ports the word of both ports
 * @returns the row, or 0
 */
export function findRow(
  port: number,
  source: number,
  target: number,
  ports: number,
  protocol: number,
): number {
  const sum =
    source + ports + (protocol == protocolTcp ? 0 : protocol == protocolUdp ? udpOffset : icmpOffset);
  let row = 0;
  if (port != lanPort) {
    if (target != publicAddress) return 0;
    row = wanIndex[sum % flowBuckets];
    while (row && (outerPorts[row] != ports || outerSource[row] != source)) row = outerNext[row];
    return row && row + flowSlots;
  }
  if (target == publicAddress || target == lanAddress) return findHairpin(source, target, ports, sum);
  row = lanIndex[(sum + target) % flowBuckets];
  while (row && (rowPorts[row] != ports || rowSource[row] != source || outerSource[row] != target)) {
    row = rowNext[row];
  }
  return row;
}

function findHairpin(source: number, target: number, ports: number, sum: number): number {
  let row = hairpinIndex[(target == publicAddress ? sum : sum + hairpinToLan) % flowBuckets];
  while (row && (rowPorts[row] != ports || rowSource[row] != source)) row = rowNext[row];
  return row;
}

/**
 * Whether a flow can be made without evicting one.
 * @inline
 */
export function flowAvailable(): boolean {
  return freeHead != 0;
}

/**
 * Makes a flow. The caller made sure that there is room, and that neither of its rows is in the table.
 * @param state protocol state and kind
 * @param inner the LAN host's address  @param innerPorts the ports of its packets as they arrive
 * @param peer the other end's address  @param peerPorts the ports of its packets as they arrive
 */
export function makeFlow(
  state: number,
  inner: number,
  innerPorts: number,
  peer: number,
  peerPorts: number,
): number {
  const flow = freeHead;
  freeHead = rowNext[flow];
  flowsInUse++;
  flowState[flow] = state;
  flowSeen[flow] = clock[0];
  rowSource[flow] = inner;
  rowPorts[flow] = innerPorts;
  outerSource[flow] = peer;
  outerPorts[flow] = peerPorts;
  let change = publicHalves - halves(inner);
  let ports = (peerPorts >>> 16) - (innerPorts & 65535);
  flowPort[flow] = ports;
  if (state & dnatOnly) {
    // The other address changes as well, and the other port.
    const answersTo = targetOf(flow);
    change += halves(peer) - halves(answersTo);
    ports += (peerPorts & 65535) - (innerPorts >>> 16);
  }
  flowIp[flow] = ipStep(change);
  flowTransport[flow] = residue(-change - ports);
  // What `link` does for both rows, written out, because the first packet waits: of a flow with the WAN here.
  const offset = offsetOf(state & stateMask);
  if (state & dnatOnly) {
    linkHairpin(flow, offset);
    return flow;
  }
  let at = (inner + innerPorts + peer + offset) % flowBuckets;
  rowNext[flow] = lanIndex[at];
  lanIndex[at] = flow;
  at = (peer + peerPorts + offset) % flowBuckets;
  outerNext[flow] = wanIndex[at];
  wanIndex[at] = flow;
  return flow;
}

/** Both rows of a hairpin flow. */
function linkHairpin(flow: number, offset: number): void {
  const kind = flowState[flow] & dnatOnly;
  if (kind == dnatOnly) {
    link(flow);
    link(flow + flowSlots);
    return;
  }
  let at = rowSource[flow] + rowPorts[flow] + offset;
  at = (kind == lanHairpin ? at + hairpinToLan : at) % flowBuckets;
  rowNext[flow] = hairpinIndex[at];
  hairpinIndex[at] = flow;
  at = (outerSource[flow] + outerPorts[flow] + offset) % flowBuckets;
  outerNext[flow] = hairpinIndex[at];
  hairpinIndex[at] = flow + flowSlots;
}

/**
 * What is added to the sums of a flow's rows, see layout/flow.ts.
 * @inline
 */
function offsetOf(state: number): number {
  return state >= tcpInit ? 0 : state == icmpQuery ? icmpOffset : udpOffset;
}

/** Where `locate` found a row's chain: index, bucket, and what its links are less than the rows they name. */
let index = wanIndex;
let bucket = 0;
let base = 0;

function locate(row: number): void {
  const flow = flowOf(row);
  const kind = flowState[flow] & dnatOnly;
  const state = flowState[flow] & stateMask;
  const sum = rowSource[row] + rowPorts[row] + offsetOf(state);
  base = 0;
  if (row == flow ? kind == externalHairpin || kind == lanHairpin : kind) {
    index = hairpinIndex;
    bucket = (row == flow && kind == lanHairpin ? sum + hairpinToLan : sum) % flowBuckets;
  } else if (row == flow) {
    index = lanIndex;
    bucket = (sum + outerSource[flow]) % flowBuckets;
  } else {
    index = wanIndex;
    bucket = sum % flowBuckets;
    base = flowSlots;
  }
}

function link(row: number): void {
  locate(row);
  rowNext[row] = index[bucket];
  index[bucket] = row - base;
}

function unlink(row: number): void {
  locate(row);
  let at = index[bucket] + base;
  if (at == row) {
    index[bucket] = rowNext[row];
    return;
  }
  while (rowNext[at] + base != row) at = rowNext[at] + base;
  rowNext[at] = rowNext[row];
}

/** Takes a flow out of the table. Its endpoint is the caller's business. */
export function removeFlow(flow: number): void {
  unlink(flow);
  unlink(flow + flowSlots);
  flowState[flow] = free;
  flowMark[flow] = 0;
  unsettle(flow);
  rowNext[flow] = freeHead;
  freeHead = flow;
  flowsInUse--;
}

/**
 * Closes the fast path to a flow: every packet of it is looked at.
 * @inline
 */
export function unsettle(flow: number): number {
  return (rowHop[flow] = rowHop[flow + flowSlots] = 0);
}

/**
 * Opens the fast path to a flow, each direction whose next hop is known.
 * @param toPeer hop of the inner row's packets, or 0  @param toInner hop of the outer row's
 * @inline
 */
export function settle(flow: number, toPeer: number, toInner: number): number {
  return ((rowHop[flow] = toPeer), (rowHop[flow + flowSlots] = toInner));
}

/** Closes the fast path to everything that leaves by this hop; the next packet of each is looked at again. */
export function unsettleHop(hop: number): void {
  for (let row = 1; row < rowSlots; row++) if (rowHop[row] == hop) rowHop[row] = 0;
}
