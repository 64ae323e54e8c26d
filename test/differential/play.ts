/**
 * Plays a sequence to one router: makes the packets of each step from what the hosts have seen of that router so far,
 * sends them, and lets the hosts hear what arrives. Knows nothing of the other router; compare.ts does.
 */
import { icmp, udp } from '../wire/packets.ts';
import {
  dataOf,
  ends,
  hear,
  nextPacket,
  oddSegment,
  openFlows,
  text,
  type Flow,
  type Mark,
} from './flows.ts';
import {
  ACK,
  FIN,
  PSH,
  RST,
  SYN,
  URG,
  frameOf,
  piece,
  pieces,
  sealed,
  segment,
  transportAt,
  type Segment,
} from './frames.ts';
import { LOOSE } from './loose.ts';
import { ADDRESS, nameOf, type Side } from './network.ts';
import { onLan, outcomeOf, packetText, type Outcome } from './outcome.ts';
import type { RouterUnderTest } from './router.ts';
import {
  PLAIN,
  singleSteps,
  type ErrorStep,
  type OddTcp,
  type PiecesStep,
  type Sequence,
  type SingleStep,
} from './sequence.ts';

/** One step as it was played. */
export interface Played {
  step: SingleStep;
  /** What was sent, in words. */
  words: string;
  /** The first packet sent; null if the step came to nothing, because a host had nothing to say. */
  sent: Uint8Array | null;
  side: Side;
  outcome: Outcome;
}

interface Sending {
  packets: Uint8Array[];
  /** The host that sends; hosts of the Internet through G. */
  from: string;
  /** How it differs from what its words say. */
  note?: string;
}

export interface Story {
  flows: Flow[];
  played: Played[];
}

/** @param firstId IP id of the first step; the others follow */
export function play(sequence: Sequence, router: RouterUnderTest, firstId: number): Story {
  router.begin(sequence.mtu);
  const flows = openFlows(sequence.flows);
  const played = singleSteps(sequence.steps).map((step, number) => {
    if (step.do === 'loose') return playLoose(step, firstId + number, router);
    const flow = flows[step.flow % flows.length];
    const sending = sendingOf(step, flow, { id: firstId + number, salt: number });
    if (!sending) return nothing(step);
    const side: Side = onLan(sending.from) ? 'lan' : 'wan';
    const link = side === 'lan' ? nameOf(sending.from.split('.').map(Number)) : 'G';
    const frames = sending.packets.map((packet) => frameOf(link, side === 'lan' ? 'R' : 'P', packet));
    const one = finish(step, side, frames, sending.note, router);
    if (isNatural(step, flow)) hear(flow, step.end, one.outcome.datagrams);
    return one;
  });
  return { flows, played };
}

function nothing(step: SingleStep): Played {
  return {
    step,
    words: 'nobody has anything to say',
    sent: null,
    side: 'lan',
    outcome: { lines: [], datagrams: [] },
  };
}

function playLoose(step: SingleStep & { do: 'loose' }, id: number, router: RouterUnderTest): Played {
  const { name, side, frame } = LOOSE[step.which];
  return finish(step, side, [frame(id)], name, router);
}

function finish(
  step: SingleStep,
  side: Side,
  frames: readonly Uint8Array[],
  note: string | undefined,
  router: RouterUnderTest,
): Played {
  const sent = frames[0].subarray(14);
  const outcome = outcomeOf(router.exchange(side, frames), sent);
  const words = `${side}: ${packetText(sent)}${note ? ` (${note})` : ''}`;
  return { step, words, sent, side, outcome };
}

/** Steps whose packets a host would really send; only these move the hosts on. */
function isNatural(step: SingleStep, { spec }: Flow): step is SingleStep & { do: 'say' | 'pieces' | 'odd' } {
  if (step.do === 'odd') return step.odd === 'urgent data' || spec.proto !== 'tcp';
  return step.do === 'say' || step.do === 'pieces';
}

function sendingOf(step: Exclude<SingleStep, { do: 'loose' }>, flow: Flow, mark: Mark): Sending | null {
  const { id } = mark;
  if (step.do === 'error') return errorSending(step, flow, id);
  if (step.do === 'knock') return knockSending(step, flow, id);
  const from = (step.end === 0 ? flow.client : flow.server).address;
  if (step.do === 'pieces') return piecesSending(step, flow, mark, from);
  if (step.do === 'odd' && flow.spec.proto === 'tcp') {
    const packet = oddPacket(flow, step.end, step.odd, mark);
    return packet && { packets: [packet], from, note: step.odd };
  }
  const [act, shape] = step.do === 'say' ? [step.act, step.shape] : (['data', PLAIN] as const);
  const packet = nextPacket(flow, step.end, act, shape, mark);
  if (!packet) return null;
  const note = [
    shape.checksum === 'right' ? '' : `checksum ${shape.checksum}`,
    shape.mayFragment ? 'may be cut' : '',
    shape.options === 'none' ? '' : shape.options,
  ].filter(Boolean);
  return { packets: [packet], from, note: note.join(', ') || undefined };
}

/** A packet in pieces, in an order, with a fault. */
function piecesSending(step: PiecesStep, flow: Flow, mark: Mark, from: string): Sending | null {
  const shape = { ...PLAIN, size: step.size, mayFragment: true };
  const packet = nextPacket(flow, step.end, 'data', shape, mark);
  if (!packet) return null;
  const whole = packet.length - transportAt(packet);
  // At least two pieces and at most ten, and a TCP header with its options stays whole.
  const size = Math.max(32, Math.min(step.cut, Math.floor(whole / 16) * 8), Math.ceil(whole / 80) * 8);
  let all = pieces(packet, size);
  if (step.fault === 'tiny first') all = [piece(packet, 0, 8), ...pieces(packet, size, 8)];
  if (all.length < 2) return { packets: [packet], from };
  if (step.fault === 'one twice') all.splice(1, 0, all[0]);
  if (step.fault === 'overlapping') all.splice(1, 0, piece(packet, size - 8, Math.min(whole, size + 8)));
  if (step.fault === 'one missing') all.pop();
  const note = `${all.length} pieces, ${step.order}${step.fault === 'none' ? '' : ', ' + step.fault}`;
  return { packets: ordered(all, step.order), from, note };
}

function ordered(all: readonly Uint8Array[], order: PiecesStep['order']): Uint8Array[] {
  const [first, last] = [all[0], all.at(-1)!];
  if (order === 'backwards') return [...all].reverse();
  if (order === 'last first') return [last, ...all.slice(0, -1)];
  if (order === 'first last') return [...all.slice(1), first];
  return [...all];
}

/** An ICMP error about the last packet an end received. */
function errorSending(step: ErrorStep, flow: Flow, id: number): Sending | null {
  const about = flow.heard[step.end];
  if (!about) return null;
  const own = (step.end === 0 ? flow.client : flow.server).address;
  const router = onLan(own) ? (own === ADDRESS.D ? ADDRESS.S : ADDRESS.D) : ADDRESS.G;
  const from = step.between ? router : own;
  const quote = about.slice(0, transportAt(about) + step.quoted);
  if (step.fault === 'unknown port') quote[transportAt(quote)] ^= 0x0f;
  if (step.fault === 'other address') sealed(withAddress(quote, '198.18.0.7'));
  if (step.fault === 'quoted IP checksum') quote[10] ^= 0x10;
  const [type, code, rest] = step.kind;
  const to = Array.from(about.subarray(12, 16)).join('.');
  const packet = icmp(from, to, type, code, rest, { data: quote, tos: 0xc0, fragment: 0, id });
  if (step.fault === 'ICMP checksum') packet[22] ^= 0x10;
  return { packets: [packet], from, note: step.fault === 'none' ? undefined : `${step.fault} wrong` };
}

/** Changes the quoted source. */
function withAddress(quote: Uint8Array, address: string): Uint8Array {
  quote.set(address.split('.').map(Number), 12);
  return quote;
}

/** Somebody else sends to the public port of a flow. */
function knockSending(step: SingleStep & { do: 'knock' }, flow: Flow, id: number): Sending | null {
  if (flow.spec.proto === 'ping' || flow.seenAs?.address !== ADDRESS.P) return null;
  const from = { address: ADDRESS[step.from], port: step.port };
  if (from.address === flow.server.address && from.port === flow.server.port) from.port++;
  const note = `to the public port of flow ${step.flow}`;
  if (flow.spec.proto === 'udp')
    return { packets: [udp(text(from), text(flow.seenAs), { id })], from: from.address, note };
  const syn = { flags: SYN, seq: 77, ack: 0 };
  return { packets: [segment(from, flow.seenAs, syn, { id })], from: from.address, note };
}

const FAR = 10_000_000;

function oddPacket(flow: Flow, end: 0 | 1, odd: OddTcp, { id, salt }: Mark): Uint8Array | null {
  const { seq, peerSeq: ack } = flow.tcp[end];
  const data = dataOf(3, salt);
  if (odd === 'urgent data') {
    if (!ends(flow, end)) return null;
    const what = flow.tcp[end].next('data', data);
    const urgent = what?.data ? { ...what, flags: what.flags | URG, urgent: 1 } : what;
    return urgent && oddSegment(flow, end, urgent, id);
  }
  const segments: Record<Exclude<OddTcp, 'urgent data'>, Segment> = {
    'data out of window': { flags: ACK | PSH, seq: seq + FAR, ack, data },
    'reset out of window': { flags: RST, seq: seq + FAR, ack: 0 },
    'reset in window': { flags: RST, seq: seq + 1000, ack: 0 },
    'syn and fin': { flags: SYN | FIN, seq, ack: 0 },
    'no flags': { flags: 0, seq, ack },
    'syn and reset': { flags: SYN | RST, seq, ack: 0 },
    'fin alone': { flags: FIN, seq, ack: 0 },
    'syn from the other side': { flags: SYN, seq: seq + FAR, ack: 0 },
    'acknowledgement out of nowhere': { flags: ACK, seq: 5000, ack: 6000 },
    'reset out of nowhere': { flags: RST, seq: 5000, ack: 0 },
    'syn again': { flags: SYN, seq: seq - 1, ack: 0 },
  };
  return oddSegment(flow, end, segments[odd], id);
}
