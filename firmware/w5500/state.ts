/**
 * State and link of a chip, kept in the arena's switches so that the packet path can look without asking.
 *
 * The transmit template's stamp is the ticket to send: it is taken away here whenever a port may no longer send, and
 * the transmitter gives a new one only to a running chip with a link. So the packet path asks nothing extra.
 */
import { chipLan, chipWan, linkLan, linkWan, stampLan, stampWan, switches } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import type { Port } from './port.ts';

/** Not answering, or being reset. */
export const chipDown = 0;
/** Socket 0 is open and frames flow. */
export const running = 1;
/** The transmitter does not finish, or the receive ring falls out of step again and again: open the socket anew. */
export const chipStuck = 2;

/** The arena switch that holds a port's chip state. */
export function chipSwitch(port: Port): number {
  return port.number == lanPort ? chipLan : chipWan;
}

/** The arena switch that holds a port's link. */
export function linkSwitch(port: Port): number {
  return port.number == lanPort ? linkLan : linkWan;
}

export function setChip(port: Port, state: number): void {
  switches[chipSwitch(port)] = state;
  revokeStamp(port);
}

/** @param up 1 while the cable carries a signal */
export function setLink(port: Port, up: number): void {
  switches[linkSwitch(port)] = up;
  revokeStamp(port);
}

function revokeStamp(port: Port): void {
  switches[port.number == lanPort ? stampLan : stampWan] = 0;
}
