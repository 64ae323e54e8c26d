/*
 * Writes captures in the pcapng format (draft-ietf-opsawg-pcapng), one interface per file: a section
 * header, an interface description, one enhanced packet block per frame. Everything is little-endian.
 *
 * Pure: frames in, bytes out. Whoever calls it opens the file.
 */
import { linkTypeEthernet } from './capture.ts';

/** A frame to be written. */
export interface CapturedFrame {
  /** Microseconds since `Capture.origin`; fractions are kept if the resolution allows. */
  time: number;
  /** What was captured, from the destination MAC on; at most `length` bytes. */
  bytes: Uint8Array;
  /** Length on the wire, without FCS. */
  length: number;
  /** Shown beside the packet by Wireshark and `capinfos`. */
  comment?: string;
}

export interface Capture {
  /** The interface's name, e.g. "router-lan". */
  name: string;
  description?: string;
  /** The program named in the section header. */
  application: string;
  /** What time 0 is, in microseconds since 1970. */
  origin: number;
  /** Digits of a second a timestamp is counted in: 6 for microseconds, 9 for nanoseconds. */
  resolution: 6 | 9;
  /** Ethernet if not given (https://www.tcpdump.org/linktypes.html). */
  linkType?: number;
  frames: Iterable<CapturedFrame>;
}

const sectionHeaderBlock = 0x0a0d0d0a; // section 4.1; a palindrome, so it survives newline conversion visibly
const interfaceBlock = 1; // section 4.2
const enhancedPacketBlock = 6; // section 4.3
const byteOrderMagic = 0x1a2b3c4d;
const sectionLengthUnknown = 0xffffffffffffffffn;

// Option codes (sections 3.5, 4.1, 4.2).
const optionEnd = 0;
const optionComment = 1;
const optionApplication = 4;
const optionInterfaceName = 2;
const optionInterfaceDescription = 3;
const optionResolution = 9;

/** The whole capture file. */
export function pcapng(capture: Capture): Uint8Array {
  const blocks = [sectionHeader(capture), interfaceDescription(capture)];
  for (const frame of capture.frames) blocks.push(enhancedPacket(frame, capture));
  return Buffer.concat(blocks);
}

function sectionHeader(capture: Capture): Buffer {
  const fixed = Buffer.alloc(16);
  fixed.writeUInt32LE(byteOrderMagic, 0);
  fixed.writeUInt16LE(1, 4); // major version
  fixed.writeUInt16LE(0, 6); // minor version
  fixed.writeBigUInt64LE(sectionLengthUnknown, 8);
  return block(sectionHeaderBlock, [fixed, ...options([optionApplication, capture.application])]);
}

function interfaceDescription(capture: Capture): Buffer {
  const fixed = Buffer.alloc(8);
  fixed.writeUInt16LE(capture.linkType ?? linkTypeEthernet, 0);
  fixed.writeUInt32LE(0, 4); // snap length: no limit declared, each packet says how much of it is there
  const list: Option[] = [
    [optionInterfaceName, capture.name],
    [optionResolution, Buffer.of(capture.resolution)],
  ];
  if (capture.description) list.push([optionInterfaceDescription, capture.description]);
  return block(interfaceBlock, [fixed, ...options(...list)]);
}

function enhancedPacket(frame: CapturedFrame, capture: Capture): Buffer {
  const ticksPerMicrosecond = capture.resolution === 9 ? 1000 : 1;
  // The origin in ticks exceeds 2^53 in nanoseconds, so it is added as a big integer.
  const ticks =
    BigInt(Math.round(capture.origin)) * BigInt(ticksPerMicrosecond) +
    BigInt(Math.round(frame.time * ticksPerMicrosecond));
  const fixed = Buffer.alloc(20);
  fixed.writeUInt32LE(0, 0); // the only interface
  fixed.writeUInt32LE(Number(ticks >> 32n), 4);
  fixed.writeUInt32LE(Number(ticks & 0xffffffffn), 8);
  fixed.writeUInt32LE(frame.bytes.length, 12);
  fixed.writeUInt32LE(frame.length, 16);
  const trailer = frame.comment === undefined ? [] : options([optionComment, frame.comment]);
  return block(enhancedPacketBlock, [fixed, ...padded(frame.bytes), ...trailer]);
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
