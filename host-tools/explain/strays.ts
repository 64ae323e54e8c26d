/*
 * The mistake, seen in a capture: a LAN host asked the public address, and the answer comes from a neighbour instead.
 * Whatever router was captured, such an answer went past it. Looks at packets in order and remembers who asked what.
 */
import { tcpAck, tcpSyn } from '../../firmware/wire/frame.ts';
import type { Packet } from '../lab/packet.ts';
import type { Network } from './network.ts';
import { sourceText, targetText } from './packet-words.ts';

/** For each packet in turn: what its receiver had asked, "12.0.0.1:25", if it is a stray answer; else null. */
export function strayWatch(network: Network): (packet: Packet) => string | null {
  const asked = new Map<string, string>();
  return (packet) => {
    if (packet.kind !== 'tcp' && packet.kind !== 'udp') return null;
    const flags = packet.kind === 'tcp' ? packet.flags & (tcpSyn | tcpAck) : null;
    if (!network.isOn('lan', packet.source)) return null;
    if (packet.target === network.publicAddress) {
      if (flags === null || flags === tcpSyn)
        asked.set(`${packet.kind} ${sourceText(packet)}`, targetText(packet));
      return null;
    }
    if (flags !== null && flags !== (tcpSyn | tcpAck)) return null;
    return asked.get(`${packet.kind} ${targetText(packet)}`) ?? null;
  };
}
