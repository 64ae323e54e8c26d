/**
 * Runs before the firmware, and decides whether it runs at all: a bundle of its own at the head of dist/firmware.js. May
 * use the platform, and must not need anything of the router: whatever is wrong with that, this gets its turn first.
 *
 * When it leaves the router out, nothing of it is defined. The interpreter's console keeps the serial line, with all of
 * the memory, and `hairpin(line)` answers why. The next start is a normal one again.
 */
import { causePower, causeRequest, causeReset } from '../layout/events.ts';
import { failedStarts, requestMark, skipOnceMark, startMark } from '../layout/start-mark.ts';
import { bootButtonHeld, readMark, writeMark } from '../platform/start.ts';
import { say } from '../platform/system.ts';
import { quietRadios } from './quiet.ts';

/** Why the router is left out this time, or empty; counts the start. */
function whyNot(): string {
  const mark = readMark();
  const isOurs = mark >>> 16 == startMark >>> 16;
  const failed = isOurs ? mark & 255 : 0;
  const cause = !isOurs ? causePower : mark == requestMark ? causeRequest : causeReset;
  if (bootButtonHeld()) return 'the BOOT button was held when the board started';
  if (mark == skipOnceMark) return 'the last request was to restart without it';
  if (failed == failedStarts)
    return 'the last ' + failedStarts + ' starts did not last for half a minute; see "hairpin doctor"';
  writeMark(startMark + 256 * cause + (failed < failedStarts ? failed : 0) + 1);
  return '';
}

/** @returns what answers in the router's place, or undefined: the router may run */
function guard(): ((line: string) => string) | undefined {
  const reason = whyNot();
  if (!reason) return undefined;
  writeMark(startMark);
  quietRadios();
  const sentence = 'The router is left out: ' + reason + '. It runs again at the next restart.';
  say(sentence);
  return () => JSON.stringify({ ok: false, error: sentence });
}

export const hairpin = guard();
