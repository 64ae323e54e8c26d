/**
 * How much of a ring to read at once, and what to do when the frame there is not as long as what was read: one of
 * several, cut short, too long for the datapath, or nothing that can be a frame.
 *
 * A read asks for everything waiting, but at most for as much as the last frame took and the two bytes behind it,
 * which are the next frame's length: then that one is read exactly, and a burst of small frames does not drag 1500
 * bytes along with each. A guess that was too small is read again.
 */
import { counter } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { dropOversize, receivedLan, receivedWan } from '../layout/reasons.ts';
import {
  lanExchange,
  lanRequest,
  lanRequestEnd,
  lanSelect,
  lanTook,
  wanExchange,
  wanRequest,
  wanRequestEnd,
  wanSelect,
  wanTook,
} from '../w5500/receive.ts';
import { largestFrame } from '../control/addresses.ts';
import { bufferBytes } from '../w5500/registers.ts';
import { lookAgain } from './recover.ts';
import { decideAndSend } from './slow.ts';

/** Shortest length header: a frame of 60 bytes and the header itself. */
export const shortest = 62;
/** Length header of the longest frame that is worth anything. */
const longest = 1516;
/** Largest length header the chip can produce: a frame with a VLAN tag. Longer means out of step. */
const oversize = 1524;

/** Longest length header of a frame that the datapath is asked about. Never more than `longest`. */
let limit = longest;
/** Ring bytes to ask for at once, by port. What is read exactly is at most `limit` long. */
export let wanMost = longest;
export let lanMost = longest;

/**
 * Sets the longest Ethernet frame the datapath is asked about; longer ones are control's. With 0 all are: then no more
 * than the length header is read before.
 */
export function setLimit(frameLimit: number): void {
  limit = wanMost = lanMost = frameLimit + 2;
}

/** The WAN's MTU may have changed with its address: once a second the limit follows it, unless control has all frames. */
export function followMtu(): void {
  const most = largestFrame();
  if (limit > 2 && limit != most + 2) setLimit(most);
}

/** @inline */
function setMost(port: number, most: number): number {
  return port == lanPort ? (lanMost = most) : (wanMost = most);
}

/**
 * The next frame on the WAN has this length header: read it exactly, and the header behind it.
 * @inline
 */
export function wanExpect(next: number): number {
  return (wanMost = next < limit ? next + 2 : limit);
}

/**
 * The same on the LAN.
 * @inline
 */
export function lanExpect(next: number): number {
  return (lanMost = next < limit ? next + 2 : limit);
}

/**
 * A read of `got` ring bytes brought a frame with another length header.
 * @param pending ring bytes that wait, this frame's among them
 * @returns 1 when the frame is whole and the datapath may be asked, 0 to leave the batch and look again
 */
export function odd(port: number, frame: Uint8Array, length: number, pending: number, got: number): number {
  const sound = length >= shortest && length <= pending && length <= oversize && pending <= bufferBytes;
  if (sound && length <= got && length <= limit) {
    let most = length + 2;
    if (got > length + 1) {
      const next = nextLength(frame, length);
      most = next < limit ? next + 2 : limit;
    }
    setMost(port, most);
    return 1;
  }
  setMost(port, limit);
  if (!sound) lookAgain(port);
  else if (length > limit) alone(port, length);
  // Else it was cut short by the guess.
  return 0;
}

/**
 * Length header of the frame behind this one, which was read with it.
 * @inline
 */
function nextLength(frame: Uint8Array, length: number): number {
  return (frame[length + 4] << 8) | frame[length + 5];
}

/** A frame that the datapath is not asked about, because of its length or the trace: control's, if it is one at all. */
function alone(port: number, length: number): void {
  if (length > longest) counter[dropOversize]++;
  else {
    const frame =
      port == lanPort
        ? lanExchange(lanRequest(lanRequestEnd + length), lanSelect)
        : wanExchange(wanRequest(wanRequestEnd + length), wanSelect);
    decideAndSend(frame, new Uint32Array(frame.buffer), length - 2, port);
  }
  // The drains count the frames that they take themselves.
  if (port == lanPort) {
    counter[receivedLan]++;
    lanTook(length);
  } else {
    counter[receivedWan]++;
    wanTook(length);
  }
}
