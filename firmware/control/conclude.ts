/**
 * What some packets are due between the decision about them and their way out (steps 9 to 11 of the processing order):
 * those in pieces, those to be cut, and all while the trace is on or bytes are counted. `switches[traceSwitch]` tells.
 */
import { duePieces, dueTally, dueTrace, switches, traceSwitch } from '../layout/arena.ts';
import { wanPort } from '../layout/ports.ts';
import { wanMtu } from './addresses.ts';
import { cut } from './cut.ts';
import { beginsPieces, newIdentification, remember, setIdentification } from './fragments.ts';
import { portOf } from './hops.ts';
import { isLaterFragment, totalLength } from './packet.ts';
import { tallySlow } from './tally.ts';
import { traceSlow } from './trace.ts';

/**
 * Concludes about the packet at hand.
 * @param hop what `decide` answered  @param length Ethernet length of the frame
 * @returns the Ethernet length to send it with: of its first piece if it was cut; the others are in the outbox
 * @overlay
 */
export function conclude(hop: number, length: number): number {
  if (switches[traceSwitch] & duePieces) {
    switches[traceSwitch] -= duePieces;
    if (hop) length = inPieces(hop, length);
  }
  if (switches[traceSwitch] & dueTally) tallySlow(hop);
  if (switches[traceSwitch] & dueTrace) traceSlow(hop);
  return length;
}

/** A packet that came in pieces, or has to leave in some. Those that come behind others have their identification. */
function inPieces(hop: number, length: number): number {
  const isLong = portOf(hop) == wanPort && totalLength > wanMtu;
  if (beginsPieces()) remember();
  else if (isLong && !isLaterFragment()) setIdentification(newIdentification());
  return isLong ? cut(hop) : length;
}
