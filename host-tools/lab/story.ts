/*
 * The story of one conversation, from the packets really seen: which packet went from whom to whom, what the router
 * rewrote, which packet was not wanted or got no further, and which source the server saw.
 *
 * Pure: frames in, a list of hops out. The figure and the spoken story are both made of these hops, so neither can
 * show anything that was not captured.
 */
import { tcpRst } from '../../firmware/wire/frame.ts';
import type { LabFrame, Wire } from './lab.ts';
import { journeysOf, type Conversation, type Journey, type Station, type Transmission } from './journeys.ts';
import { sourceOf, targetOf, whatIsIt } from './packet.ts';

/**
 * What became of a packet at the end of a hop.
 * `onward`: the router sent it on. `arrived`: its receiver took it. `answered`: the router answered it itself.
 * `stopped`: it entered the router and did not come out. `discarded`: its receiver knew no such connection and reset it.
 */
export type Fate = 'onward' | 'arrived' | 'answered' | 'stopped' | 'discarded';

/** One packet between two neighbours. */
export interface Hop {
  /** From 1, through the whole story. */
  number: number;
  /** Hops with the same number carry the same packet. From 1. */
  packet: number;
  /** Microseconds since the lab started. */
  time: number;
  from: Station;
  to: Station;
  fromMac: string;
  toMac: string;
  wires: Wire[];
  /** "C:33333" */
  source: string;
  target: string;
  /** "SYN/ACK", "24 bytes" */
  what: string;
  ttl: number;
  /** What the router replaced in this packet: the values before. Null if this is not the second hop of a packet. */
  before: { source: string; target: string; ttl: number } | null;
  /** It went from one LAN host to the other without passing the router. */
  aroundRouter: boolean;
  fate: Fate;
  /** Later packets that went exactly the same way: retransmissions, further data, further acknowledgements. */
  repeats: number;
}

export interface Story {
  /** "C:33333 > P:25"; null if nobody opened the conversation. */
  opening: string | null;
  hops: Hop[];
  /** The source of the first packet that reached S, "P:33333"; null if none did. */
  serverSaw: string | null;
  /** The hop each captured frame of the conversation belongs to, for comments in the capture files. */
  hopOfFrame: Map<LabFrame, Hop>;
}

/** Finds the conversation in the frames of one scene and tells it. */
export function storyOf(frames: readonly LabFrame[], conversation: Conversation): Story {
  const journeys = journeysOf(frames, conversation);
  const told = new Map<string, Hop[]>();
  const story: Story = { opening: null, hops: [], serverSaw: null, hopOfFrame: new Map() };
  if (journeys.length > 0) {
    const [{ packet }] = journeys[0];
    story.opening = `${sourceOf(packet)} > ${targetOf(packet)}`;
  }
  for (const journey of journeys) {
    const fate = fateOf(journey, journeys);
    const shape = shapeOf(journey, fate);
    let hops = told.get(shape);
    if (hops) {
      for (const hop of hops) hop.repeats++;
    } else {
      hops = hopsOf(journey, fate, told.size + 1, story.hops.length);
      told.set(shape, hops);
      story.hops.push(...hops);
    }
    for (const [index, { frames }] of journey.entries()) {
      for (const frame of frames) story.hopOfFrame.set(frame, hops[index]);
    }
  }
  story.serverSaw = story.hops.find(({ to }) => to === 'S')?.source ?? null;
  return story;
}

function hopsOf(journey: Journey, fate: Fate, packet: number, before: number): Hop[] {
  return journey.map((transmission, index) => {
    const previous: Transmission | undefined = journey[index - 1];
    return {
      number: before + index + 1,
      packet,
      time: transmission.time,
      from: transmission.sender,
      to: transmission.receiver,
      fromMac: transmission.packet.senderMac,
      toMac: transmission.packet.receiverMac,
      wires: transmission.frames.map(({ wire }) => wire),
      source: sourceOf(transmission.packet),
      target: targetOf(transmission.packet),
      what: whatIsIt(transmission.packet),
      ttl: transmission.packet.ttl,
      before: previous
        ? { source: sourceOf(previous.packet), target: targetOf(previous.packet), ttl: previous.packet.ttl }
        : null,
      aroundRouter: isLanHost(transmission.sender) && isLanHost(transmission.receiver),
      fate: index < journey.length - 1 ? 'onward' : fate,
      repeats: 0,
    };
  });
}

function isLanHost(station: Station): boolean {
  return station === 'S' || station === 'C';
}

function fateOf(journey: Journey, all: Journey[]): Fate {
  const last = journey[journey.length - 1];
  const later = all.filter(([first]) => first.time >= last.time && first !== last && isAnswer(first, last));
  if (last.receiver === 'router')
    return later.some(([first]) => first.sender === 'router') ? 'answered' : 'stopped';
  const reset = later.some(([first]) => first.sender === last.receiver && isReset(first));
  // A reset of a connection the receiver had spoken on is part of that connection, not a packet thrown away.
  const known = all.some(
    ([first]) =>
      first.sender === last.receiver && first.time < last.time && !isReset(first) && isAnswer(first, last),
  );
  return reset && !known ? 'discarded' : 'arrived';
}

function isReset({ packet }: Transmission): boolean {
  return packet.kind === 'tcp' && (packet.flags & tcpRst) !== 0;
}

/** Runs between the same two endpoints the other way round, or is an error about it. */
function isAnswer(answer: Transmission, question: Transmission): boolean {
  const packet = answer.packet;
  if (packet.kind === 'icmp') {
    return packet.quoted !== null && sourceOf(packet.quoted) === sourceOf(question.packet);
  }
  return sourceOf(packet) === targetOf(question.packet) && targetOf(packet) === sourceOf(question.packet);
}

/** Journeys of the same shape are told once. */
function shapeOf(journey: Journey, fate: Fate): string {
  const legs = journey.map(({ sender, receiver, packet }) =>
    [
      sender,
      receiver,
      sourceOf(packet),
      targetOf(packet),
      whatIsIt(packet).replace(/\d+ bytes?/, 'data'),
    ].join(' '),
  );
  return [...legs, fate].join(' | ');
}

/** The story in words, one or two lines a hop. */
export function tell(story: Story): string[] {
  if (story.opening === null)
    return ['  Nobody opened the connection: no packet of it was seen on any wire.'];
  const lines: string[] = [];
  for (const hop of story.hops) {
    const way = `${hop.from} ${macTail(hop.fromMac)} -> ${hop.to} ${macTail(hop.toMac)}`;
    const packet = `${hop.source} > ${hop.target}  ${hop.what}`;
    lines.push(
      `  ${String(hop.number).padStart(2)}  ${way.padEnd(30)} ${packet.padEnd(31)} on ${hop.wires.join(', ')}`,
    );
    for (const remark of remarksOn(hop)) lines.push(`        ${remark}`);
  }
  lines.push(
    story.serverSaw === null
      ? '  Nothing of it reached the server.'
      : `  The server saw the connection come from ${story.serverSaw}.`,
  );
  return lines;
}

/** What is noteworthy about a hop, as sentences. */
function remarksOn(hop: Hop): string[] {
  const remarks: string[] = [];
  const rewritten = rewritingOf(hop);
  if (hop.before) remarks.push(rewritten ? `the router rewrote ${rewritten}` : 'the router rewrote nothing');
  if (hop.aroundRouter && hop.fate !== 'arrived')
    remarks.push('straight through the switch: the router never sees it');
  if (hop.fate === 'stopped') remarks.push('it enters the router and does not come out again');
  if (hop.fate === 'answered') remarks.push('the router answers it itself');
  if (hop.fate === 'discarded') {
    remarks.push(`${hop.to} never spoke to ${hop.source}: it discards the packet and resets the sender`);
  }
  // Both hops of a packet repeat together; it is said once, behind the last.
  if (hop.repeats > 0 && hop.fate !== 'onward') {
    remarks.push(hop.repeats === 1 ? 'and one more like it' : `and ${hop.repeats} more like it`);
  }
  return remarks;
}

/** "source C:33333 -> P:33333, target P:25 -> S:25, TTL 64 -> 63"; '' if nothing was rewritten. */
export function rewritingOf(hop: Hop): string {
  if (!hop.before) return '';
  const parts: string[] = [];
  if (hop.before.source !== hop.source) parts.push(`source ${hop.before.source} -> ${hop.source}`);
  if (hop.before.target !== hop.target) parts.push(`target ${hop.before.target} -> ${hop.target}`);
  if (hop.before.ttl !== hop.ttl) parts.push(`TTL ${hop.before.ttl} -> ${hop.ttl}`);
  return parts.join(', ');
}

/** "a8:03": the part that differs within the cast. */
function macTail(mac: string): string {
  return mac.slice(-5);
}
