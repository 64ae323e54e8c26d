/**
 * The two transmit functions, made once and then known to every file of this room.
 */
import type { Port } from '../w5500/port.ts';
import { makeTransmit } from '../w5500/transmit.ts';

type Transmit = (frame: Uint8Array, length: number, hop: number) => void;

/** Sends a frame: its array, its Ethernet length, the next hop. */
export let sendWan: Transmit;
export let sendLan: Transmit;

/** Makes both transmitters. */
export function openTransmitters(wan: Port, lan: Port): void {
  sendWan = makeTransmit(wan);
  sendLan = makeTransmit(lan);
}
