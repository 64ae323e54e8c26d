// Shares the chip's 16 KB of transmit and 16 KB of receive memory out to the sockets by their size registers.
// Source: data sheet chapter 3 (memory map) and 4.2 (Sn_RXBUF_SIZE, Sn_TXBUF_SIZE).
import type { ChipContext } from './context.ts';
import type { Socket } from './socket.ts';
import { BUFFER_KILOBYTES, BUFFER_MEMORY } from './registers.ts';

/** Places every ring behind its predecessors. Sockets beyond the end of memory lie over the first ones. */
export function placeRings(sockets: readonly Socket[]): void {
  let transmit = 0;
  let receive = 0;
  for (const socket of sockets) {
    const txBytes = ringBytes(socket.txKilobytes);
    const rxBytes = ringBytes(socket.rxKilobytes);
    socket.transmitRing.place(transmit % BUFFER_MEMORY, txBytes);
    socket.receiveRing.place(receive % BUFFER_MEMORY, rxBytes);
    transmit += txBytes;
    receive += rxBytes;
  }
}

/** A size that does not exist acts as the next smaller one, so the host's own idea of the ring corrupts its data. */
function ringBytes(kilobytes: number): number {
  let size = 0;
  for (const known of BUFFER_KILOBYTES) if (known <= kilobytes) size = known;
  return size * 1024;
}

/** Complains of sizes the manual forbids; asked at OPEN, when the host must have finished with them. */
export function checkBufferSizes(sockets: readonly Socket[], context: ChipContext): void {
  let transmit = 0;
  let receive = 0;
  for (const socket of sockets) {
    transmit += checkSize(context, `S${socket.index}_TXBUF_SIZE`, socket.txKilobytes);
    receive += checkSize(context, `S${socket.index}_RXBUF_SIZE`, socket.rxKilobytes);
  }
  checkSum(context, 'Sn_TXBUF_SIZE', transmit);
  checkSum(context, 'Sn_RXBUF_SIZE', receive);
}

function checkSize(context: ChipContext, register: string, kilobytes: number): number {
  if (!(BUFFER_KILOBYTES as readonly number[]).includes(kilobytes))
    context.complain(register, `is ${kilobytes}; a buffer has 0, 1, 2, 4, 8 or 16 KB.`);
  return kilobytes;
}

function checkSum(context: ChipContext, register: string, kilobytes: number): void {
  if (kilobytes > 16)
    context.complain(register, `adds up to ${kilobytes} KB over the sockets; the chip has 16 KB each way.`);
}
