/*
 * A pcapng file read block by block, here and not by the project's own reader, from the format's description: for
 * tests of who writes them. Little-endian only.
 */

export interface Block {
  type: number;
  body: Buffer;
}

/** Walks the blocks; each must end with its own length again. */
export function blocksOf(file: Uint8Array): Block[] {
  const bytes = Buffer.from(file);
  const blocks: Block[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32LE(at + 4);
    if (length % 4 !== 0 || bytes.readUInt32LE(at + length - 4) !== length)
      throw new Error(`bad block at ${at}`);
    blocks.push({ type: bytes.readUInt32LE(at), body: bytes.subarray(at + 8, at + length - 4) });
    at += length;
  }
  return blocks;
}

/** Options by their codes. */
export function optionsOf(body: Buffer): Map<number, Buffer> {
  const options = new Map<number, Buffer>();
  for (let at = 0; at < body.length;) {
    const [code, length] = [body.readUInt16LE(at), body.readUInt16LE(at + 2)];
    if (code === 0) break;
    options.set(code, body.subarray(at + 4, at + 4 + length));
    at += 4 + ((length + 3) & ~3);
  }
  return options;
}

/** A packet of a file, with what its options say. */
export interface ReadPacket {
  interface: string;
  /** Microseconds since 1970. */
  time: number;
  bytes: Buffer;
  length: number;
  comment: string | undefined;
  direction: 'in' | 'out' | undefined;
  lost: number;
}

/** All packets of a file whose interfaces count microseconds. */
export function packetsOf(file: Uint8Array): ReadPacket[] {
  const [section, ...blocks] = blocksOf(file);
  if (section.type !== 0x0a0d0d0a) throw new Error('no section header');
  const names = blocks
    .filter(({ type }) => type === 1)
    .map(({ body }) => String(optionsOf(body.subarray(8)).get(2)));
  return blocks
    .filter(({ type }) => type === 6)
    .map(({ body }) => {
      const captured = body.readUInt32LE(12);
      const options = optionsOf(body.subarray(20 + ((captured + 3) & ~3)));
      return {
        interface: names[body.readUInt32LE(0)],
        time: body.readUInt32LE(4) * 2 ** 32 + body.readUInt32LE(8),
        bytes: body.subarray(20, 20 + captured),
        length: body.readUInt32LE(16),
        comment: options.get(1)?.toString('utf8'),
        direction: ([undefined, 'in', 'out'] as const)[(options.get(2)?.readUInt32LE(0) ?? 0) & 3],
        lost: Number(options.get(4)?.readBigUInt64LE(0) ?? 0),
      };
    });
}
