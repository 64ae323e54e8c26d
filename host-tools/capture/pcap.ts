/*
 * Reads the pcap format (draft-ietf-opsawg-pcap): a header of 24 bytes, then records of 16 bytes and a packet each.
 * The magic number tells byte order and whether fractions of a second are micro- or nanoseconds.
 */
import { Damaged, longestPacket, type CaptureFile, type CapturedPacket } from './capture.ts';

/** The magic number, read most significant byte first. */
const magics = new Map<number, { little: boolean; nanoseconds: bigint }>([
  [0xa1b2c3d4, { little: false, nanoseconds: 1000n }],
  [0xd4c3b2a1, { little: true, nanoseconds: 1000n }],
  [0xa1b23c4d, { little: false, nanoseconds: 1n }],
  [0x4d3cb2a1, { little: true, nanoseconds: 1n }],
]);
const headerBytes = 24;
const recordBytes = 16;
/** The upper half of the link type tells of frame check sequences, or is reserved. */
const linkTypeMask = 0xffff;

/** Null if the magic number is not that of pcap. */
export function readPcap(view: DataView, magic: number): CaptureFile | null {
  const kind = magics.get(magic);
  if (!kind) return null;
  const packets: CapturedPacket[] = [];
  try {
    readRecords(view, kind, packets);
    return { format: 'pcap', packets, damage: null };
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    return { format: 'pcap', packets, damage: error.message };
  }
}

function readRecords(
  view: DataView,
  { little, nanoseconds }: { little: boolean; nanoseconds: bigint },
  packets: CapturedPacket[],
): void {
  if (view.byteLength < headerBytes)
    throw new Damaged(view.byteLength, `the file ends within its header of ${headerBytes} bytes`);
  const linkType = view.getUint32(20, little) & linkTypeMask;
  for (let at = headerBytes; at < view.byteLength;) {
    if (view.byteLength - at < recordBytes)
      throw new Damaged(at, `the file ends within the header of packet ${packets.length + 1}`);
    const captured = view.getUint32(at + 8, little);
    const length = view.getUint32(at + 12, little);
    if (captured > longestPacket || length < captured)
      throw new Damaged(
        at + 8,
        `packet ${packets.length + 1} claims ${captured} captured bytes of ${length}, which cannot be`,
      );
    const from = at + recordBytes;
    if (view.byteLength - from < captured)
      throw new Damaged(
        from,
        `packet ${packets.length + 1} should have ${captured} bytes, but the file ends after ${view.byteLength - from}`,
      );
    const seconds = BigInt(view.getUint32(at, little));
    const fraction = BigInt(view.getUint32(at + 4, little));
    packets.push({
      linkType,
      time: seconds * 1_000_000_000n + fraction * nanoseconds,
      bytes: new Uint8Array(view.buffer, view.byteOffset + from, captured),
      length,
    });
    at = from + captured;
  }
}
