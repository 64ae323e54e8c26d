/**
 * The flow table: make, find, settle, free. Knows nothing of policy or packets' contents.
 *
 * A flow is one entry with two rows, original (2f) and reply (2f+1), each in the index of the port its packets
 * arrive on. Always true:
 * - a flow with state `free` is in the free list and in no index; every other flow has both rows in an index;
 * - `flowClass` is 0 unless both directions were seen and both next hops are known;
 * - the rows of a flow never change while it lives, only its state, marks and hops do.
 */
import {
  flowBuckets,
  flowClass,
  flowCount,
  flowIpShift,
  flowMark,
  flowSeen,
  flowState,
  flowTransportShift,
  clock,
  firstLanHop,
  lanIndex,
  neighbourState,
  rowHop,
  rowNext,
  rowPorts,
  rowSource,
  rowTarget,
  wanIndex,
} from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { halves, residue } from '../wire/checksum.ts';
import { reachable } from './hops.ts';
import { free, icmpQuery, protocolOf, replySeen, stateMask, tcpTransitory, udpOneWay } from './states.ts';

let freeHead = 0;
/** Flows in use. */
export let flowsInUse = 0;

/** Empties the table. */
export function resetFlows(): void {
  for (let i = 0; i < flowBuckets; i++) {
    wanIndex[i] = 0;
    lanIndex[i] = 0;
  }
  for (let flow = 1; flow <= flowCount; flow++) {
    flowState[flow] = free;
    flowClass[flow] = 0;
    flowMark[flow] = 0;
    rowNext[2 * flow] = flow < flowCount ? flow + 1 : 0;
  }
  freeHead = 1;
  flowsInUse = 0;
}

function bucketOf(row: number): number {
  return (rowSource[row] + rowTarget[row] + rowPorts[row]) % flowBuckets;
}

function indexOf(port: number): Uint16Array {
  return port == lanPort ? lanIndex : wanIndex;
}

/** The port on which packets of a row arrive: where packets of its partner leave. */
export function arrivalPort(row: number): number {
  return rowHop[row ^ 1] < firstLanHop ? 0 : lanPort;
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
  let row = indexOf(port)[(source + target + ports) % flowBuckets];
  while (
    row &&
    (rowSource[row] != source ||
      rowTarget[row] != target ||
      rowPorts[row] != ports ||
      protocolOf(flowState[row >> 1] & stateMask) != protocol)
  ) {
    row = rowNext[row];
  }
  return row;
}

/** Whether a flow can be made without evicting one. */
export function flowAvailable(): boolean {
  return freeHead != 0;
}

/**
 * Makes a flow from its two tuples and their next hops. The caller made sure that neither tuple is in the table.
 * @returns the flow, or 0 when the table is full
 */
export function makeFlow(
  state: number,
  source: number,
  target: number,
  ports: number,
  replySource: number,
  replyTarget: number,
  replyPorts: number,
  hops: number,
): number {
  const flow = freeHead;
  if (!flow) return 0;
  const row = 2 * flow;
  freeHead = rowNext[row];
  flowsInUse++;
  flowState[flow] = state;
  flowClass[flow] = 0;
  flowMark[flow] = 0;
  flowSeen[flow] = clock[0];
  rowSource[row] = source;
  rowTarget[row] = target;
  rowPorts[row] = ports;
  rowSource[row + 1] = replySource;
  rowTarget[row + 1] = replyTarget;
  rowPorts[row + 1] = replyPorts;
  rowHop[row] = hops >> 8;
  rowHop[row + 1] = hops & 255;
  // Original packets leave as the reply tuple turned round.
  const addresses = halves(replySource) + halves(replyTarget) - halves(source) - halves(target);
  flowIpShift[flow] = residue(addresses - 1);
  flowTransportShift[flow] = residue(addresses + halves(replyPorts) - halves(ports));
  link(row);
  link(row + 1);
  return flow;
}

function link(row: number): void {
  const index = indexOf(arrivalPort(row));
  const bucket = bucketOf(row);
  rowNext[row] = index[bucket];
  index[bucket] = row;
}

function unlink(row: number): void {
  const index = indexOf(arrivalPort(row));
  const bucket = bucketOf(row);
  let at = index[bucket];
  if (at == row) {
    index[bucket] = rowNext[row];
    return;
  }
  while (rowNext[at] != row) at = rowNext[at];
  rowNext[at] = rowNext[row];
}

/** Takes a flow out of the table. Its endpoint is the caller's business. */
export function removeFlow(flow: number): void {
  const row = 2 * flow;
  unlink(row);
  unlink(row + 1);
  flowState[flow] = free;
  flowClass[flow] = 0;
  rowNext[row] = freeHead;
  freeHead = flow;
  flowsInUse--;
}

/**
 * Opens the fast path to a flow when both directions were seen, both next hops are known and no packet of it
 * needs a closer look; closes it otherwise.
 */
export function settle(flow: number): void {
  const state = flowState[flow] & stateMask;
  const row = 2 * flow;
  const ready =
    flowState[flow] & replySeen &&
    state != icmpQuery &&
    state != udpOneWay &&
    state != tcpTransitory &&
    neighbourState[rowHop[row]] == reachable &&
    neighbourState[rowHop[row + 1]] == reachable &&
    // The one shift whose negative the datapath's arithmetic cannot hold (1 flow in 65535).
    flowIpShift[flow] != 65534;
  flowClass[flow] = ready ? 0x45 | (protocolOf(state) << 8) : 0;
}

/** Closes the fast path to every flow that leaves by this hop; the next packet of each is looked at again. */
export function unsettleHop(hop: number): void {
  for (let flow = 1; flow <= flowCount; flow++) {
    if (rowHop[2 * flow] == hop || rowHop[2 * flow + 1] == hop) flowClass[flow] = 0;
  }
}
