/**
 * The checker of the firmware's tables: walks what is linked, counts what is counted, and tells the first rule that
 * does not hold, as a sentence. It reads columns of the arena and shares no code with the files that write them.
 */
import {
  asked,
  askedSlots,
  endpointBuckets,
  endpointCount,
  endpointHost,
  endpointInnerIndex,
  endpointInnerPort,
  endpointNextInner,
  endpointNextPublic,
  endpointPublicIndex,
  endpointPublicPort,
  endpointUse,
  flowBuckets,
  endedPlace,
  flowCount,
  flowMark,
  flowSlots,
  flowState,
  hairpinIndex,
  hostFlows,
  hostSlots,
  lanIndex,
  outerPorts,
  outerSource,
  rowHop,
  rowNext,
  rowPorts,
  rowSlots,
  rowSource,
  strangersPlace,
  wanIndex,
} from '../../firmware/layout/arena.ts';
import { lanAddress, publicAddress } from '../../firmware/datapath/own.ts';
import { endpointsInUse } from '../../firmware/control/endpoints.ts';
import { forwardFor } from '../../firmware/control/forwards.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { lanAddressOf, lanHostOf } from '../../firmware/control/addresses.ts';
import { outCount } from '../../firmware/control/outbox.ts';
import { hopFault } from './hop-structure.ts';

// What layout/flow.ts and control/states.ts say, once more: a slip there is not to be followed here.
const replySeen = 16;
const openedOutside = 32;
const external = 64;
const toLan = 128;
const hairpinBits = 192;
const icmpState = 6;
const firstTcpState = 7;
const firstEndedState = 12;
const lastState = 13;
const countMask = 1023;

type Fault = string | undefined;

/** Turns the two bytes of a port, as it lies in memory, to a number as people write it. */
function portNumber(half: number): number {
  return ((half & 255) << 8) | (half >> 8);
}

/** The first broken rule of the tables, or undefined. */
export function structureFault(): Fault {
  return (
    freeListFault('flow', flowCount, flowsInUse, (flow) => flowState[flow] === 0, rowNext) ??
    flowsFault() ??
    chainsFault() ??
    freeListFault(
      'endpoint',
      endpointCount,
      endpointsInUse,
      (e) => endpointUse[e] === 0,
      endpointNextInner,
    ) ??
    endpointsFault() ??
    hopFault() ??
    (outCount ? `${outCount} frames were left in the outbox` : undefined)
  );
}

const pointedAt = new Uint8Array(Math.max(flowSlots, endpointCount + 1));

/** All free slots, and only they, are one chain: one of them is nobody's next, and one has no next. */
function freeListFault(
  what: string,
  count: number,
  inUse: number,
  isFree: (slot: number) => boolean,
  next: Uint16Array,
): Fault {
  pointedAt.fill(0);
  let free = 0;
  for (let slot = 1; slot <= count; slot++) {
    if (!isFree(slot)) continue;
    free++;
    const after = next[slot];
    if (after > count || (after && !isFree(after)))
      return `free ${what} ${slot} leads to ${after}, which is not free`;
    if (after && pointedAt[after]++) return `two free ${what}s lead to ${after}`;
  }
  if (free !== count - inUse)
    return `${free} ${what}s are free, but ${inUse} of ${count} are counted as in use`;
  let head = 0;
  for (let slot = 1; slot <= count && !head; slot++) if (isFree(slot) && !pointedAt[slot]) head = slot;
  let reached = 0;
  for (let slot = head; slot && reached <= free; slot = next[slot]) reached++;
  return reached === free ? undefined : `the list of free ${what}s reaches ${reached} of ${free}`;
}

const owned = new Uint16Array(hostSlots + 2);

/** What a flow's own bytes must be, and what is counted by LAN host. */
function flowsFault(): Fault {
  owned.fill(0);
  for (let flow = 1; flow <= flowCount; flow++) {
    const state = flowState[flow];
    if (!state) {
      if (flowMark[flow]) return `free flow ${flow} has a mark`;
      if (rowHop[flow] || rowHop[flow + flowSlots]) return `free flow ${flow} has a hop`;
      continue;
    }
    if (!(state & 15) || (state & 15) > lastState) return `flow ${flow} has no state: ${state}`;
    const owner = state & hairpinBits ? outerSource[flow] : rowSource[flow];
    const isStranger = (state & (openedOutside | hairpinBits | replySeen)) === openedOutside;
    const hasEnded = (state & 15) >= firstEndedState;
    owned[isStranger ? strangersPlace : hasEnded ? endedPlace : (owner >>> 24) % hostSlots]++;
  }
  for (let place = 0; place < owned.length; place++) {
    if (owned[place] === hostFlows[place]) continue;
    const whose =
      place === strangersPlace ? 'unanswered flows from outside' : `flows of hosts at place ${place}`;
    return `there are ${owned[place]} ${whose}, but ${hostFlows[place]} are counted`;
  }
  return undefined;
}

/** Offset of a protocol in the sums of keys. */
function offsetOf(state: number): number {
  return state >= firstTcpState ? 0 : state === icmpState ? 4 : 1;
}

/** The bucket a row belongs to, as its index and place. */
function homeOf(row: number): { index: Uint16Array; bucket: number } {
  const inner = row < flowSlots;
  const flow = inner ? row : row - flowSlots;
  const kind = flowState[flow] & hairpinBits;
  const sum = rowSource[row] + rowPorts[row] + offsetOf(flowState[flow] & 15);
  if (!inner) return { index: kind ? hairpinIndex : wanIndex, bucket: sum % flowBuckets };
  if (kind === external) return { index: hairpinIndex, bucket: sum % flowBuckets };
  if (kind === toLan) return { index: hairpinIndex, bucket: (sum + 2) % flowBuckets };
  return { index: lanIndex, bucket: (sum + outerSource[flow]) % flowBuckets };
}

const met = new Uint8Array(rowSlots);
const indexes: [string, Uint16Array, number][] = [
  ['WAN', wanIndex, flowSlots],
  ['LAN', lanIndex, 0],
  ['hairpin', hairpinIndex, 0],
];

/** Every row of every flow is once in the chain it belongs to, and its key is nobody else's there. */
function chainsFault(): Fault {
  met.fill(0);
  for (const [name, index, base] of indexes) {
    for (let bucket = 0; bucket < flowBuckets; bucket++) {
      if (!index[bucket]) continue;
      const fault = chainFault(index, bucket, base);
      if (fault) return `${name} index, bucket ${bucket}: ${fault}`;
    }
  }
  for (let flow = 1; flow <= flowCount; flow++) {
    if (!flowState[flow]) continue;
    if (!met[flow]) return `the inner row of flow ${flow} is in no index`;
    if (!met[flow + flowSlots]) return `the outer row of flow ${flow} is in no index`;
  }
  return undefined;
}

function chainFault(index: Uint16Array, bucket: number, base: number): Fault {
  for (let link = index[bucket]; link; link = rowNext[link + base]) {
    const row = link + base;
    const flow = row < flowSlots ? row : row - flowSlots;
    if (row >= rowSlots || row === flowSlots) return `link ${link} is no row`;
    if (!flowState[flow]) return `row ${row} is of a free flow`;
    if (met[row]++) return `row ${row} is met twice`;
    const home = homeOf(row);
    if (home.index !== index || home.bucket !== bucket)
      return `row ${row} belongs to bucket ${home.bucket}, or to another index`;
    for (let other = index[bucket]; other !== link; other = rowNext[other + base]) {
      // But for a host that talks, around the hairpin, to the very port it talks from: both its rows are one.
      const itself = Math.abs(other + base - row) === flowSlots;
      if (!itself && sameKey(other + base, row)) return `rows ${other + base} and ${row} have the same key`;
    }
  }
  return undefined;
}

/** Whether packets of two rows of one chain cannot be told apart. Equal words in one bucket mean one protocol. */
function sameKey(a: number, b: number): boolean {
  if (rowSource[a] !== rowSource[b] || rowPorts[a] !== rowPorts[b]) return false;
  const plain = (row: number) => row < flowSlots && !(flowState[row] & (external | toLan));
  const isDnatOnly = (row: number) => row < flowSlots && (flowState[row] & hairpinBits) === hairpinBits;
  const byTarget = plain(a) || isDnatOnly(a);
  return !byTarget || outerSource[a] === outerSource[b];
}

/**
 * The endpoint a flow holds, as pool and public port, and whose it is; undefined when it holds none: the mistake, and
 * what came in by a forward.
 */
function holdingOf(flow: number): { pool: number; port: number; host: number; inner: number } | undefined {
  const state = flowState[flow];
  const protocol = (state & 15) >= firstTcpState ? 6 : (state & 15) === icmpState ? 1 : 17;
  const pool = protocol === 6 ? 1 : protocol === 17 ? 2 : 3;
  const kind = state & hairpinBits;
  if (kind === hairpinBits) return undefined;
  if (kind) {
    const own = kind === external ? publicAddress : lanAddress;
    return {
      pool: own === publicAddress ? pool : pool + 3,
      port: portNumber(rowPorts[flow] >>> 16),
      host: lanHostOf(outerSource[flow]),
      inner: portNumber(outerPorts[flow] & 65535),
    };
  }
  const port = portNumber(outerPorts[flow] >>> 16);
  if (state & openedOutside && forwardFor(protocol, port) >= 0) return undefined;
  return { pool, port, host: lanHostOf(rowSource[flow]), inner: portNumber(rowPorts[flow] & 65535) };
}

const byPublic = new Map<number, number>();
const byInner = new Map<number, number>();
const holders = new Uint16Array(endpointCount + 1);

/** Endpoints: each once in both indexes, no port twice in a pool, and used by exactly the flows that hold it. */
function endpointsFault(): Fault {
  byPublic.clear();
  byInner.clear();
  holders.fill(0);
  for (let e = 1; e <= endpointCount; e++) {
    if (!endpointUse[e]) continue;
    const pool = endpointUse[e] >> 10;
    if (pool < 1 || pool > 5) return `endpoint ${e} is in no pool: ${endpointUse[e]}`;
    const place = pool * 65536 + endpointPublicPort[e];
    const inner = (pool * 65536 + endpointHost[e]) * 65536 + endpointInnerPort[e];
    if (byPublic.has(place)) return `endpoints ${byPublic.get(place)} and ${e} have the same public port`;
    if (byInner.has(inner)) return `endpoints ${byInner.get(inner)} and ${e} are of the same inner port`;
    byPublic.set(place, e);
    byInner.set(inner, e);
  }
  for (let flow = 1; flow <= flowCount; flow++) {
    const held = flowState[flow] ? holdingOf(flow) : undefined;
    if (!held) continue;
    const e = byPublic.get(held.pool * 65536 + held.port);
    if (!e) return `flow ${flow} uses port ${held.port} of pool ${held.pool}, which no endpoint has`;
    holders[e]++;
    if (endpointHost[e] !== held.host || endpointInnerPort[e] !== held.inner)
      return `flow ${flow} is of ${held.host}:${held.inner}, its endpoint ${e} of ${endpointHost[e]}:${endpointInnerPort[e]} (${lanAddressOf(endpointHost[e])})`;
  }
  return askedFault() ?? usesFault() ?? linksFault();
}

/** A query that waits for an answer holds an endpoint of the router's own, whose inner port is its slot's. */
function askedFault(): Fault {
  for (let slot = 0; slot < askedSlots; slot++) {
    if (!asked[slot]) continue;
    const held = [2, 5]
      .map((pool) => byInner.get((pool * 65536 + lanHostOf(lanAddress)) * 65536 + slot + 1))
      .filter((e) => e !== undefined);
    if (held.length !== 1) return `the query in slot ${slot} holds ${held.length} endpoints`;
    holders[held[0]]++;
  }
  return undefined;
}

function usesFault(): Fault {
  for (let e = 1; e <= endpointCount; e++) {
    const uses = endpointUse[e] & countMask;
    if (endpointUse[e] && !uses) return `endpoint ${e} is kept, but nobody uses it`;
    if (uses !== holders[e]) return `endpoint ${e} counts ${uses} flows, but ${holders[e]} hold it`;
  }
  return undefined;
}

function linksFault(): Fault {
  for (const [name, index, next, portOf] of [
    [
      'inner',
      endpointInnerIndex,
      endpointNextInner,
      (e: number) => endpointHost[e] + endpointInnerPort[e],
    ] as const,
    ['public', endpointPublicIndex, endpointNextPublic, (e: number) => endpointPublicPort[e]] as const,
  ]) {
    let linked = 0;
    for (let bucket = 0; bucket < endpointBuckets; bucket++) {
      for (let e = index[bucket]; e; e = next[e]) {
        if (e > endpointCount || !endpointUse[e])
          return `${name} index leads to endpoint ${e}, which is free`;
        if (portOf(e) % endpointBuckets !== bucket) return `endpoint ${e} is in the wrong ${name} bucket`;
        if (++linked > endpointsInUse) return `${name} index of endpoints goes round`;
      }
    }
    if (linked !== endpointsInUse)
      return `${name} index has ${linked} endpoints, but ${endpointsInUse} are in use`;
  }
  return undefined;
}
