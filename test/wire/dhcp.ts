/**
 * DHCP messages for tests: made from a few fields, and read back, byte by byte and with nothing of the firmware
 * (RFC 2131 section 2, RFC 2132).
 */
import { hostBytes } from './packets.ts';

export type DhcpOptions = Record<number, readonly number[]>;

/** What a message may hold; all else is zero. Addresses are letters of the cast or dotted. */
export interface Dhcp {
  /** 1 from a client, 2 from a server. */
  op: number;
  xid: number;
  secs?: number;
  flags?: number;
  ciaddr?: string;
  yiaddr?: string;
  siaddr?: string;
  giaddr?: string;
  chaddr: readonly number[];
  options: DhcpOptions;
  /** Options that stand in `file` and in `sname`; option 52 says so by itself. */
  inFile?: DhcpOptions;
  inSname?: DhcpOptions;
}

/** Types of messages, by the number in option 53. */
export const dhcpTypes = ['', 'discover', 'offer', 'request', 'decline', 'ack', 'nak', 'release', 'inform'];

const seconds = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

/** Option data: an address, and a number of four bytes. */
export const addressData = (...hosts: string[]): number[] => hosts.flatMap(hostBytes);
export const secondsData = seconds;

function coded(options: DhcpOptions): number[] {
  const parts = Object.entries(options).map(([code, data]) => [Number(code), data.length, ...data]);
  return [...parts.flat(), 255];
}

/** The payload of the datagram. @param length it is filled up to with zeros */
export function dhcpBytes(message: Dhcp, length = 300): Uint8Array {
  const overload = (message.inFile ? 1 : 0) + (message.inSname ? 2 : 0);
  const options = coded(overload ? { ...message.options, 52: [overload] } : message.options);
  const bytes = new Uint8Array(Math.max(length, 240 + options.length));
  bytes.set([message.op, 1, 6, 0, ...seconds(message.xid)]);
  bytes.set(seconds(((message.secs ?? 0) << 16) | (message.flags ?? 0)), 8);
  const addresses = [message.ciaddr, message.yiaddr, message.siaddr, message.giaddr];
  addresses.forEach((host, i) => {
    if (host) bytes.set(hostBytes(host), 12 + 4 * i);
  });
  bytes.set(message.chaddr, 28);
  if (message.inSname) bytes.set(coded(message.inSname), 44);
  if (message.inFile) bytes.set(coded(message.inFile), 108);
  bytes.set([99, 130, 83, 99], 236);
  bytes.set(options, 240);
  return bytes;
}

/** A message read back. */
export interface ReadDhcp extends Required<Omit<Dhcp, 'inFile' | 'inSname'>> {
  type: string;
}

/** Reads a payload; throws when it is no DHCP message, or has an option that ends beyond it. */
export function readDhcp(bytes: Uint8Array): ReadDhcp {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(236) !== 0x63825363) throw new Error('no magic cookie');
  if (bytes[1] !== 1 || bytes[2] !== 6) throw new Error('not for Ethernet');
  const options: Record<number, number[]> = {};
  let at = 240;
  while (bytes[at] !== 255) {
    if (at >= bytes.length) throw new Error('no end option');
    const length = bytes[at] ? bytes[at + 1] + 2 : 1;
    if (at + length > bytes.length) throw new Error(`option ${bytes[at]} ends beyond the message`);
    if (bytes[at]) options[bytes[at]] = Array.from(bytes.subarray(at + 2, at + length));
    at += length;
  }
  const address = (from: number) => Array.from(bytes.subarray(from, from + 4)).join('.');
  return {
    type: dhcpTypes[options[53]?.[0]] ?? '',
    op: bytes[0],
    xid: view.getUint32(4),
    secs: view.getUint16(8),
    flags: view.getUint16(10),
    ciaddr: address(12),
    yiaddr: address(16),
    siaddr: address(20),
    giaddr: address(24),
    chaddr: Array.from(bytes.subarray(28, 34)),
    options,
  };
}
