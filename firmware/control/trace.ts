/**
 * The trace ring: one entry per packet while the switch is on, as numbers; words are made by the reader.
 *
 * Entry, by word: 0 second | arrival port << 16 | hop << 24; 1 source, 2 target, 3 ports as received; 4 to 6 the
 * same as sent; 7 protocol | reason << 8. A packet of the fast path has the reason `fastForwarded`. Its tuple as
 * received is not remembered by the fast path: it is the partner of the row that its answer would meet. Where a host is
 * given, only packets are noted that come from it or go to it, as received or as sent.
 */
import {
  clock,
  dueTrace,
  rowPorts,
  rowSource,
  switches,
  trace,
  traceHost,
  traceSlots,
  traceSwitch,
  traceWords,
} from '../layout/arena.ts';
import { fastForwarded } from '../layout/reasons.ts';
import { portsWord, protocolAt, protocolIcmp, sourceWord, targetWord } from '../wire/frame.ts';
import { lastReason } from './count.ts';
import { findRow, partnerOf, targetOf } from './flows.ts';
import { portOf } from './hops.ts';
import { queryPorts } from './icmp-errors.ts';
import {
  frame,
  ingress,
  ports,
  protocol,
  source,
  target,
  transportAt,
  transportWord,
  words,
} from './packet.ts';

/** Entries written since the switch went on; entry n is in slot n modulo `traceSlots`. */
export let traced = 0;

/** Switches the trace. Switching it on starts a new one. @param host address of the only host to note, or 0 */
export function setTrace(on: boolean, host: number): void {
  if (on) traced = 0;
  trace[traceHost] = host;
  switches[traceSwitch] = (switches[traceSwitch] & ~dueTrace) | (on ? dueTrace : 0);
}

/** @inline */
function isOfHost(from: number, to: number, sentFrom: number, sentTo: number): boolean {
  return (
    !trace[traceHost] ||
    from == trace[traceHost] ||
    to == trace[traceHost] ||
    sentFrom == trace[traceHost] ||
    sentTo == trace[traceHost]
  );
}

function enter(port: number, hop: number, kind: number, reason: number): number {
  const at = (traced % traceSlots) * traceWords;
  traced++;
  for (let i = 1; i < 7; i++) trace[at + i] = 0;
  trace[at] = clock[0] | (port << 16) | (hop << 24);
  trace[at + 7] = kind | (reason << 8);
  return at;
}

/**
 * Notes a packet that the datapath translated: its words are as sent.
 * @overlay
 */
export function traceFast(port: number, bytes: Uint8Array, w: Uint32Array, hop: number): void {
  const kind = bytes[protocolAt];
  const turned = ((w[portsWord] << 16) | (w[portsWord] >>> 16)) >>> 0;
  const answer = findRow(portOf(hop), w[targetWord], w[sourceWord], turned, kind);
  const row = partnerOf(answer);
  const from = rowSource[row];
  const to = targetOf(row);
  const sentFrom = w[sourceWord];
  const sentTo = w[targetWord];
  if (!isOfHost(from, to, sentFrom, sentTo)) return;
  const at = enter(port, hop, kind, fastForwarded);
  trace[at + 1] = from;
  trace[at + 2] = to;
  trace[at + 3] = rowPorts[row];
  copySent(at, w, w[portsWord]);
}

/**
 * Notes the packet control has just decided on.
 * @overlay
 */
export function traceSlow(hop: number): void {
  const sentFrom = hop ? words[sourceWord] : source;
  const sentTo = hop ? words[targetWord] : target;
  if (!isOfHost(source, target, sentFrom, sentTo)) return;
  const at = enter(ingress, hop, protocol, lastReason);
  trace[at + 1] = source;
  trace[at + 2] = target;
  trace[at + 3] = ports;
  if (hop) copySent(at, words, portsNow());
}

/**
 * The packet's port word as it is now; an ICMP query's identifier as `queryPorts` places it, 0 for other ICMP, and for
 * the pieces of a datagram behind its first one.
 */
function portsNow(): number {
  if (!ports) return 0;
  if (protocol != protocolIcmp) return words[transportWord];
  return queryPorts(frame[transportAt], frame[transportAt + 4] | (frame[transportAt + 5] << 8));
}

function copySent(at: number, w: Uint32Array, portsSent: number): void {
  trace[at + 4] = w[sourceWord];
  trace[at + 5] = w[targetWord];
  trace[at + 6] = portsSent;
}
