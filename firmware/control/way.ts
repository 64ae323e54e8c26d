/**
 * The way a flow's packets leave by. A row remembers its next hop; the slot may have been given to another address
 * since, so whoever is about to send by it looks again.
 */
import { neighbourAddress, rowHop, rowSource } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { portOf, wanNextHop } from './hops.ts';
import { neighbour } from './neighbours.ts';

/** Makes a row's next hop the slot that its packets' destination has now. */
export function refreshHop(row: number): void {
  const address = rowSource[row ^ 1];
  const port = portOf(rowHop[row]);
  const next = port == lanPort ? address : wanNextHop(address);
  if (neighbourAddress[rowHop[row]] != next) rowHop[row] = neighbour(port, next);
}
