/**
 * ICMP the router itself sends: errors it owes (RFC 1812 section 4.3) and echo replies.
 * Errors quote the packet at hand exactly as it arrived, so they are made before anything is rewritten.
 */
import { clock, policySwitch, policyWanErrors, switches } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { answeredEcho, dropFragment, errorRateLimited, sentIcmpError } from '../layout/reasons.ts';
import { residue, sumOf } from '../wire/checksum.ts';
import {
  etherTypeAt,
  fragmentMask,
  fragmentWord,
  icmpEcho,
  icmpEchoReply,
  icmpTimeExceeded,
  icmpUnreachable,
  ipAt,
  ipChecksumAt,
  ipHeaderBytes,
  protocolAt,
  protocolIcmp,
  sourceAt,
  sourceWord,
  targetAt,
  targetWord,
  totalLengthAt,
  ttlAt,
} from '../wire/frame.ts';
import { lanAddress, publicAddress } from '../datapath/own.ts';
import { isBroadcast, isMartianSource, isMulticast } from './addresses.ts';
import { count, drop, note } from './count.ts';
import { hopFor, ready } from './neighbours.ts';
import { blankFrame, post } from './outbox.ts';
import {
  frame,
  headerBytes,
  ingress,
  isLaterFragment,
  protocol,
  source,
  target,
  totalLength,
  transportAt,
  words,
} from './packet.ts';
import { adjust } from './rewrite.ts';
import { toMany } from './station.ts';

// Codes of destination unreachable (RFC 792, RFC 1812 section 5.2.7.1).
export const netUnreachable = 0;
export const hostUnreachable = 1;
export const portUnreachable = 3;
export const fragmentationNeeded = 4;
export const prohibited = 13;

/**
 * Errors allowed within each second of the clock (RFC 1812 section 4.3.2.8 asks for a limit): so no second, wherever it
 * begins, sees more than ten.
 */
export const errorBurst = 5;
let errorTokens = errorBurst;
let errorSecond = 0;

/** Bytes quoted behind the IP header: RFC 1812 allows as few as 8; 40 hold a TCP header with options. */
const quotedBytes = 40;
/** TTL of packets we make. */
export const ownTtl = 64;
/** Internetwork control, the precedence of errors (RFC 1812 section 4.3.2.5). */
const errorTos = 0xc0;

function takeToken(): boolean {
  if (errorSecond != clock[0]) {
    errorSecond = clock[0];
    errorTokens = errorBurst;
  }
  if (!errorTokens) {
    count(errorRateLimited);
    return false;
  }
  errorTokens--;
  return true;
}

/** Packets about which no error may be sent (RFC 1812 section 4.3.2.7). ICMP queries are fine, errors are not. */
function mayComplain(): boolean {
  if (toMany() || isLaterFragment() || isMartianSource(source)) return false;
  if (isBroadcast(target) || isMulticast(target)) return false;
  const type = frame[transportAt];
  return protocol != protocolIcmp || type == icmpEcho || type == icmpEchoReply || type == 13 || type == 14;
}

/** Who an error is from: a closed port is the answer of the address that was asked, all else the router's own. */
function complainer(type: number, code: number): number {
  if (type == icmpUnreachable && code == portUnreachable) return target;
  return ingress == lanPort ? lanAddress : publicAddress;
}

/**
 * Sends an ICMP error about the packet at hand to its sender. The WAN side is told only about TTL and MTU, unless the
 * config wants more (`nat.wanIcmpErrors`).
 * @param rest the second word of the ICMP header as a halfword at its end: the next-hop MTU, or 0
 * @overlay
 */
export function sendError(type: number, code: number, rest: number): void {
  const told =
    ingress == lanPort ||
    type == icmpTimeExceeded ||
    code == fragmentationNeeded ||
    switches[policySwitch] & policyWanErrors;
  if (!told || !mayComplain()) return;
  const hop = hopFor(source);
  if (!ready(hop) || !takeToken()) return;
  const left = totalLength - headerBytes;
  const quote = headerBytes + (left < quotedBytes ? left : quotedBytes);
  const length = ipHeaderBytes + 8 + quote;
  const bytes = blankFrame(length);
  if (!bytes) return;
  startIp(bytes, length, protocolIcmp, errorTos, complainer(type, code), source);
  const at = ipAt + ipHeaderBytes;
  bytes[at] = type;
  bytes[at + 1] = code;
  bytes[at + 6] = rest >>> 8;
  bytes[at + 7] = rest;
  for (let i = 0; i < quote; i++) bytes[at + 8 + i] = frame[ipAt + i];
  putSum(bytes, at + 2, at, 8 + quote);
  count(sentIcmpError);
  post(bytes, hop);
}

/**
 * Destination unreachable.
 * @inline
 */
export function sendUnreachable(code: number): void {
  return sendError(icmpUnreachable, code, 0);
}

/** Writes an IP header from one of our addresses to somebody, both as words, into a blank frame, checksum included. */
export function startIp(
  bytes: Uint8Array,
  length: number,
  kind: number,
  tos: number,
  from: number,
  to: number,
): void {
  bytes[etherTypeAt] = 8;
  bytes[ipAt] = 0x45;
  bytes[ipAt + 1] = tos;
  bytes[totalLengthAt] = length >>> 8;
  bytes[totalLengthAt + 1] = length;
  // Atomic datagrams need no identification (RFC 6864); DF says that they are.
  bytes[totalLengthAt + 4] = 64;
  bytes[ttlAt] = ownTtl;
  bytes[protocolAt] = kind;
  for (let i = 0; i < 4; i++) {
    bytes[sourceAt + i] = from >>> (8 * i);
    bytes[targetAt + i] = to >>> (8 * i);
  }
  putSum(bytes, ipChecksumAt, ipAt, ipHeaderBytes);
}

/** Computes the checksum over `length` bytes and writes it at `at`, which lies among them. */
export function putSum(bytes: Uint8Array, at: number, from: number, length: number): void {
  bytes[at] = 0;
  bytes[at + 1] = 0;
  const sum = ~sumOf(bytes, from, length, 0);
  bytes[at] = sum;
  bytes[at + 1] = sum >>> 8;
}

/**
 * Turns the echo request at hand, addressed to us, into its reply (RFC 1812 section 4.3.3.6): same array, sent
 * back where it came from, from the address that was asked. Checksums follow what changes and nothing else: a
 * damaged request becomes a damaged reply, and no payload is summed.
 * @returns the hop to send the frame to, or 0
 */
export function answerEcho(): number {
  // What is for the router itself is not put together (RFC 1812 section 4.2.2.8 is not followed).
  if (words[fragmentWord] & fragmentMask) return drop(dropFragment);
  const hop = hopFor(source);
  if (!ready(hop)) return 0;
  words[sourceWord] = target;
  words[targetWord] = source;
  adjust(ipChecksumAt, residue(ownTtl - frame[ttlAt]));
  frame[ttlAt] = ownTtl;
  adjust(transportAt + 2, residue(icmpEchoReply - icmpEcho));
  frame[transportAt] = icmpEchoReply;
  note(answeredEcho);
  return hop;
}
