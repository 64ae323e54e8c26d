/**
 * Damage to a finished frame: lies in the fields that tell lengths, wrong sums, bytes changed anywhere, ends cut off or
 * added. The IP checksum is mended afterwards more often than not, or nothing would come past it.
 */
import { shortestFrame } from '../../firmware/wire/frame.ts';
import { foldedSum } from '../wire/packets.ts';

const longest = 1514;
const ethernet = 14;

/** Offsets worth lying at: Ethernet target and type, then of the IP packet, with plain headers. */
const fields = [
  0, 5, 12, 13, 14, 15, 16, 17, 18, 20, 21, 22, 23, 24, 26, 30, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
  44, 46, 47, 50, 51, 54, 55, 56, 60, 62, 63, 64, 66, 70, 72, 76,
];

/** Writes the IP checksum that a header of the length it claims should have. */
export function mendSum(frame: Uint8Array): void {
  const end = ethernet + (frame[14] & 15) * 4;
  if (end > frame.length || end < ethernet + 20) return;
  frame[24] = 0;
  frame[25] = 0;
  const sum = 0xffff - foldedSum(frame.subarray(ethernet, end));
  frame[24] = sum >> 8;
  frame[25] = sum;
}

/** @param how 0 to 255: nothing for 160 and more  @returns a damaged copy, 60 to 1514 bytes long */
export function damaged(frame: Uint8Array, how: number, at: number, value: number): Uint8Array {
  if (how === 0 || how >= 160) return frame;
  let copy: Uint8Array = frame.slice();
  const place = how & 1 ? fields[at % fields.length] : at % copy.length;
  if (how < 60) copy[place % copy.length] = value;
  else if (how < 90) copy[place % copy.length] ^= 1 << (value % 8);
  else if (how < 110) {
    copy[place % copy.length] = value >> 8;
    copy[(place + 1) % copy.length] = value;
  } else if (how < 130) copy = copy.slice(0, Math.max(shortestFrame, at % copy.length));
  else if (how < 145) {
    copy = new Uint8Array(Math.min(longest, frame.length + (at % 64))).fill(value);
    copy.set(frame.subarray(0, copy.length));
  } else copy = swappedParts(frame, at, value);
  if (how % 4) mendSum(copy);
  return copy;
}

/** Two stretches of four bytes change places. */
function swappedParts(frame: Uint8Array, at: number, value: number): Uint8Array {
  const copy = frame.slice();
  const a = at % (frame.length - 4);
  const b = value % (frame.length - 4);
  copy.set(frame.subarray(a, a + 4), b);
  copy.set(frame.subarray(b, b + 4), a);
  return copy;
}
