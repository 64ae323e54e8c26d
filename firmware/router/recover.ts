/**
 * A length header that cannot be right: a frame longer than was asked for, an oversize frame, or a ring out of step.
 */
import { counter, pointer } from '../layout/arena.ts';
import { desynchronised, dropOversize, tornRead } from '../layout/reasons.ts';
import { setReceivePointer } from '../w5500/bring-up.ts';
import type { Port } from '../w5500/port.ts';
import { chipStuck, setChip } from '../w5500/state.ts';

/** Length header of the longest frame that is worth anything. */
const longest = 1516;
/** Largest length header the chip can produce: a frame with a VLAN tag. Longer means out of step. */
const oversize = 1524;
/** Odd looks at one place of the ring before it counts as out of step: a torn value or a flipped bit passes. */
const looks = 10;
/** Ring lost so often within a second: the socket must be opened again. */
const losses = 3;

/** By port: odd looks in a row, the place in the ring where they were, and rings lost in this second. */
const odd = [0, 0];
const place = [0, 0];
const lost = [0, 0];

/**
 * What to do about a length that does not fit.
 * @returns bytes to pass over as a frame of no use, or 0 to leave the batch and look again
 */
export function passOver(port: Port, length: number, pending: number, got: number): number {
  if (length > longest && length <= oversize && length <= pending) {
    counter[dropOversize]++;
    return length;
  }
  // Cut short by our own limit: the next read asks for everything.
  if (length > got && length <= pending && length <= oversize) return 0;
  const at = port.number;
  counter[tornRead]++;
  if (place[at] != pointer[at]) odd[at] = 0;
  place[at] = pointer[at];
  odd[at]++;
  if (odd[at] >= looks) giveUp(port);
  return 0;
}

/** What waits in the ring is given up for lost, and in the end the socket's present opening. */
function giveUp(port: Port): void {
  const at = port.number;
  if (lost[at] >= losses) {
    lost[at] = 0;
    setChip(port, chipStuck);
  } else if (resynchronise(port)) {
    lost[at]++;
    counter[desynchronised]++;
  }
}

/** Forgets everything in the ring: reading goes on where the chip will write next. @returns false while that moves */
function resynchronise(port: Port): boolean {
  let end = port.arrivals();
  const next = (end[3] << 8) | end[4];
  end = port.arrivals();
  if (((end[3] << 8) | end[4]) != next) return false;
  setReceivePointer(port, next);
  port.commitRead();
  port.receive();
  return true;
}

/** Once a second: losses count against a port only when they come close together. */
export function forgetLosses(): void {
  lost[0] = 0;
  lost[1] = 0;
}
