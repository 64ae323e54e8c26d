/**
 * W5500 registers, commands and control bytes this driver uses (datasheet sections 2.2, 3 and 4). Numbers only.
 */

// Control byte: block select, read or write, variable length (datasheet 2.2.2).
export const commonRead = 0x00;
export const commonWrite = 0x04;
export const socketRead = 0x08;
export const socketWrite = 0x0c;
export const transmitWrite = 0x14;
export const receiveRead = 0x18;
/** Control byte of socket n's registers = this times n more than socket 0's. */
export const nextSocket = 0x20;

// Common block (datasheet 3.1 and 4.1).
export const modeAt = 0x0000;
export const macAt = 0x0009;
export const socketMaskAt = 0x0018;
/** A PPPoE register nobody uses: it tells whether the chip was reset behind our back. */
export const canaryAt = 0x001d;
export const phyAt = 0x002e;
export const versionAt = 0x0039;

/** Ping block: the chip's own stack must not answer (with SIPR 0 it has no address either). */
export const modePingBlock = 0x10;
export const version = 4;
export const canary = 0x5a;
/** Link bit of PHYCFGR, and the bits that are settings: reset, mode, power. */
export const phyLink = 1;
export const phySettings = 0xf8;

// Socket 0 (datasheet 3.2 and 4.2).
export const socketModeAt = 0x0000;
export const commandAt = 0x0001;
export const interruptAt = 0x0002;
export const stateAt = 0x0003;
export const bufferSizesAt = 0x001e;
export const transmitFreeAt = 0x0020;
export const transmitReadAt = 0x0022;
export const transmitPointerAt = 0x0024;
export const receivedSizeAt = 0x0026;
export const receivePointerAt = 0x0028;
export const receiveEndAt = 0x002a;
export const interruptMaskAt = 0x002c;

/** MACRAW, own unicast and broadcast only, no multicast, no IPv6 (datasheet 4.2 Sn_MR). */
export const macrawFiltered = 0xb4;
export const commandOpen = 0x01;
export const commandClose = 0x10;
export const commandSend = 0x20;
export const commandReceive = 0x40;
export const interruptReceived = 0x04;
export const stateMacraw = 0x42;
/** All 16 KB of each direction for socket 0. */
export const wholeBuffer = 0x10;
export const bufferBytes = 16384;
/** High byte of the free transmit space when nothing is waiting to be sent. */
export const transmitIdle = 0x40;
