// The MAC filter of a MACRAW socket: which frames from the wire reach the receive ring.
// A pure function of S0_MR, SHAR and the frame. Sources: data sheet 4.2 (Sn_MR); espressif/esp-eth-drivers for 33:33.
import { Sn_MR_BCASTB, Sn_MR_MFEN, Sn_MR_MIP6B, Sn_MR_MMB } from './registers.ts';

const GROUP_BIT = 0x01;

/** True if the filter passes `frame` (from destination MAC on). SHAR is the six bytes at `shar` of `common`. */
export function passesFilter(
  mode: number,
  common: Uint8Array,
  shar: number,
  frame: Uint8Array,
  blocks3333: boolean,
): boolean {
  if ((mode & Sn_MR_MFEN) === 0) return true;
  if ((mode & Sn_MR_MIP6B) !== 0 && frame[12] === 0x86 && frame[13] === 0xdd) return false;
  if ((frame[0] & GROUP_BIT) === 0) return isDestination(frame, common, shar);
  if (isBroadcast(frame)) return (mode & Sn_MR_BCASTB) === 0;
  if (frame[0] === 0x01 && frame[1] === 0x00 && frame[2] === 0x5e) return (mode & Sn_MR_MMB) === 0;
  if (frame[0] === 0x33 && frame[1] === 0x33) return (mode & Sn_MR_MMB) === 0 || !blocks3333;
  return false; // multicast of other protocols
}

function isBroadcast(frame: Uint8Array): boolean {
  return (frame[0] & frame[1] & frame[2] & frame[3] & frame[4] & frame[5]) === 0xff;
}

function isDestination(frame: Uint8Array, common: Uint8Array, shar: number): boolean {
  for (let i = 0; i < 6; i++) if (frame[i] !== common[shar + i]) return false;
  return true;
}
