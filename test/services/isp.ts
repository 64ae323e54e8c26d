/**
 * An ISP in software, for anything that sends and takes Ethernet frames on the WAN: a DHCP server whose terms a test may
 * change at any moment, the gateway that answers ARP, and hosts that have an address already. No time of its own: it
 * answers what it hears at once, and writes down what that was.
 */
import { dhcpBytes, addressData, readDhcp, secondsData } from '../wire/dhcp.ts';
import type { Dhcp, DhcpOptions, ReadDhcp } from '../wire/dhcp.ts';
import { get16, hostBytes, tell, udp } from '../wire/packets.ts';
import { arp, ethernet, macOf } from '../control/table.ts';

/** What is leased, and how. Addresses are letters of the cast or dotted. */
export interface Terms {
  address: string;
  mask: string | null;
  gateway: string | null;
  server: string;
  resolvers: string[];
  /** Seconds; 0xffffffff: for ever. Null: not told. */
  lease: number | null;
  /** T1 and T2, if the server tells them. */
  renewal?: number;
  rebinding?: number;
  mtu?: number;
}

/** A message that the router sent, and its way. */
export interface Heard extends ReadDhcp {
  at: number;
  /** Dotted source and target of the packet, and whether its frame was a broadcast. */
  from: string;
  to: string;
  toAll: boolean;
  /** Bytes of the message. */
  bytes: number;
}

const everyone = [255, 255, 255, 255, 255, 255];

export class Isp {
  terms: Terms = {
    address: '12.0.0.1',
    mask: '255.255.255.0',
    gateway: '12.0.0.254',
    server: '12.0.0.254',
    resolvers: ['198.51.100.10', '198.51.100.11'],
    lease: 3600,
  };
  /** It hears, and says nothing. */
  silent = false;
  /** It refuses every request. */
  refuses = false;
  /** It refuses requests for any address but that of the terms, as an ISP does after a change; else it is silent then. */
  authoritative = true;
  /** Addresses that somebody has, who answers ARP. */
  readonly taken = new Set<string>();
  /** Changes an answer before it leaves. */
  change: (answer: Dhcp) => Dhcp = (answer) => answer;
  /** What the router sent, in order. */
  readonly heard: Heard[] = [];
  /** ARP questions of the router: who is asked for, and in whose name. */
  readonly questions: { at: number; for: string; sender: string }[] = [];

  /** @param routerMac MAC address of the router's WAN side */
  constructor(readonly routerMac: readonly number[] = macOf('P')) {}

  /** Hears a frame that the router sent. @param at seconds, for the list @returns the frames that answer it */
  hear(frame: Uint8Array, at: number): Uint8Array[] {
    if (get16(frame, 12) === 0x0806) return this.hearArp(frame, at);
    const packet = frame.subarray(14);
    if (packet[9] !== 17 || get16(packet, 22) !== 67) return [];
    tell(packet);
    const message = readDhcp(packet.subarray(28, get16(packet, 2)));
    this.heard.push({
      ...message,
      at,
      from: packet.subarray(12, 16).join('.'),
      to: packet.subarray(16, 20).join('.'),
      toAll: frame.subarray(0, 6).every((byte) => byte === 255),
      bytes: get16(packet, 24) - 8,
    });
    if (this.silent) return [];
    const answer = this.answerTo(message);
    return answer ? [this.frameOf(this.change(answer), message)] : [];
  }

  private hearArp(frame: Uint8Array, at: number): Uint8Array[] {
    if (get16(frame, 20) !== 1) return [];
    const sender = frame.subarray(28, 32).join('.');
    const wanted = frame.subarray(38, 42).join('.');
    this.questions.push({ at, for: wanted, sender });
    const { gateway, server } = this.terms;
    const mac = wanted === gateway || wanted === server ? macOf('G') : this.taken.has(wanted) ? stranger : [];
    if (!mac.length) return [];
    return [ethernet([...this.routerMac], mac, 0x0806, arp(2, wanted, sender, mac))];
  }

  /** What a message gets, or nothing. */
  private answerTo(message: ReadDhcp): Dhcp | undefined {
    if (message.type === 'discover') return this.answer(message, 2);
    if (message.type !== 'request') return undefined;
    const { address, server } = this.terms;
    const wanted = message.ciaddr === '0.0.0.0' ? message.options[50].join('.') : message.ciaddr;
    // To another server's offer, or to another one's lease if it was sent to that.
    if (message.options[54] && message.options[54].join('.') !== hostBytes(server).join('.'))
      return undefined;
    const right = wanted === hostBytes(address).join('.');
    if (this.refuses || (!right && this.authoritative)) return this.answer(message, 6);
    return right ? this.answer(message, 5) : undefined;
  }

  /** An answer by these terms. @param type of option 53 */
  answer(message: Pick<ReadDhcp, 'xid' | 'chaddr' | 'ciaddr'>, type: number): Dhcp {
    const { xid, chaddr, ciaddr } = message;
    const refusal = type === 6;
    return {
      op: 2,
      xid,
      chaddr,
      ciaddr: refusal ? '0.0.0.0' : ciaddr,
      yiaddr: refusal ? '0.0.0.0' : this.terms.address,
      options: { 53: [type], 54: addressData(this.terms.server), ...(refusal ? {} : this.options()) },
    };
  }

  private options(): DhcpOptions {
    const { mask, gateway, resolvers, lease, renewal, rebinding, mtu } = this.terms;
    const options: Record<number, number[]> = {};
    if (mask) options[1] = addressData(mask);
    if (gateway) options[3] = addressData(gateway);
    if (resolvers.length) options[6] = addressData(...resolvers);
    if (mtu) options[26] = [mtu >> 8, mtu & 255];
    if (lease !== null) options[51] = secondsData(lease);
    if (renewal) options[58] = secondsData(renewal);
    if (rebinding) options[59] = secondsData(rebinding);
    return options;
  }

  /** The frame of a message to the router: to its address, as one that can take that before it has any. */
  frameOf(answer: Dhcp, to: Partial<Pick<ReadDhcp, 'ciaddr' | 'flags' | 'type'>> = {}): Uint8Array {
    const refusal = answer.options[53]?.[0] === 6;
    const toAll = refusal || ((to.flags ?? 0) & 0x8000) !== 0;
    const target = toAll ? '255.255.255.255' : (answer.yiaddr ?? '255.255.255.255');
    return this.frame(dhcpBytes(answer), target, toAll ? everyone : this.routerMac);
  }

  /** A datagram from the server to the client's port. */
  frame(payload: Uint8Array, to: string, mac: readonly number[] = this.routerMac): Uint8Array {
    return ethernet(
      [...mac],
      macOf('G'),
      0x0800,
      udp(`${this.terms.server}:67`, `${to}:68`, { data: payload }),
    );
  }

  /** Types of the messages heard since the last look, and how they came: `request 12.0.0.1>12.0.0.254`. */
  take(): string[] {
    return this.heard.splice(0).map(({ type, from, to }) => `${type} ${from}>${to}`);
  }
}

/** Whose an address is that is taken. */
export const stranger = [2, 0, 0, 0, 0x99, 0x66];
