/**
 * Bringing a chip up: reset, probe, configure, open (datasheet sections 4 and 5.5; every wait is bounded).
 * Nothing here is part of the packet path. Progress is made by timers, so that the other port works meanwhile.
 */
import {
  clock,
  complained,
  counter,
  lanMacAt,
  neighbourMacs,
  patience,
  phyAsReset,
  resetSecond,
  resetsInRow,
  switches,
  wanMacAt,
  wellLooks,
} from '../layout/arena.ts';
import { chipDown, lanPort, running } from '../layout/ports.ts';
import { commandTimeout } from '../layout/reasons.ts';
import { after, say } from '../platform/system.ts';
import { driveReset, readRegisters, writeRegisters } from './port.ts';
import { setReceivePointer } from './receive.ts';
import {
  bufferSizesAt,
  canary,
  canaryAt,
  commandAt,
  commandClose,
  commandOpen,
  commonRead,
  commonWrite,
  interruptAt,
  interruptMaskAt,
  interruptReceived,
  macAt,
  macrawFiltered,
  modeAt,
  modePingBlock,
  nextSocket,
  phyAt,
  phyLink,
  phySettings,
  receivePointerAt,
  socketMaskAt,
  socketModeAt,
  socketRead,
  socketWrite,
  stateMacraw,
  transmitPointerAt,
  version,
  versionAt,
  wholeBuffer,
} from './registers.ts';
import { chipState, setChip, setLink } from './state.ts';
import { setTransmitPointer } from './transmit.ts';

/** Milliseconds: the reset pulse must last 500 us, and the PLL needs 1 ms afterwards (datasheet 5.5.1). */
const resetLowMilliseconds = 1;
/** Some chips read 0 right after a reset; ask this often, this long apart. */
const probeEveryMilliseconds = 10;
const probeTries = 50;
/** A chip that answers but does not open costs more, up to a hundred reads: each time counts for so many tries. */
const triesOfFailure = 12;
/**
 * Seconds from a reset to the next, which are doubled each time until the chip has been well for a while: nothing is
 * gained by haste, each reset costs the link 2 s, and trying takes time from the other port. Not less than 3, for an
 * attempt takes half a second or more and seconds are counted whole.
 */
const firstPause = 3;
const longestPause = 60;
/** Resets in a row after which the pause is the longest one. */
const patientResets = 6;
/**
 * Looks of health.ts, five a second: from setting a chip up to the next time, unless it is reset; in which a reset is
 * under way; until one that answers but cannot be set up is tried again.
 */
export const patientLooks = 5;
const resettingLooks = 2;
const uselessLooks = 25;
/** Looks at a command register before the command counts as lost. */
const commandLooks = 40;

function portName(port: number): string {
  return port == lanPort ? 'LAN' : 'WAN';
}

/** What the console was told, by port in `complained`: nothing; does not answer; answers, but is of no use. */
const toldNothing = 0;
const toldSilent = 1;
const toldUseless = 2;

/** Starts the chip from a hardware reset. */
export function bringUp(port: number): void {
  setChip(port, chipDown);
  setLink(port, 0);
  switches[resetSecond + port] = clock[0];
  switches[patience + port] = resettingLooks;
  switches[wellLooks + port] = 0;
  if (switches[resetsInRow + port] < patientResets) switches[resetsInRow + port]++;
  driveReset(port, 0);
  after(resetLowMilliseconds, function () {
    driveReset(port, 1);
    after(probeEveryMilliseconds, function () {
      probe(port, probeTries);
    });
  });
}

/**
 * Sets a chip up if it answers, or looks again a little later. @param tries how often
 * @overlay
 */
export function probe(port: number, tries: number): void {
  // Another look was earlier.
  if (chipState(port) != chipDown) return;
  const answer = readRegisters(port, versionAt, commonRead, 1)[3];
  if (answer == version) {
    // We never change them; a bit error may.
    switches[phyAsReset + port] = readRegisters(port, phyAt, commonRead, 1)[3] & phySettings;
    if (setUp(port)) {
      switches[complained + port] = toldNothing;
      switches[patience + port] = tries ? 0 : patientLooks;
      return;
    }
    switches[patience + port] = uselessLooks;
    tries -= triesOfFailure;
  }
  if (tries > 0) {
    after(probeEveryMilliseconds, function () {
      probe(port, tries - 1);
    });
    return;
  }
  const tell = answer == version ? toldUseless : toldSilent;
  if (switches[complained + port] == tell) return;
  switches[complained + port] = tell;
  say('The ' + portName(port) + ' chip ' + complaint(answer) + ' Trying again, at least once a minute.');
}

/**
 * Whether a chip may be reset now: the pause since the last time is over, or it was well in between. Asked by the clock
 * and not planned by the last attempt: that may have ended anywhere, by an exception or by Ctrl-C on the console.
 */
export function resetIsDue(port: number): boolean {
  const resets = switches[resetsInRow + port];
  return (
    !resets ||
    ((clock[0] - switches[resetSecond + port]) & 255) >=
      (resets < patientResets ? firstPause << (resets - 1) : longestPause)
  );
}

/** What is wrong with a chip that cannot be brought up, and what to do. @param answer its version register */
function complaint(answer: number): string {
  if (answer == version) {
    return 'answers, but does not keep what is written to it or does not open: check its power, and try a lower spi.hertz.';
  }
  return (
    'does not answer as a W5500 (version register ' +
    answer +
    ', expected ' +
    version +
    '): check its power, wiring and select pin.'
  );
}

/** All of a chip's registers, as after a reset, which it does not need for that. @returns whether it runs */
export function setUp(port: number): boolean {
  return configure(port) && openSocket(port);
}

/** Common registers and buffer sizes. @returns whether the chip keeps what is written to it */
function configure(port: number): boolean {
  const pattern = [0x5a, 0xa5, 0x00, 0xff, 0x33, 0xcc];
  writeRegisters(port, macAt, commonWrite, pattern);
  const echo = readRegisters(port, macAt, commonRead, 6);
  for (let i = 0; i < 6; i++) if (echo[3 + i] != pattern[i]) return false;
  writeRegisters(port, modeAt, commonWrite, [modePingBlock]);
  const own = port == lanPort ? lanMacAt : wanMacAt;
  writeRegisters(port, macAt, commonWrite, neighbourMacs.subarray(own, own + 6));
  writeRegisters(port, canaryAt, commonWrite, [canary]);
  for (let socket = 1; socket < 8; socket++) {
    writeRegisters(port, bufferSizesAt, socketWrite + socket * nextSocket, [0, 0]);
  }
  writeRegisters(port, bufferSizesAt, socketWrite, [wholeBuffer, wholeBuffer]);
  return true;
}

/** Gives a command and waits for the chip to take it. */
function command(port: number, code: number): boolean {
  writeRegisters(port, commandAt, socketWrite, [code]);
  for (let looks = 0; looks < commandLooks; looks++) {
    if (!readRegisters(port, commandAt, socketRead, 1)[3]) return true;
  }
  counter[commandTimeout]++;
  return false;
}

/** Opens socket 0 in MACRAW mode and takes over the chip's pointers. @returns whether it runs */
export function openSocket(port: number): boolean {
  writeRegisters(port, socketMaskAt, commonWrite, [0]);
  command(port, commandClose);
  writeRegisters(port, interruptAt, socketWrite, [255]);
  writeRegisters(port, interruptMaskAt, socketWrite, [interruptReceived]);
  writeRegisters(port, socketModeAt, socketWrite, [macrawFiltered]);
  if (!command(port, commandOpen)) return false;
  let looks = commandLooks;
  let registers = readRegisters(port, 0, socketRead, 44);
  while (registers[3 + 3] != stateMacraw) {
    if (!looks--) return false;
    registers = readRegisters(port, 0, socketRead, 44);
  }
  setReceivePointer(port, (registers[3 + receivePointerAt] << 8) | registers[4 + receivePointerAt]);
  setTransmitPointer(port, (registers[3 + transmitPointerAt] << 8) | registers[4 + transmitPointerAt]);
  const phy = readRegisters(port, phyAt, commonRead, 1)[3];
  setLink(port, phy & phyLink);
  setChip(port, running);
  writeRegisters(port, socketMaskAt, commonWrite, [1]);
  return true;
}
