/**
 * Health: the slow look at each chip, five times a second, and the way back from each kind of trouble.
 *
 * One read of the common registers tells presence, silent resets (canary, MAC, masks) and the link; one of the
 * socket's tells whether it is open and whether the chip's pointers are where ours are: a single wrong bit in a
 * pointer or a command would otherwise leave it deaf or dumb for good. Trouble is mended in steps: set the chip up
 * anew; if that was not enough, reset it, with growing pauses. docs/self-healing.md has all of it in a table.
 */
import {
  badLooks,
  counter,
  lanMacAt,
  neighbourMacs,
  patience,
  phyAsReset,
  resetsInRow,
  switches,
  wanMacAt,
  wellLooks,
} from '../layout/arena.ts';
import { chipDown, chipStuck, lanPort } from '../layout/ports.ts';
import { chipReset, chipRestarted, chipSilent, linkLost, settingsLost } from '../layout/reasons.ts';
import { bringUp, openSocket, patientLooks, probe, resetIsDue, setUp } from './bring-up.ts';
import { readRegisters } from './port.ts';
import { receivePlaceOf } from './receive.ts';
import {
  bufferBytes,
  bufferSizesAt,
  canary,
  canaryAt,
  commonRead,
  interruptMaskAt,
  interruptReceived,
  macAt,
  macrawFiltered,
  modeAt,
  modePingBlock,
  phyAt,
  phyLink,
  phySettings,
  receiveEndAt,
  receivedSizeAt,
  socketMaskAt,
  socketModeAt,
  socketRead,
  stateAt,
  stateMacraw,
  transmitFreeAt,
  transmitIdle,
  transmitReadAt,
  version,
  versionAt,
  wholeBuffer,
} from './registers.ts';
import { chipState, linkUp, setChip, setLink } from './state.ts';
import { leaves, transmitEndOf } from './transmit.ts';

/** Looks in a row that must agree on something wrong: one may be a flipped bit, two are not. */
const enoughLooks = 2;
/** Looks in a row without trouble, ten seconds', after which the next reset needs no pause. */
const lastingLooks = 50;

/** Looks at one chip and mends it. */
export function checkHealth(port: number): void {
  if (switches[patience + port]) switches[patience + port]--;
  if (chipState(port) == chipDown) {
    if (resetIsDue(port)) reset(port);
    // Its power is back, or the wire: no need to wait for the next reset.
    else if (!switches[patience + port] && readRegisters(port, versionAt, commonRead, 1)[3] == version) {
      probe(port, 0);
    }
    return;
  }
  const common = readRegisters(port, 0, commonRead, versionAt + 1);
  if (!isAsSet(port, common)) {
    if (looksBad(port)) repair(port, common[3 + versionAt]);
    return;
  }
  const up = common[3 + phyAt] & phyLink;
  const cameUp = up > linkUp(port);
  if (up != linkUp(port)) {
    setLink(port, up);
    if (!up) counter[linkLost]++;
  }
  const socket = readRegisters(port, 0, socketRead, interruptMaskAt + 1);
  const bad = isInStep(port, socket, up) ? looksWell(port) : looksBad(port);
  // Without link nothing is mended: a frame caught in the transmitter is no fault, and link-up opens the socket anew.
  if (cameUp) reopen(port);
  else if (up && (bad || chipState(port) == chipStuck)) repair(port, version);
}

/** Counts a look that found something wrong. @returns whether it is time to believe it */
function looksBad(port: number): boolean {
  return ++switches[badLooks + port] >= enoughLooks;
}

/** Counts a look that found nothing, as far as anything depends on it. @returns false */
function looksWell(port: number): boolean {
  switches[badLooks + port] = 0;
  if (switches[resetsInRow + port] && ++switches[wellLooks + port] >= lastingLooks) {
    switches[resetsInRow + port] = 0;
  }
  return false;
}

/** Whether the common registers, behind 3 dummies, are as bring-up left them. */
function isAsSet(port: number, common: Uint8Array): boolean {
  const own = port == lanPort ? lanMacAt : wanMacAt;
  for (let i = 0; i < 6; i++) if (common[3 + macAt + i] != neighbourMacs[own + i]) return false;
  return (
    common[3 + versionAt] == version &&
    common[3 + canaryAt] == canary &&
    common[3 + modeAt] == modePingBlock &&
    (common[3 + phyAt] & phySettings) == switches[phyAsReset + port] &&
    common[3 + socketMaskAt] == 1
  );
}

/** @inline */
function halfAt(registers: Uint8Array, at: number): number {
  return (registers[3 + at] << 8) | registers[4 + at];
}

/**
 * Whether the socket's registers, behind 3 dummies, are as bring-up left them, its pointers are ours, and a frame that
 * is on its way out leaves. @param up whether it can: 1 while there is a link
 * @inline
 */
function isInStep(port: number, socket: Uint8Array, up: number): boolean {
  return (
    socket[3 + socketModeAt] == macrawFiltered &&
    socket[3 + stateAt] == stateMacraw &&
    socket[3 + bufferSizesAt] == wholeBuffer &&
    socket[4 + bufferSizesAt] == wholeBuffer &&
    socket[3 + interruptMaskAt] == interruptReceived &&
    // More than there is to read, or more than the ring holds: an RX_RD or a RECV did not arrive, and the chip has no
    // room for anything any more. One byte is always held back, see port.ts.
    halfAt(socket, receivedSizeAt) <=
      (halfAt(socket, receiveEndAt) == receivePlaceOf(port) ? 1 : bufferBytes) &&
    (socket[3 + transmitFreeAt] == transmitIdle
      ? halfAt(socket, transmitReadAt) == transmitEndOf(port)
      : !up || chipState(port) == chipStuck || leaves(port))
  );
}

/**
 * Opens the socket of a chip whose link is there again.
 * @overlay
 */
function reopen(port: number): void {
  if (!openSocket(port)) giveUp(port);
}

/**
 * Takes the next step for a chip in trouble. @param answer its version register
 * @overlay
 */
function repair(port: number, answer: number): void {
  const isNews = switches[badLooks + port] == enoughLooks;
  switches[wellLooks + port] = 0;
  if (answer != version) {
    counter[chipSilent]++;
    giveUp(port);
    return;
  }
  if (isNews) counter[settingsLost]++;
  if (switches[patience + port]) {
    // Set up a moment ago. Until a reset is due it is left as it is, and then set up once more.
    if (resetIsDue(port)) reset(port);
    return;
  }
  switches[patience + port] = patientLooks;
  switches[badLooks + port] = 0;
  counter[chipRestarted]++;
  if (!setUp(port)) giveUp(port);
}

/** A chip that cannot be used: it is reset when that is due. */
function giveUp(port: number): void {
  setChip(port, chipDown);
  setLink(port, 0);
  if (resetIsDue(port)) reset(port);
}

/** @inline */
function reset(port: number): void {
  return ((switches[badLooks + port] = 0), counter[chipReset]++, bringUp(port));
}
