/**
 * Bringing a chip up: reset, probe, configure, open (datasheet sections 4 and 5.5; every wait is bounded).
 * Nothing here is part of the packet path. Progress is made by timers, so that the other port works meanwhile.
 */
import { clock, counter, lanMacAt, neighbourMacs, wanMacAt } from '../layout/arena.ts';
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
import { setChip, setLink } from './state.ts';
import { setTransmitPointer } from './transmit.ts';

/** Milliseconds: the reset pulse must last 500 us, and the PLL needs 1 ms afterwards (datasheet 5.5.1). */
const resetLowMilliseconds = 1;
/** Some chips read 0 right after a reset; ask this often, this long apart. */
const probeEveryMilliseconds = 10;
const probeTries = 50;
/** A chip that is down is reset again this long after the last time. Bringing it up takes half a second at most. */
const retrySeconds = 6;
/** Looks at a command register before the command counts as lost. */
const commandLooks = 40;

function portName(port: number): string {
  return port == lanPort ? 'LAN' : 'WAN';
}

/** PHY settings by port, as the chip's own reset made them; we never change them, a bit error may. */
export const phyAfterReset = [0, 0];

/** By port: second of the last reset, and the version register that was complained about (-1: none was). */
const resetAt = [0, 0];
const complainedAbout = [-1, -1];

/** Starts the chip from a hardware reset. */
export function bringUp(port: number): void {
  setChip(port, chipDown);
  resetAt[port] = clock[0];
  driveReset(port, 0);
  after(resetLowMilliseconds, function () {
    driveReset(port, 1);
    after(probeEveryMilliseconds, function () {
      probe(port, probeTries);
    });
  });
}

/** @overlay */
function probe(port: number, tries: number): void {
  const answer = readRegisters(port, versionAt, commonRead, 1)[3];
  if (answer == version && configure(port) && openSocket(port)) {
    complainedAbout[port] = -1;
    return;
  }
  if (tries > 0) {
    after(probeEveryMilliseconds, function () {
      probe(port, tries - 1);
    });
    return;
  }
  if (complainedAbout[port] == answer) return;
  complainedAbout[port] = answer;
  say('The ' + portName(port) + ' chip ' + complaint(answer) + ' Trying again every few seconds.');
}

/**
 * Whether it is time to start once more with a chip that stays down. Asked by the clock and not planned by the last
 * attempt: that may have ended anywhere, by an exception or by Ctrl-C on the console.
 * @inline
 */
export function retryIsDue(port: number): boolean {
  return ((clock[0] - resetAt[port]) & 65535) >= retrySeconds;
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

/** Common registers and buffer sizes. @returns whether the chip keeps what is written to it */
function configure(port: number): boolean {
  const pattern = [0x5a, 0xa5, 0x00, 0xff, 0x33, 0xcc];
  writeRegisters(port, macAt, commonWrite, pattern);
  const echo = readRegisters(port, macAt, commonRead, 6);
  for (let i = 0; i < 6; i++) if (echo[3 + i] != pattern[i]) return false;
  phyAfterReset[port] = readRegisters(port, phyAt, commonRead, 1)[3] & phySettings;
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
