/*
 * A conversation that was played, as the object behind `hairpin explain --json`. Pure.
 */
import type { Config } from '../../firmware/config/schema.ts';
import type { Conversation } from './conversation.ts';
import { decisionOf } from './decision.ts';
import type { Network } from './network.ts';
import { packetText } from './packet-text.ts';
import { sourceText, targetText, whatText } from './packet-words.ts';
import { verdictOf } from './verdict.ts';

export const explainSchema = 'hairpin.explain/1';

/** Everything that is told in words, for programs. */
export function reportOf(
  conversation: Conversation,
  network: Network,
  config: Config,
  warnings: readonly string[],
): object {
  const { question, side, inferred, legs } = conversation;
  return {
    schema: explainSchema,
    packet: packetText(question),
    side,
    sideInferred: inferred,
    ...verdictOf(conversation),
    hops: legs.map(({ number, role, from, to, side, packet, before, passage, fate }) => ({
      hop: number,
      packet: role,
      side,
      from,
      to,
      fromMac: packet.senderMac,
      toMac: packet.receiverMac,
      source: sourceText(packet),
      target: targetText(packet),
      what: whatText(packet),
      ttl: packet.ttl,
      fate,
      /** The hop by which this packet entered the router. */
      continues: before?.number ?? null,
      router: passage && { ...decisionOf(passage, network, config), counters: passage.counters },
    })),
    warnings,
  };
}
