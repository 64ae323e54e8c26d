/**
 * The flows of a sequence as their hosts know them: who asks whom, as whom the server sees its client, and what each end
 * would say next. Makes packets and listens to what was delivered; sends nothing itself.
 */
import { get16, ping, pong, udp } from '../wire/packets.ts';
import {
  RST,
  put16,
  segment,
  transportAt,
  transportSum,
  type End as Address,
  type IpShape,
  type Segment,
} from './frames.ts';
import { ADDRESS, FORWARDS, LAN_HOSTS } from './network.ts';
import type { Datagram } from './reassemble.ts';
import type { End, FlowSpec, Shape, TcpAct } from './sequence.ts';
import { TcpEnd } from './tcp-end.ts';

export interface Flow {
  spec: FlowSpec;
  client: Address;
  /** Where the client sends to, and the server as it knows itself. */
  asked: Address;
  server: Address;
  /** The client as the server saw it last. */
  seenAs: Address | null;
  /** Last packet that each end received. */
  heard: [Uint8Array | null, Uint8Array | null];
  tcp: [TcpEnd, TcpEnd];
}

/** What tells the packets of one step from all others: IP id and what their data is made of. */
export interface Mark {
  id: number;
  salt: number;
}

/** First sequence numbers: far from each other and from wrapping. */
const FIRST_SEQ = 1_000_000_000;

/** Flows with roles that fit: LAN hosts ask outside and P, the Internet asks P. No two have the same tuple. */
export function openFlows(specs: readonly FlowSpec[]): Flow[] {
  const taken = new Set<string>();
  return specs.map((spec, index) => {
    const route = spec.proto === 'ping' ? 'out' : spec.route;
    const client = { address: ADDRESS[clientFor(spec.client, route)], port: spec.port };
    const choices = FORWARDS.filter(({ proto }) => proto === spec.proto);
    const rule = choices[spec.forward % choices.length];
    const outside = { address: ADDRESS[spec.server], port: spec.serverPort };
    const asked = route === 'out' ? outside : { address: ADDRESS.P, port: rule.port };
    const server = route === 'out' ? outside : { address: ADDRESS[rule.to], port: rule.toPort };
    const tuple = () => [spec.proto, client.address, client.port, asked.address, asked.port].join();
    while (taken.has(tuple())) client.port++;
    taken.add(tuple());
    const seq = FIRST_SEQ + index * 100_000_000;
    return {
      spec: { ...spec, route },
      client,
      asked,
      server: spec.proto === 'ping' ? { ...server, port: client.port } : server,
      seenAs: null,
      heard: [null, null],
      tcp: [new TcpEnd(true, seq, spec.oddOptions), new TcpEnd(false, seq + 50_000_000, spec.oddOptions)],
    };
  });
}

function clientFor(name: string, route: FlowSpec['route']): string {
  const inside = (LAN_HOSTS as readonly string[]).includes(name);
  if (route === 'in') return inside ? 'I' : name;
  return inside ? name : name === 'I' ? 'C' : 'S';
}

/** From and to of what an end would send; null while a server has not seen its client. */
export function ends(flow: Flow, end: End): [from: Address, to: Address] | null {
  if (end === 0) return [flow.client, flow.asked];
  return flow.seenAs && [flow.server, flow.seenAs];
}

/** `size` bytes that are the same in every run and differ from step to step. */
export function dataOf(size: number, salt: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => (salt * 31 + index * 7 + 1) & 255);
}

export function ipShape(shape: Shape, id: number): IpShape {
  const options = { none: [], nop: [1, 1, 1, 1], 'router alert': [148, 4, 0, 0] }[shape.options];
  return { ttl: shape.ttl, tos: shape.tos, id, fragment: shape.mayFragment ? 0 : 0x4000, options };
}

/** The packet an end would send now, or null when it has nothing to say. */
export function nextPacket(
  flow: Flow,
  end: End,
  act: TcpAct,
  shape: Shape,
  { id, salt }: Mark,
): Uint8Array | null {
  const addresses = ends(flow, end);
  if (!addresses) return null;
  const data = dataOf(shape.size, salt);
  const header = ipShape(shape, id);
  if (flow.spec.proto === 'tcp') {
    const what = flow.tcp[end].next(act, data);
    return what && spoiled(segment(...addresses, what, header), shape, 16);
  }
  const [from, to] = addresses;
  if (flow.spec.proto === 'ping') {
    const speak = end === 0 ? ping : pong;
    const number = end === 0 ? from.port : to.port;
    return spoiled(speak(from.address, to.address, number, { ...header, data }), shape, 2);
  }
  if (shape.checksum === 'zero') balance(data, flow, end);
  const unsummed = shape.checksum === 'none';
  return spoiled(udp(text(from), text(to), { ...header, data, unsummed }), shape, 6);
}

export function text({ address, port }: Address): string {
  return `${address}:${port}`;
}

/** A segment of the caller's making from an end; null while it has nobody to send it to. */
export function oddSegment(flow: Flow, end: End, what: Segment, id: number): Uint8Array | null {
  const addresses = ends(flow, end);
  return addresses && segment(...addresses, what, { id });
}

const WRONG = 0x1000;

function spoiled(packet: Uint8Array, { checksum }: Shape, at: number): Uint8Array {
  const field = transportAt(packet) + at;
  // As sums go, so that it stays as wrong whatever else changes.
  if (checksum === 'wrong') put16(packet, field, (get16(packet, field) + WRONG) % 0xffff || 0xffff);
  return packet;
}

/** Chooses the first two bytes so that the checksum after translation comes out as zero, which UDP sends as FFFF. */
function balance(data: Uint8Array, flow: Flow, end: End): void {
  if (data.length < 2) return;
  data.fill(0, 0, 2);
  const byName = { address: ADDRESS.P, port: flow.client.port };
  const [from, to] =
    end === 1 ? [flow.asked, flow.client] : [flow.spec.route === 'in' ? flow.client : byName, flow.server];
  const translated = udp(text(from), text(to), { data, unsummed: true });
  put16(data, 0, 0xffff - transportSum(translated));
}

/** Lets the other end hear what arrived for it. */
export function hear(flow: Flow, sender: End, datagrams: readonly Datagram[]): void {
  const end: End = sender === 0 ? 1 : 0;
  const own = end === 0 ? flow.client : flow.server;
  for (const { frame } of datagrams) {
    if (get16(frame, 12) !== 0x0800) continue;
    const packet = frame.subarray(14, 14 + get16(frame, 16));
    const from = endsOf(packet, flow);
    if (!from || from.to.address !== own.address || from.to.port !== own.port) continue;
    flow.heard[end] = packet.slice();
    if (end === 1) flow.seenAs = from.from;
    if (flow.spec.proto === 'tcp' && transportSum(packet) === 0xffff) listen(flow.tcp[end], packet);
  }
}

const protocols = { tcp: 6, udp: 17, ping: 1 } as const;

/** Addresses and ports of a packet of the flow's protocol, or null. Pings have their id on both ends. */
function endsOf(packet: Uint8Array, flow: Flow): { from: Address; to: Address } | null {
  if (packet[9] !== protocols[flow.spec.proto]) return null;
  const at = transportAt(packet);
  const address = (offset: number) => Array.from(packet.subarray(offset, offset + 4)).join('.');
  if (packet[9] === 1) {
    if (packet[at] !== 8 && packet[at] !== 0) return null;
    const id = get16(packet, at + 4);
    // A server knows no ids of its own: whatever it is asked with is right.
    const to = packet[at] === 8 ? flow.server.port : id;
    return { from: { address: address(12), port: id }, to: { address: address(16), port: to } };
  }
  return {
    from: { address: address(12), port: get16(packet, at) },
    to: { address: address(16), port: get16(packet, at + 2) },
  };
}

function listen(end: TcpEnd, packet: Uint8Array): void {
  const payload = packet.subarray(transportAt(packet));
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const flags = payload[13];
  // A reset of the router itself is as good as one of the peer.
  if (flags & RST || payload.length >= 20) {
    const length = payload.length - (payload[12] >> 4) * 4;
    end.hear({ flags, seq: view.getUint32(4), ack: view.getUint32(8), length });
  }
}
