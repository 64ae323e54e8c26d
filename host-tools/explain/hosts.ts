/*
 * The hosts around the router that is asked: what they send, and how they answer - as any host would that offers the
 * service that is asked for. Each frame goes where a host's own routing sends it: straight to a neighbour, else to
 * the router.
 *
 * Pure: values in, frames out.
 */
import { icmpEcho, icmpEchoReply, tcpAck, tcpSyn } from '../../firmware/wire/frame.ts';
import {
  icmpEcho as echoPayload,
  ipFrame,
  protocols,
  tcpPayload,
  udpPayload,
} from '../lab/scripted/frames.ts';
import { resetFor } from '../lab/scripted/tcp.ts';
import { groupMacOf, macOf, neighbourFor, type Network, type Side } from './network.ts';
import type { Question } from './packet-text.ts';
import type { TransportPacket } from './packet-words.ts';

/** A packet without the frame around it. */
interface Datagram {
  source: string;
  target: string;
  protocol: number;
  payload: Uint8Array;
}

/** What hosts put in a packet of theirs (RFC 1700); and what tells one packet of a host from the next. */
const defaultTtl = 64;
const identifications = { question: 0x1001, answer: 0x2001, reset: 0x3001 };
const firstSequence = { client: 1000, server: 5000 };
const window = 64240;
const nothing = new Uint8Array(0);
/** Identifier of the ping that is played. */
const echoIdentifier = 0x4242;
const text = (words: string): Uint8Array => Uint8Array.from(Buffer.from(words, 'latin1'));

/**
 * The frame of the packet that is asked about.
 * @param direct its sender reaches the destination without the router
 */
export function questionFrame(network: Network, question: Question, side: Side, direct: boolean): Uint8Array {
  const datagram = {
    source: question.source.address,
    target: question.target.address,
    protocol: protocols[question.protocol],
    payload: questionPayload(question),
  };
  return frameOf(network, side, datagram, identifications.question, direct);
}

function questionPayload({ protocol, source, target }: Question): Uint8Array {
  if (protocol === 'icmp') return echoPayload(false, echoIdentifier, 1, text('anybody there?'));
  if (protocol === 'udp')
    return udpPayload(source.address, target.address, source.port, target.port, text('anybody there?'));
  return tcpPayload(source.address, target.address, {
    sourcePort: source.port,
    targetPort: target.port,
    sequence: firstSequence.client,
    acknowledgement: 0,
    flags: tcpSyn,
    window,
    maximumSegment: 1460,
    data: nothing,
  });
}

/** What the host that was reached answers; null if there is nothing to answer. */
export function answerFrame(network: Network, side: Side, packet: TransportPacket): Uint8Array | null {
  const payload = answerPayload(packet);
  if (!payload) return null;
  const datagram = {
    source: packet.target,
    target: packet.source,
    protocol: protocols[packet.kind],
    payload,
  };
  return fromHost(network, side, datagram, identifications.answer);
}

function answerPayload(packet: TransportPacket): Uint8Array | null {
  if (packet.kind === 'icmp') {
    if (packet.type !== icmpEcho) return null;
    return echoPayload(true, packet.identifier, packet.sequence, text('anybody there?'));
  }
  if (packet.kind === 'udp')
    return udpPayload(
      packet.target,
      packet.source,
      packet.targetPort,
      packet.sourcePort,
      text('yes, I am here'),
    );
  if ((packet.flags & (tcpSyn | tcpAck)) !== tcpSyn) return null;
  return tcpPayload(packet.target, packet.source, {
    sourcePort: packet.targetPort,
    targetPort: packet.sourcePort,
    sequence: firstSequence.server,
    acknowledgement: packet.sequence + 1,
    flags: tcpSyn | tcpAck,
    window,
    maximumSegment: 1460,
    data: nothing,
  });
}

/** The reset by which a host answers a segment of a connection it never opened; null if none is due. */
export function resetFrame(network: Network, side: Side, packet: TransportPacket): Uint8Array | null {
  const segment = packet.kind === 'tcp' ? resetFor(packet) : null;
  if (!segment) return null;
  const datagram = {
    source: packet.target,
    target: packet.source,
    protocol: protocols.tcp,
    payload: tcpPayload(packet.target, packet.source, segment),
  };
  return fromHost(network, side, datagram, identifications.reset);
}

/** Whether a packet is what the asker of the question waits for: from the very ends that were asked, to those that asked. */
export function isAwaited(packet: TransportPacket, { protocol, source, target }: Question): boolean {
  if (packet.kind !== protocol || packet.source !== target.address || packet.target !== source.address)
    return false;
  if (packet.kind === 'icmp') return packet.type === icmpEchoReply && packet.identifier === echoIdentifier;
  if (packet.sourcePort !== target.port || packet.targetPort !== source.port) return false;
  return packet.kind === 'udp' || (packet.flags & (tcpSyn | tcpAck)) === (tcpSyn | tcpAck);
}

/** Whether hosts on this side reach each other without the router. */
export function goesDirectly(network: Network, side: Side, source: string, target: string): boolean {
  const own = [network.publicAddress, network.lanAddress];
  const areHosts = !own.includes(source) && !own.includes(target) && !network.isToMany(side, target);
  return areHosts && source !== target && network.isOn(side, source) && network.isOn(side, target);
}

/** By the host's own routing: to a neighbour on the same network, else to the router. */
function fromHost(network: Network, side: Side, datagram: Datagram, identification: number): Uint8Array {
  const direct = goesDirectly(network, side, datagram.source, datagram.target);
  return frameOf(network, side, datagram, identification, direct);
}

function frameOf(
  network: Network,
  side: Side,
  datagram: Datagram,
  identification: number,
  direct: boolean,
): Uint8Array {
  const { source, target, protocol, payload } = datagram;
  const sender = macOf(neighbourFor(network, side, source));
  const single = direct ? macOf(target) : network.routerMac[side];
  const receiver = network.isToMany(side, target) ? groupMacOf(target) : single;
  return ipFrame(sender, receiver, { source, target, protocol, ttl: defaultTtl, identification }, payload);
}
