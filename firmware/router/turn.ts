/**
 * The loop: one turn serves both ports until nothing waits, then spends a little on housekeeping.
 *
 * A turn is started by a timer, which is the truth, and by the interrupt lines, which are hints. It is bounded, so
 * that the interpreter's own events get their share.
 */
import { clock, counter, hopSlots } from '../layout/arena.ts';
import { interruptMissed } from '../layout/reasons.ts';
import { hostUnreachable, sendUnreachable } from '../control/icmp.ts';
import { ageHop, ages } from '../control/neighbours.ts';
import { readIp, take } from '../control/packet.ts';
import { sweepFlows } from '../control/sweep.ts';
import { onFalling } from '../platform/bus.ts';
import { every, kickWatchdog, seconds, startWatchdog } from '../platform/system.ts';
import { checkHealth } from '../w5500/health.ts';
import type { Port } from '../w5500/port.ts';
import type { Service } from './serve.ts';
import { makeService } from './serve.ts';
import { forgetLosses } from './recover.ts';
import { sendOutbox } from './slow.ts';

/** Milliseconds between turns when no interrupt line calls. */
const turnMilliseconds = 5;
/** Every so many turns: both ports are looked at whatever their lines say (a lost edge never comes again). */
const pollTurns = 10;
/** Every so many turns: the chips' health. */
const healthTurns = 40;
/** Flows aged in one turn of the timer: all of them in under two seconds. */
const flowsPerSlice = 2;

/**
 * Seconds without a whole turn after which the board restarts. Ctrl-C and lack of memory remove the interval, an
 * endless loop never ends it, and an exception in every turn cuts it short; none of them can be caught here. The
 * longest answer of the seam takes a second or two.
 */
const watchdogSeconds = 10;

let wan: Port;
let lan: Port;
let wanMac: number[];
let lanMac: number[];
/** Undefined until the loop starts: without a config it never does. */
let service: Service | undefined;
let turns = 0;
let bootSeconds = 0;
let lastSecond = 0;

/** Seconds since the loop started. */
export function uptime(): number {
  return Math.floor(seconds() - bootSeconds);
}

/** Switches the frames' long way, with the trace, on or off. */
export function traceLoop(on: boolean): void {
  if (service) service.trace(on);
}

/** Starts the loop over two opened ports and their MAC addresses. */
export function startLoop(wanSide: Port, wanAddress: number[], lanSide: Port, lanAddress: number[]): void {
  wan = wanSide;
  lan = lanSide;
  wanMac = wanAddress;
  lanMac = lanAddress;
  service = makeService(wan, lan);
  bootSeconds = seconds();
  onFalling(wan.interruptWire, service.serve);
  onFalling(lan.interruptWire, service.serve);
  every(turnMilliseconds, turn);
  startWatchdog(watchdogSeconds);
}

/** A turn of the timer. */
function turn(): void {
  const now = Math.floor(seconds() - bootSeconds);
  clock[0] = now;
  turns++;
  if (turns % pollTurns == 0) lookAnyway();
  service!.serve();
  sweepFlows(flowsPerSlice);
  if (turns % healthTurns == 0) checkHealth(wan, wanMac);
  if (turns % healthTurns == healthTurns / 2) checkHealth(lan, lanMac);
  if (now != lastSecond) {
    lastSecond = now;
    everySecond();
  }
}

/** The timer as the truth: looks at ports whose lines say that nothing waits. */
function lookAnyway(): void {
  if (service!.lookAt(wan.number)) counter[interruptMissed]++;
  if (service!.lookAt(lan.number)) counter[interruptMissed]++;
}

/** The watchdog is kicked at the end of all, so that only a turn that came through counts. */
function everySecond(): void {
  forgetLosses();
  for (let hop = 1; hop < hopSlots; hop++) if (ages(hop)) ageHop(hop, tellSender);
  sendOutbox();
  kickWatchdog();
}

/** A held frame's neighbour never answered: its sender is told that the host is unreachable. */
function tellSender(bytes: Uint8Array, length: number, port: number): void {
  take(bytes, new Uint32Array(bytes.buffer), length, port);
  readIp();
  sendUnreachable(hostUnreachable);
}
