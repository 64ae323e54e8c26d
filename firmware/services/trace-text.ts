/**
 * The trace ring in words: what each packet was, what became of it, and why.
 */
import { trace, traceSlots, traceWords } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { counterNames } from '../layout/reasons.ts';
import { portOf } from '../control/hops.ts';
import { traced } from '../control/trace.ts';
import { tupleText } from './text.ts';

/** One packet: `reason` is a name of layout/reasons.ts; `sent` and `egress` are missing when nothing left. */
export interface TraceEntry {
  second: number;
  ingress: string;
  protocol: number;
  reason: string;
  received: string;
  sent?: string;
  egress?: string;
}

/**
 * The answer to `trace read [from]`: the entries from that number on, counted from 0 since the trace was switched on,
 * as far as the ring still has them, oldest first; then the number of the first of them, and the one to go on from.
 */
export function traceText(from: number): string {
  let text = '{"trace":[';
  let comma = '';
  let n = traced > traceSlots ? traced - traceSlots : 0;
  if (from > n) n = from;
  const first = n;
  for (; n < traced; n++) {
    text += comma + JSON.stringify(entryAt((n % traceSlots) * traceWords));
    comma = ',';
  }
  text += '],"first":' + first + ',"next":' + traced + ',"ok":true}';
  return text;
}

function entryAt(at: number): TraceEntry {
  const hop = trace[at] >>> 24;
  const entry: TraceEntry = {
    second: trace[at] & 65535,
    ingress: ((trace[at] >>> 16) & 255) == lanPort ? 'lan' : 'wan',
    protocol: trace[at + 7] & 255,
    reason: counterNames[trace[at + 7] >>> 8],
    received: tupleText(trace[at + 1], trace[at + 2], trace[at + 3]),
  };
  if (hop) {
    entry.sent = tupleText(trace[at + 4], trace[at + 5], trace[at + 6]);
    entry.egress = portOf(hop) == lanPort ? 'lan' : 'wan';
  }
  return entry;
}
