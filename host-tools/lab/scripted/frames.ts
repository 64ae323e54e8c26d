/*
 * Builds the frames scripted hosts send, checksums included, and checks those they receive. Written from the RFCs
 * and on its own: a host that shared the firmware's arithmetic would share its mistakes.
 *
 * Pure: values in, bytes out. Addresses are dotted text, MACs "02:00:00:00:a8:03".
 */

const ethernetHeader = 14;
const ipHeader = 20;
/** Shortest frame on the wire without its FCS (IEEE 802.3 clause 3.2.7). */
const shortestFrame = 60;
const etherTypes = { ipv4: 0x0800, arp: 0x0806 };

export const broadcastMac = 'ff:ff:ff:ff:ff:ff';
export const protocols = { icmp: 1, tcp: 6, udp: 17 };

export function macBytes(mac: string): Uint8Array {
  return Uint8Array.from(mac.split(':'), (pair) => parseInt(pair, 16));
}

export function addressBytes(address: string): Uint8Array {
  return Uint8Array.from(address.split('.'), Number);
}

/** An ARP packet (RFC 826): a request if `targetMac` is the broadcast address, otherwise a reply. */
export function arpFrame(
  sender: { mac: string; address: string },
  targetMac: string,
  targetAddress: string,
): Uint8Array {
  const request = targetMac === broadcastMac;
  const frame = ethernet(targetMac, sender.mac, etherTypes.arp, 28);
  const body = frame.subarray(ethernetHeader);
  body.set([0, 1, 8, 0, 6, 4, 0, request ? 1 : 2]);
  body.set(macBytes(sender.mac), 8);
  body.set(addressBytes(sender.address), 14);
  if (!request) body.set(macBytes(targetMac), 18);
  body.set(addressBytes(targetAddress), 24);
  return frame;
}

/** What an IPv4 header says, besides what follows from the payload. */
export interface Route {
  source: string;
  target: string;
  protocol: number;
  ttl: number;
  identification: number;
}

/** A frame with an IPv4 packet; the transport checksum has to be in the payload already. DF is set, as hosts do. */
export function ipFrame(senderMac: string, targetMac: string, route: Route, payload: Uint8Array): Uint8Array {
  const frame = ethernet(targetMac, senderMac, etherTypes.ipv4, ipHeader + payload.length);
  const view = new DataView(frame.buffer, ethernetHeader);
  view.setUint8(0, 0x45);
  view.setUint16(2, ipHeader + payload.length);
  view.setUint16(4, route.identification);
  view.setUint16(6, 0x4000);
  view.setUint8(8, route.ttl);
  view.setUint8(9, route.protocol);
  frame.set(addressBytes(route.source), ethernetHeader + 12);
  frame.set(addressBytes(route.target), ethernetHeader + 16);
  view.setUint16(10, checksum(frame.subarray(ethernetHeader, ethernetHeader + ipHeader)));
  frame.set(payload, ethernetHeader + ipHeader);
  return frame;
}

/** What a TCP header says. */
export interface Segment {
  sourcePort: number;
  targetPort: number;
  sequence: number;
  acknowledgement: number;
  flags: number;
  window: number;
  /** The MSS option (RFC 9293 section 3.7.1), for segments with SYN. */
  maximumSegment?: number;
  data: Uint8Array;
}

export function tcpPayload(source: string, target: string, segment: Segment): Uint8Array {
  const header = segment.maximumSegment === undefined ? 20 : 24;
  const bytes = new Uint8Array(header + segment.data.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, segment.sourcePort);
  view.setUint16(2, segment.targetPort);
  view.setUint32(4, segment.sequence);
  view.setUint32(8, segment.acknowledgement);
  view.setUint8(12, (header / 4) << 4);
  view.setUint8(13, segment.flags);
  view.setUint16(14, segment.window);
  if (segment.maximumSegment !== undefined) {
    view.setUint16(20, 0x0204);
    view.setUint16(22, segment.maximumSegment);
  }
  bytes.set(segment.data, header);
  view.setUint16(16, checksum(bytes, pseudoHeaderSum(source, target, protocols.tcp, bytes.length)));
  return bytes;
}

export function udpPayload(
  source: string,
  target: string,
  sourcePort: number,
  targetPort: number,
  data: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(8 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, sourcePort);
  view.setUint16(2, targetPort);
  view.setUint16(4, bytes.length);
  bytes.set(data, 8);
  // 0 would mean "no checksum" (RFC 768).
  view.setUint16(6, checksum(bytes, pseudoHeaderSum(source, target, protocols.udp, bytes.length)) || 0xffff);
  return bytes;
}

export function icmpEcho(reply: boolean, identifier: number, sequence: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, reply ? 0 : 8);
  view.setUint16(4, identifier);
  view.setUint16(6, sequence);
  bytes.set(data, 8);
  view.setUint16(2, checksum(bytes));
  return bytes;
}

/** Why a real host would ignore this frame's IPv4 packet; null if it would not. */
export function flawIn(frame: Uint8Array): string | null {
  const packet = frame.subarray(ethernetHeader);
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const header = (packet[0] & 15) * 4;
  if (checksum(packet.subarray(0, header)) !== 0) return 'its IP header checksum is wrong';
  const payload = packet.subarray(header, view.getUint16(2));
  const protocol = packet[9];
  if (protocol === protocols.icmp) return checksum(payload) === 0 ? null : 'its ICMP checksum is wrong';
  if (protocol === protocols.udp && view.getUint16(header + 6) === 0) return null;
  const sum = pseudoHeaderSum(dotted(packet, 12), dotted(packet, 16), protocol, payload.length);
  return checksum(payload, sum) === 0 ? null : 'its transport checksum is wrong';
}

function dotted(bytes: Uint8Array, at: number): string {
  return bytes.subarray(at, at + 4).join('.');
}

function ethernet(target: string, source: string, etherType: number, length: number): Uint8Array {
  const frame = new Uint8Array(Math.max(shortestFrame, ethernetHeader + length));
  frame.set(macBytes(target), 0);
  frame.set(macBytes(source), 6);
  frame[12] = etherType >> 8;
  frame[13] = etherType & 255;
  return frame;
}

function pseudoHeaderSum(source: string, target: string, protocol: number, length: number): number {
  return sum(addressBytes(source)) + sum(addressBytes(target)) + protocol + length;
}

/** Internet checksum (RFC 1071), most significant byte first; over a packet with a right checksum in it, 0. */
function checksum(bytes: Uint8Array, extra = 0): number {
  let total = sum(bytes) + extra;
  while (total > 0xffff) total = (total & 0xffff) + Math.floor(total / 0x10000);
  return 0xffff - total;
}

function sum(bytes: Uint8Array): number {
  let total = 0;
  for (let index = 0; index + 1 < bytes.length; index += 2) total += (bytes[index] << 8) | bytes[index + 1];
  return bytes.length & 1 ? total + (bytes[bytes.length - 1] << 8) : total;
}
