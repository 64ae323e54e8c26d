/*
 * Capture files for tests, built byte by byte from the formats' documents: both byte orders, all units of time.
 */

export interface FilePacket {
  /** Ticks in the file's unit. */
  ticks: bigint;
  bytes: Uint8Array;
  /** On the wire; as captured if not given. */
  length?: number;
}

/** Numbers of one byte order, appended to each other. */
class Bytes {
  private readonly parts: Buffer[] = [];
  private readonly little: boolean;

  constructor(little: boolean) {
    this.little = little;
  }

  u16(...values: number[]): this {
    for (const value of values) {
      const part = Buffer.alloc(2);
      if (this.little) part.writeUInt16LE(value);
      else part.writeUInt16BE(value);
      this.parts.push(part);
    }
    return this;
  }

  u32(...values: number[]): this {
    for (const value of values) {
      const part = Buffer.alloc(4);
      if (this.little) part.writeUInt32LE(value);
      else part.writeUInt32BE(value);
      this.parts.push(part);
    }
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.parts.push(Buffer.from(bytes));
    return this;
  }

  padded(bytes: Uint8Array): this {
    return this.raw(bytes).raw(Buffer.alloc(-bytes.length & 3));
  }

  done(): Buffer {
    return Buffer.concat(this.parts);
  }
}

/** A pcap file; ticks are micro- or nanoseconds. */
export function pcapFile(
  packets: FilePacket[],
  { little = true, nanoseconds = false, linkType = 1 } = {},
): Uint8Array {
  const file = new Bytes(little)
    .u32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4)
    .u16(2, 4)
    .u32(0, 0, 65535, linkType);
  const second = nanoseconds ? 1_000_000_000n : 1_000_000n;
  for (const { ticks, bytes, length = bytes.length } of packets)
    file.u32(Number(ticks / second), Number(ticks % second), bytes.length, length).raw(bytes);
  return Uint8Array.from(file.done());
}

/** One block of a pcapng file. */
export function block(little: boolean, type: number, body: Uint8Array): Buffer {
  const length = body.length + 12;
  return new Bytes(little).u32(type, length).raw(body).u32(length).done();
}

export function sectionHeader(little: boolean): Buffer {
  const body = new Bytes(little).u32(0x1a2b3c4d).u16(1, 0).u32(0xffffffff, 0xffffffff).done();
  return block(little, 0x0a0d0d0a, body);
}

/** @param resolution the option's byte; none if not given */
export function interfaceBlock(
  little: boolean,
  { linkType = 1, snapLength = 0, resolution = -1 } = {},
): Buffer {
  const body = new Bytes(little).u16(linkType, 0).u32(snapLength);
  if (resolution >= 0) body.u16(9, 1).padded(Uint8Array.of(resolution)).u16(0, 0);
  return block(little, 1, body.done());
}

export function packetBlock(
  little: boolean,
  { ticks, bytes, length = bytes.length }: FilePacket,
  { id = 0, options = new Uint8Array(0) } = {},
): Buffer {
  const high = Number(ticks >> 32n);
  const low = Number(ticks & 0xffffffffn);
  const body = new Bytes(little).u32(id, high, low, bytes.length, length).padded(bytes).raw(options).done();
  return block(little, 6, body);
}

export function simplePacketBlock(little: boolean, bytes: Uint8Array, length = bytes.length): Buffer {
  return block(little, 3, new Bytes(little).u32(length).padded(bytes).done());
}

/** The obsolete block with a count of losses in its second half-word. */
export function obsoletePacketBlock(
  little: boolean,
  { ticks, bytes, length = bytes.length }: FilePacket,
): Buffer {
  const body = new Bytes(little)
    .u16(0, 7)
    .u32(Number(ticks >> 32n), Number(ticks & 0xffffffffn), bytes.length, length)
    .padded(bytes);
  return block(little, 2, body.done());
}

/** An option as it lies in a block. */
export function option(little: boolean, code: number, value: Uint8Array): Buffer {
  return new Bytes(little).u16(code, value.length).padded(value).done();
}
