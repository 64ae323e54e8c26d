/**
 * State and link of a chip, kept in the arena's switches so that the packet path can look without asking.
 *
 * The transmit template's stamp is the ticket to send: it is taken away here whenever a port may no longer send, and
 * the transmitter gives a new one only to a running chip with a link. So the packet path asks nothing extra.
 */
import {
  chipLan,
  chipWan,
  linkLan,
  linkWan,
  noStamp,
  stampLan,
  stampWan,
  switches,
} from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';

/** A port's chip state: `chipDown`, `running` or `chipStuck` of layout/ports.ts. */
export function chipState(port: number): number {
  return switches[port == lanPort ? chipLan : chipWan];
}

/** 1 while a port's cable carries a signal. */
export function linkUp(port: number): number {
  return switches[port == lanPort ? linkLan : linkWan];
}

export function setChip(port: number, state: number): void {
  switches[port == lanPort ? chipLan : chipWan] = state;
  revokeStamp(port);
}

/** @param up 1 while the cable carries a signal */
export function setLink(port: number, up: number): void {
  switches[port == lanPort ? linkLan : linkWan] = up;
  revokeStamp(port);
}

function revokeStamp(port: number): void {
  switches[port == lanPort ? stampLan : stampWan] = noStamp;
}
