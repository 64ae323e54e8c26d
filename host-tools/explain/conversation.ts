/*
 * Plays what is asked about: the packet on its way to the router or straight to its neighbour, what the router makes
 * of it, the answer of whoever it reached, and what becomes of that. Comes out as *legs*, one packet between two
 * stations each, in the order in which they happened.
 *
 * What the router does is done by the firmware (router.ts); what hosts do is in hosts.ts; here is only who gets what.
 */
import { readPacket } from '../lab/packet.ts';
import { answerFrame, goesDirectly, isAwaited, questionFrame, resetFrame } from './hosts.ts';
import type { TransportPacket } from './packet-words.ts';
import { addressOf, neighbourFor, type Network, type Side } from './network.ts';
import type { Question } from './packet-text.ts';
import type { Passage, Router, SentFrame } from './router.ts';

/** 'router' or a host's address. */
export type Station = string;
export const theRouter: Station = 'router';

/** Which packet of the conversation a leg carries. `verdict` is what the router says of its own accord. */
export type Role = 'question' | 'answer' | 'reset' | 'verdict';

/**
 * What became of a packet at the end of a leg. `onward`: the router sent it on. `stopped`: the router kept it.
 * `taken`: its receiver had a use for it. `discarded`: its receiver did not wait for it and threw it away.
 */
export type Fate = 'onward' | 'stopped' | 'taken' | 'discarded';

/** One packet between two neighbours, really seen on a wire. */
export interface Leg {
  /** From 1. */
  number: number;
  role: Role;
  side: Side;
  from: Station;
  to: Station;
  packet: TransportPacket;
  /** The leg by which it entered the router; null if it did not come through the router. */
  before: Leg | null;
  /** What the router did with it; null if it did not go to the router. */
  passage: Passage | null;
  fate: Fate;
}

export interface Conversation {
  question: Question;
  side: Side;
  /** The side follows from the source address and was not given. */
  inferred: boolean;
  legs: Leg[];
  /** The packet got through and its answer came back. */
  works: boolean;
}

/** A packet on its way to its next station. */
interface Moving {
  role: Role;
  side: Side;
  from: Station;
  frame: Uint8Array;
  before: Leg | null;
}

/** Question, answer and reset each take two legs at most; more would be a loop. */
const mostLegs = 12;

/**
 * Plays a question. With the side given its packet comes to the router whatever its addresses are; else its sender
 * sends it as its own network tells it to.
 */
export function converse(
  router: Router,
  network: Network,
  question: Question,
  on: { side: Side; inferred: boolean },
): Conversation {
  const { source, target } = question;
  const direct = on.inferred && goesDirectly(network, on.side, source.address, target.address);
  const frame = questionFrame(network, question, on.side, direct);
  const waiting: Moving[] = [{ role: 'question', side: on.side, from: source.address, frame, before: null }];
  const conversation: Conversation = { question, ...on, legs: [], works: false };
  for (let moving = waiting.shift(); moving; moving = waiting.shift()) {
    const leg = travel(router, network, moving, conversation.legs.length + 1);
    conversation.legs.push(leg);
    if (conversation.legs.length > mostLegs) throw new Error('The conversation does not come to an end.');
    waiting.push(...(leg.passage ? afterRouter(leg, leg.passage) : afterHost(network, leg, conversation)));
  }
  return conversation;
}

function travel(router: Router, network: Network, moving: Moving, number: number): Leg {
  const { role, side, from, frame, before } = moving;
  const packet = readPacket(frame) as TransportPacket;
  // What is sent to many comes to the router as well; no other host has a use for it here.
  const toRouter = from !== theRouter && (packet.receiverMac === network.routerMac[side] || isToMany(frame));
  const passage = toRouter ? router.pass(side, frame) : null;
  const to = toRouter ? theRouter : receiverOf(network, side, packet);
  const fate = passage ? (passage.forwarded ? 'onward' : 'stopped') : 'taken';
  return { number, role, side, from, to, packet, before, passage, fate };
}

/** The group bit of the destination MAC (IEEE 802 section 8.2). */
function isToMany(frame: Uint8Array): boolean {
  return (frame[0] & 1) === 1;
}

/** The host a frame is for: the one whose MAC it names, or the one beyond the gateway whose MAC it names. */
function receiverOf(network: Network, side: Side, packet: TransportPacket): Station {
  const neighbour = addressOf(packet.receiverMac) ?? packet.receiverMac;
  return neighbourFor(network, side, packet.target) === neighbour ? packet.target : neighbour;
}

function afterRouter(leg: Leg, { forwarded, answers }: Passage): Moving[] {
  const leaving = (sent: SentFrame, role: Role, before: Leg | null): Moving => ({
    role,
    side: sent.side,
    from: theRouter,
    frame: sent.frame,
    before,
  });
  return [
    ...(forwarded ? [leaving(forwarded, leg.role, leg)] : []),
    ...answers.map((sent) => leaving(sent, 'verdict', null)),
  ];
}

/** A host has got a packet: the one that was asked answers, the one that asked takes the answer or throws it away. */
function afterHost(network: Network, leg: Leg, conversation: Conversation): Moving[] {
  const { side, packet } = leg;
  const sent = (role: Role, frame: Uint8Array | null): Moving[] =>
    frame ? [{ role, side, from: leg.to, frame, before: null }] : [];
  if (leg.role === 'question') {
    // A host takes no packet from the network that has its own address as the source (RFC 1122 section 3.2.1.3).
    if (packet.source === leg.to) leg.fate = 'discarded';
    else return sent('answer', answerFrame(network, side, packet));
  }
  if (isAwaited(packet, conversation.question)) conversation.works = true;
  if (leg.role !== 'answer' || conversation.works) return [];
  leg.fate = 'discarded';
  return sent('reset', resetFrame(network, side, packet));
}
