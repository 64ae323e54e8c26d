/**
 * The hot path: frames out of one port, through the datapath, into the other. Read it from top to bottom.
 *
 * There is one drain for each port, so that nothing on the way has to ask which one it is. May touch: the natives and
 * places of the ports, the datapath, counters of its own. Everything rare is one call away: batch.ts when a frame is
 * not as long as what was read, slow.ts when the datapath has no answer. Flat.
 */
import { Words, counter, stampLan, stampWan, switches } from '../layout/arena.ts';
import { lanPort, wanPort } from '../layout/ports.ts';
import { receivedLan, receivedWan } from '../layout/reasons.ts';
import { fromLan, fromWan, isPublic, kindOf, toPublic } from '../datapath/fast.ts';
import {
  lanArrivals,
  lanClear,
  lanCommitRead,
  lanExchange,
  lanRead,
  lanReceive,
  lanRequest,
  lanRequestEnd,
  lanSelect,
  lanTook,
  wanArrivals,
  wanClear,
  wanCommitRead,
  wanExchange,
  wanRead,
  wanReceive,
  wanRequest,
  wanRequestEnd,
  wanSelect,
  wanTook,
} from '../w5500/receive.ts';
import { transmitIdle } from '../w5500/registers.ts';
import { lanEmit, lanFree, lanRestamp, sendLan, wanEmit, wanFree } from '../w5500/transmit.ts';
import { lanExpect, lanMost, odd, shortest, wanExpect, wanMost } from './batch.ts';
import { send } from './send.ts';
import { decideAndSend } from './slow.ts';

/** Frames taken here since they were last added to their counters. */
let wanFrames = 0;
let lanFrames = 0;
/**
 * A batch ends at every eighth frame: then the chip is told that their room is free, and the other port gets its turn.
 */
const batchMask = 7;

/**
 * Takes one batch of frames that wait on the WAN's port.
 * @returns 0 when none is left: the chip's line tells about every later arrival. Else more wait, of which it need not.
 */
export function drainWan(): number {
  // Cleared first: an arrival from here on pulls the line down again.
  wanClear();
  let frame = wanArrivals();
  let pending = (((frame[3] << 8) | frame[4]) - wanRead - 1) & 65535;
  if (!pending) return 0;
  do {
    const got = pending < wanMost ? pending : wanMost;
    frame = wanExchange(wanRequest(wanRequestEnd + got), wanSelect);
    const length = (frame[4] << 8) | frame[5];
    if (length != got) {
      // In a batch the two bytes behind a frame are read with it: the length of the next.
      if (length == got - 2 && length >= shortest) {
        const next = (frame[got + 2] << 8) | frame[got + 3];
        wanExpect(next);
      } else if (!odd(wanPort, frame, length, pending, got)) break;
    }
    const words = new Words(frame.buffer);
    const kind = kindOf(words);
    const hop = fromWan(words, kind);
    // Where the last frame went, or elsewhere if the port may send; and the last frame has left.
    if ((hop == switches[stampLan] || (hop && lanRestamp(hop))) && lanFree()[3] == transmitIdle) {
      lanEmit(frame, length);
    } else if (hop) sendLan(frame, length, hop);
    else decideAndSend(frame, words, length - 2, wanPort);
    wanTook(length);
    pending -= length;
    wanFrames++;
  } while (pending && wanFrames & batchMask);
  wanCommitRead();
  wanReceive();
  return pending;
}

/** The same for the LAN's port. */
export function drainLan(): number {
  lanClear();
  let frame = lanArrivals();
  let pending = (((frame[3] << 8) | frame[4]) - lanRead - 1) & 65535;
  if (!pending) return 0;
  do {
    const got = pending < lanMost ? pending : lanMost;
    frame = lanExchange(lanRequest(lanRequestEnd + got), lanSelect);
    const length = (frame[4] << 8) | frame[5];
    if (length != got) {
      // In a batch the two bytes behind a frame are read with it: the length of the next.
      if (length == got - 2 && length >= shortest) {
        const next = (frame[got + 2] << 8) | frame[got + 3];
        lanExpect(next);
      } else if (!odd(lanPort, frame, length, pending, got)) break;
    }
    const words = new Words(frame.buffer);
    const kind = kindOf(words);
    if (isPublic(words)) drainToPublic(frame, words, kind, length);
    else {
      const hop = fromLan(words, kind);
      if (hop == switches[stampWan] && wanFree()[3] == transmitIdle) wanEmit(frame, length);
      else if (hop) send(frame, length, hop);
      else decideAndSend(frame, words, length - 2, lanPort);
    }
    lanTook(length);
    pending -= length;
    lanFrames++;
  } while (pending && lanFrames & batchMask);
  lanCommitRead();
  lanReceive();
  return pending;
}

/** A frame from the LAN to P: around the hairpin, or nothing the datapath knows. */
function drainToPublic(frame: Uint8Array, words: Uint32Array, kind: number, length: number): void {
  const hop = toPublic(words, kind);
  if ((hop == switches[stampLan] || (hop && lanRestamp(hop))) && lanFree()[3] == transmitIdle) {
    lanEmit(frame, length);
  } else if (hop) sendLan(frame, length, hop);
  else decideAndSend(frame, words, length - 2, lanPort);
}

/** Brings the counters of received frames up to date: they are read far less often than frames come. */
export function countReceived(): void {
  counter[receivedWan] += wanFrames;
  counter[receivedLan] += lanFrames;
  wanFrames = 0;
  lanFrames = 0;
}
