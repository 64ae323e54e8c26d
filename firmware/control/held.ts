/**
 * Received frames that wait for a neighbour, as they arrived: one per neighbour, the newest wins, and three in all
 * (RFC 1122 2.3.2.2). When the neighbour answers, each is decided on again from the start.
 *
 * May touch: its places, counters. Must not: ask for a neighbour or know what a frame is for.
 */
import { neighbourState } from '../layout/arena.ts';
import { dropHeldFull, heldForNeighbour } from '../layout/reasons.ts';
import { count, drop, note } from './count.ts';
import { reachable } from './hops.ts';
import { frame, frameBytes, ingress } from './packet.ts';

const heldCount = 3;
const heldFrame: (Uint8Array | undefined)[] = [undefined, undefined, undefined];
const heldLength: number[] = [0, 0, 0];
const heldIngress: number[] = [0, 0, 0];
/** Hop each waits for; 0 = free place. */
const heldHop: number[] = [0, 0, 0];

/** The frame that was taken out of its place last. */
export let releasedFrame: Uint8Array;
export let releasedLength = 0;
export let releasedIngress = 0;

/** Whether a look for a frame to release is worth while: a neighbour has answered since the last look. */
export let mayRelease = false;

/** Forgets all held frames. */
export function resetHeld(): void {
  for (let i = 0; i < heldCount; i++) {
    heldFrame[i] = undefined;
    heldHop[i] = 0;
  }
}

/** Frames waiting now. */
export function heldNow(): number {
  let held = 0;
  for (let i = 0; i < heldCount; i++) if (heldHop[i]) held++;
  return held;
}

/** Keeps the packet at hand until `hop` is known, or drops it and counts that. */
export function hold(hop: number): void {
  let place = -1;
  for (let i = 0; i < heldCount; i++) {
    if (heldHop[i] == hop) {
      place = i;
      break;
    }
    if (!heldHop[i]) place = i;
  }
  if (place < 0) {
    drop(dropHeldFull);
    return;
  }
  if (heldHop[place]) count(dropHeldFull);
  heldFrame[place] = frame;
  heldLength[place] = frameBytes;
  heldIngress[place] = ingress;
  heldHop[place] = hop;
  note(heldForNeighbour);
}

/** A neighbour has answered: what waits for it may go on. */
export function letRelease(): void {
  mayRelease = true;
}

/** Takes one held frame whose neighbour is known now out of its place. @returns whether there was one */
export function nextReleased(): boolean {
  for (let i = 0; i < heldCount; i++) {
    if (heldHop[i] && neighbourState[heldHop[i]] == reachable) {
      release(i);
      return true;
    }
  }
  mayRelease = false;
  return false;
}

/** Takes the frame that waits for `hop` out of its place. @returns whether there was one */
export function takeHeld(hop: number): boolean {
  for (let i = 0; i < heldCount; i++) {
    if (heldHop[i] == hop) {
      release(i);
      return true;
    }
  }
  return false;
}

function release(place: number): void {
  releasedFrame = heldFrame[place]!;
  releasedLength = heldLength[place];
  releasedIngress = heldIngress[place];
  heldFrame[place] = undefined;
  heldHop[place] = 0;
}
