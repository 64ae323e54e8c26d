/**
 * What every forwarded packet must satisfy, translated or not: TTL and the egress MTU. And the plain forward
 * between two hosts of the LAN that chose to go through us.
 */
import { duePieces, switches, traceSwitch } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { dropTooBig, dropTtl, slowForwarded } from '../layout/reasons.ts';
import { icmpTimeExceeded, icmpUnreachable, ttlAt } from '../wire/frame.ts';
import { lanMtu, wanMtu } from './addresses.ts';
import { drop, note } from './count.ts';
import { fragmentationNeeded, sendError } from './icmp.ts';
import { hopFor, ready } from './neighbours.ts';
import { dontFragment, frame, totalLength, ttl } from './packet.ts';
import { decrementTtl } from './rewrite.ts';

/**
 * Whether nothing is in the packet's way to a port with this MTU: `mayTravel` has the same answer and does the rest.
 * @inline
 */
export function travels(mtu: number): boolean {
  return frame[ttlAt] > 1 && totalLength <= mtu;
}

/**
 * Whether the packet at hand may be forwarded to this port; if not, its sender is told and it is dropped. One that is
 * too long and may be cut is, when it was translated: see conclude.ts.
 * Packets to the router itself are never asked (RFC 1812 section 4.2.2.9).
 */
export function mayTravel(egress: number): boolean {
  if (ttl() <= 1) {
    sendError(icmpTimeExceeded, 0, 0);
    drop(dropTtl);
    return false;
  }
  const mtu = egress == lanPort ? lanMtu : wanMtu;
  if (totalLength > mtu) {
    if (dontFragment()) {
      sendError(icmpUnreachable, fragmentationNeeded, mtu);
      drop(dropTooBig);
      return false;
    }
    switches[traceSwitch] |= duePieces;
  }
  return true;
}

/** Forwards the packet at hand to a LAN host without translating it. No redirect is ever sent. */
export function forwardPlain(target: number): number {
  if (!mayTravel(lanPort)) return 0;
  const hop = hopFor(target);
  if (!ready(hop)) return 0;
  decrementTtl();
  note(slowForwarded);
  return hop;
}
