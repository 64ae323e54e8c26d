/**
 * Bringing a chip up: reset, probe, configure, open (datasheet sections 4 and 5.5; every wait is bounded).
 * Nothing here is part of the packet path. Progress is made by timers, so that the other port works meanwhile.
 */
import { clock, counter, pointer } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { commandTimeout } from '../layout/reasons.ts';
import { after, say } from '../platform/system.ts';
import type { Port } from './port.ts';
import { readRegisters, writeRegisters } from './port.ts';
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
import { chipDown, running, setChip, setLink } from './state.ts';

/** Milliseconds: the reset pulse must last 500 us, and the PLL needs 1 ms afterwards (datasheet 5.5.1). */
const resetLowMilliseconds = 1;
/** Some chips read 0 right after a reset; ask this often, this long apart. */
const probeEveryMilliseconds = 10;
const probeTries = 50;
/** A chip that is down is reset again this long after the last time. Bringing it up takes half a second at most. */
const retrySeconds = 6;
/** Looks at a command register before the command counts as lost. */
const commandLooks = 40;

function portName(port: Port): string {
  return port.number == lanPort ? 'LAN' : 'WAN';
}

/** PHY settings by port, as the chip's own reset made them; we never change them, a bit error may. */
export const phyAfterReset = [0, 0];

/** By port: second of the last reset, and the version register that was complained about (-1: none was). */
const resetAt = [0, 0];
const complainedAbout = [-1, -1];

/** Starts the chip from a hardware reset. @param mac our address on this port */
export function bringUp(port: Port, mac: number[]): void {
  setChip(port, chipDown);
  resetAt[port.number] = clock[0];
  port.reset.write(0);
  after(resetLowMilliseconds, function () {
    port.reset.write(1);
    after(probeEveryMilliseconds, function () {
      probe(port, mac, probeTries);
    });
  });
}

function probe(port: Port, mac: number[], tries: number): void {
  const answer = readRegisters(port, versionAt, commonRead, 1)[3];
  if (answer == version && configure(port, mac) && openSocket(port)) {
    complainedAbout[port.number] = -1;
    return;
  }
  if (tries > 0) {
    after(probeEveryMilliseconds, function () {
      probe(port, mac, tries - 1);
    });
    return;
  }
  if (complainedAbout[port.number] == answer) return;
  complainedAbout[port.number] = answer;
  say('The ' + portName(port) + ' chip ' + complaint(answer) + ' Trying again every few seconds.');
}

/**
 * Once more from the start for a chip that stays down. Asked by the clock and not planned by the last attempt: that
 * may have ended anywhere, by an exception or by Ctrl-C on the console.
 */
export function retry(port: Port, mac: number[]): void {
  if (((clock[0] - resetAt[port.number]) & 65535) >= retrySeconds) bringUp(port, mac);
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
function configure(port: Port, mac: number[]): boolean {
  const pattern = [0x5a, 0xa5, 0x00, 0xff, 0x33, 0xcc];
  writeRegisters(port, macAt, commonWrite, pattern);
  const echo = readRegisters(port, macAt, commonRead, 6);
  for (let i = 0; i < 6; i++) if (echo[3 + i] != pattern[i]) return false;
  phyAfterReset[port.number] = readRegisters(port, phyAt, commonRead, 1)[3] & phySettings;
  writeRegisters(port, modeAt, commonWrite, [modePingBlock]);
  writeRegisters(port, macAt, commonWrite, mac);
  writeRegisters(port, canaryAt, commonWrite, [canary]);
  for (let socket = 1; socket < 8; socket++) {
    writeRegisters(port, bufferSizesAt, socketWrite + socket * nextSocket, [0, 0]);
  }
  writeRegisters(port, bufferSizesAt, socketWrite, [wholeBuffer, wholeBuffer]);
  return true;
}

/** Gives a command and waits for the chip to take it. */
function command(port: Port, code: number): boolean {
  writeRegisters(port, commandAt, socketWrite, [code]);
  for (let looks = 0; looks < commandLooks; looks++) {
    if (!readRegisters(port, commandAt, socketRead, 1)[3]) return true;
  }
  counter[commandTimeout]++;
  return false;
}

/** Opens socket 0 in MACRAW mode and takes over the chip's pointers. @returns whether it runs */
export function openSocket(port: Port): boolean {
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
  setLink(port, readRegisters(port, phyAt, commonRead, 1)[3] & phyLink);
  setChip(port, running);
  writeRegisters(port, socketMaskAt, commonWrite, [1]);
  return true;
}

/** Where the next frame starts in the receive ring. Reads, and RX_RD, start one byte before it. */
export function setReceivePointer(port: Port, at: number): void {
  pointer[port.number] = at;
  port.setRead(at - 1);
}

/** Where the next frame goes in the transmit ring. */
function setTransmitPointer(port: Port, at: number): void {
  pointer[2 + port.number] = at;
  port.setEnd(at);
  port.setWrite(at - 3);
}
