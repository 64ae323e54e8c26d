/**
 * TCP: which flags make sense, and how they move a flow (RFC 7857 section 2, drawn in states.ts).
 * No sequence numbers are remembered; a RST never ends a flow at once (RFC 7857 section 2.2).
 */
import { flowState } from '../layout/arena.ts';
import { openedOutside, replySeen, strangerMask } from '../layout/flow.ts';
import { tcpAck, tcpFin, tcpRst, tcpSyn } from '../wire/frame.ts';
import {
  stateMask,
  tcpAccepted,
  tcpBothFin,
  tcpClientFin,
  tcpEstablished,
  tcpInit,
  tcpServerFin,
  tcpTransitory,
} from './states.ts';

/**
 * Flag sets no endpoint sends: none at all, SYN with FIN, SYN with RST.
 * @inline
 */
export function flagsAreLegal(flags: number): boolean {
  return flags & tcpSyn ? !(flags & (tcpFin | tcpRst)) : (flags & (tcpFin | tcpRst | tcpAck)) != 0;
}

/**
 * Whether a segment opens a connection.
 * @inline
 */
export function isOpening(flags: number): boolean {
  return (flags & (tcpSyn | tcpAck)) == tcpSyn;
}

/**
 * @param stranger whether the Internet opened the flow and it is not established yet: a SYN and its answer are not enough
 * then, since whoever floods a server with SYNs in the names of others gets no answer to go on from
 */
function next(state: number, reply: number, flags: number, stranger: boolean): number {
  if (flags & tcpRst) return tcpTransitory;
  if (isOpening(flags) && !reply && (state == tcpBothFin || state == tcpTransitory)) return tcpInit;
  if (state == tcpTransitory) state = tcpEstablished;
  if (state == tcpInit && reply) state = stranger ? tcpAccepted : tcpEstablished;
  if (state == tcpAccepted && !reply && !(flags & tcpSyn)) state = tcpEstablished;
  if (!(flags & tcpFin)) return state;
  if (state == tcpEstablished) return reply ? tcpServerFin : tcpClientFin;
  if (state == (reply ? tcpClientFin : tcpServerFin)) return tcpBothFin;
  return state;
}

/** Moves a flow on after a segment. @param reply 1 when it travels in the reply direction */
export function advance(flow: number, reply: number, flags: number): void {
  const before = flowState[flow];
  const state = next(before & stateMask, reply, flags, (before & strangerMask) == openedOutside);
  // Reopened, it waits for an answer again.
  const answered = reply || (before & stateMask) == tcpAccepted;
  const seen = state == tcpInit || state == tcpAccepted ? 0 : answered ? replySeen : before & replySeen;
  flowState[flow] = (before & ~(stateMask | replySeen)) | state | seen;
}
