/**
 * What a step of the grammar comes to: a frame at a port. Packets are made in words by test/wire/packets.ts; answers,
 * errors and repetitions are about frames that left or arrived before.
 */
import { arp, ethernet, macOf, type Left, type Port } from '../control/table.ts';
import { get16, icmp, icmpError, ip, tcp, udp, type Shape } from '../wire/packets.ts';
import { damaged, mendSum } from './damage.ts';
import type { Step } from './grammar.ts';

/** What the frames of a story were, newest last. */
export interface Memory {
  left: Left[];
  arrived: { port: Port; frame: Uint8Array }[];
}

export interface Arrival {
  port: Port;
  frame: Uint8Array;
}

const hosts = [
  ...['C', 'I', 'S', 'P', 'C', 'J', 'P', 'I', 'S', 'R', 'C', 'I', 'P', '192.168.0.9', 'G', '12.0.0.9'],
  ...['192.168.0.77', '203.0.113.7', '192.168.0.255', '255.255.255.255', '224.0.0.1', '127.0.0.1', '0.0.0.0'],
  ...['12.0.0.255', '12.0.0.0', '192.168.0.0', '240.0.0.1', '10.0.0.1', '192.168.0.67'],
];
const ports = [
  33333, 25, 40000, 5000, 80, 1194, 6001, 53, 1023, 123, 40001, 8080, 7000, 2525, 1, 0, 65535, 33334,
];
const flagSets = ['S', 'A', 'SA', 'PA', 'FA', 'R', 'RA', 'F', '', 'SF', 'SR', 'AU', 'SP', 'FRA', 'FSRPAU'];
const queryTypes = [8, 0, 13, 14, 8, 8, 15, 17, 9, 4, 5];
const errorKinds: [number, number, number][] = [
  [3, 3, 0],
  [3, 4, 1400],
  [11, 0, 0],
  [3, 1, 0],
  [12, 0, 0x14000000],
  [3, 13, 0],
  [3, 4, 68],
  [11, 1, 0],
  [5, 1, 0],
  [4, 0, 0],
];
const lengths = [2, 0, 1, 8, 33, 100, 536, 1300, 1372, 1400, 1440, 1460, 1472];
const optionSets = [
  undefined,
  [1, 1, 1, 0],
  [0x94, 4, 0, 0],
  [7, 7, 4, 0, 0, 0, 0, 0],
  [131, 7, 4, 1, 2, 3, 4, 0],
  [137, 3, 4, 0],
  [7, 0, 0, 0],
  [7, 200, 0, 0],
  Array<number>(40).fill(1),
];
const tcpOptionSets = [
  undefined,
  [2, 4, 5, 180],
  [1, 2, 4, 5, 180, 0, 0, 0],
  [1, 1, 2, 4, 5, 180, 0, 0],
  [2, 4, 1, 0],
  [8, 1, 0, 0],
  [3, 0, 0, 0],
  [2, 9, 5, 180],
];
const fragments = [0x4000, 0, 0x4000, 0x2000, 0x0001, 0x2001, 0x00b9, 0x8000, 0x1fff, 0x6000, 0x3fff];

function pick<Value>(table: readonly Value[], number: number): Value {
  return table[number % table.length];
}

/** Frequent ones in three of four, then any. */
function hostOf(number: number): string {
  return number < 192 ? hosts[number % 14] : pick(hosts, number);
}

function portOf(number: number): number {
  return number < 160 ? ports[number % 9] : pick(ports, number);
}

/** How a packet differs from a plain one: usually not. The four digits of the number are four choices. */
export function shapeOf({ shape, which, value }: Step, sum = true): Shape {
  const unusual = (digit: number) => Math.max(0, ((shape >> (4 * digit)) & 15) - 9);
  return {
    ttl: [64, 64, 1, 2, 0, 255, 64][unusual(0)],
    options: unusual(1) > 3 ? pick(optionSets, which) : undefined,
    fragment: unusual(2) > 3 ? pick(fragments, which) : shape & 0x1000 ? 0x4000 : 0,
    id: value,
    tcpOptions: unusual(1) < 3 ? undefined : pick(tcpOptionSets, which + shape),
    data: new Uint8Array(unusual(3) > 2 ? pick(lengths, which) : 2).fill(value || 7),
    tos: value & 255,
    unsummed: sum && unusual(2) === 3,
    urgent: value,
  };
}

function isLan(host: string): boolean {
  return host === 'C' || host === 'S' || host === 'R' || host.startsWith('192.168.');
}

const everybody = [255, 255, 255, 255, 255, 255];

/** A frame around an IP packet, from its source's side to the router. */
export function carry(port: Port, packet: Uint8Array, to = macOf(port === 'lan' ? 'R' : 'P')): Arrival {
  return { port, frame: ethernet(to, macOf(port === 'lan' ? 'C' : 'G'), 0x0800, packet) };
}

function hostText(packet: Uint8Array, at: number): string {
  return packet.subarray(at, at + 4).join('.');
}

/** What is about an earlier frame: usually one of the last few. */
function earlier<Frame>(frames: Frame[], which: number): Frame | undefined {
  return frames[frames.length - 1 - ((which < 200 ? which % 8 : which) % Math.max(1, frames.length))];
}

function isPacket({ frame }: { frame: Uint8Array }): boolean {
  return get16(frame, 12) === 0x0800;
}

/** The answer of whom a packet was sent to; one in eight comes from another port, or another host. */
function answer(step: Step, memory: Memory): Arrival | undefined {
  const asked = earlier(memory.left.filter(isPacket), step.which);
  if (!asked) return undefined;
  const packet = asked.frame.subarray(14);
  const at = (packet[0] & 15) * 4;
  const [from, to] = [hostText(packet, 16), hostText(packet, 12)];
  const shape = shapeOf(step);
  const other = step.value % 8 === 0 ? step.fromPort : 0;
  const ends = [
    `${step.value % 8 === 1 ? 'J' : from}:${(get16(packet, at + 2) + other) & 65535}`,
    `${to}:${get16(packet, at)}`,
  ] as const;
  if (packet[9] === 6)
    return carry(asked.port, tcp(...ends, pick(['SA', 'A', 'PA', ...flagSets], step.what), shape));
  if (packet[9] === 17) return carry(asked.port, udp(...ends, shape));
  if (packet[9] !== 1) return undefined;
  const type = packet[at] === 8 ? 0 : packet[at] === 13 ? 14 : 8;
  const rest = get16(packet, at + 4) * 65536 + get16(packet, at + 6);
  return carry(asked.port, icmp(from, to, type, 0, rest, shape));
}

/** An ICMP error about a packet that left, from its target or from a router on the way. */
function error(step: Step, memory: Memory): Arrival | undefined {
  const asked = earlier(memory.left.filter(isPacket), step.which);
  if (!asked) return undefined;
  const packet = asked.frame.subarray(14, 14 + get16(asked.frame, 16));
  const from = step.value % 2 ? hostText(packet, 16) : asked.port === 'lan' ? 'S' : 'G';
  const quoted = pick([28, 8, 12, 20, 40, 520, 4, 7, 9], step.shape);
  return carry(
    asked.port,
    icmpError(from, hostText(packet, 12), pick(errorKinds, step.what), packet, quoted),
  );
}

/** A frame that arrived before, at the same port or, one time in eight, at the other. */
function again(step: Step, memory: Memory): Arrival | undefined {
  const before = earlier(memory.arrived, step.which);
  if (!before) return undefined;
  const other = before.port === 'lan' ? 'wan' : 'lan';
  const frame = before.frame.slice();
  const flags = 14 + (frame[14] & 15) * 4 + 13;
  // A segment further on in its connection; its sum is wrong from here on, and must stay so.
  if (step.shape % 4 === 0 && frame[23] === 6 && flags < frame.length) frame[flags] = step.what;
  return { port: step.shape % 8 === 7 ? other : before.port, frame };
}

function announcement(step: Step): Arrival {
  const from = hostOf(step.from);
  const port: Port = isLan(from) === (step.shape % 16 !== 15) ? 'lan' : 'wan';
  const to = step.to < 160 ? (port === 'lan' ? 'R' : 'P') : hostOf(step.to);
  const packet = arp(step.what % 8 === 7 ? 1 + (step.what >> 12) : 1 + (step.what % 2), from, to);
  return {
    port,
    frame: ethernet(
      step.shape & 256 ? everybody : macOf(port === 'lan' ? 'R' : 'P'),
      macOf(from),
      0x0806,
      packet,
    ),
  };
}

function packetOf(step: Step): Uint8Array {
  const [from, to] = [hostOf(step.from), hostOf(step.to)];
  const ends = [`${from}:${portOf(step.fromPort)}`, `${to}:${portOf(step.toPort)}`] as const;
  const shape = shapeOf(step);
  if (step.kind === 'tcp') return tcp(...ends, step.what % 2 ? 'S' : pick(flagSets, step.what >> 1), shape);
  if (step.kind === 'udp') return udp(...ends, shape);
  if (step.kind === 'other')
    return ip(pick([47, 2, 50, 0, 255, 4, 41], step.what), from, to, new Uint8Array(24), shape);
  return icmp(from, to, pick(queryTypes, step.what), 0, portOf(step.fromPort) * 65536 + 1, shape);
}

/** Bytes without sense behind a sensible Ethernet header, or not even that. */
function junk(step: Step): Arrival {
  const port: Port = step.from % 2 ? 'lan' : 'wan';
  const noise = Uint8Array.from(
    { length: 46 + (step.at % 200) },
    (_, i) => (step.value * (i + 1) * 40503) >> 7,
  );
  const type = pick([0x0800, 0x0806, 0x86dd, 0x8100, step.what], step.to);
  return {
    port,
    frame: ethernet(step.shape % 4 ? macOf(port === 'lan' ? 'R' : 'P') : everybody, macOf('C'), type, noise),
  };
}

function plain(step: Step, memory: Memory): Arrival | undefined {
  if (step.kind === 'answer') return answer(step, memory);
  if (step.kind === 'error') return error(step, memory);
  if (step.kind === 'again') return again(step, memory);
  if (step.kind === 'arp') return announcement(step);
  if (step.kind === 'junk') return junk(step);
  const port: Port = isLan(hostOf(step.from)) === (step.at % 32 !== 31) ? 'lan' : 'wan';
  const own = macOf(port === 'lan' ? 'R' : 'P');
  return carry(port, packetOf(step), step.at % 64 === 30 ? everybody : own);
}

/** The frame of a step, damaged if it is to be; undefined when there is nothing yet that it could be about. */
export function arrivalOf(step: Step, memory: Memory): Arrival | undefined {
  const arrival = plain(step, memory);
  if (!arrival) return undefined;
  // Damage is no use behind the end of what a port can receive.
  return {
    port: arrival.port,
    frame: damaged(arrival.frame.subarray(0, 1514), step.damage, step.at, step.value),
  };
}

/** One of the frames of a burst: new flows out of one host, or in to a forward from many. */
export function burstFrame(step: Step, i: number): Arrival {
  const port = 1024 + ((step.value + 7 * i) % 60000);
  if (step.what % 3 === 0)
    return carry('wan', tcp(`45.6.${step.from}.${1 + (i % 250)}:${port}`, 'P:25', 'S'));
  const host = `192.168.0.${2 + ((step.from + (step.what & 64 ? i : 0)) % 40)}`;
  const peer = `45.6.${step.to}.${1 + (i % 250)}:${step.what & 32 ? 53 : 443}`;
  const data = { data: new Uint8Array(2) };
  return carry(
    'lan',
    step.what % 3 === 1 ? udp(`${host}:${port}`, peer, data) : tcp(`${host}:${port}`, peer, 'S', data),
  );
}

/** Who talks to whom: out, in by a forward, around the hairpin by a forward, by a mapping, with oneself. */
const talks = [
  ['C:40000', 'I:80'],
  ['I:44444', 'P:25'],
  ['C:33333', 'P:25'],
  ['S:40001', 'J:443'],
  ['C:33333', 'P:6001'],
  ['S:33333', 'P:25'],
  ['192.168.0.9:5000', 'P:40000'],
  ['J:5000', 'P:5000'],
  ['C:33333', 'P:2525'],
] as const;

/** A packet of a connection's opener. */
export function talkFrame(step: Step, flags: string, shape: Shape = {}): Arrival {
  const [from, to] = pick(talks, step.to);
  const isUdp = to === 'P:5000' || step.from % 2 === 1;
  return carry(
    isLan(from.split(':')[0]) ? 'lan' : 'wan',
    isUdp ? udp(from, to, shape) : tcp(from, to, flags, shape),
  );
}

/** A datagram in three pieces, of eight bytes or many, in one of the orders, one of them perhaps missing or twice. */
export function pieceFrames(step: Step): Arrival[] {
  const { port, frame } = talkFrame({ ...step, from: 1 }, '', {
    data: new Uint8Array(24 + pick([0, 16, 400, 1000, 1400], step.shape)).fill(step.value),
    fragment: step.shape & 64 ? 0x4000 : 0,
    id: step.at,
  });
  const packet = frame.subarray(14, 14 + get16(frame, 16));
  const cut = 8 * (1 + (step.value % 3 ? 0 : Math.floor((packet.length - 36) / 16)));
  const ends = [20, 20 + cut, 20 + 2 * cut, packet.length];
  const pieces = [0, 1, 2].map((i) => {
    const piece = new Uint8Array([...packet.subarray(0, 20), ...packet.subarray(ends[i], ends[i + 1])]);
    const offset = (ends[i] - 20) / 8 + (i < 2 ? 0x2000 : 0);
    piece.set([piece.length >> 8, piece.length], 2);
    piece.set([(packet[6] & 0x40) | (offset >> 8), offset], 6);
    const arrival = carry(port, piece);
    mendSum(arrival.frame);
    return arrival;
  });
  const order = pick(
    ['012', '021', '102', '120', '201', '210', '12', '01', '0012', '11110', '222012'],
    step.which,
  );
  return [...order].map((digit) => pieces[Number(digit)]);
}
