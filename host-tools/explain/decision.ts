/*
 * What the router decided about one packet, in the order of its way: arrival, lookup, rewriting, egress - or why it
 * went no further. Made of a passage (what the firmware said and sent) and of the configuration's names.
 *
 * Pure. The lookup is read off the flow that the firmware lists; a forward or mapping is only named here.
 */
import { formatAddress, parseAddress } from '../../firmware/config/address.ts';
import type { Config, Forward } from '../../firmware/config/schema.ts';
import type { Packet } from '../lab/packet.ts';
import { macOf, neighbourFor, type Network, type Side } from './network.ts';
import { isLaterPiece, sourceText, targetText, whatText, isTransport } from './packet-words.ts';
import { reasonOf, type Passage, type SentFrame } from './router.ts';

/** Which answer the router found for a packet. `none`: it was dropped before or because there was none. */
export type LookupKind = 'flow' | 'forward' | 'mapping' | 'outbound' | 'plain' | 'router' | 'none';

export interface Decision {
  side: Side;
  /** A name of firmware/layout/reasons.ts (or of router.ts's `chipReasons`), and its sentence. */
  reason: string;
  sentence: string;
  lookup: {
    kind: LookupKind;
    sentence: string;
    /** "192.168.0.3:33333>12.0.0.1:25": the flow's two tuples as the firmware has them; null without a flow. */
    flow: { original: string; reply: string; direction: 'original' | 'reply'; made: boolean } | null;
    /** The forward's name; null if there is none. */
    forward: string | null;
  };
  /** Fields that were replaced, with TTL last; empty if it was not sent on. */
  rewriting: Rewriting[];
  egress: { side: Side; nextHop: string; mac: string; asked: boolean } | null;
  /** What the router said of its own accord. */
  answers: { side: Side; source: string; target: string; what: string }[];
}

export interface Rewriting {
  field: string;
  before: string;
  after: string;
}

export function decisionOf(passage: Passage, network: Network, config: Config): Decision {
  const { side, packet, forwarded, answers } = passage;
  const lookup = lookupOf(passage, network, config);
  return {
    side,
    ...reasonOf(passage),
    lookup,
    rewriting: forwarded ? rewritingOf(packet, forwarded.packet) : [],
    egress: forwarded ? egressOf(forwarded, network, passage.asked) : null,
    answers: answers.map(({ side, packet }) => ({
      side,
      source: sourceText(packet),
      target: targetText(packet),
      what: whatText(packet),
    })),
  };
}

function lookupOf(passage: Passage, network: Network, config: Config): Decision['lookup'] {
  const { flow, reason } = passage;
  if (flow) {
    const { original, reply, direction, made } = flow;
    const told = { original, reply, direction, made };
    if (!made) {
      const sentence =
        direction === 'original'
          ? 'its flow is known: a further packet of the side that began'
          : `it is the answer in a flow that is known: ${original.replace('>', ' > ')}`;
      return { kind: 'flow', sentence, flow: told, forward: null };
    }
    const forward = forwardOf(flow.proto, original, reply, network, config);
    if (forward) {
      const sentence = `no flow yet; the forward ${describe(forward)} takes it, and a flow is made`;
      return { kind: 'forward', sentence, flow: told, forward: forward.name };
    }
    const server = reply.split('>')[0];
    if (original.split('>')[1].startsWith(`${network.publicAddress}:`)) {
      const sentence = `no flow yet; this public port is the dynamic mapping of ${server}, and a flow is made`;
      return { kind: 'mapping', sentence, flow: told, forward: null };
    }
    const sentence =
      "no flow yet; from the LAN out it needs no forward, and a flow is made in the router's name";
    return { kind: 'outbound', sentence, flow: told, forward: null };
  }
  const without = { flow: null, forward: null };
  if (passage.forwarded) {
    const sentence = isLaterPiece(passage.packet)
      ? 'no flow needed: it goes the way of the first piece of its packet'
      : 'no flow needed: nothing is to be translated';
    return { kind: 'plain', sentence, ...without };
  }
  if (reason === 'answered-echo')
    return { kind: 'router', sentence: 'it is for the router itself', ...without };
  return { kind: 'none', sentence: 'no flow, and none was made', ...without };
}

/** The forward that leads where the firmware's new flow leads. */
function forwardOf(
  proto: string,
  original: string,
  reply: string,
  { publicAddress }: Network,
  config: Config,
): Forward | undefined {
  const [asked, port] = original.split('>')[1].split(':');
  const [server] = reply.split(':');
  if (asked !== publicAddress) return undefined;
  return config.forwards.find(
    (forward) =>
      (forward.proto === proto || forward.proto === 'both') &&
      forward.firstPort <= Number(port) &&
      Number(port) <= forward.lastPort &&
      forward.to === parseAddress(server),
  );
}

/** "'smtp' (tcp 25 to 192.168.0.2:25, hairpin external)" */
function describe({ name, proto, firstPort, lastPort, to, toPort, hairpin }: Forward): string {
  const protocol = proto === 'both' ? 'tcp and udp' : proto;
  const ports = firstPort === lastPort ? String(firstPort) : `${firstPort}-${lastPort}`;
  return `'${name}' (${protocol} ${ports} to ${formatAddress(to)}:${toPort}, hairpin ${hairpin})`;
}

/** Every field that differs between a packet as received and as sent. */
function rewritingOf(before: Packet, after: Packet): Rewriting[] {
  if (!isTransport(before) || !isTransport(after)) return [];
  const fields: Rewriting[] = [
    { field: 'source', before: sourceText(before), after: sourceText(after) },
    { field: 'destination', before: targetText(before), after: targetText(after) },
  ];
  if (before.kind === 'icmp' && after.kind === 'icmp') {
    if (before.quoted && after.quoted) {
      fields.push(
        { field: 'quoted source', before: sourceText(before.quoted), after: sourceText(after.quoted) },
        { field: 'quoted destination', before: targetText(before.quoted), after: targetText(after.quoted) },
      );
    } else {
      fields.push({
        field: 'identifier',
        before: String(before.identifier),
        after: String(after.identifier),
      });
    }
  }
  fields.push({ field: 'TTL', before: String(before.ttl), after: String(after.ttl) });
  return fields.filter(({ before, after }) => before !== after);
}

function egressOf({ side, packet }: SentFrame, network: Network, asked: string[]): Decision['egress'] {
  if (!('target' in packet)) return null;
  const nextHop = neighbourFor(network, side, packet.target);
  const mac = packet.receiverMac;
  // The frame says whom it is for; the address is that of the host with this MAC.
  return {
    side,
    nextHop: mac === macOf(nextHop) ? nextHop : packet.target,
    mac,
    asked: asked.includes(nextHop),
  };
}
