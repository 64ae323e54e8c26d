/**
 * Cutting a translated packet that is longer than its way out takes (RFC 791 section 3.2, RFC 1812 section 4.2.2.7).
 *
 * The first piece stays in the frame at hand, which only becomes shorter; the others are copied behind headers of their
 * own and left in the outbox, in order. May touch: the packet at hand, the outbox.
 */
import { sentFragment } from '../layout/reasons.ts';
import {
  etherTypeAt,
  fragmentAt,
  ipAt,
  ipChecksumAt,
  ipHeaderBytes,
  moreFragments,
  totalLengthAt,
} from '../wire/frame.ts';
import { wanMtu } from './addresses.ts';
import { count } from './count.ts';
import { putSum } from './icmp.ts';
import { ethernetLength, newFrame, post } from './outbox.ts';
import { frame, half, headerBytes, totalLength, transportAt } from './packet.ts';

/** Cuts the packet at hand to the WAN's MTU. @returns Ethernet length of the first piece */
export function cut(hop: number): number {
  const payload = totalLength - headerBytes;
  const first = (wanMtu - headerBytes) & ~7;
  const header = laterHeader();
  const headerEnd = header.length;
  const most = (wanMtu - (headerEnd - ipAt)) & ~7;
  const field = half(fragmentAt);
  const more = moreFragments << 8;
  for (let from = first; from < payload; from += most) {
    const bytes = payload - from < most ? payload - from : most;
    const piece = newFrame(headerEnd - ipAt + bytes);
    piece.set(header);
    piece.set(frame.subarray(transportAt + from, transportAt + from + bytes), headerEnd);
    const last = from + bytes == payload;
    finish(piece, headerEnd - ipAt, bytes, (last ? field : field | more) + from / 8);
    post(piece, hop);
    count(sentFragment);
  }
  finish(frame, headerBytes, first, field | more);
  return ethernetLength(headerBytes + first);
}

/** The beginning of a later piece's frame: as the packet's, without the options that only the first one has. */
function laterHeader(): Uint8Array {
  const header = new Uint8Array(ipAt + headerBytes);
  for (let i = etherTypeAt; i < ipAt + ipHeaderBytes; i++) header[i] = frame[i];
  let end = ipAt + ipHeaderBytes;
  let at = end;
  // Zero ends the options, 1 is one byte, all others tell their length; decide.ts has seen that they are sound.
  while (at < transportAt && frame[at]) {
    const next = frame[at] == 1 ? at + 1 : at + frame[at + 1];
    // The upper bit: to be copied.
    if (frame[at] & 128) while (at < next) header[end++] = frame[at++];
    at = next;
  }
  end = (end + 3) & ~3;
  header[ipAt] = 64 + (end - ipAt) / 4;
  return header.subarray(0, end);
}

/** Writes what differs from piece to piece: length, fragment flags and offset, checksum. */
function finish(piece: Uint8Array, header: number, bytes: number, field: number): void {
  putHalf(piece, totalLengthAt, header + bytes);
  putHalf(piece, fragmentAt, field);
  putSum(piece, ipChecksumAt, ipAt, header);
}

/** Writes a halfword, most significant byte first. */
function putHalf(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}
