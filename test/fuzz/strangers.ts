/**
 * Who may come in from the WAN, known from the wires alone: what left in P's name, to whom, and when. It knows the
 * configuration and no table of the firmware. Its answer is an upper bound: it forgets nobody before the limit of idle
 * flows, and does not know what was evicted.
 */
import type { Config, Forward } from '../../firmware/config/schema.ts';
import { get16 } from '../wire/packets.ts';
import { headerOf } from './passed.ts';

/** Seconds that the sweep may be late; the fuzzer's longest stride. */
export const slack = 60;

/** An address as a number, most significant byte first. */
export function addressAt(packet: Uint8Array, at: number): number {
  return ((packet[at] << 24) | (packet[at + 1] << 16) | (packet[at + 2] << 8) | packet[at + 3]) >>> 0;
}

/** Both ports; of an ICMP query its identifier, for both sides. */
interface Ends {
  protocol: number;
  source: number;
  target: number;
  sourcePort: number;
  targetPort: number;
}

export function endsOf(packet: Uint8Array): Ends {
  const at = headerOf(packet);
  const protocol = packet[9];
  const query = protocol === 1;
  return {
    protocol,
    source: addressAt(packet, 12),
    target: addressAt(packet, 16),
    sourcePort: get16(packet, query ? at + 4 : at),
    targetPort: get16(packet, query ? at + 4 : at + 2),
  };
}

/** Whether a packet is an ICMP error, or a piece without ports. */
export function isErrorOrPiece(packet: Uint8Array): boolean {
  if (get16(packet, 6) & 0x1fff) return true;
  return packet[9] === 1 && [3, 11, 12].includes(packet[headerOf(packet)]);
}

interface Mapping {
  /** Inner address and port, as one number. */
  inner: number;
  seen: number;
}

export class Strangers {
  /** Seconds since the router started. */
  now = 0;
  private readonly mappings = new Map<string, Mapping>();
  /** Last second in which a mapping and an address on the Internet spoke. */
  private readonly peers = new Map<string, number>();
  /** Whom LAN hosts have a flow with, by both ends, also if no packet of it has left yet. */
  private readonly wanted = new Map<string, number>();
  /** Inner end by the whole tuple, for ICMP errors. */
  private readonly tuples = new Map<string, number>();

  constructor(private readonly config: Config) {}

  private limit(protocol: number): number {
    const { timeouts } = this.config.nat;
    if (protocol === 6) return timeouts.tcpEstablished + timeouts.tcpTransitory + 2 * slack;
    return (protocol === 17 ? timeouts.udp : timeouts.icmp) + slack;
  }

  private isFresh(seen: number | undefined, protocol: number): boolean {
    return seen !== undefined && this.now - seen <= this.limit(protocol);
  }

  private meet(protocol: number, port: number, peer: number, peerPort: number, inner: number): void {
    this.mappings.set(`${protocol}:${port}`, { inner, seen: this.now });
    this.peers.set(`${protocol}:${port}:${peer}`, this.now);
    this.tuples.set(`${protocol}:${port}:${peer}:${protocol === 1 ? 0 : peerPort}`, inner);
  }

  /** A packet left the WAN in P's name. */
  wentOut(sent: Uint8Array, received: Uint8Array): void {
    const out = endsOf(sent);
    const inner = endsOf(received);
    this.meet(
      out.protocol,
      out.sourcePort,
      out.target,
      out.targetPort,
      inner.source * 65536 + inner.sourcePort,
    );
  }

  /** A packet went around the hairpin in P's name: its mapping is as good as any. */
  turnedBack(sent: Uint8Array, received: Uint8Array): void {
    if (isErrorOrPiece(sent)) return;
    const { protocol, sourcePort } = endsOf(sent);
    const inner = endsOf(received);
    const key = `${protocol}:${sourcePort}`;
    // What a server answers is in P's name as well, from the port of a forward.
    this.mappings.set(key, { inner: inner.source * 65536 + inner.sourcePort, seen: this.now });
  }

  /** A packet from the LAN made a flow; whether it left or waits for a neighbour, its peer may answer. */
  opened(received: Uint8Array): void {
    const { protocol, source, sourcePort, target } = endsOf(received);
    const inner = source * 65536 + sourcePort;
    this.wanted.set(`${protocol}:${inner}:${target}`, this.now);
    this.wanted.set(`${protocol}:${inner}:`, this.now);
  }

  /** The rule for a packet from the WAN; also one that is for others, if `anybody` may send it. */
  private ruleFor({ protocol, source, targetPort }: Ends, anybody = false): Forward | undefined {
    return this.config.forwards.find(
      ({ proto, firstPort, lastPort, from, fromPrefix }) =>
        protocol !== 1 &&
        (proto === 'both' || proto === (protocol === 6 ? 'tcp' : 'udp')) &&
        targetPort >= firstPort &&
        targetPort <= lastPort &&
        (anybody ||
          Math.floor(source / 2 ** (32 - fromPrefix)) === Math.floor(from / 2 ** (32 - fromPrefix))),
    );
  }

  /** Why a packet from the WAN may not have come in as it did, or undefined. It is no ICMP error. */
  cameIn(sent: Uint8Array, received: Uint8Array): string | undefined {
    const from = endsOf(received);
    const to = endsOf(sent);
    if (to.source !== from.source) return 'a packet from the Internet got another source';
    if (from.target !== this.config.wan.address) return 'a packet came in that was not for P';
    const inner = to.target * 65536 + to.targetPort;
    const rule = this.ruleFor(from);
    const mapping = this.mappings.get(`${from.protocol}:${from.targetPort}`);
    const filter = from.protocol === 6 ? this.config.nat.filterTcp : this.config.nat.filterUdp;
    // A port that a rule owns is open to whom the rule is for, and to whom its server has spoken to itself.
    const isOwned = this.ruleFor(from, true) !== undefined;
    const isOpen = from.protocol !== 1 && !isOwned && filter === 'endpoint-independent';
    const allowed =
      (rule && inner === rule.to * 65536 + rule.toPort + from.targetPort - rule.firstPort) ||
      (mapping?.inner === inner &&
        (isOpen
          ? this.isFresh(mapping.seen, from.protocol)
          : this.isFresh(
              this.peers.get(`${from.protocol}:${from.targetPort}:${from.source}`),
              from.protocol,
            ))) ||
      this.isFresh(
        this.wanted.get(`${from.protocol}:${inner}:${isOpen ? '' : from.source}`),
        from.protocol,
      ) ||
      (from.protocol !== 1 && !isOwned && this.config.dmz !== 0 && to.target === this.config.dmz);
    if (!allowed)
      return 'a packet passed WAN -> LAN without a flow, a forward or a mapping that is open to it';
    this.meet(from.protocol, from.targetPort, from.source, from.sourcePort, inner);
    return undefined;
  }

  /** Why an ICMP error from the WAN may not have come in as it did, or undefined. */
  errorCameIn(sent: Uint8Array, received: Uint8Array): string | undefined {
    const quote = endsOf(received.subarray(headerOf(received) + 8));
    if (quote.source !== this.config.wan.address)
      return 'an ICMP error came in that quotes none of our packets';
    const peerPort = quote.protocol === 1 ? 0 : quote.targetPort;
    const inner = this.tuples.get(`${quote.protocol}:${quote.sourcePort}:${quote.target}:${peerPort}`);
    const target = addressAt(sent, 16);
    if (inner !== undefined && Math.floor(inner / 65536) === target) return undefined;
    // Who gets what nobody else does may have been sent to, and wait for it.
    const rule = this.ruleFor({ ...quote, source: quote.target, targetPort: quote.sourcePort });
    if (target === this.config.dmz || target === rule?.to) return undefined;
    for (const key of this.wanted.keys()) {
      const [protocol, host, peer] = key.split(':').map(Number);
      if (protocol === quote.protocol && peer === quote.target && Math.floor(host / 65536) === target)
        return undefined;
    }
    return inner === undefined
      ? 'an ICMP error came in about a packet that never was'
      : 'an ICMP error went to another host';
  }
}
