/**
 * What has changed since the last second, for the log: chips, links, and the counters of trouble. Driver and loop note
 * nothing themselves. What was seen last stands in the log's words. May touch these, and nothing else.
 */
import {
  chipLan,
  chipWan,
  counter,
  eventLog,
  linkLan,
  linkWan,
  logCounters,
  logNow,
  logTroubles,
  logWires,
  switches,
  watchedCounters,
} from '../layout/arena.ts';
import {
  chipCameUp,
  chipMended,
  chipWasReset,
  chipWasSilent,
  chipWentDown,
  commandUnanswered,
  droppedByException,
  interruptLost,
  linkCameUp,
  linkWentDown,
  receiveDesynchronised,
  settingsWereLost,
  started,
  tableFilled,
  transmitterStuck,
} from '../layout/events.ts';
import { chipDown, lanPort, running, wanPort } from '../layout/ports.ts';
import {
  chipReset,
  chipRestarted,
  chipSilent,
  commandTimeout,
  desynchronised,
  dropException,
  dropTableFull,
  interruptMissed,
  settingsLost,
  transmitStuck,
} from '../layout/reasons.ts';
import { readMark } from '../platform/start.ts';
import { logEvent } from './log.ts';

/** Seconds from the start until chips and links must be up: what is down then is noted although it never was up. */
const startSeconds = 6;

/** `logWires`: a bit for each link, then two for the state of each chip, then one that the start is over. */
const chipBits = 2;
const startOver = 1 << (2 + 2 * chipBits);
const everythingUp = 3 + ((running + (running << chipBits)) << 2);

/**
 * The present state, as `logWires` has it.
 * @inline
 */
function wiresNow(): number {
  return (
    switches[linkWan] +
    2 * switches[linkLan] +
    4 * switches[chipWan] +
    16 * switches[chipLan] +
    (eventLog[logNow] < startSeconds ? 0 : startOver)
  );
}

/**
 * The counters of `noteCounters`, added up.
 * @inline
 */
function troublesNow(): number {
  return (
    counter[dropException] +
    counter[dropTableFull] +
    counter[chipRestarted] +
    counter[desynchronised] +
    counter[transmitStuck] +
    counter[commandTimeout] +
    counter[interruptMissed] +
    counter[settingsLost] +
    counter[chipSilent] +
    counter[chipReset]
  );
}

/**
 * Whether there is something to note.
 * @inline
 */
export function hasChanged(): boolean {
  return wiresNow() != eventLog[logWires] || troublesNow() != eventLog[logTroubles];
}

/**
 * Notes what has changed.
 * @overlay
 */
export function noteChanges(): void {
  const wires = wiresNow();
  const seen = eventLog[logWires];
  const before = wires & startOver && !(seen & startOver) ? everythingUp : seen;
  noteSide(wanPort, before, wires);
  noteSide(lanPort, before, wires);
  noteCounters();
  eventLog[logWires] = wires;
  eventLog[logTroubles] = troublesNow();
}

/** @inline */
function chipOf(port: number, wires: number): number {
  return (wires >>> (2 + chipBits * port)) & ((1 << chipBits) - 1);
}

/** @inline */
function linkOf(port: number, wires: number): number {
  return (wires >>> port) & 1;
}

/** Of a chip that does not answer nobody knows whether its link is up. */
function noteSide(port: number, before: number, now: number): void {
  const up = chipOf(port, now) != chipDown;
  if (up != (chipOf(port, before) != chipDown)) logEvent(up ? chipCameUp : chipWentDown, port);
  if (up && linkOf(port, now) != linkOf(port, before))
    logEvent(linkOf(port, now) ? linkCameUp : linkWentDown, port);
}

/** Pairs of a counter and the event that it is. */
const watched = [
  dropException,
  droppedByException,
  dropTableFull,
  tableFilled,
  chipRestarted,
  chipMended,
  desynchronised,
  receiveDesynchronised,
  transmitStuck,
  transmitterStuck,
  commandTimeout,
  commandUnanswered,
  interruptMissed,
  interruptLost,
  settingsLost,
  settingsWereLost,
  chipSilent,
  chipWasSilent,
  chipReset,
  chipWasReset,
];

function noteCounters(): void {
  for (let i = 0; i < watchedCounters; i++) {
    const count = counter[watched[2 * i]];
    const more = count - eventLog[logCounters + i];
    if (more) logEvent(watched[2 * i + 1], more);
    eventLog[logCounters + i] = count;
  }
}

/**
 * Notes that the router was started, and why. Before its first second, for then the mark may change.
 * @inline
 */
export function noteStart(): void {
  return logEvent(started, (readMark() >>> 8) & 255);
}
