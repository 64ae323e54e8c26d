/**
 * Frames while somebody watches: the datapath is asked here, between what the trace and the capture note. The capture
 * keeps each frame as it arrived, before anybody may change it, then what became of it, and the frame as the chip was
 * given it; and those of the router's own.
 *
 * May touch: the capture's buffer (layout/capture.ts). Must not: decide anything. Exists only while it runs.
 */
import { counter, dueCapture, dueTally, dueTrace, switches, traceSwitch } from '../layout/arena.ts';
import {
  captureArrival,
  captureArrived,
  captureChanged,
  captureEnded,
  captureLeft,
  captureLeftLater,
  captureNoArrival,
  captureOwn,
  recordHead,
  recordReason,
} from '../layout/capture.ts';
import { dropException, fastForwarded, linkDownDrop, transmitStuck } from '../layout/reasons.ts';
import { translate } from '../datapath/fast.ts';
import { largestFrame } from '../control/addresses.ts';
import { captured, forget, isWanted, keep, keptOf, shorten } from '../control/capture.ts';
import { lastReason } from '../control/count.ts';
import { portOf } from '../control/hops.ts';
import { ingress } from '../control/packet.ts';
import { sourceOf, tallyFast } from '../control/tally.ts';
import { traceFast } from '../control/trace.ts';
import { checksum, seconds } from '../platform/system.ts';
import { send } from './send.ts';

/**
 * The datapath's turn while trace or capture is on, or bytes are counted. @returns whether it had an answer
 * @overlay
 */
export function sendWatched(frame: Uint8Array, words: Uint32Array, length: number, port: number): boolean {
  const captures = switches[traceSwitch] & dueCapture;
  // Whoever fails on the way to a verdict says so.
  if (captures)
    captured![captureArrival] =
      keep(frame, length, captureArrived + port, dropException, seconds()) || captureNoArrival;
  const from = sourceOf(words);
  const hop = length > largestFrame() ? 0 : translate(words, port);
  if (!hop) return false;
  if (switches[traceSwitch] & dueTally) tallyFast(port, from, frame, words, hop);
  if (switches[traceSwitch] & dueTrace) traceFast(port, frame, words, hop);
  if (captures) depart(frame, length, hop, captureLeft, fastForwarded);
  else send(frame, length + 2, hop);
  return true;
}

/**
 * Sends a frame that control has decided on or made, and captures that.
 * @param hop 0: it is not to be sent  @param kind `captureLeft` for what was decided on, or `captureOwn`
 * @returns 0: nothing is left to do
 * @overlay
 */
export function sendCaptured(frame: Uint8Array, length: number, hop: number, kind: number): number {
  depart(frame, length, hop, kind, lastReason);
  return 0;
}

/** Sends a frame, if it has a next hop, and keeps what became of it. */
function depart(frame: Uint8Array, length: number, hop: number, kind: number, reason: number): void {
  const store = captured!;
  const arrival = kind == captureOwn ? captureNoArrival : store[captureArrival];
  const at = arrival > captureNoArrival ? arrival : 0;
  const down = counter[linkDownDrop];
  const stuck = counter[transmitStuck];
  if (hop) send(frame, length + 2, hop);
  const unsent =
    counter[linkDownDrop] != down ? linkDownDrop : counter[transmitStuck] != stuck ? transmitStuck : 0;
  // What is decided on behind it had waited. A frame is not compared with another to find out: the interpreter would
  // look at all their bytes.
  if (kind == captureLeft) store[captureArrival] = 0;
  if (!isWanted(store, at, frame)) {
    if (at) forget(store, at);
    return;
  }
  if (at) new Uint8Array(store.buffer)[4 * at + recordReason] = unsent || reason;
  if (hop && !unsent) {
    if (!at && kind == captureLeft) kind = captureLeftLater;
    const left = keep(frame, length, kind + portOf(hop), reason, seconds());
    if (at && left) compare(store, at, left);
  } else if (!arrival) keep(frame, length, captureEnded + ingress, unsent || reason, seconds());
}

/** Shortens the record of a frame that left, where it does not differ from that of how it arrived. */
function compare(store: Uint32Array, at: number, left: number): void {
  const bytes = new Uint8Array(store.buffer);
  const kept = keptOf(store, left);
  const from = 4 * at + recordHead;
  const to = 4 * left + recordHead;
  if (
    kept > captureChanged &&
    kept <= keptOf(store, at) &&
    checksum(bytes.subarray(from + captureChanged, from + kept)) ==
      checksum(bytes.subarray(to + captureChanged, to + kept))
  )
    shorten(store, left, captureChanged);
}
