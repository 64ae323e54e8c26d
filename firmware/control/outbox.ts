/**
 * The outbox: frames control wants sent. Control never transmits; the router empties this after every decision.
 *
 * A frame is built in the layout of wire/frame.ts, in an array that lives until it has left, like those of received
 * frames; the transmit template fills in both MAC addresses from the hop.
 */
import { outSlots } from '../layout/arena.ts';
import { dropOutFull } from '../layout/reasons.ts';
import { ethernetBytes, framePrefix, outHopAt, shortestFrame } from '../wire/frame.ts';
import { count } from './count.ts';

/** Frames waiting, `outCount` of them. Each has its next hop at `outHopAt`, and is as long as its array says. */
export const outFrame: (Uint8Array | undefined)[] = [];
export let outCount = 0;

/**
 * Forgets everything posted: the router sent it.
 * @inline
 */
export function emptyOutbox(): number {
  return (outCount = 0);
}

/**
 * A frame of zeros for an IP packet of so many bytes, or for anything else behind an Ethernet header.
 * @inline
 */
export function newFrame(bytes: number): Uint8Array {
  return new Uint8Array(
    framePrefix + (ethernetBytes + bytes < shortestFrame ? shortestFrame : ethernetBytes + bytes),
  );
}

/** The same, if there is room in the outbox. @returns undefined when there is none, which is counted */
export function blankFrame(bytes: number): Uint8Array | undefined {
  // Not the other way round: the interpreter takes no `return` of nothing as the last word of a function.
  if (outCount >= outSlots) {
    count(dropOutFull);
    return undefined;
  }
  return newFrame(bytes);
}

/**
 * The next hop of a waiting frame.
 * @inline
 */
export function hopOfFrame(frame: Uint8Array): number {
  return frame[outHopAt];
}

/**
 * What the length header of a waiting frame would be, if it had come in.
 * @inline
 */
export function lengthOfFrame(frame: Uint8Array): number {
  return frame.length - framePrefix + 2;
}

/** Leaves a frame for the router, if there is room. */
export function post(frame: Uint8Array, hop: number): void {
  if (outCount >= outSlots) {
    count(dropOutFull);
    return;
  }
  frame[outHopAt] = hop;
  outFrame[outCount] = frame;
  outCount++;
}

/**
 * Ethernet length of an IP packet.
 * @inline
 */
export function ethernetLength(ipBytes: number): number {
  return ethernetBytes + ipBytes;
}
