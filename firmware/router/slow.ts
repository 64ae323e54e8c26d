/**
 * The way through the control room and back: decide, send what may be sent, then whatever control left behind.
 */
import { counter, firstLanHop, switches, traceSwitch } from '../layout/arena.ts';
import { looked } from '../layout/reasons.ts';
import { translate } from '../datapath/translate.ts';
import { largestFrame } from '../control/addresses.ts';
import { decide } from '../control/decide.ts';
import { nextReleased, releasedFrame, releasedIngress, releasedLength } from '../control/neighbours.ts';
import { emptyOutbox, outCount, outFrame, outHop, outLength } from '../control/outbox.ts';
import { traceFast, traceSlow } from '../control/trace.ts';
import { sendLan, sendWan } from './transmitters.ts';

function send(frame: Uint8Array, length: number, hop: number): void {
  if (hop < firstLanHop) sendWan(frame, length, hop);
  else sendLan(frame, length, hop);
}

/**
 * A frame the datapath left alone, or, while the trace is on, was not asked about: then it is asked here, so that
 * the trace costs nothing while it is off.
 */
export function decideAndSend(
  frame: Uint8Array,
  words: Uint32Array,
  length: number,
  port: number,
  index: Uint16Array,
): void {
  if (switches[traceSwitch] && length <= largestFrame()) {
    const hop = translate(words, index);
    if (hop) {
      traceFast(port, frame, words, hop);
      send(frame, length, hop);
      return;
    }
  }
  counter[looked]++;
  pass(frame, words, length, port);
  while (nextReleased()) {
    pass(releasedFrame, new Uint32Array(releasedFrame.buffer), releasedLength, releasedIngress);
  }
}

function pass(frame: Uint8Array, words: Uint32Array, length: number, port: number): void {
  const hop = decide(frame, words, length, port);
  if (switches[traceSwitch]) traceSlow(hop);
  if (hop) send(frame, length, hop);
  if (outCount) sendOutbox();
}

/** Sends what control left in the outbox. */
export function sendOutbox(): void {
  for (let i = 0; i < outCount; i++) send(outFrame[i], outLength[i], outHop[i]);
  emptyOutbox();
}
