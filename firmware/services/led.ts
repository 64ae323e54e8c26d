/**
 * The light of a board that has one ("led" in board.json): how the router is, as blinks once a second. It is lit from the
 * start on, as soon as board.json is read, so a router that stands still leaves it lit. docs/led.md has the patterns.
 */
import { chipLan, chipWan, ledPin, linkLan, linkWan, switches } from '../layout/arena.ts';
import { running } from '../layout/ports.ts';
import { publicAddress } from '../control/addresses.ts';
import { blink } from '../platform/led.ts';

/** Blinks a second. */
const allWell = 1;
const noWan = 2;
const noLan = 3;
const chipTrouble = 5;

/** Milliseconds: a blink, the dark between two, and both of them when it blinks fast. */
const lit = 60;
const dark = 240;
const fast = 100;

/** How often it blinks now: the worst trouble there is, the chips' first, because without them nothing else is known. */
function blinksNow(): number {
  if (switches[chipWan] != running || switches[chipLan] != running) return chipTrouble;
  if (!switches[linkLan]) return noLan;
  return switches[linkWan] && publicAddress ? allWell : noWan;
}

/**
 * Blinks for one second.
 * @overlay
 */
export function showState(): void {
  const blinks = blinksNow();
  const times = [blinks == chipTrouble ? fast : lit];
  for (let i = 1; i < blinks; i++) times.push(blinks == chipTrouble ? fast : dark, times[0]);
  blink('D' + (switches[ledPin] - 1), times);
}
