/**
 * The loop: one turn serves both ports until nothing waits, then spends a little on housekeeping.
 *
 * A turn is started by a timer, which is the truth, and by the interrupt lines, which are hints. It is bounded, so
 * that the interpreter's own events get their share.
 */
import {
  clock,
  hopSlots,
  neighbourState,
  ping,
  pingEndpoint,
  switches,
  traceSwitch,
} from '../layout/arena.ts';
import { lanPort, wanPort } from '../layout/ports.ts';
import { dropNeighbour } from '../layout/reasons.ts';
import { lastingSeconds, requestMark, startMark } from '../layout/start-mark.ts';
import { endCapture, isUnread } from '../control/capture.ts';
import { drop } from '../control/count.ts';
import { dropLateFragments, releasedFrame, releasedIngress, releasedLength } from '../control/held.ts';
import { hostUnreachable, sendUnreachable } from '../control/icmp.ts';
import { announce } from '../control/claims.ts';
import { ageHop, ages } from '../control/neighbours.ts';
import { take } from '../control/packet.ts';
import { stepPing } from '../control/ping.ts';
import { sweepFlows } from '../control/sweep.ts';
import { onFalling } from '../platform/bus.ts';
import type { Wire } from '../platform/bus.ts';
import { readMark, writeMark } from '../platform/start.ts';
import { every, kickWatchdog, seconds, startWatchdog } from '../platform/system.ts';
import { largestFrame } from '../control/addresses.ts';
import { checkHealth } from '../w5500/health.ts';
import { wrapPlaces } from '../w5500/receive.ts';
import { followMtu, setLimit } from './batch.ts';
import { forgetLosses } from './recover.ts';
import { lookAnyway, serve, serveLan, serveWan } from './serve.ts';
import { giveUp, sendOutbox } from './slow.ts';

/**
 * Milliseconds between turns when no interrupt line calls. A turn costs a board some 3 ms, and a frame that comes
 * meanwhile waits: so not more often than housekeeping needs.
 */
const turnMilliseconds = 20;
/** Every so many turns: both ports are looked at whatever their lines say (a lost edge never comes again). */
const pollTurns = 3;
/** Every so many turns: the health of one chip, then of the other. */
const healthTurns = 5;
/** Flows aged in one turn of the timer: all of them in some five seconds, a small part of the shortest limit. */
const flowsPerSlice = 2;

/**
 * Seconds without a whole turn after which the board restarts. Ctrl-C and lack of memory remove the interval, an
 * endless loop never ends it, and an exception in every turn cuts it short; none of them can be caught here. The
 * longest answer of the seam takes a second or two; where a config is checked, which takes longer, it is kicked meanwhile.
 */
const watchdogSeconds = 10;

let untilPoll = pollTurns;
let untilHealth = healthTurns;
let nextChip = wanPort;
let bootSeconds = 0;
let lastSecond = 0;
let serveSecond: (now: number) => void;

/** Seconds since the loop started. */
export function uptime(): number {
  return Math.floor(seconds() - bootSeconds);
}

/** Switches the frames' long way, with trace or capture, on or off. */
export function traceLoop(on: boolean): void {
  setLimit(on ? 0 : largestFrame());
}

/**
 * Starts the loop over two opened ports.
 * @param wan the WAN chip's interrupt line, as `lan` the LAN's
 * @param second called once a second, with the whole seconds since now, for services that this room does not know
 */
export function startLoop(wan: Wire, lan: Wire, second: (now: number) => void): void {
  serveSecond = second;
  setLimit(largestFrame());
  bootSeconds = seconds();
  onFalling(wan, serveWan);
  onFalling(lan, serveLan);
  every(turnMilliseconds, turn);
  startWatchdog(watchdogSeconds);
}

/** A turn of the timer. */
function turn(): void {
  // A fraction is cut off by the column.
  clock[0] = seconds() - bootSeconds;
  serve();
  sweepFlows(flowsPerSlice);
  if (!--untilPoll) {
    // An interrupt that was missed once may be missed for good.
    untilPoll = lookAnyway() ? 1 : pollTurns;
  }
  if (!--untilHealth) {
    untilHealth = healthTurns;
    checkHealth(nextChip);
    nextChip = wanPort + lanPort - nextChip;
  }
  if (clock[0] != lastSecond) {
    lastSecond = clock[0];
    // Not inside everySecond, which would read over its text every second.
    if (ping[pingEndpoint]) stepPing();
    try {
      serveSecond(uptime());
    } catch (error) {
      // A fault of ours: ageing, and the watchdog, go on.
      giveUp(error);
    }
    everySecond();
  }
}

/**
 * The watchdog is kicked at the end of all, so that only a turn that came through counts.
 * @overlay
 */
function everySecond(): void {
  forgetLosses();
  wrapPlaces();
  followMtu();
  for (let hop = 1; hop < hopSlots; hop++) if (neighbourState[hop] && ages(hop) && ageHop(hop)) tellSender();
  announce(wanPort);
  announce(lanPort);
  sendOutbox();
  dropLateFragments();
  if (isUnread()) {
    endCapture();
    traceLoop(switches[traceSwitch] != 0);
  }
  // Not at that second alone, of which a long answer may have taken all; and not over the mark of a restart to come.
  if (clock[0] >= lastingSeconds && readMark() < requestMark) writeMark(startMark);
  kickWatchdog();
}

/** A held frame's neighbour never answered: its sender is told that the host is unreachable. */
function tellSender(): void {
  take(releasedFrame, new Uint32Array(releasedFrame.buffer), releasedLength, releasedIngress);
  sendUnreachable(hostUnreachable);
  drop(dropNeighbour);
}
