/**
 * A length header that cannot be right: a torn pointer or a flipped bit passes, a ring out of step does not.
 */
import { counter } from '../layout/arena.ts';
import { chipDown, chipStuck, lanPort } from '../layout/ports.ts';
import { desynchronised, tornRead } from '../layout/reasons.ts';
import {
  lanArrivals,
  lanCommitRead,
  lanRead,
  lanReceive,
  setReceivePointer,
  wanArrivals,
  wanCommitRead,
  wanRead,
  wanReceive,
} from '../w5500/receive.ts';
import { chipState, setChip } from '../w5500/state.ts';

/** Odd looks at one place of the ring before it counts as out of step: a torn value or a flipped bit passes. */
const looks = 10;
/** Ring lost so often within a second: the socket must be opened again. */
const losses = 3;

/** By port: odd looks in a row, the place in the ring where they were, and rings lost in this second. */
const odd = [0, 0];
const place = [0, 0];
const lost = [0, 0];

/** What waits at the present place of a port's ring is no frame. The caller leaves and looks again. */
export function lookAgain(port: number): void {
  // A chip that is being reset says anything.
  if (chipState(port) == chipDown) return;
  counter[tornRead]++;
  const at = port == lanPort ? lanRead : wanRead;
  if (place[port] != at) odd[port] = 0;
  place[port] = at;
  odd[port]++;
  if (odd[port] >= looks) giveUp(port);
}

/**
 * What waits in the ring is given up for lost, and in the end the socket's present opening.
 * @overlay
 */
function giveUp(port: number): void {
  if (lost[port] >= losses) {
    lost[port] = 0;
    setChip(port, chipStuck);
  } else if (resynchronise(port)) {
    lost[port]++;
    counter[desynchronised]++;
  }
}

/** Where the chip will write next. */
function ringEnd(port: number): number {
  const end = port == lanPort ? lanArrivals() : wanArrivals();
  return (end[3] << 8) | end[4];
}

/** Forgets everything in the ring: reading goes on where the chip will write next. @returns false while that moves */
function resynchronise(port: number): boolean {
  const next = ringEnd(port);
  if (ringEnd(port) != next) return false;
  setReceivePointer(port, next);
  if (port == lanPort) {
    lanCommitRead();
    lanReceive();
  } else {
    wanCommitRead();
    wanReceive();
  }
  return true;
}

/** Once a second: losses count against a port only when they come close together. */
export function forgetLosses(): void {
  lost[0] = 0;
  lost[1] = 0;
}
