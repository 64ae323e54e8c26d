/**
 * Health: the slow look at each chip, a few times a second, and the way back from each kind of trouble.
 *
 * One read of the common registers tells presence, silent resets (canary, MAC, masks) and the link; one of the
 * socket's tells whether it is open and whether the chip's pointers are where ours are: a single wrong bit in a
 * pointer or a command would otherwise leave it deaf or dumb for good. Trouble is mended in steps: open the socket
 * again; if that was not enough, reset the chip.
 */
import { counter, lanMacAt, neighbourMacs, wanMacAt } from '../layout/arena.ts';
import { chipDown, chipStuck, lanPort } from '../layout/ports.ts';
import { chipRestarted } from '../layout/reasons.ts';
import { bringUp, openSocket, phyAfterReset, retryIsDue } from './bring-up.ts';
import { readRegisters } from './port.ts';
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
import { chipState, linkUp, setLink } from './state.ts';
import { transmitEndOf } from './transmit.ts';

/** Looks in a row that found something wrong, by port: one may be a flipped bit, two are not. */
const bad = [0, 0];
/** Looks until the socket may be opened again; trouble that returns earlier asks for a reset. */
const patience = [0, 0];
const patientLooks = 5;

/** Looks at one chip and mends it. */
export function checkHealth(port: number): void {
  if (chipState(port) == chipDown) {
    if (retryIsDue(port)) bringUp(port);
    return;
  }
  if (patience[port]) patience[port]--;
  const common = readRegisters(port, 0, commonRead, versionAt + 1);
  const alive = isConfigured(port, common);
  if (alive) {
    const socket = readRegisters(port, 0, socketRead, interruptMaskAt + 1);
    bad[port] = isInStep(port, socket) ? 0 : bad[port] + 1;
  } else {
    bad[port]++;
    if (bad[port] > 1) restart(port);
    return;
  }
  const up = common[3 + phyAt] & phyLink;
  const cameUp = up == 1 && !linkUp(port);
  if (up != linkUp(port)) setLink(port, up);
  // Without link nothing is mended: a frame caught in the transmitter is no fault, and link-up opens the socket anew.
  if (cameUp || (up && (bad[port] > 1 || chipState(port) == chipStuck))) repair(port, cameUp);
}

/**
 * Opens the socket of a chip that answers: its link is there again, or it is in trouble.
 * @overlay
 */
function repair(port: number, cameUp: boolean): void {
  if (!(cameUp ? openSocket(port) : mend(port))) restart(port);
}

/** Whether the common registers, behind 3 dummies, are as bring-up left them. */
function isConfigured(port: number, common: Uint8Array): boolean {
  const own = port == lanPort ? lanMacAt : wanMacAt;
  for (let i = 0; i < 6; i++) if (common[3 + macAt + i] != neighbourMacs[own + i]) return false;
  return (
    common[3 + versionAt] == version &&
    common[3 + canaryAt] == canary &&
    common[3 + modeAt] == modePingBlock &&
    (common[3 + phyAt] & phySettings) == phyAfterReset[port] &&
    common[3 + socketMaskAt] == 1
  );
}

/** @inline */
function halfAt(registers: Uint8Array, at: number): number {
  return (registers[3 + at] << 8) | registers[4 + at];
}

/**
 * Whether the socket's registers, behind 3 dummies, are as bring-up left them and its pointers are ours; while a frame
 * is on its way out, the one that moves meanwhile is not asked.
 * @inline
 */
function isInStep(port: number, socket: Uint8Array): boolean {
  return (
    socket[3 + socketModeAt] == macrawFiltered &&
    socket[3 + stateAt] == stateMacraw &&
    socket[3 + bufferSizesAt] == wholeBuffer &&
    socket[4 + bufferSizesAt] == wholeBuffer &&
    socket[3 + interruptMaskAt] == interruptReceived &&
    // More than the ring holds: an RX_RD that arrived wrong, and the chip has no room for anything any more.
    halfAt(socket, receivedSizeAt) <= bufferBytes &&
    (socket[3 + transmitFreeAt] != transmitIdle || halfAt(socket, transmitReadAt) == transmitEndOf(port))
  );
}

/** Opens the socket again, unless that was tried a moment ago. @returns whether it is open */
function mend(port: number): boolean {
  if (patience[port]) return false;
  patience[port] = patientLooks;
  bad[port] = 0;
  counter[chipRestarted]++;
  return openSocket(port);
}

/** @inline */
function restart(port: number): void {
  return ((bad[port] = 0), counter[chipRestarted]++, bringUp(port));
}
