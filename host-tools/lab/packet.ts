/*
 * Reads captured frames - Ethernet, ARP, IPv4, TCP, UDP, ICMP - and says in one line what they are, with the
 * names of the cast ("C:33333 > P:25  SYN"). Made for telling, not for routing: nothing is verified, and a frame
 * too short or too strange to be read becomes an `other` packet instead of an error.
 */
import {
  etherTypeArp,
  etherTypeIpv4,
  icmpEcho,
  icmpEchoReply,
  icmpTimeExceeded,
  icmpUnreachable,
  ipHeaderBytes,
  protocolIcmp,
  protocolTcp,
  protocolUdp,
  tcpAck,
  tcpFin,
  tcpRst,
  tcpSyn,
} from '../../firmware/wire/frame.ts';
import { CAST } from './lab.ts';

/** What every frame has. MACs as "02:00:00:00:a8:03". */
interface Framed {
  senderMac: string;
  receiverMac: string;
}

export interface ArpPacket extends Framed {
  kind: 'arp';
  operation: 'request' | 'reply';
  senderAddress: string;
  targetAddress: string;
}

/** What every IPv4 packet has; addresses dotted. */
interface Routed extends Framed {
  source: string;
  target: string;
  ttl: number;
  identification: number;
  /** Bytes of its datagram that earlier pieces carry. If not 0, it has no transport header: ports and the like say nothing. */
  offset: number;
  /** Header and payload, in bytes, as the header claims. */
  totalLength: number;
}

export interface TcpPacket extends Routed {
  kind: 'tcp';
  sourcePort: number;
  targetPort: number;
  sequence: number;
  acknowledgement: number;
  /** Bits of `tcpFin` ... `tcpAck`. */
  flags: number;
  /** Payload as captured; `payloadLength` is what the packet carried. */
  payload: Uint8Array;
  payloadLength: number;
}

export interface UdpPacket extends Routed {
  kind: 'udp';
  sourcePort: number;
  targetPort: number;
  payload: Uint8Array;
  payloadLength: number;
}

export interface IcmpPacket extends Routed {
  kind: 'icmp';
  type: number;
  code: number;
  /** Echo: what tells one ping from another. */
  identifier: number;
  sequence: number;
  /** Errors: the packet they are about, as far as it is quoted. */
  quoted: TcpPacket | UdpPacket | IcmpPacket | null;
}

export interface OtherPacket extends Framed {
  kind: 'other';
  etherType: number;
}

export type Packet = ArpPacket | TcpPacket | UdpPacket | IcmpPacket | OtherPacket;

const ethernetHeader = 14;

/** Reads one frame, from its destination MAC on. */
export function readPacket(frame: Uint8Array): Packet {
  if (frame.length < ethernetHeader) return { kind: 'other', etherType: 0, senderMac: '', receiverMac: '' };
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const framed: Framed = { receiverMac: macAt(view, 0), senderMac: macAt(view, 6) };
  const etherType = view.getUint16(12);
  const packet =
    etherType === etherTypeArp
      ? readArp(view, framed)
      : etherType === etherTypeIpv4
        ? readIpv4(view, ethernetHeader, framed)
        : null;
  return packet ?? { kind: 'other', etherType, ...framed };
}

function readArp(view: DataView, framed: Framed): ArpPacket | null {
  if (view.byteLength < ethernetHeader + 28) return null;
  return {
    kind: 'arp',
    ...framed,
    operation: view.getUint16(20) === 1 ? 'request' : 'reply',
    senderAddress: addressAt(view, 28),
    targetAddress: addressAt(view, 38),
  };
}

function readIpv4(view: DataView, at: number, framed: Framed): TcpPacket | UdpPacket | IcmpPacket | null {
  if (view.byteLength < at + ipHeaderBytes || view.getUint8(at) >> 4 !== 4) return null;
  const transport = at + (view.getUint8(at) & 15) * 4;
  const totalLength = view.getUint16(at + 2);
  const routed: Routed = {
    ...framed,
    totalLength,
    identification: view.getUint16(at + 4),
    offset: 8 * (view.getUint16(at + 6) & 0x1fff),
    ttl: view.getUint8(at + 8),
    source: addressAt(view, at + 12),
    target: addressAt(view, at + 16),
  };
  const protocol = view.getUint8(at + 9);
  const end = at + totalLength;
  if (view.byteLength < transport + 8) return null;
  if (protocol === protocolTcp) return readTcp(view, transport, end, routed);
  if (protocol === protocolUdp) return readUdp(view, transport, end, routed);
  if (protocol === protocolIcmp) return readIcmp(view, transport, routed);
  return null;
}

/** An ICMP error may quote only the first eight bytes: then flags and payload are unknown and read as none. */
function readTcp(view: DataView, at: number, end: number, routed: Routed): TcpPacket {
  const whole = view.byteLength >= at + 20;
  const payload = whole ? at + (view.getUint8(at + 12) >> 4) * 4 : end;
  return {
    kind: 'tcp',
    ...routed,
    sourcePort: view.getUint16(at),
    targetPort: view.getUint16(at + 2),
    sequence: view.getUint32(at + 4),
    acknowledgement: whole ? view.getUint32(at + 8) : 0,
    flags: whole ? view.getUint8(at + 13) & 63 : 0,
    payload: bytesBetween(view, payload, end),
    payloadLength: Math.max(0, end - payload),
  };
}

function readUdp(view: DataView, at: number, end: number, routed: Routed): UdpPacket {
  return {
    kind: 'udp',
    ...routed,
    sourcePort: view.getUint16(at),
    targetPort: view.getUint16(at + 2),
    payload: bytesBetween(view, at + 8, end),
    payloadLength: Math.max(0, end - at - 8),
  };
}

function readIcmp(view: DataView, at: number, routed: Routed): IcmpPacket {
  const type = view.getUint8(at);
  const quotes = type === icmpUnreachable || type === icmpTimeExceeded;
  return {
    kind: 'icmp',
    ...routed,
    type,
    code: view.getUint8(at + 1),
    identifier: view.getUint16(at + 4),
    sequence: view.getUint16(at + 6),
    quoted: quotes ? readIpv4(view, at + 8, { senderMac: '', receiverMac: '' }) : null,
  };
}

/** One line for people: "C:33333 > P:25  SYN". */
export function describePacket(packet: Packet): string {
  if (packet.kind === 'other') return `ethertype ${packet.etherType.toString(16).padStart(4, '0')}`;
  if (packet.kind === 'arp') return describeArp(packet);
  return `${sourceOf(packet)} > ${targetOf(packet)}  ${whatIsIt(packet)}`;
}

function describeArp(packet: ArpPacket): string {
  const asker = nameOfAddress(packet.senderAddress);
  return packet.operation === 'request'
    ? `ARP who has ${nameOfAddress(packet.targetAddress)}? tell ${asker}`
    : `ARP ${asker} is at ${packet.senderMac}`;
}

/** "C:33333"; without a port for ICMP. */
export function sourceOf(packet: TcpPacket | UdpPacket | IcmpPacket): string {
  return packet.kind === 'icmp'
    ? nameOfAddress(packet.source)
    : `${nameOfAddress(packet.source)}:${packet.sourcePort}`;
}

/** "P:25"; without a port for ICMP. */
export function targetOf(packet: TcpPacket | UdpPacket | IcmpPacket): string {
  return packet.kind === 'icmp'
    ? nameOfAddress(packet.target)
    : `${nameOfAddress(packet.target)}:${packet.targetPort}`;
}

/** What kind of packet it is, without its addresses: "SYN/ACK", "23 bytes", "echo request". */
export function whatIsIt(packet: TcpPacket | UdpPacket | IcmpPacket): string {
  if (packet.kind === 'tcp') return describeFlags(packet);
  if (packet.kind === 'udp') return bytesOf(packet.payloadLength);
  if (packet.type === icmpEcho) return 'echo request';
  if (packet.type === icmpEchoReply) return 'echo reply';
  const about = packet.quoted ? ` (${sourceOf(packet.quoted)} > ${targetOf(packet.quoted)})` : '';
  if (packet.type === icmpTimeExceeded) return `time exceeded${about}`;
  if (packet.type === icmpUnreachable) return `unreachable, code ${packet.code}${about}`;
  return `ICMP type ${packet.type}`;
}

function describeFlags(packet: TcpPacket): string {
  const names: string[] = [];
  if (packet.flags & tcpSyn) names.push('SYN');
  if (packet.flags & tcpFin) names.push('FIN');
  if (packet.flags & tcpRst) names.push('RST');
  // An ACK goes without saying on everything but the answer to a SYN and the bare acknowledgement.
  if (
    packet.flags & tcpAck &&
    (packet.flags & tcpSyn || (names.length === 0 && packet.payloadLength === 0))
  ) {
    names.push('ACK');
  }
  const flags = names.join('/');
  if (packet.payloadLength === 0) return flags;
  return flags ? `${flags}, ${bytesOf(packet.payloadLength)}` : bytesOf(packet.payloadLength);
}

function bytesOf(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
}

const nameByAddress = new Map<string, string>(
  Object.entries(CAST).map(([name, { address }]) => [address, name]),
);

/** "C" for 192.168.0.3; an address that is not in the cast stays as it is. */
export function nameOfAddress(address: string): string {
  return nameByAddress.get(address) ?? address;
}

/** "C:33333" for "192.168.0.3:33333". */
export function nameOfEndpoint(endpoint: string): string {
  const colon = endpoint.lastIndexOf(':');
  return colon < 0
    ? nameOfAddress(endpoint)
    : nameOfAddress(endpoint.slice(0, colon)) + endpoint.slice(colon);
}

function addressAt(view: DataView, at: number): string {
  return `${view.getUint8(at)}.${view.getUint8(at + 1)}.${view.getUint8(at + 2)}.${view.getUint8(at + 3)}`;
}

function macAt(view: DataView, at: number): string {
  let text = '';
  for (let index = 0; index < 6; index++) {
    text +=
      (index ? ':' : '') +
      view
        .getUint8(at + index)
        .toString(16)
        .padStart(2, '0');
  }
  return text;
}

/** From `from` to `end`, or to where the capture stops. */
function bytesBetween(view: DataView, from: number, end: number): Uint8Array {
  const stop = Math.min(end, view.byteLength);
  return new Uint8Array(view.buffer, view.byteOffset + Math.min(from, stop), Math.max(0, stop - from));
}
