/*
 * What it comes to: one word and one or two sentences about a conversation that was played. Pure.
 */
import { theRouter, type Conversation, type Leg } from './conversation.ts';
import { endpointText } from './packet-text.ts';
import { sourceText, targetText, whatText } from './packet-words.ts';
import { reasonOf } from './router.ts';

/**
 * `works`: through and back. `refused`: the router said no and the sender hears it. `dropped`: the router threw the
 * packet away in silence. `silence`: the packet arrives, but its answer is of no use or never comes back.
 */
export type Outcome = 'works' | 'refused' | 'dropped' | 'silence';

export interface Verdict {
  outcome: Outcome;
  /** What happens, for someone who reads nothing else. */
  sentence: string;
}

export function verdictOf(conversation: Conversation): Verdict {
  const { legs, works, question } = conversation;
  const [first] = legs;
  const reached = legs.find(({ role, to }) => role === 'question' && to !== theRouter);
  if (works) return { outcome: 'works', sentence: workingSentence(conversation, reached) };
  if (!reached) {
    const heard = legs.filter(({ role }) => role === 'verdict');
    const why = reasonOf(first.passage!).sentence;
    if (heard.length === 0) return { outcome: 'dropped', sentence: `The router drops the packet. ${why}` };
    const [{ packet, to }] = heard;
    return {
      outcome: 'refused',
      sentence: `The router does not let it pass, and tells ${to} by ${whatText(packet)}. ${why}`,
    };
  }
  const answer = legs.findLast(({ role }) => role === 'answer');
  const server = targetText(reached.packet);
  if (!answer) {
    const why =
      reached.fate === 'discarded'
        ? 'which throws it away: no host believes a packet from the network that claims to come from itself'
        : 'which has nothing to answer';
    return { outcome: 'silence', sentence: `The packet reaches ${server}, ${why}.` };
  }
  if (answer.passage) {
    const why = reasonOf(answer.passage).sentence;
    return {
      outcome: 'silence',
      sentence: `The packet reaches ${server}, but the router drops its answer. ${why}`,
    };
  }
  const asked = endpointText(question.protocol, question.target);
  const around = answer.before === null;
  return {
    outcome: 'silence',
    sentence:
      `The packet reaches ${server}, but its answer ` +
      (around ? 'goes straight to its neighbour and never passes the router again' : 'is not put back') +
      `. So it comes from ${sourceText(answer.packet)} and not from ${asked}, and ${answer.to} throws it away.`,
  };
}

function workingSentence({ legs, question }: Conversation, reached: Leg | undefined): string {
  const asked = endpointText(question.protocol, question.target);
  if (!reached) return `The router answers for ${asked} itself.`;
  if (legs.every(({ passage }) => !passage))
    return `The router has no part in it: ${question.source.address} and ${reached.to} are on one network and talk directly.`;
  const seenAs = sourceText(reached.packet);
  const own = endpointText(question.protocol, question.source);
  const masked = seenAs === own ? `sees the sender as it is, ${seenAs}` : `sees ${seenAs} as the sender`;
  return `The packet reaches ${targetText(reached.packet)}, which ${masked}, and the answer comes back from ${asked}.`;
}
