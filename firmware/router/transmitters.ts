/**
 * The two transmit functions, and what the hot path needs to know about both ports at once.
 */
import { clock, fastest } from '../layout/arena.ts';
import { largestFrame } from '../control/addresses.ts';
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
  chooseFastest(false);
}

/** While the trace is on no frame is fast: slow.ts asks the datapath itself and writes down what it did. */
export function chooseFastest(tracing: boolean): void {
  clock[fastest] = tracing ? 0 : largestFrame() + 2;
}
