/*
 * A conversation that was played, in words: what it comes to, then packet by packet where it arrived, what the router
 * found and rewrote, and where it went. Lines of at most 100 columns.
 *
 * Pure: prints nothing.
 */
import type { Config } from '../../firmware/config/schema.ts';
import { theRouter, type Conversation, type Leg, type Role } from './conversation.ts';
import { decisionOf, type Decision } from './decision.ts';
import type { Network, Side } from './network.ts';
import { endpointText, packetText } from './packet-text.ts';
import { sourceText, targetText, whatText } from './packet-words.ts';
import { verdictOf, type Outcome } from './verdict.ts';

const columns = 100;
const sideNames: Record<Side, string> = { wan: 'the WAN side', lan: 'the LAN side' };
const roleNames: Record<Role, string> = {
  question: 'The packet',
  answer: 'The answer',
  reset: 'The reset',
  verdict: "The router's own answer",
};
const headings: Record<Outcome, string> = {
  works: 'WORKS',
  refused: 'REFUSED',
  dropped: 'DROPPED',
  silence: 'SILENCE',
};

/** The whole story of one packet. */
export function tellConversation(conversation: Conversation, network: Network, config: Config): string {
  const { question, legs } = conversation;
  const { outcome, sentence } = verdictOf(conversation);
  const lines = [packetText(question), '', ...wrapped(`${headings[outcome]}. ${sentence}`, 0)];
  for (const leg of legs) {
    if (leg.before) continue;
    const last = legs.find(({ before }) => before === leg) ?? leg;
    const hops = last === leg ? `hop ${leg.number}` : `hops ${leg.number} and ${last.number}`;
    const ends = `${sourceText(leg.packet)} > ${targetText(leg.packet)}`;
    lines.push('', `${roleNames[leg.role]} (${hops}): ${ends}, ${whatText(leg.packet)}`);
    lines.push(...row('arrival', arrivalOf(leg, conversation, network)));
    if (leg.passage) lines.push(...decisionLines(decisionOf(leg.passage, network, config)));
    if (last.to !== theRouter) lines.push(...row('end', endOf(last, conversation)));
  }
  return lines.join('\n');
}

function arrivalOf(leg: Leg, { inferred }: Conversation, network: Network): string {
  const { from, to, side, role } = leg;
  if (from === theRouter) return `the router sends it out on ${sideNames[side]}`;
  if (to !== theRouter)
    return `${from} sends it straight to ${to}: they are on one network, and the router never sees it`;
  if (role !== 'question') return `${from} sends it to the router, on ${sideNames[side]}`;
  const why = !inferred
    ? 'as --on says'
    : side === 'lan'
      ? `because ${from} is in the LAN's ${network.lan}`
      : `because ${from} is not in the LAN's ${network.lan}`;
  return `on ${sideNames[side]}, ${why}`;
}

/** The router's part: lookup, rewriting, egress, or why it ends there. */
export function decisionLines({ lookup, rewriting, egress, reason, sentence }: Decision): string[] {
  const lines: string[] = [];
  if (lookup.kind !== 'none') lines.push(...row('lookup', lookup.sentence));
  if (egress) {
    const width = Math.max(0, ...rewriting.map(({ before }) => before.length));
    const table = rewriting.map(
      ({ field, before, after }) => `${field.padEnd(12)} ${before.padEnd(width)}  ->  ${after}`,
    );
    for (const [index, line] of table.entries()) lines.push(...row(index === 0 ? 'rewriting' : '', line));
    if (table.length === 0) lines.push(...row('rewriting', 'nothing'));
    const asked = egress.asked ? ', asked for by ARP' : '';
    lines.push(
      ...row('egress', `${sideNames[egress.side]}, next hop ${egress.nextHop} (${egress.mac}${asked})`),
    );
  } else {
    lines.push(...row('end', `${sentence} (${reason})`));
  }
  return lines;
}

function endOf(leg: Leg, { question, works }: Conversation): string {
  const { role, fate, to, packet } = leg;
  if (role === 'question' && fate === 'discarded')
    return `${to} throws it away: it seems to come from ${to} itself, and no host believes that`;
  if (role === 'question') return `${to} takes it`;
  if (fate === 'discarded') {
    const waiting = `${to} waits for an answer from ${endpointText(question.protocol, question.target)}`;
    const tail =
      packet.kind === 'udp'
        ? 'a program that looks at who answers throws it away'
        : `it never spoke to ${sourceText(packet)}, and throws it away`;
    return `${waiting}: ${tail}`;
  }
  if (role === 'reset') return `${to} forgets the connection`;
  if (role === 'verdict' && !works) return `${to} is told`;
  return `${to} has its answer`;
}

/** A label and its text, which continues below itself. */
function row(label: string, text: string): string[] {
  const indent = 14;
  return wrapped(text, indent).map((line, index) =>
    index === 0 ? `   ${label}`.padEnd(indent) + line.trimStart() : line,
  );
}

/** Breaks a text at blanks; a line that has its own layout is left alone if it fits. */
export function wrapped(text: string, indent: number): string[] {
  const blank = ' '.repeat(indent);
  if (text.length + indent <= columns) return [blank + text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && indent + line.length + 1 + word.length > columns) {
      lines.push(blank + line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, blank + line];
}
