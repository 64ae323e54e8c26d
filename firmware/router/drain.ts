/**
 * The hot path: frames out of one port, through the datapath, into the other. Read it from top to bottom.
 *
 * May touch: the port's natives, the datapath, the transmitters. Everything rare is in slow.ts and recover.ts and
 * is reached by one call.
 */
import { Words, counter, firstLanHop, lanIndex, pointer, switches, wanIndex } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { looked, receivedLan, receivedWan } from '../layout/reasons.ts';
import { translate } from '../datapath/translate.ts';
import { chipSwitch } from '../w5500/state.ts';
import type { Port } from '../w5500/port.ts';
import { readHeader, readMost } from '../w5500/port.ts';
import { bufferBytes } from '../w5500/registers.ts';
import { passOver } from './recover.ts';
import { decideAndSend } from './slow.ts';
import { sendLan, sendWan } from './transmitters.ts';

/** Frames taken before the chip is told that their room is free, and the other port gets its turn. */
const batch = 8;
/** Shortest length header: a frame of 60 bytes and the header itself. */
const shortest = 62;

export interface Drain {
  /**
   * Takes one batch of waiting frames. Returns 1 when more is known to wait, which the chip's line need not say,
   * else 0: then the line tells about every later arrival.
   */
  drain: () => number;
  /** While tracing no frame is asked about here: slow.ts asks the datapath itself and writes down what it did. */
  trace: (on: boolean) => void;
}

/**
 * Makes the drain of a port.
 * @param frameLimit longest Ethernet frame that fits either egress: longer ones are control's
 */
export function makeDrain(port: Port, frameLimit: number): Drain {
  const index = port.number == lanPort ? lanIndex : wanIndex;
  const at = port.number;
  const exchange = port.exchange;
  const readMessage = port.readMessage;
  const select = port.select;
  const setRead = port.setRead;
  const readEnd = port.block + readHeader + 4;
  const clearInterrupt = port.clearInterrupt;
  const arrivals = port.arrivals;
  const toWan = sendWan;
  const toLan = sendLan;
  const commitRead = port.commitRead;
  const receive = port.receive;
  const received = port.number == lanPort ? receivedLan : receivedWan;
  const chip = chipSwitch(port);
  /** Ring bytes to ask for at once: the next frame's, as far as its length is known or guessed from the last one's. */
  let most = readMost;

  /** Longest length header of a frame that the datapath is asked about. */
  let fastest = frameLimit + 2;

  function drain(): number {
    if (!switches[chip]) return 0;
    // Cleared first: an arrival from here on raises the line again.
    clearInterrupt();
    const end = arrivals();
    let pending = (((end[3] << 8) | end[4]) - pointer[at]) & 65535;
    if ((pending - 1) >>> 0 >= bufferBytes) return pending ? passOver(port, 0, 0, 0) || 1 : 0;
    let frames = 0;
    let length = 0;
    while (pending && frames < batch) {
      const got = pending < most ? pending : most;
      const frame = exchange(readMessage(readEnd + got), select);
      length = (frame[4] << 8) | frame[5];
      // Shorter than the shortest frame, or longer than what was read: one comparison of unsigned numbers.
      if ((length - shortest) >>> 0 > got - shortest) {
        most = readMost;
        length = passOver(port, length, pending, got);
        if (!length) break;
        counter[looked]++;
      } else {
        if (got != length) most = nextRead(frame, length, got);
        const words = new Words(frame.buffer);
        const hop = length > fastest ? 0 : translate(words, index);
        if (!hop) decideAndSend(frame, words, length - 2, at, index);
        else if (hop < firstLanHop) toWan(frame, length - 2, hop);
        else toLan(frame, length - 2, hop);
      }
      frames++;
      pending -= length;
      pointer[at] += length;
      setRead(pointer[at] - 1);
    }
    if (!frames) return 1;
    commitRead();
    receive();
    // A frame alone is usually followed by one alone, whatever its size; one of several by one like it.
    if (frames == 1) most = readMost;
    counter[received] += frames;
    return pending ? 1 : 0;
  }

  return {
    drain: drain,
    trace: function (on: boolean): void {
      fastest = on ? 0 : frameLimit + 2;
    },
  };
}

/** Ring bytes to read for the next frame and the length behind it; its own length is in the bytes behind this one. */
function nextRead(frame: Uint8Array, length: number, got: number): number {
  const next = got > length + 1 ? ((frame[length + 4] << 8) | frame[length + 5]) + 2 : length + 2;
  return next < readMost ? next : readMost;
}
