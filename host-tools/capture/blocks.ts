/*
 * The blocks of the pcapng format (draft-ietf-opsawg-pcapng) as they are written: section header, interface
 * description, enhanced packet. Everything is little-endian.
 *
 * Pure: values in, bytes out.
 */

/** A packet's way through its interface (section 4.3.1, `epb_flags`). */
export type Direction = 'in' | 'out';

export interface InterfaceDescription {
  /** The interface's name, e.g. "router-lan". */
  name: string;
  description?: string;
  /** Digits of a second a timestamp is counted in: 6 for microseconds, 9 for nanoseconds. */
  resolution: 6 | 9;
  /** https://www.tcpdump.org/linktypes.html */
  linkType: number;
  /** Bytes kept of each packet at most; 0: no limit is declared, each packet says how much of it is there. */
  snapLength?: number;
}

export interface EnhancedPacket {
  /** Number of its interface, from 0 in the order of their descriptions. */
  interface: number;
  /** Since 1970, in the unit of the interface's resolution. */
  ticks: bigint;
  /** What was captured, from the destination MAC on; at most `length` bytes. */
  bytes: Uint8Array;
  /** Length on the wire, without FCS. */
  length: number;
  /** Shown beside the packet by Wireshark and `capinfos`. */
  comment?: string;
  direction?: Direction;
  /** Packets lost between this one and the one before it on the same interface. */
  lost?: number;
}

const sectionHeaderBlock = 0x0a0d0d0a; // section 4.1; a palindrome, so it survives newline conversion visibly
const interfaceBlock = 1; // section 4.2
const enhancedPacketBlock = 6; // section 4.3
const byteOrderMagic = 0x1a2b3c4d;
const sectionLengthUnknown = 0xffffffffffffffffn;

// Option codes (sections 3.5, 4.1, 4.2, 4.3).
const optionEnd = 0;
const optionComment = 1;
const optionApplication = 4;
const optionInterfaceName = 2;
const optionInterfaceDescription = 3;
const optionResolution = 9;
const optionFlags = 2;
const optionLost = 4;
const directionBits: Record<Direction, number> = { in: 1, out: 2 };

/** @param application the program that writes */
export function sectionHeader(application: string): Buffer {
  const fixed = Buffer.alloc(16);
  fixed.writeUInt32LE(byteOrderMagic, 0);
  fixed.writeUInt16LE(1, 4); // major version
  fixed.writeUInt16LE(0, 6); // minor version
  fixed.writeBigUInt64LE(sectionLengthUnknown, 8);
  return block(sectionHeaderBlock, [fixed, ...options([optionApplication, application])]);
}

export function interfaceDescription(what: InterfaceDescription): Buffer {
  const fixed = Buffer.alloc(8);
  fixed.writeUInt16LE(what.linkType, 0);
  fixed.writeUInt32LE(what.snapLength ?? 0, 4);
  const list: Option[] = [
    [optionInterfaceName, what.name],
    [optionResolution, Buffer.of(what.resolution)],
  ];
  if (what.description) list.push([optionInterfaceDescription, what.description]);
  return block(interfaceBlock, [fixed, ...options(...list)]);
}

export function enhancedPacket(packet: EnhancedPacket): Buffer {
  const fixed = Buffer.alloc(20);
  fixed.writeUInt32LE(packet.interface, 0);
  fixed.writeUInt32LE(Number(packet.ticks >> 32n), 4);
  fixed.writeUInt32LE(Number(packet.ticks & 0xffffffffn), 8);
  fixed.writeUInt32LE(packet.bytes.length, 12);
  fixed.writeUInt32LE(packet.length, 16);
  const list: Option[] = [];
  if (packet.comment !== undefined) list.push([optionComment, packet.comment]);
  if (packet.direction) list.push([optionFlags, littleEndian(BigInt(directionBits[packet.direction]), 4)]);
  if (packet.lost) list.push([optionLost, littleEndian(BigInt(packet.lost), 8)]);
  const trailer = list.length === 0 ? [] : options(...list);
  return block(enhancedPacketBlock, [fixed, ...padded(packet.bytes), ...trailer]);
}

function littleEndian(value: bigint, bytes: 4 | 8): Buffer {
  const whole = Buffer.alloc(8);
  whole.writeBigUInt64LE(value);
  return whole.subarray(0, bytes);
}

type Option = [code: number, value: string | Uint8Array];

function options(...list: Option[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (const [code, value] of [...list, [optionEnd, ''] as Option]) {
    const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
    const head = Buffer.alloc(4);
    head.writeUInt16LE(code, 0);
    head.writeUInt16LE(bytes.length, 2);
    parts.push(head, ...padded(bytes));
  }
  return parts;
}

/** The bytes and what it takes to reach the next multiple of four. */
function padded(bytes: Uint8Array): Uint8Array[] {
  return [bytes, new Uint8Array(-bytes.length & 3)];
}

/** Type, length, body, length again: readable from both ends. */
function block(type: number, body: Uint8Array[]): Buffer {
  const length = body.reduce((sum, part) => sum + part.length, 12);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(length, 0);
  return Buffer.concat([head, ...body, tail], length);
}
