/*
 * `hairpin trace`: switches the router's trace on, tells every packet with what became of it and why, and switches it
 * off again on every way out. Texts are pure; only `runTrace` asks.
 */
import { parseAddress } from '../../../firmware/config/address.ts';
import { UserError } from '../../cli/user-error.ts';
import { reasonSentence } from '../../explain/reasons.ts';
import { wrapped } from '../../explain/tell.ts';
import type { TraceAnswer, TraceEntry } from '../console/answers.ts';
import { refusal } from '../console/refusal.ts';
import type { Router } from '../console/router.ts';
import { type Edges, type PortOption, terminal, withRouter } from '../console/session.ts';
import { pause } from '../serial/time.ts';
import { counted } from './table.ts';

export interface TraceOptions extends PortOption {
  /** How many packets, as it was written. */
  count?: string;
  json: boolean;
}

/** Between two looks at the trace, ms: the ring holds 32 packets, and an answer with all of them takes a second. */
const lookEvery = 500;
/** Protocol numbers (IANA) that the router translates. */
const protocols: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP' };

/** What was seen. `missed`: packets that were gone from the ring before they were read. */
interface Seen {
  /** The trace was switched on. */
  begun: boolean;
  packets: TraceEntry[];
  missed: number;
}

/** Traces until `count` packets are told, or Ctrl-C; 0. @throws UserError, Interrupted */
export async function runTrace(
  host: string | undefined,
  options: TraceOptions,
  edges: Edges = terminal,
): Promise<number> {
  const count = countOf(options.count);
  if (host !== undefined && parseAddress(host) < 0)
    throw new UserError(`trace wants the address of a host, such as 192.168.0.3, but got '${host}'.`);
  const seen: Seen = { begun: false, packets: [], missed: 0 };
  return withRouter(
    options,
    edges,
    async (router) => {
      await router.mustRun();
      const on = await router.change(host === undefined ? 'trace on' : `trace on ${host}`);
      if (!on.ok) throw refusal(on);
      seen.begun = true;
      if (!options.json) edges.remark(`Tracing ${host ?? 'every packet'}; Ctrl-C ends it.`);
      await follow(router, edges, seen, count, options.json);
      return 0;
    },
    async (router) => {
      await router.change('trace off');
      if (options.json && seen.begun) edges.print(JSON.stringify(traceJson(host, seen)));
    },
  );
}

function countOf(text: string | undefined): number {
  if (text === undefined) return Infinity;
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new UserError(`--count wants a number of packets from 1 to 999999, but got '${text}'.`);
  return Number(text);
}

/** Reads the ring again and again, and tells what is new in it. */
async function follow(
  router: Router,
  edges: Edges,
  seen: Seen,
  count: number,
  quiet: boolean,
): Promise<void> {
  let from = 0;
  while (seen.packets.length < count && !edges.unread()) {
    const answer = await router.ask(`trace read ${from}`);
    if (!answer.ok) throw refusal(answer);
    const { trace, first, next } = answer as TraceAnswer;
    if (next < from)
      throw new UserError(
        'Somebody else has begun a new trace, or the router was restarted: this one is over.',
        1,
      );
    const missed = first - from;
    seen.missed += missed;
    if (missed > 0 && !quiet)
      edges.print(`(${counted(missed, 'packet')} came too fast to be told; name a host to see fewer)`);
    for (const entry of trace.slice(0, count - seen.packets.length)) {
      seen.packets.push(entry);
      if (!quiet) edges.print(entryText(entry).join('\n'));
    }
    from = next;
    if (seen.packets.length < count) await pause(edges.time, lookEvery);
  }
}

/** One packet, for people. */
export function entryText(entry: TraceEntry): string[] {
  const { second, ingress, protocol, reason, received, sent, egress } = entry;
  const kind = protocols[protocol] ?? (protocol === 0 ? 'ARP or the like' : `protocol ${protocol}`);
  // Protocol 0: no IPv4 packet, so there are no addresses to tell.
  const tuple = protocol === 0 ? '' : `: ${received.replace('>', ' > ')}`;
  const lines = [`${second} s  ${kind} from the ${ingress.toUpperCase()}${tuple}`];
  if (sent !== undefined && egress !== undefined) {
    const change = sent === received ? 'as it is' : `as ${sent.replace('>', ' > ')}`;
    lines.push(`      to the ${egress.toUpperCase()}, ${change}`);
  }
  return [...lines, ...wrapped(`${reasonSentence(reason)} (${reason})`, 6)];
}

/** All of them, for programs. */
export function traceJson(host: string | undefined, { packets, missed }: Seen): object {
  const told = packets.map((entry) => ({ ...entry, sentence: reasonSentence(entry.reason) }));
  return { schema: 'hairpin.trace/1', host: host ?? null, missed, packets: told };
}
