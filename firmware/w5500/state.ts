/**
 * State and link of a chip, kept in the arena's switches so that the packet path can look without asking.
 *
 * The transmit template's stamp is the ticket to send: it is taken away here whenever a port may no longer send, and
 * the transmitter gives a new one only to a running chip with a link. So the packet path asks nothing extra.
 */
import { chipWan, linkWan, noStamp, stampWan, switches } from '../layout/arena.ts';

/**
 * A port's chip state: `chipDown`, `running` or `chipStuck` of layout/ports.ts.
 * @inline
 */
export function chipState(port: number): number {
  return switches[chipWan + port];
}

/**
 * 1 while a port's cable carries a signal.
 * @inline
 */
export function linkUp(port: number): number {
  return switches[linkWan + port];
}

/**
 * Sets a port's chip state, and takes its stamp away.
 * @inline
 */
export function setChip(port: number, state: number): number {
  return ((switches[chipWan + port] = state), (switches[stampWan + port] = noStamp));
}

/**
 * Sets whether a port's cable carries a signal, and takes its stamp away.
 * @param up 1 while it does
 * @inline
 */
export function setLink(port: number, up: number): number {
  return ((switches[linkWan + port] = up), (switches[stampWan + port] = noStamp));
}
