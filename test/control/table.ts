/**
 * A router in miniature: datapath and control over the arena, configured like firmware/main.ts does, with the loop of
 * firmware/router reduced to function calls. No chips, no bus, no timers: time passes when a test says so.
 *
 * What leaves is told in words (test/wire/packets.ts), every checksum verified: `lan S | tcp P:33333 > S:25 S` is the
 * port, whose MAC address it went to, and the packet.
 */
import {
  arena,
  clock,
  counter,
  dueTally,
  dueTrace,
  flowCount,
  flowSlots,
  hopSlots,
  neighbourMacs,
  ping,
  pingEndpoint,
  rowHop,
  switches,
  traceSwitch,
} from '../../firmware/layout/arena.ts';
import { lanPort, wanPort } from '../../firmware/layout/ports.ts';
import { counterNames, dropNeighbour } from '../../firmware/layout/reasons.ts';
import { parseConfig } from '../../firmware/config/validate.ts';
import type { Config, FilterMode } from '../../firmware/config/schema.ts';
import { largestFrame, setAddresses } from '../../firmware/control/addresses.ts';
import { conclude } from '../../firmware/control/conclude.ts';
import { drop } from '../../firmware/control/count.ts';
import { decide } from '../../firmware/control/decide.ts';
import { resetPorts } from '../../firmware/control/endpoints.ts';
import { resetFlows } from '../../firmware/control/flows.ts';
import { setForwards } from '../../firmware/control/forwards.ts';
import { portOf, resetHops } from '../../firmware/control/hops.ts';
import { hostUnreachable, sendUnreachable } from '../../firmware/control/icmp.ts';
import * as held from '../../firmware/control/held.ts';
import { announce } from '../../firmware/control/claims.ts';
import { ageHop, ages, resetNeighbours } from '../../firmware/control/neighbours.ts';
import * as outbox from '../../firmware/control/outbox.ts';
import { take } from '../../firmware/control/packet.ts';
import { stepPing } from '../../firmware/control/ping.ts';
import { setPolicy, setServed } from '../../firmware/control/policy.ts';
import { readOwnMacs } from '../../firmware/control/station.ts';
import { resetSweep, sweepFlows } from '../../firmware/control/sweep.ts';
import { sourceOf, tallyFast } from '../../firmware/control/tally.ts';
import { traceFast } from '../../firmware/control/trace.ts';
import { translate } from '../../firmware/datapath/fast.ts';
import { cast, get16, hostBytes, tell } from '../wire/packets.ts';
import { seeded } from '../wire/random.ts';

export type Port = 'wan' | 'lan';

/** A frame that left: its port and its Ethernet bytes. */
export interface Left {
  port: Port;
  frame: Uint8Array;
  /** The frame as it arrived that this one was made of; the router's own have none. */
  received?: Uint8Array;
  /** By the datapath alone. */
  fast?: boolean;
}

const forwards = [
  { name: 'smtp', proto: 'tcp', port: 25, to: '192.168.0.2:25' },
  { name: 'web', proto: 'tcp', port: 8080, to: '192.168.0.2:80' },
  { name: 'echo', proto: 'udp', port: 5000, to: '192.168.0.2:5000' },
  { name: 'games', proto: 'both', port: '6000-6003', to: '192.168.0.2:7000' },
  { name: 'friends', proto: 'udp', port: 1194, to: '192.168.0.2', from: '198.51.100.10/32' },
];

/** What a test may ask for beside the defaults. */
export interface Wish {
  hairpin?: string;
  forwards?: object[];
  mtu?: number;
  hairpinDynamic?: boolean;
  timeouts?: Record<string, number>;
  /** Of both protocols, and of one. */
  filter?: FilterMode;
  filterUdp?: FilterMode;
  filterTcp?: FilterMode;
  wanIcmpErrors?: boolean;
  natPmp?: boolean;
  /** Members of the config's objects, beside what is usual or in its place. */
  wan?: object;
  lan?: object;
  dns?: object;
  log?: object;
  /** Address of the DMZ host. */
  dmz?: string;
  /** Numbers the port search draws; seeded by default. */
  random?: () => number;
  /** The second at which the router starts. */
  second?: number;
  /** Leave G, S and C unknown. */
  strangers?: boolean;
}

/** The Ethernet address of a host or of the router's ports, six bytes. */
export function macOf(host: string): number[] {
  if (host === 'P') return [2, 0, 0, 0, 12, 1];
  const [a, , , d] = hostBytes(host);
  return [2, 0, 0, 0, a === 12 ? 12 : a === 192 ? 0xa8 : 0x99, d];
}

const named = Object.keys(cast).map((host) => [macOf(host).join(), host] as const);

function macName(bytes: Uint8Array): string {
  const all = bytes.every((byte) => byte === 255);
  return all ? '*' : (named.find(([mac]) => mac === bytes.join())?.[1] ?? `..${bytes[5]}`);
}

/** An Ethernet frame, padded to 60 bytes. */
export function ethernet(to: number[], from: number[], type: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(Math.max(60, 14 + payload.length));
  frame.set(to);
  frame.set(from, 6);
  frame.set([type >> 8, type & 255], 12);
  frame.set(payload, 14);
  return frame;
}

/** An ARP packet: 1 asks, 2 answers. `mac` is the sender's, and may lie. */
export function arp(operation: number, sender: string, target: string, mac = macOf(sender)): Uint8Array {
  const head = [0, 1, 8, 0, 6, 4, 0, operation];
  return Uint8Array.from([...head, ...mac, ...hostBytes(sender), ...Array(6).fill(0), ...hostBytes(target)]);
}

const everyone = [255, 255, 255, 255, 255, 255];

/** Lets a frame arrive: the firmware's array has six bytes in front and a buffer of whole words. */
export function arrive(port: Port, frame: Uint8Array): Left[] {
  const array = inArray(frame);
  arrivals.set(array, frame);
  const words = new Uint32Array(array.buffer);
  const at = port === 'lan' ? lanPort : wanPort;
  const left: Left[] = [];
  // The datapath is not asked about what may be too long for the other side, see router/batch.ts.
  const from = sourceOf(words);
  const hop = frame.length > largestFrame() ? 0 : translate(words, at);
  if (!hop) return slowly(array, words, frame.length, at, left);
  if (switches[traceSwitch] & dueTally) tallyFast(at, from, array, words, hop);
  if (switches[traceSwitch] & dueTrace) traceFast(at, array, words, hop);
  fast++;
  leave(array, frame.length, hop, left);
  left[0].fast = true;
  return left;
}

/** The frames of the firmware's arrays as they arrived: the arrays are changed in place. */
const arrivals = new WeakMap<Uint8Array, Uint8Array>();

/** Whether the fast path is open to both directions of a flow. */
export function isSettled(flow: number): boolean {
  return rowHop[flow] > 0 && rowHop[flow + flowSlots] > 0;
}

/** Packets the datapath forwarded alone since `router`. */
export let fast = 0;

/** A frame as the driver hands it over (firmware/wire/frame.ts). */
export function inArray(frame: Uint8Array): Uint8Array {
  const length = 6 + frame.length;
  const array = new Uint8Array(new ArrayBuffer((length + 3) & ~3), 0, length);
  array.set(frame, 6);
  array[4] = (frame.length + 2) >> 8;
  array[5] = frame.length + 2;
  return array;
}

function slowly(array: Uint8Array, words: Uint32Array, length: number, at: number, left: Left[]): Left[] {
  pass(array, words, length, at, left);
  while (held.nextReleased()) {
    const again = held.releasedFrame;
    pass(again, new Uint32Array(again.buffer), held.releasedLength, held.releasedIngress, left);
  }
  return left;
}

function pass(array: Uint8Array, words: Uint32Array, length: number, at: number, left: Left[]): void {
  const hop = decide(array, words, length, at);
  const leaves = switches[traceSwitch] ? conclude(hop, length) : length;
  if (hop) leave(array, leaves, hop, left);
  emptyOutbox(left);
}

function emptyOutbox(left: Left[]): void {
  for (let i = 0; i < outbox.outCount; i++) {
    const frame = outbox.outFrame[i]!;
    leave(frame, outbox.lengthOfFrame(frame) - 2, outbox.hopOfFrame(frame), left);
  }
  outbox.emptyOutbox();
}

function leave(array: Uint8Array, length: number, hop: number, left: Left[]): void {
  const frame = array.slice(6, 6 + length);
  frame.set(neighbourMacs.subarray(12 * hop, 12 * hop + 12));
  left.push({ port: portOf(hop) === lanPort ? 'lan' : 'wan', frame, received: arrivals.get(array) });
}

/** What left, in words. */
export function told(left: Left[]): string[] {
  return left.map(({ port, frame }) => {
    const to = macName(frame.subarray(0, 6));
    const own = macName(frame.subarray(6, 12));
    if (own !== (port === 'lan' ? 'R' : 'P')) throw new Error(`sent from ${own} on ${port}`);
    if (frame.length < 60) throw new Error('a frame shorter than the wire allows');
    return `${port} ${to} | ${get16(frame, 12) === 0x0806 ? tellArp(frame) : tell(frame.subarray(14))}`;
  });
}

function tellArp(frame: Uint8Array): string {
  const host = (at: number) => {
    const dotted = frame.subarray(at, at + 4).join('.');
    return Object.keys(cast).find((letter) => cast[letter] === dotted) ?? dotted;
  };
  if (get16(frame, 20) === 1) return `arp who has ${host(38)}, tell ${host(28)}`;
  return `arp ${host(28)} is at ${macName(frame.subarray(22, 28))}, for ${host(38)} at ${macName(frame.subarray(32, 38))}`;
}

/** The last frames that left, for tests that look at bytes. */
export let lastLeft: Left[] = [];

/** A LAN host sends an IP packet to the router; the sender's Ethernet address is its source's. */
export function lan(packet: Uint8Array, from = macOf(packet.subarray(12, 16).join('.'))): string[] {
  lastLeft = arrive('lan', ethernet(macOf('R'), from, 0x0800, packet));
  return told(lastLeft);
}

/** The gateway hands over an IP packet. */
export function wan(packet: Uint8Array): string[] {
  lastLeft = arrive('wan', ethernet(macOf('P'), macOf('G'), 0x0800, packet));
  return told(lastLeft);
}

/** Somebody sends an ARP packet to all, or to the router. */
export function say(port: Port, packet: Uint8Array, to = everyone): string[] {
  lastLeft = arrive(port, ethernet(to, Array.from(packet.subarray(8, 14)), 0x0806, packet));
  return told(lastLeft);
}

/** A host introduces itself by asking for the router's address on its port. */
export function introduce(...hosts: string[]): void {
  for (const host of hosts) {
    const onLan = hostBytes(host)[0] === 192;
    say(onLan ? 'lan' : 'wan', arp(1, host, onLan ? 'R' : 'P'));
  }
}

/** Lets seconds pass, with everything the router's loop does meanwhile. @returns what left */
export function pause(seconds: number): string[] {
  lastLeft = elapse(seconds, 1);
  return told(lastLeft);
}

/** The same for a router whose loop has its turn only every so many seconds. */
export function elapse(turns: number, stride: number): Left[] {
  const left: Left[] = [];
  for (let i = 0; i < turns; i++) {
    clock[0] += stride;
    sweepFlows(flowCount);
    if (ping[pingEndpoint]) stepPing();
    for (let hop = 1; hop < hopSlots; hop++) if (ages(hop) && ageHop(hop)) tellSender();
    announce(wanPort);
    announce(lanPort);
    emptyOutbox(left);
    held.dropLateFragments();
  }
  return left;
}

/** Lets time pass for flows only: neighbours stay fresh. */
export function sleep(seconds: number): void {
  clock[0] += seconds;
  sweepFlows(flowCount);
  introduce('G', 'S', 'C');
}

function tellSender(): void {
  const frame = held.releasedFrame;
  take(frame, new Uint32Array(frame.buffer), held.releasedLength, held.releasedIngress);
  sendUnreachable(hostUnreachable);
  drop(dropNeighbour);
}

/** Counters that moved since `router` or the last look, by name. */
export function moved(): Record<string, number> {
  const result: Record<string, number> = {};
  counterNames.forEach((name, i) => {
    if (counter[i] !== seen[i]) result[name] = counter[i] - seen[i];
  });
  seen = Array.from(counter);
  return result;
}

/** The only drop counted since the last look, or what else was. */
export function dropped(): string {
  return Object.entries(moved())
    .filter(([name]) => name.startsWith('drop-'))
    .map(([name, times]) => (times === 1 ? name : `${name} x${times}`))
    .join();
}

let seen: number[] = [];
let boots = 0;

/** Starts over with an empty table. G, S and C have introduced themselves. @returns the checked config */
export function router(wish: Wish = {}): Config {
  const chosen = (wish.forwards ?? forwards).map((rule) => ({
    hairpin: wish.hairpin ?? 'external',
    ...rule,
  }));
  const text = JSON.stringify({
    wan: {
      ...{ address: '12.0.0.1/24', gateway: '12.0.0.254', mac: '02:00:00:00:0c:01', mtu: wish.mtu ?? 1500 },
      ...wish.wan,
    },
    lan: { address: '192.168.0.1/24', mac: '02:00:00:00:a8:01', ...wish.lan },
    nat: {
      hairpinDynamic: wish.hairpinDynamic ?? true,
      timeouts: wish.timeouts ?? {},
      filterUdp: wish.filterUdp ?? wish.filter,
      filterTcp: wish.filterTcp ?? wish.filter,
      wanIcmpErrors: wish.wanIcmpErrors ?? false,
      natPmp: wish.natPmp ?? false,
    },
    forwards: chosen,
    dmz: wish.dmz,
    dns: wish.dns,
    log: wish.log,
  });
  const parsed = parseConfig(text, 'test');
  if ('error' in parsed) throw new Error(parsed.error);
  arena.fill(0);
  const { config } = parsed;
  setAddresses(config);
  resetHops(config.wan.mac, config.lan.mac);
  readOwnMacs();
  resetNeighbours();
  resetFlows();
  const random = seeded(7);
  resetPorts(wish.random ?? (() => random(2 ** 32)));
  resetSweep();
  outbox.emptyOutbox();
  setForwards(config.forwards, config.dmz);
  setServed(config);
  setPolicy(config.nat);
  // Another second each time, so that the limit on errors starts afresh.
  clock[0] = wish.second ?? 1000 * ++boots;
  if (!wish.strangers) introduce('G', 'S', 'C');
  fast = 0;
  moved();
  return config;
}
