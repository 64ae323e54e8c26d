/*
 * From captured frames to journeys: one frame on two taps is one *transmission*, and the transmissions that carry
 * one packet into the router and out of it again are one *journey*. Only the packets of one conversation are kept.
 *
 * Pure. It trusts nothing about addresses inside the router: a packet is recognised behind it by what a router
 * leaves alone (identification, length, sequence numbers, payload), so what was rewritten can be read off.
 */
import { tcpAck, tcpSyn } from '../../firmware/wire/frame.ts';
import { CAST, type LabFrame, type Wire } from './lab.ts';
import { readPacket, sourceOf, targetOf, type IcmpPacket, type TcpPacket, type UdpPacket } from './packet.ts';

/** Who a MAC belongs to. Everything beyond the provider's gateway is seen as the gateway. */
export type Station = 'Internet' | 'router' | 'S' | 'C' | 'nobody we know';

/** One frame on its way from one station to the next. */
export interface Transmission {
  packet: TcpPacket | UdpPacket | IcmpPacket;
  sender: Station;
  receiver: Station;
  /** Microseconds since the lab started, at the first tap. */
  time: number;
  /** The same frame at each tap, in the order it passed them. */
  frames: LabFrame[];
}

/** One packet from the station that made it to where it was last seen. Never empty. */
export type Journey = Transmission[];

/** Which conversation is meant: the first one that anybody opens with P at this port. */
export interface Conversation {
  protocol: 'tcp' | 'udp';
  /** The same on both sides of the router, as in all the lab's forwards. */
  port: number;
}

/** How far apart, in microseconds, two sightings of one packet may be: below the shortest TCP retransmission (200 ms). */
const sightingWindow = 150_000;

const stationByMac = new Map<string, Station>([
  [CAST.P.mac, 'router'],
  [CAST.R.mac, 'router'],
  [CAST.G.mac, 'Internet'],
  [CAST.S.mac, 'S'],
  [CAST.C.mac, 'C'],
]);

/** The tap next to a station; the router has one on either side. */
const wiresOf: Record<Station, readonly Wire[]> = {
  Internet: ['wan'],
  router: ['wan', 'router-lan'],
  S: ['server'],
  C: ['client'],
  'nobody we know': [],
};

/** All journeys of the conversation, in the order in which they began. Empty if nobody opened it. */
export function journeysOf(frames: readonly LabFrame[], conversation: Conversation): Journey[] {
  const journeys = linked(transmissionsIn(frames, conversation));
  const opening = journeys.find((journey) => opens(journey[0], conversation));
  return opening ? conversationOf(opening, journeys) : [];
}

function transmissionsIn(frames: readonly LabFrame[], conversation: Conversation): Transmission[] {
  const seen = new Map<string, Transmission[]>();
  const transmissions: Transmission[] = [];
  for (const frame of frames) {
    const packet = readPacket(frame.bytes);
    if (packet.kind === 'arp' || packet.kind === 'other' || !concerns(packet, conversation)) continue;
    const key = Buffer.from(frame.bytes.buffer, frame.bytes.byteOffset, frame.bytes.length).toString(
      'latin1',
    );
    const copies = seen.get(key) ?? [];
    seen.set(key, copies);
    const earlier = copies.find(
      ({ time, frames }) =>
        frame.time - time < sightingWindow && frames.every(({ wire }) => wire !== frame.wire),
    );
    if (earlier) {
      earlier.frames.push(frame);
      continue;
    }
    const transmission: Transmission = {
      packet,
      sender: stationByMac.get(packet.senderMac) ?? 'nobody we know',
      receiver: stationByMac.get(packet.receiverMac) ?? 'nobody we know',
      time: frame.time,
      frames: [frame],
    };
    copies.push(transmission);
    transmissions.push(transmission);
  }
  for (const transmission of transmissions) transmission.frames.sort(byDistanceFrom(transmission.sender));
  return transmissions;
}

/** Taps are read one after the other, so their times can be a little out of order; the cables cannot. */
function byDistanceFrom(sender: Station): (a: LabFrame, b: LabFrame) => number {
  const near = (frame: LabFrame): number => (wiresOf[sender].includes(frame.wire) ? 0 : 1);
  return (a, b) => near(a) - near(b) || a.time - b.time;
}

function concerns(packet: TcpPacket | UdpPacket | IcmpPacket, { protocol, port }: Conversation): boolean {
  const subject = packet.kind === 'icmp' ? packet.quoted : packet;
  return (
    subject !== null &&
    subject.kind !== 'icmp' &&
    subject.kind === protocol &&
    (subject.sourcePort === port || subject.targetPort === port)
  );
}

function opens({ packet }: Transmission, { port }: Conversation): boolean {
  if (packet.kind === 'icmp' || packet.target !== CAST.P.address || packet.targetPort !== port) return false;
  return packet.kind === 'udp' || (packet.flags & (tcpSyn | tcpAck)) === tcpSyn;
}

/** Joins what left the router to what entered it. */
function linked(transmissions: Transmission[]): Journey[] {
  const entered = new Map<string, Transmission[]>();
  for (const transmission of transmissions) {
    if (transmission.receiver !== 'router') continue;
    const identity = identityOf(transmission.packet);
    entered.set(identity, [...(entered.get(identity) ?? []), transmission]);
  }
  const onward = new Map<Transmission, Transmission>();
  const continuations = new Set<Transmission>();
  for (const leaving of transmissions) {
    if (leaving.sender !== 'router') continue;
    const entering = entered
      .get(identityOf(leaving.packet))
      ?.find(
        ({ time }, index, all) => !onward.has(all[index]) && Math.abs(leaving.time - time) < sightingWindow,
      );
    if (!entering) continue;
    onward.set(entering, leaving);
    continuations.add(leaving);
  }
  return transmissions
    .filter((transmission) => !continuations.has(transmission))
    .map((first) => {
      const next = onward.get(first);
      return next ? [first, next] : [first];
    })
    .sort((a, b) => a[0].time - b[0].time);
}

/** What a router that translates addresses leaves as it was. */
function identityOf(packet: TcpPacket | UdpPacket | IcmpPacket): string {
  const common = [packet.kind, packet.identification, packet.totalLength];
  if (packet.kind === 'icmp') return [...common, packet.type, packet.code, packet.sequence].join(' ');
  const payload = Buffer.from(packet.payload.subarray(0, 16)).toString('latin1');
  if (packet.kind === 'udp') return [...common, payload].join(' ');
  return [...common, packet.sequence, packet.acknowledgement, packet.flags, payload].join(' ');
}

/** Everything that has a pair of endpoints in common with the opening, directly or through the router's rewriting. */
function conversationOf(opening: Journey, journeys: Journey[]): Journey[] {
  const pairs = new Set(pairsOf(opening));
  for (let known = 0; known < pairs.size;) {
    known = pairs.size;
    for (const journey of journeys) {
      const own = pairsOf(journey);
      if (own.some((pair) => pairs.has(pair))) for (const pair of own) pairs.add(pair);
    }
  }
  return journeys.filter((journey) => pairsOf(journey).some((pair) => pairs.has(pair)));
}

/** Both ends of each transmission, whichever way it goes; an ICMP error belongs to what it quotes. */
function pairsOf(journey: Journey): string[] {
  return journey.map(({ packet }) => {
    const subject = packet.kind === 'icmp' ? (packet.quoted ?? packet) : packet;
    return [sourceOf(subject), targetOf(subject)].sort().join(' ');
  });
}
