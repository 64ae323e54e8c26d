/**
 * The live capture's buffer: there while the capture is on, and freed when it is off. Who captures is router/watch.ts,
 * who reads is services/capture-requests.ts; what lies in it says layout/capture.ts.
 */
import { clock, dueCapture, switches, traceSwitch } from '../layout/arena.ts';
import {
  captureBytes,
  captureFill,
  captureHead,
  captureHost,
  captureLost,
  captureLostNow,
  captureRead,
  captureSnap,
  recordHead,
  recordKeptMask,
  recordKeptShift,
  recordKindShift,
  recordLost,
  recordReason,
  recordShift,
  unreadSeconds,
} from '../layout/capture.ts';
import {
  arpSenderAt,
  arpTargetAt,
  etherTypeArp,
  etherTypeIpv4,
  etherTypeWord,
  framePrefix,
  sourceWord,
  targetWord,
} from '../wire/frame.ts';
import { swap16 } from '../wire/order.ts';

/** Words of a frame's array up to the last address that IPv4 or ARP may have. */
const addressedWords = 12;
/** The most that a record tells of frames lost before it. */
const mostLost = 255;

/** The buffer; undefined while the capture is off. */
export let captured: Uint32Array | undefined;

/** Begins a capture. @param snap bytes to keep of each frame  @param host address of the only host to keep, or 0 */
export function beginCapture(snap: number, host: number): void {
  captured = new Uint32Array(captureHead + captureBytes / 4);
  captured[captureSnap] = snap;
  captured[captureHost] = host;
  captured[captureRead] = clock[0];
  switches[traceSwitch] |= dueCapture;
}

/** Ends it and frees its memory. */
export function endCapture(): void {
  switches[traceSwitch] &= ~dueCapture;
  captured = undefined;
}

/** Whether a capture is on that nobody has read for too long. Asked every second. */
export function isUnread(): boolean {
  return !!captured && ((clock[0] - captured[captureRead]) & 65535) > unreadSeconds;
}

/** Whether a frame is of the host whose packets are kept: as it is now, or, with a record, as it arrived. */
export function isWanted(store: Uint32Array, at: number, frame: Uint8Array): boolean {
  const words = new Uint32Array(frame.buffer, 0, addressedWords);
  const host = store[captureHost];
  if (!host || isOf(words, 0, host) || (at && isOf(store, at + recordShift, host))) return true;
  if (words[etherTypeWord] >>> 16 != swap16(etherTypeArp)) return false;
  const upper = (arpSenderAt - 2) / 4;
  return ((words[upper] >>> 16) | (words[upper + 1] << 16)) >>> 0 == host || words[arpTargetAt / 4] == host;
}

/** Whether an IPv4 packet comes from a host or goes to it. */
function isOf(words: Uint32Array, at: number, host: number): boolean {
  return (
    words[at + etherTypeWord] >>> 16 == swap16(etherTypeIpv4) &&
    (words[at + sourceWord] == host || words[at + targetWord] == host)
  );
}

/** Takes the last record back. */
export function forget(store: Uint32Array, at: number): void {
  store[captureFill] = 4 * (at - captureHead);
  store[captureLostNow] += new Uint8Array(store.buffer)[4 * at + recordLost];
}

/** Adds a record of a frame. @returns the word at which it begins, or 0: there is no room */
export function keep(
  frame: Uint8Array,
  length: number,
  kind: number,
  reason: number,
  seconds: number,
): number {
  const store = captured!;
  const kept = length < store[captureSnap] ? length : store[captureSnap];
  const fill = store[captureFill];
  const end = (fill + recordHead + kept + 3) & ~3;
  if (end > captureBytes) {
    store[captureLost]++;
    store[captureLostNow]++;
    return 0;
  }
  const at = captureHead + fill / 4;
  const bytes = new Uint8Array(store.buffer, 4 * at, end - fill);
  store[at] = (seconds * 1e6) >>> 0;
  store[at + 1] = length | (kept << recordKeptShift) | (kind << recordKindShift);
  bytes[recordReason] = reason;
  bytes[recordLost] = store[captureLostNow] < mostLost ? store[captureLostNow] : mostLost;
  bytes.set(frame.subarray(framePrefix, framePrefix + kept), recordHead);
  store[captureFill] = end;
  store[captureLostNow] = 0;
  return at;
}

/**
 * How many bytes of its frame a record has.
 * @inline
 */
export function keptOf(store: Uint32Array, at: number): number {
  return (store[at + 1] >>> recordKeptShift) & recordKeptMask;
}

/** Leaves so many bytes in the last record. */
export function shorten(store: Uint32Array, at: number, kept: number): void {
  store[at + 1] += (kept - keptOf(store, at)) << recordKeptShift;
  store[captureFill] = (4 * (at - captureHead) + recordHead + kept + 3) & ~3;
}
