/*
 * A conversation that was played, as a picture: its legs in the shapes that host-tools/picture draws. Pure.
 */
import { UserError } from '../cli/user-error.ts';
import { drawPicture } from '../picture/draw.ts';
import { routerId, type PictureHop, type PictureHost, type PictureScene } from '../picture/scene.ts';
import { theRouter, type Conversation, type Leg, type Station } from './conversation.ts';
import type { Network } from './network.ts';
import { packetText } from './packet-text.ts';
import { sourceText, targetText, whatText } from './packet-words.ts';
import { reasonOf } from './router.ts';
import { verdictOf, type Outcome } from './verdict.ts';

const words: Record<Outcome, string> = {
  works: 'WORKS',
  refused: 'REFUSED',
  dropped: 'DROPPED',
  silence: 'SILENCE',
};

/** The SVG text of a conversation. Throws a UserError if the router has no part in it that could be drawn. */
export function conversationPicture(conversation: Conversation, network: Network): string {
  return drawPicture(sceneOf(conversation, network));
}

function sceneOf(conversation: Conversation, network: Network): PictureScene {
  const { outcome, sentence } = verdictOf(conversation);
  const hosts = hostsOf(conversation);
  if (hosts.filter(({ area }) => area === 'internet').length > 1)
    throw new UserError(
      'Both hosts are on the Internet side and talk past the router, so there is nothing to draw.',
    );
  const packets: PictureHop[][] = [];
  for (const leg of conversation.legs) {
    const hop = hopOf(leg);
    const begun = packets.find((hops) => hops.some(({ number }) => number === leg.before?.number));
    if (begun) begun.push(hop);
    else packets.push([hop]);
  }
  return {
    id: 'explained',
    title: packetText(conversation.question),
    result: { word: words[outcome], good: outcome === 'works' },
    router: { wan: network.publicAddress, lan: network.lanAddress },
    hosts,
    packets,
    outcome: [sentence],
  };
}

/** Everyone on a leg but the router; the asker is the first. */
function hostsOf({ legs, question }: Conversation): PictureHost[] {
  const hosts = new Map<Station, PictureHost>();
  for (const { from, to, side } of legs)
    for (const station of [from, to]) {
      if (station === theRouter || hosts.has(station)) continue;
      const name = station === question.source.address ? 'the client' : 'the server';
      hosts.set(station, { id: station, area: side === 'lan' ? 'lan' : 'internet', name, address: station });
    }
  return [...hosts.values()];
}

function hopOf(leg: Leg): PictureHop {
  const { number, role, from, to, packet, before, passage, fate } = leg;
  const lost = fate === 'discarded' || (fate === 'stopped' && passage?.reason !== 'answered-echo');
  return {
    number,
    from: from === theRouter ? routerId : from,
    to: to === theRouter ? routerId : to,
    source: sourceText(packet),
    target: targetText(packet),
    what: whatText(packet),
    changed: {
      source: before !== null && sourceText(before.packet) !== sourceText(packet),
      target: before !== null && targetText(before.packet) !== targetText(packet),
    },
    kind: role === 'verdict' ? 'answer' : role,
    lost,
    remark: lost ? remarkOn(leg) : undefined,
  };
}

function remarkOn({ role, from, to, packet, passage }: Leg): string {
  if (passage) return reasonOf(passage).sentence.split(':')[0].replace(/\.?$/, '.');
  if (role === 'question') return `It seems to come from ${to} itself, and no host believes that.`;
  const unseen = from === theRouter ? '' : 'The router never sees it. ';
  return `${unseen}${to} never spoke to ${sourceText(packet)}, so it throws this away.`;
}
