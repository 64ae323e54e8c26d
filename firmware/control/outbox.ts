/**
 * The outbox: frames control wants sent. Control never transmits; the router empties this after every decision.
 *
 * A frame is built in an arena slot, in the layout of wire/frame.ts; the transmit template fills in both MAC addresses
 * from the hop.
 */
import { outFrames, outSlotBytes, outSlots } from '../layout/arena.ts';
import { dropOutFull } from '../layout/reasons.ts';
import { ethernetBytes, framePrefix, shortestFrame } from '../wire/frame.ts';
import { count } from './count.ts';

const slots: Uint8Array[] = [];
/** Frames waiting, their Ethernet lengths and next hops; `outCount` of them. */
export const outFrame: Uint8Array[] = [];
export const outLength: number[] = [];
export const outHop: number[] = [];
export let outCount = 0;

/** Makes the slots' views. Called once. */
export function openOutbox(): void {
  for (let i = 0; i < outSlots; i++) slots[i] = outFrames.subarray(i * outSlotBytes, (i + 1) * outSlotBytes);
}

/**
 * Forgets everything posted: the router sent it.
 * @inline
 */
export function emptyOutbox(): number {
  return (outCount = 0);
}

/**
 * A cleared slot to build a frame in; post it at once, before another is taken.
 * @returns undefined when the outbox is full, which is counted
 */
export function blankFrame(): Uint8Array | undefined {
  if (outCount >= outSlots) {
    count(dropOutFull);
    return undefined;
  }
  const frame = slots[outCount];
  for (let i = 0; i < framePrefix + shortestFrame; i++) frame[i] = 0;
  return frame;
}

/** Leaves a frame for the router. @param length Ethernet length; short frames are padded by their zeroed slot */
export function post(frame: Uint8Array, length: number, hop: number): void {
  if (outCount >= outSlots) {
    count(dropOutFull);
    return;
  }
  outFrame[outCount] = frame;
  outLength[outCount] = length < shortestFrame ? shortestFrame : length;
  outHop[outCount] = hop;
  outCount++;
}

/**
 * Ethernet length of an IP packet.
 * @inline
 */
export function ethernetLength(ipBytes: number): number {
  return ethernetBytes + ipBytes;
}
