/**
 * The router as a station: whether a frame is meant for it. Its MAC addresses stand in the neighbour table, beside
 * every neighbour's; here they are once more as a frame's words hold them.
 */
import { lanMacAt, neighbourMacs, wanMacAt } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { groupMask } from '../wire/frame.ts';
import { ingress, words } from './packet.ts';

/** Two bytes of a MAC address, and the four behind them. */
let wanHigh = 0;
let wanLow = 0;
let lanHigh = 0;
let lanLow = 0;

function byteAt(at: number, i: number): number {
  return neighbourMacs[at + i] << (8 * i);
}

/** Reads our addresses from the neighbour table. */
export function readOwnMacs(): void {
  wanHigh = byteAt(wanMacAt, 0) | byteAt(wanMacAt, 1);
  wanLow =
    (byteAt(wanMacAt + 2, 0) |
      byteAt(wanMacAt + 2, 1) |
      byteAt(wanMacAt + 2, 2) |
      byteAt(wanMacAt + 2, 3)) >>>
    0;
  lanHigh = byteAt(lanMacAt, 0) | byteAt(lanMacAt, 1);
  lanLow =
    (byteAt(lanMacAt + 2, 0) |
      byteAt(lanMacAt + 2, 1) |
      byteAt(lanMacAt + 2, 2) |
      byteAt(lanMacAt + 2, 3)) >>>
    0;
}

/** Our MAC address on a port, six numbers. */
export function ownMac(port: number): number[] {
  const mac: number[] = [];
  for (let i = 0; i < 6; i++) mac[i] = neighbourMacs[(port == lanPort ? lanMacAt : wanMacAt) + i];
  return mac;
}

/**
 * Whether the frame at hand was sent to many (broadcast or multicast).
 * @inline
 */
export function toMany(): boolean {
  return (words[1] & groupMask) != 0;
}

/** Whether the frame at hand is addressed to us or to many. The chip filters already, and now and then leaks. */
export function isForUs(): boolean {
  if (toMany()) return true;
  if (ingress == lanPort) return words[2] == lanLow && words[1] >>> 16 == lanHigh;
  return words[2] == wanLow && words[1] >>> 16 == wanHigh;
}
