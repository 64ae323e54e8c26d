/**
 * A length header that cannot be right, or more waiting than a ring holds: a torn pointer or a flipped bit passes, a
 * ring out of step does not.
 */
import { counter, oddLooks, oddPlace, ringLosses, switches } from '../layout/arena.ts';
import { chipDown, chipStuck, lanPort, wanPort } from '../layout/ports.ts';
import { desynchronised, tornRead } from '../layout/reasons.ts';
import {
  lanArrivals,
  lanCommitRead,
  lanReceive,
  receivePlaceOf,
  setReceivePointer,
  wanArrivals,
  wanCommitRead,
  wanReceive,
} from '../w5500/receive.ts';
import { bufferBytes } from '../w5500/registers.ts';
import { chipState, setChip } from '../w5500/state.ts';

/** Odd looks at one place of the ring before it counts as out of step: a torn value or a flipped bit passes. */
const looks = 10;
/** Ring lost more often than that within a second: the chip must be set up anew. */
const losses = 3;

/** What waits at the present place of a port's ring is no frame. The caller leaves and looks again. */
export function lookAgain(port: number): void {
  // A chip that is being reset says anything.
  if (chipState(port) == chipDown) return;
  counter[tornRead]++;
  const place = receivePlaceOf(port) & 255;
  if (switches[oddPlace + port] != place) switches[oddLooks + port] = 0;
  switches[oddPlace + port] = place;
  if (++switches[oddLooks + port] >= looks) giveUp(port);
}

/**
 * A batch ended with more to come than a ring holds. A torn pointer says so once, and what was read behind the last
 * frame was old; a place that is by now beyond what the chip has received says so again.
 * @returns 1: look once more, 0: not at a chip that is down
 */
export function strayed(port: number): number {
  if (chipState(port) == chipDown) return 0;
  counter[tornRead]++;
  const end = ringEnd(port);
  if (ringEnd(port) == end && ((end - receivePlaceOf(port)) & 65535) > bufferBytes) giveUp(port);
  return 1;
}

/**
 * What waits in the ring is given up for lost, and in the end the socket's present opening.
 * @overlay
 */
function giveUp(port: number): void {
  if (!resynchronise(port)) return;
  counter[desynchronised]++;
  switches[oddLooks + port] = 0;
  if (++switches[ringLosses + port] > losses) setChip(port, chipStuck);
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
  switches[ringLosses + wanPort] = 0;
  switches[ringLosses + lanPort] = 0;
}
