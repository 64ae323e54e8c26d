/**
 * Every frame that leaves, against the frame it was made of and against what was seen on the wires before: whole and
 * rightly summed, from the right addresses, and from the WAN to the LAN only if it may. Faults are sentences.
 */
import { counter } from '../../firmware/layout/arena.ts';
import { flowsMade } from '../../firmware/layout/reasons.ts';
import type { Config } from '../../firmware/config/schema.ts';
import type { Left } from '../control/table.ts';
import { get16 } from '../wire/packets.ts';
import { mendSum } from './damage.ts';
import { arpFault, packetFault } from './made.ts';
import { headerOf, isAnsweredEcho, isSound, passedFault, sumOf } from './passed.ts';
import type { Arrival } from './steps.ts';
import { Strangers, addressAt, slack } from './strangers.ts';

type Fault = string | undefined;

/** Arrived packets that an error may still quote: also one that waited for a neighbour meanwhile. */
const quotable = 2048;

function bytesOf(address: number): Uint8Array {
  return Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address);
}

function isPacket(frame: Uint8Array): boolean {
  return get16(frame, 12) === 0x0800;
}

function isError(packet: Uint8Array): boolean {
  return packet[9] === 1 && !(get16(packet, 6) & 0x1fff) && [3, 11, 12].includes(packet[headerOf(packet)]);
}

/** A frame that left, or what the pieces of one were; then `longest` of them has so many bytes of IP. */
interface Joined extends Left {
  longest?: number;
}

/**
 * What was cut on its way out, whole again: a piece that was made of a received packet and is shorter, with the pieces
 * behind it. A received packet that was itself a piece stays one.
 */
function joined(left: Left[]): Joined[] {
  const whole: Joined[] = [];
  for (let i = 0; i < left.length; i++) {
    const first = left[i];
    if (!first.received || first.frame.length === first.received.length) {
      whole.push(first);
      continue;
    }
    const pieces = [first.frame];
    while (i + 1 < left.length && !left[i + 1].received && follows(left[i + 1].frame, pieces)) {
      pieces.push(left[++i].frame);
    }
    const longest = Math.max(...pieces.map((piece) => get16(piece, 16)));
    whole.push({ ...first, frame: joinedFrame(pieces, first.received), longest });
  }
  return whole;
}

/** Bytes of the payload of a piece. */
function payloadOf(frame: Uint8Array): Uint8Array {
  return frame.subarray(14 + headerOf(frame.subarray(14)), 14 + get16(frame, 16));
}

/** Whether a frame is the next piece of the same packet. */
function follows(frame: Uint8Array, pieces: Uint8Array[]): boolean {
  const [first, last] = [pieces[0], pieces[pieces.length - 1]];
  const next = (get16(last, 20) & 0x1fff) * 8 + payloadOf(last).length;
  const isSame = get16(frame, 18) === get16(first, 18) && addressAt(frame, 30) === addressAt(first, 30);
  return (
    isPacket(frame) && isSame && (get16(last, 20) & 0x2000) !== 0 && (get16(frame, 20) & 0x1fff) * 8 === next
  );
}

/** The packet that pieces make, with the flags of the received one and a header sum that follows. */
function joinedFrame(pieces: Uint8Array[], received: Uint8Array): Uint8Array {
  const frame = received.slice();
  const header = 14 + headerOf(pieces[0].subarray(14));
  frame.set(pieces[0].subarray(0, header));
  frame.set(received.subarray(16, 18), 16);
  frame.set(received.subarray(20, 22), 20);
  let at = header;
  for (const piece of pieces) {
    if (sumOf(piece, 14, 14 + headerOf(piece.subarray(14))) !== 0) frame[14] = 0;
    frame.set(payloadOf(piece), at);
    at += payloadOf(piece).length;
  }
  if (at === 14 + get16(received, 16)) mendSum(frame);
  return frame;
}

/** Seconds a datagram's first piece is remembered, and what the fuzzer's strides add. */
const pieceSeconds = 15 + slack;

/** What the pieces of a datagram have in common. */
function pieceKey(packet: Uint8Array): string {
  return `${addressAt(packet, 12)} ${addressAt(packet, 16)} ${get16(packet, 4)} ${packet[9]}`;
}

export class Egress {
  private readonly firstPieces = new Map<string, { sent: Uint8Array; now: number }>();
  private readonly strangers: Strangers;
  private readonly recent: Uint8Array[] = [];
  private readonly ports;
  private flowsBefore = counter[flowsMade];
  private readonly cameBy = new WeakMap<Uint8Array, Arrival>();

  constructor(private readonly config: Config) {
    this.strangers = new Strangers(config);
    this.ports = {
      wan: { mac: Uint8Array.from(config.wan.mac), address: bytesOf(config.wan.address) },
      lan: { mac: Uint8Array.from(config.lan.mac), address: bytesOf(config.lan.address) },
    };
  }

  passTime(seconds: number): void {
    this.strangers.now += seconds;
  }

  /** What is wrong with what left because of a frame, or while time passed. */
  fault(arrival: Arrival | undefined, left: Left[]): Fault {
    if (arrival) {
      this.recent.push(arrival.frame.subarray(14));
      if (this.recent.length > quotable) this.recent.shift();
      this.cameBy.set(arrival.frame, arrival);
      if (arrival.port === 'lan' && counter[flowsMade] !== this.flowsBefore)
        this.strangers.opened(arrival.frame.subarray(14));
    }
    this.flowsBefore = counter[flowsMade];
    for (const one of joined(left)) {
      const fault = this.frameFault(one) ?? (one.received ? this.passedOn(one) : this.made(one));
      if (fault)
        return `${fault} (left by ${one.port}: ${Buffer.from(one.frame.subarray(0, 150)).toString('hex')})`;
    }
    return undefined;
  }

  private frameFault({ port, frame }: Left): Fault {
    if (frame.length < 60 || frame.length > 1514) return `a frame of ${frame.length} bytes`;
    if (Buffer.compare(frame.subarray(6, 12), this.ports[port].mac))
      return 'a frame from another MAC address';
    if (get16(frame, 12) === 0x0806) return undefined;
    if (frame[0] & 1) return 'an IP packet sent to many';
    const source = addressAt(frame, 26);
    const target = addressAt(frame, 30);
    if (port === 'wan' && source !== this.config.wan.address)
      return 'a packet left the WAN with a source that is not P';
    if (this.isOnLan(target) !== (port === 'lan')) return 'a packet left by the wrong port';
    return target === this.config.wan.address || target === this.config.lan.address
      ? 'a packet was sent to the router itself'
      : undefined;
  }

  private isOnLan(address: number): boolean {
    const size = 2 ** (32 - this.config.lan.prefix);
    return Math.floor(address / size) === Math.floor(this.config.lan.address / size);
  }

  private made({ port, frame }: Left): Fault {
    if (get16(frame, 12) === 0x0806) return arpFault(frame, this.ports[port].mac, this.ports[port].address);
    const packet = frame.subarray(14);
    const source = addressAt(packet, 12);
    if (source !== this.config.wan.address && source !== this.config.lan.address)
      return 'a made packet in another name';
    return packetFault(packet, this.recent);
  }

  private passedOn({ port, frame, received, fast, longest }: Joined): Fault {
    const before = received as Uint8Array;
    if (get16(frame, 12) !== get16(before, 12)) return 'a frame has changed its type';
    if (!fast && !(isPacket(before) && isSound(before.subarray(14))))
      return 'control passed an unsound packet on';
    const [sent, came] = [frame.subarray(14), before.subarray(14)];
    const fault = passedFault(sent, came, this.config.wan.mtu);
    if (fault) return fault;
    const from = this.cameBy.get(before)?.port;
    if (isAnsweredEcho(sent, came)) return from === port ? undefined : 'an echo reply left by the other port';
    const length = longest ?? (isSound(came) ? get16(sent, 2) : sent.length);
    if (length > (port === 'wan' ? this.config.wan.mtu : 1500)) return 'a packet is longer than the MTU';
    if (get16(came, 6) & 0x1fff) return this.laterPiece(sent, came);
    if (get16(came, 6) & 0x2000) this.firstPieces.set(pieceKey(came), { sent, now: this.strangers.now });
    if (from === 'wan')
      return port === 'wan' ? 'a packet came in and went out by the WAN' : this.cameIn(sent, came);
    return port === 'lan' ? this.stayed(sent, came) : this.wentOut(sent, came);
  }

  /** A piece that has no ports goes where the first of its datagram went, and not long after it. */
  private laterPiece(sent: Uint8Array, came: Uint8Array): Fault {
    const first = this.firstPieces.get(pieceKey(came));
    if (!first || this.strangers.now - first.now > pieceSeconds)
      return 'a piece passed whose first one did not';
    for (let at = 12; at < 20; at++)
      if (sent[at] !== first.sent[at]) return 'a piece went another way than its first';
    const renamed = get16(sent, 4) === get16(first.sent, 4);
    return renamed ? undefined : 'a piece has another identification than its first';
  }

  private cameIn(sent: Uint8Array, came: Uint8Array): Fault {
    if (this.isOnLan(addressAt(came, 12))) return 'a packet with a LAN source came in from the WAN';
    return isError(came) ? this.strangers.errorCameIn(sent, came) : this.strangers.cameIn(sent, came);
  }

  private wentOut(sent: Uint8Array, came: Uint8Array): Fault {
    if (addressAt(sent, 16) !== addressAt(came, 16)) return 'a packet to the Internet got another target';
    if (!isError(came)) this.strangers.wentOut(sent, came);
    return undefined;
  }

  /** From the LAN to the LAN: around the hairpin in P's or R's name, or as it is. */
  private stayed(sent: Uint8Array, came: Uint8Array): Fault {
    const source = addressAt(sent, 12);
    const known = [this.config.wan.address, this.config.lan.address, addressAt(came, 12)];
    // An error comes from whom the packet it quotes was sent to, as the receiver knows it.
    if (isError(sent)) known.push(addressAt(sent, (sent[0] & 15) * 4 + 8 + 16));
    if (source === this.config.wan.address) this.strangers.turnedBack(sent, came);
    return known.includes(source) ? undefined : 'a packet around the hairpin is from somebody else';
  }
}
