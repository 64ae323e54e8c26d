/*
 * A scripted host: one interface with ARP, routing by one gateway, ICMP echo, UDP ports and TCP connections, on a
 * virtual clock. It behaves towards the network like the Linux hosts of the kernel lab; what it serves and asks for
 * is given to it by services.ts and asker.ts.
 */
import type { VirtualClock } from '../../emulator/clock.ts';
import { icmpEcho as typeEcho, tcpAck, tcpRst, tcpSyn } from '../../../firmware/wire/frame.ts';
import { readPacket, type ArpPacket, type IcmpPacket, type TcpPacket, type UdpPacket } from '../packet.ts';
import {
  addressBytes,
  arpFrame,
  broadcastMac,
  flawIn,
  icmpEcho,
  ipFrame,
  protocols,
  tcpPayload,
  udpPayload,
  type Segment,
} from './frames.ts';
import { resetFor, TcpConnection, type TcpHost } from './tcp.ts';
import type { Plug } from './wires.ts';

export interface HostOptions {
  mac: string;
  /** The first is the one it speaks from. */
  addresses: string[];
  /** Whom it is on a cable with, as "192.168.0.0/24". */
  network: string;
  gateway: string | null;
  /** First of the ports its own connections get. */
  firstPort: number;
}

/** Hop limit of everything a host sends (RFC 1700). */
const defaultTtl = 64;
/** Between two questions for a MAC, in microseconds, and how often (RFC 1122 section 2.3.2.1). */
const arpInterval = 1_000_000;
const arpTries = 3;

/** A UDP port that is listened on. */
export type UdpListener = (packet: UdpPacket) => void;
/** A TCP port that is listened on: takes the connection as soon as there is one. */
export type TcpListener = (connection: TcpConnection, peer: string) => void;

export class ScriptedHost {
  readonly clock: VirtualClock;
  readonly address: string;
  readonly udpListeners = new Map<number, UdpListener>();
  readonly tcpListeners = new Map<number, TcpListener>();
  /** Hears of every ICMP message that is not an echo request. */
  onIcmp: (packet: IcmpPacket) => void = () => {};

  private readonly options: HostOptions;
  private readonly plug: Plug;
  private readonly macs = new Map<string, string>();
  private readonly waiting = new Map<string, ((mac: string) => void)[]>();
  private readonly connections = new Map<string, TcpConnection>();
  private nextPort: number;
  private identification = 0x1111;

  constructor(clock: VirtualClock, plug: Plug, options: HostOptions) {
    this.clock = clock;
    this.plug = plug;
    this.options = options;
    this.address = options.addresses[0];
    this.nextPort = options.firstPort;
    plug.onFrame = (frame) => this.receive(frame);
  }

  /** A port for a conversation of its own; each is given once. */
  freePort(): number {
    return this.nextPort++;
  }

  sendUdp(
    from: { address: string; port: number },
    to: { address: string; port: number },
    data: Uint8Array,
  ): void {
    const payload = udpPayload(from.address, to.address, from.port, to.port, data);
    this.sendIp(from.address, to.address, protocols.udp, payload, defaultTtl);
  }

  sendEchoRequest(target: string, identifier: number, sequence: number, ttl = defaultTtl): void {
    const payload = icmpEcho(false, identifier, sequence, new Uint8Array(56));
    this.sendIp(this.address, target, protocols.icmp, payload, ttl);
  }

  /** Opens a TCP connection from a port of its own. */
  openTcp(target: string, targetPort: number): { connection: TcpConnection; localPort: number } {
    const localPort = this.freePort();
    const key = connectionKey(this.address, localPort, target, targetPort);
    const host = this.tcpHost(this.address, target, key);
    const connection = TcpConnection.open(host, localPort, targetPort, this.initialSequence(localPort));
    this.connections.set(key, connection);
    return { connection, localPort };
  }

  private receive(frame: Uint8Array): void {
    const packet = readPacket(frame);
    if (packet.receiverMac !== this.options.mac && packet.receiverMac !== broadcastMac) return;
    if (packet.kind === 'arp') return this.receiveArp(packet);
    if (packet.kind === 'other' || !this.options.addresses.includes(packet.target)) return;
    const flaw = flawIn(frame);
    if (flaw !== null)
      throw new Error(`A packet from ${packet.source} to ${packet.target} arrived and ${flaw}.`);
    if (packet.kind === 'tcp') this.receiveTcp(packet);
    else if (packet.kind === 'udp') this.udpListeners.get(packet.targetPort)?.(packet);
    else if (packet.type === typeEcho) this.answerEcho(packet, frame);
    else this.onIcmp(packet);
  }

  private receiveArp(packet: ArpPacket): void {
    // Every question is also an announcement by the one who asks (RFC 826).
    this.learn(packet.senderAddress, packet.senderMac);
    if (packet.operation === 'request' && this.options.addresses.includes(packet.targetAddress)) {
      const sender = { mac: this.options.mac, address: packet.targetAddress };
      this.plug.send(arpFrame(sender, packet.senderMac, packet.senderAddress));
    }
  }

  private learn(address: string, mac: string): void {
    this.macs.set(address, mac);
    const sends = this.waiting.get(address) ?? [];
    this.waiting.delete(address);
    for (const send of sends) send(mac);
  }

  private answerEcho(packet: IcmpPacket, frame: Uint8Array): void {
    const data = frame.slice(14 + 20 + 8, 14 + packet.totalLength);
    const reply = icmpEcho(true, packet.identifier, packet.sequence, data);
    this.sendIp(packet.target, packet.source, protocols.icmp, reply, defaultTtl);
  }

  private receiveTcp(packet: TcpPacket): void {
    const key = connectionKey(packet.target, packet.targetPort, packet.source, packet.sourcePort);
    const connection = this.connections.get(key);
    if (connection) return connection.receive(packet);
    const listener = this.tcpListeners.get(packet.targetPort);
    if (listener && (packet.flags & (tcpSyn | tcpAck | tcpRst)) === tcpSyn) {
      const host = this.tcpHost(packet.target, packet.source, key);
      const accepted = TcpConnection.accept(host, packet, this.initialSequence(packet.sourcePort));
      this.connections.set(key, accepted);
      listener(accepted, `${packet.source}:${packet.sourcePort}`);
      return;
    }
    const reset = resetFor(packet);
    if (reset) this.sendTcp(packet.target, packet.source, reset);
  }

  private tcpHost(local: string, remote: string, key: string): TcpHost {
    return {
      clock: this.clock,
      send: (segment) => this.sendTcp(local, remote, segment),
      forget: () => this.connections.delete(key),
    };
  }

  private sendTcp(source: string, target: string, segment: Segment): void {
    this.sendIp(source, target, protocols.tcp, tcpPayload(source, target, segment), defaultTtl);
  }

  /** Different for every connection, the same in every run. */
  private initialSequence(port: number): number {
    return (port * 0x9e3779b1 + this.clock.now()) >>> 0;
  }

  private sendIp(source: string, target: string, protocol: number, payload: Uint8Array, ttl: number): void {
    const identification = this.identification;
    this.identification = (identification + 1) & 0xffff;
    const route = { source, target, protocol, ttl, identification };
    const neighbour = inNetwork(target, this.options.network) ? target : this.options.gateway;
    if (neighbour === null) throw new Error(`A host without a gateway was to send to ${target}.`);
    this.withMac(neighbour, (mac) => this.plug.send(ipFrame(this.options.mac, mac, route, payload)));
  }

  private withMac(address: string, send: (mac: string) => void): void {
    const mac = this.macs.get(address);
    if (mac !== undefined) return send(mac);
    const sends = this.waiting.get(address);
    if (sends) {
      sends.push(send);
      return;
    }
    this.waiting.set(address, [send]);
    this.ask(address, arpTries);
  }

  private ask(address: string, tries: number): void {
    if (!this.waiting.has(address)) return;
    if (tries === 0) {
      this.waiting.delete(address);
      return;
    }
    // Asked from an address on the cable: a careful router ignores questions from elsewhere.
    const own = this.options.addresses.find((own) => inNetwork(own, this.options.network)) ?? this.address;
    this.plug.send(arpFrame({ mac: this.options.mac, address: own }, broadcastMac, address));
    this.clock.schedule(this.clock.now() + arpInterval, () => this.ask(address, tries - 1));
  }
}

function connectionKey(local: string, localPort: number, remote: string, remotePort: number): string {
  return `${local}:${localPort} ${remote}:${remotePort}`;
}

function inNetwork(address: string, network: string): boolean {
  const [base, bits] = network.split('/');
  const number = (text: string): number => addressBytes(text).reduce((sum, byte) => sum * 256 + byte, 0);
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size);
}
