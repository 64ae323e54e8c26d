/**
 * What a packet that was passed on must have in common with the packet that arrived: everything but TTL, addresses,
 * ports or query identifier, and checksums, which are exactly as right or as wrong as they were. Byte by byte and the
 * plain way (RFC 1071), sharing no code with the firmware. Faults are sentences.
 */
import { get16 } from '../wire/packets.ts';

type Fault = string | undefined;

/** Sum of big-endian halfwords modulo 65535, of the bytes from `from` up to `to`. */
export function sumOf(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  let at = from;
  for (; at + 1 < to; at += 2) sum += (bytes[at] << 8) | bytes[at + 1];
  if (at < to) sum += bytes[at] << 8;
  return sum % 65535;
}

/** Bytes of an IP header. */
export function headerOf(packet: Uint8Array): number {
  return (packet[0] & 15) * 4;
}

/** Whether an IP header has a checksum that is right. */
export function headerIsSummed(packet: Uint8Array): boolean {
  const header = headerOf(packet);
  return header >= 20 && header <= packet.length && sumOf(packet, 0, header) === 0;
}

/** Where the checksum of TCP, UDP or ICMP is, behind the IP header. */
function checkOffset(protocol: number): number {
  return protocol === 6 ? 16 : protocol === 17 ? 6 : 2;
}

/**
 * Whether a received packet is one that control passes on: header and lengths tell the truth, and there is a transport
 * header. The datapath looks at none of that, and passes a packet on as wrong as it came.
 */
export function isSound(packet: Uint8Array): boolean {
  const header = headerOf(packet);
  const end = get16(packet, 2);
  const least = get16(packet, 6) & 0x1fff ? 0 : packet[9] === 6 ? 20 : 8;
  return packet[0] >> 4 === 4 && headerIsSummed(packet) && header + least <= end && end <= packet.length;
}

/** The IP header: all but TTL, checksum and addresses is as it was, and its sum as right or wrong as it was. */
function ipFault(sent: Uint8Array, received: Uint8Array, mtu: number): Fault {
  const header = headerOf(received);
  // What came in pieces, or had to leave in some, may have got another identification.
  const renamed = (get16(received, 6) & 0x3fff) !== 0 || get16(received, 2) > mtu;
  for (let at = 0; at < header; at++) {
    if (at === 8 || at === 10 || at === 11 || (at >= 12 && at < 20)) continue;
    if (renamed && (at === 4 || at === 5)) continue;
    if (sent[at] !== received[at]) return `byte ${at} of the IP header has changed`;
  }
  return sumOf(sent, 0, header) === sumOf(received, 0, header) ? undefined : 'the IP checksum is wrong';
}

/** Bytes of the payload that differ although they may not; `free` are those that may. */
function payloadFault(
  sent: Uint8Array,
  received: Uint8Array,
  end: number,
  free: (offset: number) => boolean,
): Fault {
  const header = headerOf(received);
  for (let at = header; at < end; at++) {
    if (sent[at] !== received[at] && !free(at - header))
      return `byte ${at - header} of the payload has changed`;
  }
  return undefined;
}

/** The sum of a packet's payload with its addresses: what a transport checksum is of, but for the length. */
function coveredSum(packet: Uint8Array, end: number, withAddresses: boolean): number {
  const sum = sumOf(packet, headerOf(packet), end);
  return withAddresses ? (sum + sumOf(packet, 12, 20)) % 65535 : sum;
}

/** Offset of the value of the first MSS option of a well-formed list in a SYN, or -1. */
function mssAt(packet: Uint8Array): number {
  const start = headerOf(packet);
  if (!(packet[start + 13] & 2)) return -1;
  const end = (packet[start + 12] >> 4) * 4;
  for (let at = 20; at < end;) {
    const kind = packet[start + at];
    if (kind === 0) return -1;
    if (kind === 2 && packet[start + at + 1] === 4 && at + 4 <= end) return at + 2;
    if (kind !== 1 && packet[start + at + 1] < 2) return -1;
    at += kind === 1 ? 1 : packet[start + at + 1];
  }
  return -1;
}

/** A TCP segment or a UDP datagram, or the first piece of one. */
function transportFault(sent: Uint8Array, received: Uint8Array, end: number, mss: number): Fault {
  const header = headerOf(received);
  const protocol = received[9];
  const check = checkOffset(protocol);
  const clamped = protocol === 6 ? mssAt(received) : -1;
  const fault = payloadFault(
    sent,
    received,
    end,
    (at) =>
      at < 4 ||
      at === check ||
      at === check + 1 ||
      (clamped > 0 && (at === clamped || at === clamped + 1)) ||
      // Where no urgent pointer is meant, the datapath adds it to the checksum.
      (protocol === 6 && !(received[header + 13] & 32) && at >= 18 && at < 20 && !sent[header + at]),
  );
  if (fault) return fault;
  if (clamped > 0 && get16(sent, header + clamped) !== get16(received, header + clamped)) {
    if (get16(received, header + clamped) <= mss || get16(sent, header + clamped) !== mss)
      return `MSS ${get16(received, header + clamped)} became ${get16(sent, header + clamped)}`;
  }
  const before = get16(received, header + check);
  const after = get16(sent, header + check);
  if (protocol === 17 && !before) return after ? 'a UDP datagram without a checksum got one' : undefined;
  if (protocol === 17 && !after) return 'a UDP datagram lost its checksum';
  // A TCP header whose end is in another piece has none here.
  if (header + check + 2 > end) return undefined;
  return coveredSum(sent, end, true) === coveredSum(received, end, true)
    ? undefined
    : 'the transport checksum is not as right or wrong as it was';
}

/** An ICMP query or its answer: the identifier alone may change. */
function queryFault(sent: Uint8Array, received: Uint8Array, end: number): Fault {
  const fault = payloadFault(sent, received, end, (at) => at === 2 || at === 3 || at === 4 || at === 5);
  if (fault) return fault;
  return coveredSum(sent, end, false) === coveredSum(received, end, false)
    ? undefined
    : 'the ICMP checksum is not as right or wrong as it was';
}

/** An ICMP error: its own sum and that of the quoted header are right, the quoted transport sum is as it was. */
function errorFault(sent: Uint8Array, received: Uint8Array, end: number): Fault {
  const header = headerOf(received);
  const quote = header + 8;
  const quoted = quote + (received[quote] & 15) * 4;
  const protocol = received[quote + 9];
  const check = quoted - header + checkOffset(protocol);
  const ports = quoted - header;
  const fault = payloadFault(sent, received, end, (at) => {
    // Its own checksum; the quoted header's checksum and addresses.
    if (at === 2 || at === 3 || (at >= 18 && at < 28)) return true;
    if (protocol === 1 ? at === ports + 4 || at === ports + 5 : at >= ports && at < ports + 4) return true;
    return at === check || at === check + 1;
  });
  if (fault) return `${fault} of an ICMP error`;
  if (sumOf(sent, header, end) !== 0) return 'the ICMP checksum of an error is wrong';
  if (sumOf(sent, quote, quoted) !== 0) return 'the IP checksum of a quoted header is wrong';
  const at = header + check;
  if (at + 2 > end || (protocol === 17 && !get16(received, at))) {
    return at + 2 <= end && get16(sent, at) ? 'a quoted datagram without a checksum got one' : undefined;
  }
  // What the quoted checksum covers and may have changed: addresses, ports or identifier, and itself.
  const moving = (packet: Uint8Array) =>
    (protocol === 1
      ? get16(packet, quoted + 4) + get16(packet, at)
      : sumOf(packet, quote + 12, quote + 20) + sumOf(packet, quoted, quoted + 4) + get16(packet, at)) %
    65535;
  return moving(sent) === moving(received) ? undefined : 'a quoted transport checksum is not as it was';
}

/** An echo request to the router that became its answer. */
export function isAnsweredEcho(sent: Uint8Array, received: Uint8Array): boolean {
  const at = headerOf(received);
  return received[9] === 1 && !(get16(received, 6) & 0x1fff) && received[at] === 8 && sent[at] === 0;
}

function echoFault(sent: Uint8Array, received: Uint8Array, end: number): Fault {
  for (let i = 0; i < 4; i++) {
    if (sent[12 + i] !== received[16 + i] || sent[16 + i] !== received[12 + i])
      return 'an echo reply does not go back where its request came from';
  }
  const fault = payloadFault(sent, received, end, (at) => at === 0 || at === 2 || at === 3);
  if (fault) return fault;
  return coveredSum(sent, end, false) === coveredSum(received, end, false)
    ? undefined
    : 'the ICMP checksum of an echo reply is not as right or wrong as the request was';
}

/**
 * What is wrong with an IP packet that was made of a received one, or undefined.
 * @param sent, received IP packets, Ethernet padding included  @param mtu of the WAN
 */
export function passedFault(sent: Uint8Array, received: Uint8Array, mtu: number): Fault {
  if (sent.length !== received.length) return `${received.length} bytes became ${sent.length}`;
  const end = get16(received, 2);
  const ip = ipFault(sent, received, mtu);
  if (ip) return ip;
  if (!isSound(received)) return undefined;
  for (let at = end; at < received.length; at++)
    if (sent[at] !== received[at]) return 'the padding has changed';
  if (isAnsweredEcho(sent, received)) {
    return sent[8] === 64 ? echoFault(sent, received, end) : 'an echo reply does not start with a TTL of 64';
  }
  if (sent[8] !== received[8] - 1) return `TTL ${received[8]} became ${sent[8]}`;
  if (get16(received, 6) & 0x1fff) return payloadFault(sent, received, end, () => false);
  if (received[9] !== 1) return transportFault(sent, received, end, mtu - 40);
  const type = received[headerOf(received)];
  return type === 3 || type === 11 || type === 12
    ? errorFault(sent, received, end)
    : queryFault(sent, received, end);
}
