/**
 * The DNS message at hand (RFC 1035 section 4): where its question ends, what that comes to, and new ends for the datagram
 * that carries it. Everything of a message that is passed on stays, but its id.
 *
 * May touch: the packet at hand. Must not: know whom it is from or for.
 */
import { adjust } from '../control/rewrite.ts';
import { ownTtl } from '../control/icmp.ts';
import { frame, half, headerBytes, ports, source, target, totalLength, words } from '../control/packet.ts';
import { shiftedUdp } from '../wire/checksum.ts';
import {
  ipAt,
  ipChecksumAt,
  ipHeaderBytes,
  portsWord,
  sourceWord,
  targetWord,
  ttlAt,
  udpHeaderBytes,
} from '../wire/frame.ts';

// Offsets in the frame: no datagram with IP options gets as far as its message.
const datagramAt = ipAt + ipHeaderBytes;
const udpChecksumAt = datagramAt + 6;
export const messageAt = datagramAt + udpHeaderBytes;
/** The word of id and flags. */
export const headWord = messageAt / 4;
/** First byte of flags: QR, opcode, AA, TC, RD. The second: RA, Z, AD, CD, response code. */
export const flagsAt = messageAt + 2;
const questionCountAt = messageAt + 4;
export const messageHeaderBytes = 12;
export const questionAt = messageAt + messageHeaderBytes;

/** Flags, in the first byte and in the second. */
export const isResponse = 128;
export const opcodeMask = 120;
export const checkingDisabled = 16;

/** In place of a hop: what the name's last letters tell leaves open whether it is one of the LAN. */
export const perhapsLocal = -1;

/** Longest name in bytes, its last zero included (RFC 1035 section 3.1), and longest label. */
const longestName = 255;
const longestLabel = 63;
/** Type and class behind the name. */
export const typeAndClass = 4;

/** What stands between the labels of a name that is a text. */
export const dot = 46;

/** Bits that tell small letters from large ones, which are the same in a name (RFC 1035 section 2.3.3). */
const caseBits = 0x20202020;

/** A multiple of 65535 that is more than four words: with it a difference of as many is no negative number. */
const aboveFourWords = 65535 * 524288;

/**
 * Where the only question of the message at hand ends.
 * @returns the offset behind it; 0 when the datagram lies about its length, has IP options, or has no single question
 * whose name is plain labels
 */
export function questionEnd(): number {
  const bytes = half(datagramAt + 4);
  if (headerBytes != ipHeaderBytes || bytes > totalLength - ipHeaderBytes || half(questionCountAt) != 1)
    return 0;
  // Where the name's last zero may be at the latest.
  let last = datagramAt + bytes - typeAndClass - 1;
  if (last >= questionAt + longestName) last = questionAt + longestName - 1;
  let at = questionAt;
  let label = frame[at];
  while (label && label <= longestLabel && at <= last) {
    at += label + 1;
    label = frame[at];
  }
  return label || at > last ? 0 : at + 1 + typeAndClass;
}

/** What the question of the message at hand comes to, whatever the case of its letters. @param end as `questionEnd` has it */
export function questionHash(end: number): number {
  const last = end >> 2;
  let hash = end;
  let word = questionAt / 4;
  while (word < last) hash = ((hash << 5) | (hash >>> 27)) ^ (words[word++] | caseBits);
  let at = 4 * last;
  while (at < end) hash = ((hash << 5) | (hash >>> 27)) ^ (frame[at++] | 32);
  return hash >>> 0;
}

/**
 * Gives the datagram at hand other ends and its message another head, in place; checksums follow by the difference
 * (RFC 1624), and there is still none where there was none. It is a packet of our own from here on: its TTL is that of one.
 * @param from word, as `to` @param newPorts word of both ports @param head word of id and flags
 */
export function readdress(from: number, to: number, newPorts: number, head: number): void {
  const ends = aboveFourWords + from + to - source - target;
  adjust(ipChecksumAt, (ends + ownTtl - frame[ttlAt]) % 65535);
  frame[ttlAt] = ownTtl;
  const check = shiftedUdp(
    frame[udpChecksumAt] | (frame[udpChecksumAt + 1] << 8),
    (ends + newPorts + head - ports - words[headWord]) % 65535,
  );
  frame[udpChecksumAt] = check;
  frame[udpChecksumAt + 1] = check >>> 8;
  words[sourceWord] = from;
  words[targetWord] = to;
  words[portsWord] = newPorts;
  words[headWord] = head;
}
