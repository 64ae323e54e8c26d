/*
 * A capture file again as pcapng, with a comment on each packet. A pcapng file keeps every byte it has - blocks this
 * program does not know, options, comments that are there already; a pcap file is put into pcapng.
 *
 * Pure: bytes in, bytes out.
 */
import type { CaptureFile } from './capture.ts';
import { pcapng } from './write.ts';
import { blocksOf, blockTypes, isPacket, packetHead, type Block } from './pcapng.ts';

const optionComment = 1;
const optionEnd = 0;
/** Longest comment that the 16-bit length of an option allows, in bytes. */
const longestComment = 65_535;

/**
 * The file with comments, in the order of its packets. Simple packet blocks have no room for one and stay without.
 * @param bytes what `file` was read from
 */
export function annotated(bytes: Uint8Array, file: CaptureFile, comments: readonly string[]): Uint8Array {
  return file.format === 'pcapng' ? annotatedPcapng(bytes, comments) : pcapngFrom(file, comments);
}

function annotatedPcapng(bytes: Uint8Array, comments: readonly string[]): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array[] = [];
  let number = 0;
  for (const block of blocksOf(view)) {
    const raw = bytes.subarray(block.at, block.at + block.length);
    const comment = isPacket(block) ? comments[number++] : undefined;
    parts.push(
      comment === undefined || block.type === blockTypes.simplePacket
        ? raw
        : withComment(raw, view, block, comment),
    );
  }
  return Buffer.concat(parts);
}

/** The block with one more option in front of those it has, which then need not be understood. */
function withComment(raw: Uint8Array, view: DataView, { at, little }: Block, comment: string): Buffer {
  const captured = view.getUint32(at + 20, little);
  const options = packetHead + captured + (-captured & 3);
  const had = raw.subarray(options, raw.length - 4);
  const option = optionBytes(optionComment, Buffer.from(comment, 'utf8'), little);
  const end = had.length === 0 ? optionBytes(optionEnd, Buffer.alloc(0), little) : Buffer.alloc(0);
  const block = Buffer.concat([raw.subarray(0, options), option, had, end, raw.subarray(raw.length - 4)]);
  const write = little ? block.writeUInt32LE : block.writeUInt32BE;
  write.call(block, block.length, 4);
  write.call(block, block.length, block.length - 4);
  return block;
}

function optionBytes(code: number, value: Uint8Array, little: boolean): Buffer {
  const kept = value.subarray(0, longestComment);
  const head = Buffer.alloc(4);
  const write = little ? head.writeUInt16LE : head.writeUInt16BE;
  write.call(head, code, 0);
  write.call(head, kept.length, 2);
  return Buffer.concat([head, kept, Buffer.alloc(-kept.length & 3)]);
}

function pcapngFrom({ packets }: CaptureFile, comments: readonly string[]): Uint8Array {
  // Every packet of a pcap file has a time. Counted from the first, so that no digit is lost.
  const first = packets[0]?.time ?? 0n;
  const origin = first / 1000n;
  return pcapng({
    name: 'capture',
    application: 'hairpin explain',
    origin: Number(origin),
    resolution: 9,
    linkType: packets[0]?.linkType,
    frames: packets.map(({ time, bytes, length }, index) => ({
      time: Number((time ?? first) - origin * 1000n) / 1000,
      bytes,
      length,
      comment: comments[index],
    })),
  });
}
