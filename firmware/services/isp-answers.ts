/**
 * What a DHCP server answers to our client: which answers are heeded. May touch: the packet at hand, the words of `wanLease`
 * that say what came. Must not: act on it, which dhcp-client.ts does in the second that follows.
 */
import { neighbourMacs, wanLease, wanMacAt } from '../layout/arena.ts';
import { wanOfferUnusable } from '../layout/events.ts';
import { consumedDatagram, dropDatagram } from '../layout/reasons.ts';
import {
  phaseRebinding,
  phaseRebooting,
  phaseRenewing,
  phaseRequesting,
  phaseSelecting,
  wanAnswer,
  wanDue,
  wanPhase,
  wanXid,
} from '../layout/wan-lease.ts';
import { drop, note } from '../control/count.ts';
import { frame, half, transportAt } from '../control/packet.ts';
import { ack, bootReply, chaddrAt, nak, offer, xidAt, yiaddrAt } from '../wire/dhcp.ts';
import { dhcpServerPort } from '../wire/frame.ts';
import { fieldAt, readMessage, typeOf, wordAt } from './dhcp-message.ts';
import { noteTerms } from './dhcp-terms.ts';
import { logEvent } from './log.ts';

/**
 * An answer of a server, for the question that is open.
 * @returns 0
 * @overlay
 */
export function takeLease(): number {
  const options = half(transportAt) == dhcpServerPort ? readMessage(bootReply) : undefined;
  const type = options ? typeOf(options) : 0;
  if (!options || !isExpected(type) || wordAt(fieldAt(xidAt)) != wanLease[wanXid] || !isForUs())
    return drop(dropDatagram);
  if (type != nak && !noteTerms(options, type)) {
    logEvent(wanOfferUnusable, wordAt(fieldAt(yiaddrAt)));
    return drop(dropDatagram);
  }
  wanLease[wanAnswer] = type;
  wanLease[wanDue] = 0;
  note(consumedDatagram);
  return 0;
}

/** Whether such an answer is waited for, and none has come yet. */
function isExpected(type: number): boolean {
  const phase = wanLease[wanPhase];
  if (wanLease[wanAnswer]) return false;
  if (type == offer) return phase == phaseSelecting;
  return (
    (type == ack || type == nak) &&
    (phase == phaseRequesting || phase == phaseRebooting || phase == phaseRenewing || phase == phaseRebinding)
  );
}

/** Whether the message at hand is for our MAC address. */
function isForUs(): boolean {
  const at = fieldAt(chaddrAt);
  for (let i = 0; i < 6; i++) if (frame[at + i] != neighbourMacs[wanMacAt + i]) return false;
  return true;
}
