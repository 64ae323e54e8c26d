/*
 * Reads the pcapng format (draft-ietf-opsawg-pcapng): blocks of a type, a length, a body and the length again. A
 * section header tells the byte order of what follows; interfaces tell link type and unit of time. Blocks that carry
 * no packets are passed over.
 */
import { Damaged, longestPacket, type CaptureFile, type CapturedPacket } from './capture.ts';

export const blockTypes = {
  section: 0x0a0d0d0a,
  interface: 1,
  obsoletePacket: 2,
  simplePacket: 3,
  packet: 6,
};
const byteOrderMagic = 0x1a2b3c4d;
/** Shortest block: type, length, length. */
const emptyBlock = 12;
/** Bytes in front of the packet's own, from the block's beginning on. */
export const packetHead = 28;
const simpleHead = 12;
const optionCodes = { end: 0, resolution: 9, offset: 14 };

/** A block as it lies in the file. */
export interface Block {
  type: number;
  /** Offset and length in the file, in bytes. */
  at: number;
  length: number;
  /** Byte order of its section. */
  little: boolean;
}

interface Interface {
  linkType: number;
  snapLength: number;
  /** Ticks of its clock in a second, and seconds to add. */
  ticksPerSecond: bigint;
  offset: bigint;
}

/** Null if the file does not begin with a section header. */
export function readPcapng(view: DataView, magic: number): CaptureFile | null {
  if (magic !== blockTypes.section) return null;
  const packets: CapturedPacket[] = [];
  let interfaces: Interface[] = [];
  try {
    for (const block of blocksOf(view)) {
      if (block.type === blockTypes.section) interfaces = [];
      else if (block.type === blockTypes.interface) interfaces.push(readInterface(view, block));
      else if (isPacket(block)) packets.push(readPacketBlock(view, block, interfaces, packets.length + 1));
    }
    return { format: 'pcapng', packets, damage: null };
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    return { format: 'pcapng', packets, damage: error.message };
  }
}

/** Whether a block holds a packet. */
export function isPacket({ type }: Block): boolean {
  return type === blockTypes.packet || type === blockTypes.obsoletePacket || type === blockTypes.simplePacket;
}

/** Every block of the file in order. Throws Damaged at the first that is not sound. */
export function* blocksOf(view: DataView): Generator<Block> {
  let little = false;
  for (let at = 0; at < view.byteLength;) {
    const left = view.byteLength - at;
    if (left < emptyBlock) throw new Damaged(at, `${left} bytes are left, too few for a block`);
    // The type of a section header reads the same in both orders.
    if (view.getUint32(at) === blockTypes.section) little = sectionOrder(view, at);
    const type = view.getUint32(at, little);
    const length = view.getUint32(at + 4, little);
    if (length < emptyBlock || length % 4 !== 0)
      throw new Damaged(at + 4, `a block claims to be ${length} bytes long, which cannot be`);
    if (length > left)
      throw new Damaged(at, `a block should have ${length} bytes, but the file ends after ${left}`);
    const again = view.getUint32(at + length - 4, little);
    if (again !== length)
      throw new Damaged(at + length - 4, `a block of ${length} bytes ends by calling itself ${again} long`);
    yield { type, at, length, little };
    at += length;
  }
}

function sectionOrder(view: DataView, at: number): boolean {
  const magic = view.getUint32(at + 8);
  if (magic === byteOrderMagic) return false;
  if (view.getUint32(at + 8, true) === byteOrderMagic) return true;
  throw new Damaged(at + 8, 'a section header does not tell its byte order');
}

function readInterface(view: DataView, block: Block): Interface {
  const { at, length, little } = block;
  if (length < emptyBlock + 8) throw new Damaged(at, 'an interface description is too short');
  const found: Interface = {
    linkType: view.getUint16(at + 8, little),
    snapLength: view.getUint32(at + 12, little),
    ticksPerSecond: 1_000_000n,
    offset: 0n,
  };
  for (const { code, from, size } of optionsOf(view, block, at + 16)) {
    if (code === optionCodes.resolution && size >= 1) found.ticksPerSecond = resolution(view.getUint8(from));
    if (code === optionCodes.offset && size >= 8) found.offset = view.getBigInt64(from, little);
  }
  return found;
}

/** A power of ten, or of two if the highest bit is set (section 4.2). */
function resolution(value: number): bigint {
  return value & 0x80 ? 1n << BigInt(value & 0x7f) : 10n ** BigInt(value);
}

function* optionsOf(
  view: DataView,
  { at, length, little }: Block,
  start: number,
): Generator<{ code: number; from: number; size: number }> {
  const end = at + length - 4;
  for (let option = start; option < end;) {
    if (end - option < 4) throw new Damaged(option, 'an option is cut short');
    const code = view.getUint16(option, little);
    const size = view.getUint16(option + 2, little);
    if (code === optionCodes.end) return;
    if (option + 4 + size > end) throw new Damaged(option, 'an option is longer than its block');
    yield { code, from: option + 4, size };
    option += 4 + size + (-size & 3);
  }
}

function readPacketBlock(
  view: DataView,
  block: Block,
  interfaces: Interface[],
  number: number,
): CapturedPacket {
  const { type, at, length, little } = block;
  if (type === blockTypes.simplePacket) return readSimple(view, block, interfaces, number);
  if (length < emptyBlock + 20) throw new Damaged(at, `the block of packet ${number} is too short`);
  // The obsolete block has a count of lost packets in the upper half of the interface's number.
  const id = type === blockTypes.packet ? view.getUint32(at + 8, little) : view.getUint16(at + 8, little);
  const { linkType, ticksPerSecond, offset } = interfaceOf(interfaces, id, at + 8, number);
  const ticks = (BigInt(view.getUint32(at + 12, little)) << 32n) | BigInt(view.getUint32(at + 16, little));
  const captured = view.getUint32(at + 20, little);
  return {
    linkType,
    time: (ticks * 1_000_000_000n) / ticksPerSecond + offset * 1_000_000_000n,
    bytes: packetBytes(view, block, at + packetHead, captured, number),
    length: Math.max(captured, view.getUint32(at + 24, little)),
  };
}

/** No time, no options, always of the first interface (section 4.4). */
function readSimple(view: DataView, block: Block, interfaces: Interface[], number: number): CapturedPacket {
  const { at, length: blockLength, little } = block;
  if (blockLength < emptyBlock + 4) throw new Damaged(at, `the block of packet ${number} is too short`);
  const { linkType, snapLength } = interfaceOf(interfaces, 0, at, number);
  const length = view.getUint32(at + 8, little);
  const captured = snapLength > 0 ? Math.min(length, snapLength) : length;
  return { linkType, time: null, bytes: packetBytes(view, block, at + simpleHead, captured, number), length };
}

function interfaceOf(interfaces: Interface[], id: number, at: number, number: number): Interface {
  const found = interfaces[id];
  if (!found)
    throw new Damaged(
      at,
      `packet ${number} is of interface ${id}, but only ${interfaces.length} are described`,
    );
  return found;
}

function packetBytes(
  view: DataView,
  { at, length }: Block,
  from: number,
  captured: number,
  number: number,
): Uint8Array {
  if (captured > longestPacket || from + captured > at + length - 4)
    throw new Damaged(from - 8, `packet ${number} claims ${captured} bytes, which its block does not hold`);
  return new Uint8Array(view.buffer, view.byteOffset + from, captured);
}
