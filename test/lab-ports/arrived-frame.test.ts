/* Completing checksums the kernel left unfinished, and naming frames that are too big. No kernel needed. */
import test from 'ava';
import { completeChecksum, describeFrame } from '../../host-tools/lab/kernel/arrived-frame.ts';

/** Example C2 frame 2's TCP segment behind 14 bytes of Ethernet header; its checksum is 55f8. */
const HEX =
  '02000000a80202000000a8010800' +
  '45000028111140003f065e140c000001c0a80002' +
  '8235001910000000000000005002faf055f80000';

/** The folded sum of the pseudo-header, which a stack leaves in the checksum field. */
function pseudoHeaderSum(frame: Uint8Array, length: number): number {
  let sum = frame[23] + length;
  for (let at = 26; at < 34; at += 2) sum += (frame[at] << 8) | frame[at + 1];
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

test('a TCP checksum left as the pseudo-header sum becomes the real one', (t) => {
  const frame = Buffer.from(HEX, 'hex');
  frame.writeUInt16BE(pseudoHeaderSum(frame, 20), 50);
  completeChecksum(frame, 34, 16);
  t.is(frame.toString('hex'), HEX);
});

test('an odd last byte counts as the high half of a word', (t) => {
  const frame = Uint8Array.from([0, 0, 0x12]);
  completeChecksum(frame, 0, 0);
  // ~0x1200
  t.deepEqual([...frame], [0xed, 0xff, 0x12]);
});

test('a computed zero is written as ffff, since zero means "none" in UDP', (t) => {
  const frame = Uint8Array.from([0, 0, 0xff, 0xff]);
  completeChecksum(frame, 0, 0);
  t.deepEqual([...frame], [0xff, 0xff, 0xff, 0xff]);
});

test('a field beyond the frame is left alone', (t) => {
  const frame = Uint8Array.from([1, 2, 3]);
  completeChecksum(frame, 2, 0);
  t.deepEqual([...frame], [1, 2, 3]);
});

test('oversized frames are named by protocol, length and addresses', (t) => {
  const frame = Buffer.from(HEX, 'hex');
  t.is(describeFrame(frame, 4434), 'a TCP frame of 4434 bytes from 12.0.0.1 to 192.168.0.2');
  frame.writeUInt16BE(0x86dd, 12);
  t.is(describeFrame(frame, 3000), 'a frame of 3000 bytes of type 0x86dd');
});
