/*
 * A packet in words, with its addresses as they are (the lab's own words use the names of its cast).
 */
import { icmpEcho, icmpEchoReply } from '../../firmware/wire/frame.ts';
import { whatIsIt, type IcmpPacket, type Packet, type TcpPacket, type UdpPacket } from '../lab/packet.ts';

/** A packet that has ports or is ICMP. */
export type TransportPacket = TcpPacket | UdpPacket | IcmpPacket;

export function isTransport(packet: Packet): packet is TransportPacket {
  return packet.kind === 'tcp' || packet.kind === 'udp' || packet.kind === 'icmp';
}

/** Whether it is a piece of a packet, and not the first, which alone has ports. */
export function isLaterPiece(packet: Packet): boolean {
  return isTransport(packet) && packet.offset > 0;
}

/** "192.168.0.3:33333"; without a port for ICMP and later pieces; '' for what has no address. */
export function sourceText(packet: Packet): string {
  if (!isTransport(packet)) return '';
  return packet.kind === 'icmp' || packet.offset ? packet.source : `${packet.source}:${packet.sourcePort}`;
}

/** "12.0.0.1:25"; without a port for ICMP and later pieces; '' for what has no address. */
export function targetText(packet: Packet): string {
  if (!isTransport(packet)) return '';
  return packet.kind === 'icmp' || packet.offset ? packet.target : `${packet.target}:${packet.targetPort}`;
}

/** "TCP SYN", "UDP, 15 bytes", "ICMP echo request", "ICMP port unreachable". */
export function whatText(packet: Packet): string {
  if (isTransport(packet) && packet.offset)
    return `${packet.kind.toUpperCase()} from byte ${packet.offset} on`;
  if (packet.kind === 'tcp') return `TCP ${whatIsIt(packet)}`.trim();
  if (packet.kind === 'udp') return `UDP, ${whatIsIt(packet)}`;
  if (packet.kind === 'icmp') return `ICMP ${icmpText(packet)}`;
  return packet.kind === 'arp' ? 'ARP' : `ethertype ${packet.etherType.toString(16).padStart(4, '0')}`;
}

/** Types and codes of RFC 792 and RFC 1812 section 5.2.7.1. */
const icmpNames: Record<string, string> = {
  '3.0': 'network unreachable',
  '3.1': 'host unreachable',
  '3.3': 'port unreachable',
  '3.4': 'packet too big',
  '3.13': 'communication prohibited',
  '11.0': 'time exceeded',
};

function icmpText({ type, code }: IcmpPacket): string {
  if (type === icmpEcho) return 'echo request';
  if (type === icmpEchoReply) return 'echo reply';
  return icmpNames[`${type}.${code}`] ?? `type ${type}, code ${code}`;
}
