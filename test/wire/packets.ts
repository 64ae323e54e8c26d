/**
 * IPv4 packets for tests: made from a few words, and read back as one line of text. Everything is computed the plain
 * way (RFC 1071, byte by byte, most significant first) and shares no code with the firmware, so it is the reference
 * the firmware is held against: `tell` throws when any checksum of a packet is wrong.
 *
 * Hosts are letters of the cast or dotted addresses: `tcp('C:33333', 'P:25', 'S')`.
 */
export const cast: Record<string, string> = {
  P: '12.0.0.1',
  G: '12.0.0.254',
  R: '192.168.0.1',
  S: '192.168.0.2',
  C: '192.168.0.3',
  I: '198.51.100.10',
  J: '198.51.100.11',
};

/** What may differ from a plain packet of 64 hops. */
export interface Shape {
  ttl?: number;
  id?: number;
  /** The halfword of fragment flags and offset; DF alone by default. */
  fragment?: number;
  /** IP options, a multiple of four bytes. */
  options?: number[];
  tos?: number;
  data?: Uint8Array | string;
  /** A UDP datagram without a checksum. */
  unsummed?: boolean;
  urgent?: number;
  /** TCP options, a multiple of four bytes. */
  tcpOptions?: number[];
  seq?: number;
  ack?: number;
}

/** Four bytes of a host by letter or dotted. */
export function hostBytes(host: string): number[] {
  return (cast[host] ?? host).split('.').map(Number);
}

/** A host's address as the firmware keeps it: a word as it lies in memory. */
export function word(host: string): number {
  return new DataView(Uint8Array.from(hostBytes(host)).buffer).getUint32(0, true);
}

/** One's-complement sum of big-endian halfwords, folded. */
export function foldedSum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i++) sum += i % 2 ? bytes[i] : bytes[i] << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

export function get16(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}

function join(...parts: ArrayLike<number>[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function dataOf(shape: Shape): Uint8Array {
  return typeof shape.data === 'string'
    ? new TextEncoder().encode(shape.data)
    : (shape.data ?? new Uint8Array());
}

function half(value: number): number[] {
  return [(value >>> 8) & 255, value & 255];
}

/** An IP packet around a payload. */
export function ip(
  protocol: number,
  from: string,
  to: string,
  payload: Uint8Array,
  shape: Shape = {},
): Uint8Array {
  const options = shape.options ?? [];
  const header = Uint8Array.from([
    0x45 + options.length / 4,
    shape.tos ?? 0,
    ...half(20 + options.length + payload.length),
    ...half(shape.id ?? 0x1111),
    ...half(shape.fragment ?? 0x4000),
    shape.ttl ?? 64,
    protocol,
    0,
    0,
    ...hostBytes(from),
    ...hostBytes(to),
    ...options,
  ]);
  put16(header, 10, 0xffff - foldedSum(header));
  return join(header, payload);
}

function pseudo(packet: Uint8Array, length: number): Uint8Array {
  return join(packet.subarray(12, 20), [0, packet[9]], half(length));
}

function ends(from: string, to: string): { hosts: [string, string]; ports: [number, number] } {
  const [a, b] = [from.split(':'), to.split(':')];
  return { hosts: [a[0], b[0]], ports: [Number(a[1]), Number(b[1])] };
}

/** Checksum over the pseudo header and a TCP or UDP payload of a packet. */
function transportSum(packet: Uint8Array): number {
  const payload = packet.subarray((packet[0] & 15) * 4);
  return 0xffff - foldedSum(join(pseudo(packet, payload.length), payload));
}

const flagLetters = 'FSRPAU';

/** A TCP segment; flags by letter: F S R P A U. */
export function tcp(from: string, to: string, flags = 'A', shape: Shape = {}): Uint8Array {
  const { hosts, ports } = ends(from, to);
  const bits = [...flags].reduce((sum, letter) => sum | (1 << flagLetters.indexOf(letter)), 0);
  const [seq, ack] = [shape.seq ?? 0x10000000, shape.ack ?? 0x20000000];
  const header = [
    ...half(ports[0]),
    ...half(ports[1]),
    ...half(seq >>> 16),
    ...half(seq & 0xffff),
    ...half(ack >>> 16),
    ...half(ack & 0xffff),
  ];
  const options = shape.tcpOptions ?? [];
  const offset = (5 + options.length / 4) << 4;
  const rest = [offset, bits, 0xfa, 0xf0, 0, 0, ...half(shape.urgent ?? 0), ...options];
  const payload = join(header, rest, dataOf(shape));
  const packet = ip(6, hosts[0], hosts[1], payload, shape);
  put16(packet, (packet[0] & 15) * 4 + 16, transportSum(packet));
  return packet;
}

/** A UDP datagram. */
export function udp(from: string, to: string, shape: Shape = {}): Uint8Array {
  const { hosts, ports } = ends(from, to);
  const data = dataOf({ data: 'hi', ...shape });
  const payload = join(half(ports[0]), half(ports[1]), half(8 + data.length), [0, 0], data);
  const packet = ip(17, hosts[0], hosts[1], payload, shape);
  if (!shape.unsummed) put16(packet, (packet[0] & 15) * 4 + 6, transportSum(packet) || 0xffff);
  return packet;
}

/** An ICMP message; `rest` is the second word of its header, most significant byte first. */
export function icmp(
  from: string,
  to: string,
  type: number,
  code: number,
  rest: number,
  shape: Shape = {},
): Uint8Array {
  const payload = join([type, code, 0, 0], half(rest >>> 16), half(rest & 0xffff), dataOf(shape));
  put16(payload, 2, 0xffff - foldedSum(payload));
  return ip(1, from, to, payload, shape);
}

/** An echo request, or its answer. */
export function ping(from: string, to: string, id: number, shape: Shape = {}): Uint8Array {
  return icmp(from, to, 8, 0, id * 65536 + 1, { data: 'abcdefgh', ...shape });
}

export function pong(from: string, to: string, id: number, shape: Shape = {}): Uint8Array {
  return icmp(from, to, 0, 0, id * 65536 + 1, { data: 'abcdefgh', ...shape });
}

/** An ICMP error about a packet, quoting its header and `quoted` bytes more. */
export function icmpError(
  from: string,
  to: string,
  kind: [type: number, code: number, rest?: number],
  about: Uint8Array,
  quoted = 28,
): Uint8Array {
  const quote = about.subarray(0, (about[0] & 15) * 4 + quoted);
  return icmp(from, to, kind[0], kind[1], kind[2] ?? 0, { data: quote, tos: 0xc0, fragment: 0 });
}

function hostName(bytes: Uint8Array): string {
  const dotted = Array.from(bytes).join('.');
  return Object.keys(cast).find((letter) => cast[letter] === dotted) ?? dotted;
}

function require(right: boolean, what: string): void {
  if (!right) throw new Error(`${what} is wrong`);
}

/** `source > target` of a packet, with ports where it has them. */
function route(packet: Uint8Array, ports: boolean): string {
  const at = (packet[0] & 15) * 4;
  const port = (offset: number) => (ports ? `:${get16(packet, at + offset)}` : '');
  return `${hostName(packet.subarray(12, 16))}${port(0)} > ${hostName(packet.subarray(16, 20))}${port(2)}`;
}

/** A quoted packet: header sum checked, transport sum too if all of it is there. */
function tellQuote(packet: Uint8Array): string {
  require(foldedSum(packet.subarray(0, (packet[0] & 15) * 4)) === 0xffff, 'the quoted IP checksum');
  if (get16(packet, 2) <= packet.length) return tell(packet.subarray(0, get16(packet, 2)));
  const name = { 6: 'tcp', 17: 'udp' }[packet[9]] ?? 'icmp';
  const id = name === 'icmp' ? ` id ${get16(packet, (packet[0] & 15) * 4 + 4)}` : '';
  return `${name} ${route(packet, name !== 'icmp')}${id}`;
}

function tellIcmp(packet: Uint8Array, payload: Uint8Array): string {
  require(foldedSum(payload) === 0xffff, 'the ICMP checksum');
  const [type, code] = payload;
  const names: Record<number, string> = { 0: 'pong', 8: 'ping', 13: 'timestamp', 14: 'timestamp-reply' };
  if (names[type]) return `${names[type]} ${route(packet, false)} id ${get16(payload, 4)}`;
  const mtu = get16(payload, 6) ? ` mtu ${get16(payload, 6)}` : '';
  return `icmp ${type}/${code}${mtu} ${route(packet, false)} about ${tellQuote(payload.subarray(8))}`;
}

/** A piece of a datagram: the bytes of the payload that it carries. Only its header has a checksum of its own. */
function tellPiece(packet: Uint8Array, headerBytes: number): string {
  const from = 8 * (get16(packet, 6) & 0x1fff);
  const name = { 1: 'icmp', 6: 'tcp', 17: 'udp' }[packet[9]] ?? `protocol ${packet[9]}`;
  const more = packet[6] & 32 ? ', more' : '';
  return `${name} ${route(packet, false)} bytes ${from}-${from + packet.length - headerBytes - 1}${more}`;
}

/**
 * A packet in words, checksums verified. Bytes behind its total length (Ethernet padding) are ignored. The transport
 * checksum of a fragment is that of its datagram, see pieces.ts.
 */
export function tell(padded: Uint8Array): string {
  const packet = padded.subarray(0, get16(padded, 2));
  require(packet.length === get16(packet, 2), 'the total length');
  const headerBytes = (packet[0] & 15) * 4;
  require(foldedSum(packet.subarray(0, headerBytes)) === 0xffff, 'the IP checksum');
  if (get16(packet, 6) & 0x3fff) return tellPiece(packet, headerBytes);
  const payload = packet.subarray(headerBytes);
  if (packet[9] === 1) return tellIcmp(packet, payload);
  const summed = packet[9] === 6 || (packet[9] === 17 && get16(payload, 6) !== 0);
  const total = foldedSum(join(pseudo(packet, payload.length), payload));
  if (summed) require(total === 0xffff, 'the transport checksum');
  if (packet[9] === 17) return `udp ${route(packet, true)}`;
  if (packet[9] !== 6) return `protocol ${packet[9]} ${route(packet, false)}`;
  const flags = [...flagLetters].filter((_, bit) => payload[13] & (1 << bit)).join('');
  return `tcp ${route(packet, true)} ${flags}`;
}
