/**
 * The way a flow's packets leave by. A row remembers its next hop; the slot may have been given to another address
 * since, so whoever is about to send by it looks again.
 */
import { neighbourAddress, rowHop, rowSource } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { portOf, wanNextHop } from './hops.ts';
import { neighbour } from './neighbours.ts';

/**
 * Makes a row's next hop the slot that its packets' destination has now.
 * @returns false when it has none, and none is free
 */
export function refreshHop(row: number): boolean {
  const address = rowSource[row ^ 1];
  const port = portOf(rowHop[row]);
  const next = port == lanPort ? address : wanNextHop(address);
  if (neighbourAddress[rowHop[row]] == next) return true;
  const hop = neighbour(port, next);
  if (hop) rowHop[row] = hop;
  return hop != 0;
}
