/**
 * Received frames that wait, as they arrived; each is decided on again from the start. Three places are for those that
 * wait for a neighbour, one per neighbour, the newest wins (RFC 1122 2.3.2.2). Three more are for pieces that came before
 * the first one of their datagram: they take none from other traffic, stand in the order they came, and wait 2 s.
 *
 * May touch: its places, counters. Must not: ask for a neighbour or know what a frame is for.
 */
import { clock, neighbourState, wanBroadcastHop } from '../layout/arena.ts';
import { dropFragment, dropHeldFull, heldForNeighbour, heldFragment } from '../layout/reasons.ts';
import { fragmentWord, protocolAt, sourceWord, targetWord } from '../wire/frame.ts';
import { count, drop, note } from './count.ts';
import { reachable } from './hops.ts';
import { frame, ingress, protocol, source, target, words } from './packet.ts';

/** Places for neighbours; those for fragments follow. */
const heldCount = 3;
const placeCount = 6;
const heldFrame: (Uint8Array | undefined)[] = [];
const heldIngress: number[] = [0, 0, 0, 0, 0, 0];
/** Hop each waits for; of a fragment the second in which it came, less 65536; 0 = free place. */
const heldFor: number[] = [0, 0, 0, 0, 0, 0];
/** What a frame waits for that has nothing to wait for any more: everybody is a neighbour that is always known. */
const nothing = wanBroadcastHop;

/** Seconds a fragment waits for the first of its datagram, at most. */
const fragmentSeconds = 2;

/** The frame that was taken out of its place last. */
export let releasedFrame: Uint8Array;
export let releasedLength = 0;
export let releasedIngress = 0;

/** Whether a look for a frame to release is worth while: a neighbour has answered since the last look. */
export let mayRelease = false;

/** Forgets all held frames. */
export function resetHeld(): void {
  for (let i = 0; i < placeCount; i++) {
    heldFrame[i] = undefined;
    heldFor[i] = 0;
  }
}

/** Frames waiting now. */
export function heldNow(): number {
  let held = 0;
  for (let i = 0; i < placeCount; i++) if (heldFor[i]) held++;
  return held;
}

/** Keeps the packet at hand until `hop` is known, or drops it and counts that. */
export function hold(hop: number): void {
  let place = -1;
  for (let i = 0; i < heldCount; i++) {
    if (heldFor[i] == hop) {
      place = i;
      break;
    }
    if (!heldFor[i]) place = i;
  }
  if (place < 0) {
    drop(dropHeldFull);
    return;
  }
  if (heldFor[place]) count(dropHeldFull);
  heldFrame[place] = frame;
  heldIngress[place] = ingress;
  heldFor[place] = hop;
  note(heldForNeighbour);
}

/** Keeps the fragment at hand until `freeFragments`, or drops it. @returns 0 */
export function holdFragment(): number {
  let place = heldCount;
  while (place < placeCount && heldFor[place]) place++;
  if (place == placeCount) return drop(dropFragment);
  heldFrame[place] = frame;
  heldIngress[place] = ingress;
  heldFor[place] = clock[0] - 65536;
  note(heldFragment);
  return 0;
}

/** The first piece of a datagram is at hand, still with the identification it came with: what waits for it goes on. */
export function freeFragments(): void {
  for (let i = heldCount; i < placeCount; i++) {
    if (!heldFor[i]) return;
    const piece = heldFrame[i]!;
    const w = new Uint32Array(piece.buffer);
    if (w[sourceWord] != source || w[targetWord] != target || piece[protocolAt] != protocol) continue;
    if ((w[fragmentWord] ^ words[fragmentWord]) & 65535) continue;
    heldFor[i] = nothing;
    mayRelease = true;
  }
}

/** Drops fragments whose first one has not come in time. Called every second. */
export function dropLateFragments(): void {
  while (heldFor[heldCount] && ((clock[0] - heldFor[heldCount]) & 65535) >= fragmentSeconds) {
    release(heldCount);
    count(dropFragment);
  }
}

/** A neighbour has answered: what waits for it may go on. */
export function letRelease(): void {
  mayRelease = true;
}

/** Takes one held frame whose neighbour is known now out of its place. @returns whether there was one */
export function nextReleased(): boolean {
  const end = heldFor[heldCount] ? placeCount : heldCount;
  for (let i = 0; i < end; i++) {
    if (heldFor[i] > 0 && neighbourState[heldFor[i]] == reachable) {
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
    if (heldFor[i] == hop) {
      release(i);
      return true;
    }
  }
  return false;
}

function release(place: number): void {
  releasedFrame = heldFrame[place]!;
  // Its length header is as it came from the ring, that of two bytes itself included.
  releasedLength = ((releasedFrame[4] << 8) | releasedFrame[5]) - 2;
  releasedIngress = heldIngress[place];
  // What came behind a fragment moves up.
  for (; place >= heldCount && place < placeCount - 1; place++) {
    heldFrame[place] = heldFrame[place + 1];
    heldIngress[place] = heldIngress[place + 1];
    heldFor[place] = heldFor[place + 1];
  }
  heldFrame[place] = undefined;
  heldFor[place] = 0;
}
