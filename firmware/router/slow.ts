/**
 * The way through the control room and back: decide, send what may be sent, then whatever control left behind.
 */
import { counter, dueCapture, dueTally, dueTrace, switches, traceSwitch } from '../layout/arena.ts';
import { captureLeft, captureOwn } from '../layout/capture.ts';
import { dropException, looked } from '../layout/reasons.ts';
import { isForRouter, kindOf, toLanAddress } from '../datapath/fast.ts';
import { conclude } from '../control/conclude.ts';
import { decide } from '../control/decide.ts';
import { mayRelease, nextReleased, releasedFrame, releasedIngress, releasedLength } from '../control/held.ts';
import { emptyOutbox, hopOfFrame, lengthOfFrame, outCount, outFrame } from '../control/outbox.ts';
import { say } from '../platform/system.ts';
import { send } from './send.ts';
import { sendCaptured, sendWatched } from './watch.ts';

let saidException = false;

/**
 * A frame the datapath left alone, or, while somebody watches, was not asked about: then it is asked in watch.ts, so
 * that trace and capture cost nothing while they are off. Never throws: a frame that does that to control would otherwise be read
 * from the ring again and again, and nothing behind it would ever be seen.
 */
export function decideAndSend(frame: Uint8Array, words: Uint32Array, length: number, port: number): void {
  try {
    if (
      switches[traceSwitch]
        ? sendWatched(frame, words, length, port)
        : isForRouter(words) && sendToServer(frame, words, length)
    )
      return;
    counter[looked]++;
    pass(frame, words, length, port);
    while (mayRelease && nextReleased()) {
      pass(releasedFrame, new Uint32Array(releasedFrame.buffer), releasedLength, releasedIngress);
    }
  } catch (error) {
    giveUp(error);
  }
}

/**
 * A packet for R may be a server's answer, the other half of a `lan` hairpin: only these are for the datapath and not
 * asked about by the drains, which look for P alone. @returns whether it was one
 */
function sendToServer(frame: Uint8Array, words: Uint32Array, length: number): boolean {
  const hop = toLanAddress(words, kindOf(words));
  if (hop) send(frame, length + 2, hop);
  return hop != 0;
}

/** Control or a service threw: a fault of ours; the frame that met it is lost with whatever it was about to cause. */
export function giveUp(error: unknown): void {
  counter[dropException]++;
  emptyOutbox();
  switches[traceSwitch] &= dueTrace | dueCapture | dueTally;
  if (saidException) return;
  saidException = true;
  say('Something was left undone because of a fault in the firmware, please report it: ' + error);
}

function pass(frame: Uint8Array, words: Uint32Array, length: number, port: number): void {
  let hop = decide(frame, words, length, port);
  if (switches[traceSwitch]) {
    length = conclude(hop, length);
    if (switches[traceSwitch] & dueCapture) hop = sendCaptured(frame, length, hop, captureLeft);
  }
  if (hop) send(frame, length + 2, hop);
  if (outCount) sendOutbox();
}

/** Sends what control left in the outbox. It is empty first: what cannot be sent is not tried for ever. */
export function sendOutbox(): void {
  const waiting = outCount;
  emptyOutbox();
  for (let i = 0; i < waiting; i++) {
    const frame = outFrame[i]!;
    if (switches[traceSwitch] & dueCapture)
      sendCaptured(frame, lengthOfFrame(frame) - 2, hopOfFrame(frame), captureOwn);
    else send(frame, lengthOfFrame(frame), hopOfFrame(frame));
    // It is not kept for longer than it takes.
    outFrame[i] = undefined;
  }
}
