/**
 * The router as a station: its own MAC address on each port, and whether a frame is meant for it.
 */
import { lanPort } from '../layout/ports.ts';
import { ethernetAt } from '../wire/frame.ts';

let wanMac: number[] = [];
let lanMac: number[] = [];

export function setMacs(wan: number[], lan: number[]): void {
  wanMac = wan;
  lanMac = lan;
}

/** Our MAC address on a port, six numbers. */
export function ownMac(port: number): number[] {
  return port == lanPort ? lanMac : wanMac;
}

/** Whether a frame was sent to many (broadcast or multicast). */
export function toMany(frame: Uint8Array): boolean {
  return !!(frame[ethernetAt] & 1);
}

/** Whether a frame is addressed to us or to many. The chip filters already, and now and then leaks. */
export function isForUs(frame: Uint8Array, port: number): boolean {
  if (toMany(frame)) return true;
  const mac = ownMac(port);
  for (let i = 0; i < 6; i++) if (frame[ethernetAt + i] != mac[i]) return false;
  return true;
}
