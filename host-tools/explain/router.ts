/*
 * The router that is asked: the real firmware on an emulated board, between two wires on which everybody answers ARP.
 * `pass` lets one frame arrive and gathers what the firmware says about it (trace, flows, counters) and what really
 * left it on either wire. Nothing here knows what a router should do.
 */
import { World } from '../emulator/world.ts';
import { readPacket, type ArpPacket, type Packet } from '../lab/packet.ts';
import { arpFrame } from '../lab/scripted/frames.ts';
import { macOf, type Network, type Side } from './network.ts';
import { isForwarded, reasonSentence } from './reasons.ts';

/** Longest Ethernet frame without its FCS, in bytes (IEEE 802.3 clause 3.2.7). */
const longestFrame = 1514;
/** Where a frame ends that the chip did not even let in: it has no name in the firmware, which never saw it. */
const chipReasons = {
  'chip-oversize': `The Ethernet chip did not let it in: it is longer than the ${longestFrame} bytes of a frame. Captures made on a sender show such frames before its hardware cuts them up.`,
  'chip-filter': 'The Ethernet chip did not let it in: it is addressed to none that the router listens for.',
};

/** Why a packet ended as it did: a name of firmware/layout/reasons.ts or of `chipReasons`, and its sentence. */
export function reasonOf({ reason, length }: Passage): { reason: string; sentence: string } {
  if (reason !== null) return { reason, sentence: reasonSentence(reason) };
  const chip = length > longestFrame ? 'chip-oversize' : 'chip-filter';
  return { reason: chip, sentence: chipReasons[chip] };
}

/** A frame that the router sent. */
export interface SentFrame {
  side: Side;
  frame: Uint8Array;
  packet: Packet;
}

/** A flow as the firmware lists it; tuples are "source:port>target:port". */
export interface Flow {
  proto: string;
  original: string;
  reply: string;
}

/** What the router did with one frame. */
export interface Passage {
  side: Side;
  packet: Packet;
  /** Of the frame, in bytes. */
  length: number;
  /** A name of firmware/layout/reasons.ts; null if the chip did not even let the frame in. */
  reason: string | null;
  /** The frame as it was sent on; null if it was not. */
  forwarded: SentFrame | null;
  /** What the router sent of its own accord: a reset, an ICMP error, an echo reply. */
  answers: SentFrame[];
  /** Its flow and its direction in it; null if it has none. `made`: this very packet made it. */
  flow: (Flow & { direction: 'original' | 'reply'; made: boolean }) | null;
  /** Addresses whose MAC the router had to ask for. */
  asked: string[];
  /** How far the firmware's counters moved, by name. */
  counters: Record<string, number>;
}

/** What the firmware notes of a packet while its trace is on. */
interface TraceEntry {
  protocol: number;
  reason: string;
  received: string;
  sent?: string;
  egress?: Side;
}

export interface RouterFiles {
  /** Text of dist/firmware.js. */
  bundle: string;
  /** Texts of the board's Storage files. */
  files: { 'board.json': string; 'config.json': string };
}

/** Microseconds: for links and chips to come up; for a cable's length. */
const bootTime = 1_000_000;
const cableDelay = 10;
/** Microseconds in which a frame is usually dealt with, ARP included; and what is given to one that is not. */
const moments = [200, 20_000];

/** Protocol numbers as the trace has them; ARP has 0, like everything that is not IPv4. */
const protocolNames: Record<number, string> = { 1: 'icmp', 6: 'tcp', 17: 'udp' };
const arpReasons = ['answered-arp', 'consumed-arp', 'drop-arp'];

export class Router {
  private readonly world: World;
  private readonly network: Network;
  private readonly sent: SentFrame[] = [];
  private flows: Flow[] = [];

  /** Boots the firmware. Throws if it does not come up with this configuration. */
  constructor({ bundle, files }: RouterFiles, network: Network) {
    this.network = network;
    this.world = new World({ bundle, files, print: () => {} });
    for (const side of ['wan', 'lan'] as const) {
      this.world[side].setLink(true);
      this.world[side].onTransmit = (frame) => this.onTransmit(side, frame);
    }
    this.world.board.boot();
    this.world.run(bootTime);
    this.ask('status');
  }

  /** Microseconds of virtual time since the board was switched on. */
  now(): number {
    return this.world.clock.now();
  }

  /** Lets time pass in which nothing arrives. */
  idle(microseconds: number): void {
    this.world.run(microseconds);
  }

  /** Lets a frame arrive on one side and waits until the router is done with it. */
  pass(side: Side, frame: Uint8Array): Passage {
    const before = this.counters();
    this.sent.length = 0;
    this.ask('trace on');
    this.world[side].deliver(frame);
    const entry = this.decided();
    const counters = difference(before, this.counters());
    const packets = this.sent.filter(({ packet }) => packet.kind !== 'arp');
    const forwarded = entry && isForwarded(entry.reason) ? (packets.find(leftBy(entry)) ?? null) : null;
    return {
      side,
      packet: readPacket(frame),
      length: frame.length,
      reason: entry?.reason ?? null,
      forwarded,
      answers: packets.filter((packet) => packet !== forwarded),
      flow: entry ? this.flowOf(entry, (counters['flows-made'] ?? 0) > 0) : null,
      asked: this.sent.flatMap(({ packet }) =>
        packet.kind === 'arp' && packet.operation === 'request' ? [packet.targetAddress] : [],
      ),
      counters,
    };
  }

  /** Waits until the router is done with what has arrived; what it noted of it last. */
  private decided(): TraceEntry | undefined {
    let entry: TraceEntry | undefined;
    for (const time of moments) {
      this.world.run(time);
      const trace = this.ask('trace read').trace as TraceEntry[];
      const decided = trace.filter(({ reason }) => !arpReasons.includes(reason));
      // Behind it there may be others, which waited for it.
      entry = decided.find(({ reason }) => reason !== 'held-for-neighbour') ?? decided.at(-1);
      if (entry && entry.reason !== 'held-for-neighbour') break;
    }
    return entry;
  }

  /**
   * The list of flows is long to ask for, so it is remembered until one is made. A packet that was dropped may have
   * been dropped because its flow is gone by now, so it is asked for anew then.
   */
  private flowOf({ protocol, received, reason }: TraceEntry, made: boolean): Passage['flow'] {
    if (made || !isForwarded(reason)) this.flows = this.allFlows();
    const proto = protocolNames[protocol];
    const known = (side: 'original' | 'reply'): Flow | undefined =>
      this.flows.find((flow) => flow.proto === proto && flow[side] === received);
    const original = known('original');
    if (original) return { ...original, direction: 'original', made };
    const reply = known('reply');
    return reply ? { ...reply, direction: 'reply', made: false } : null;
  }

  private allFlows(): Flow[] {
    const flows: Flow[] = [];
    for (let next: number | null = 1; next !== null;) {
      const answer: Record<string, unknown> = this.ask(`flows ${next}`);
      flows.push(
        ...(answer.flows as Flow[]).map(({ proto, original, reply }) => ({ proto, original, reply })),
      );
      next = answer.next as number | null;
    }
    return flows;
  }

  private counters(): Record<string, number> {
    return this.ask('counters').counters as Record<string, number>;
  }

  private ask(line: string): Record<string, unknown> {
    const answer = JSON.parse(this.world.board.hairpin(line)) as Record<string, unknown>;
    if (answer.ok !== true) throw new Error(`The firmware refused "${line}": ${String(answer.error)}`);
    return answer;
  }

  private onTransmit(side: Side, frame: Uint8Array): void {
    const packet = readPacket(frame);
    this.sent.push({ side, frame: frame.slice(), packet });
    if (packet.kind !== 'arp' || packet.operation !== 'request') return;
    const answer = this.arpAnswer(side, packet);
    if (answer)
      this.world.clock.schedule(this.world.clock.now() + cableDelay, () => this.world[side].deliver(answer));
  }

  /** Whoever the router asks for is there and says so - unless it asks whether its own address is taken. */
  private arpAnswer(side: Side, { targetAddress, senderAddress }: ArpPacket): Uint8Array | null {
    if (targetAddress === this.network.publicAddress || targetAddress === this.network.lanAddress)
      return null;
    const host = { mac: macOf(targetAddress), address: targetAddress };
    return arpFrame(host, this.network.routerMac[side], senderAddress);
  }
}

/** Whether a frame is the one that the trace says was sent. */
function leftBy({ sent, egress }: TraceEntry): (frame: SentFrame) => boolean {
  const [source, target] = (sent ?? '>').split('>').map((end) => end.split(':')[0]);
  return ({ side, packet }) =>
    side === egress && 'source' in packet && packet.source === source && packet.target === target;
}

function difference(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  const moved: Record<string, number> = {};
  for (const [name, count] of Object.entries(after))
    if (count !== before[name]) moved[name] = count - before[name];
  return moved;
}
