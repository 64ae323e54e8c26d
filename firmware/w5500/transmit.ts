/**
 * Sending: one frame into the chip's ring and out. Part of the hot path.
 *
 * The received array itself goes out again: its first three bytes become the SPI header, the three behind them land
 * in the ring just before the frame (TX_WR - 3), which is free because the previous frame has left by then.
 */
import { counter, messages, neighbourMacs, pointer, stampLan, stampWan, switches } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { linkDownDrop, transmitBusy, transmitStuck } from '../layout/reasons.ts';
import { copyBytes } from '../platform/bus.ts';
import type { Port } from './port.ts';
import { templateMacs } from './port.ts';
import { transmitIdle } from './registers.ts';
import { chipStuck, chipSwitch, linkSwitch, running, setChip } from './state.ts';

/** Looks at a transmitter that is still busy before it counts as stuck: several milliseconds on a board. */
const busyLooks = 64;

/** Makes the function that sends a frame: `(frame, Ethernet length, hop)`. */
export function makeTransmit(port: Port): (frame: Uint8Array, length: number, hop: number) => void {
  const free = port.transmitFree;
  const stamp = port.stamp;
  const write = port.write;
  const select = port.select;
  const commit = port.commitWrite;
  const send = port.send;
  const at = 2 + port.number;
  const stamped = port.number == lanPort ? stampLan : stampWan;
  const chip = chipSwitch(port);
  const link = linkSwitch(port);
  const setEnd = port.setEnd;
  const setWrite = port.setWrite;
  const macs = messages.subarray(port.block + templateMacs, port.block + templateMacs + 12);

  /** Another next hop than last time, or the port was shut meanwhile. @returns whether the port may send */
  function restamp(hop: number): boolean {
    if (switches[chip] != running || !switches[link]) {
      counter[linkDownDrop]++;
      return false;
    }
    copyBytes(neighbourMacs.subarray(12 * hop, 12 * hop + 12), macs);
    switches[stamped] = hop;
    return true;
  }

  /** Waits, within bounds, for the previous frame to leave. @returns whether it has */
  function waitIdle(): boolean {
    counter[transmitBusy]++;
    for (let looks = 0; looks < busyLooks; looks++) if (free()[3] == transmitIdle) return true;
    counter[transmitStuck]++;
    setChip(port, chipStuck);
    return false;
  }

  return function transmit(frame: Uint8Array, length: number, hop: number): void {
    if (switches[stamped] != hop && !restamp(hop)) return;
    if (free()[3] != transmitIdle && !waitIdle()) return;
    stamp(frame);
    write(frame, select);
    pointer[at] += length;
    const end = pointer[at];
    setEnd(end);
    commit();
    send();
    // The next frame is written three bytes early.
    setWrite(end - 3);
  };
}
