/*
 * A scene of the lab as a picture: the hops of its story in the shapes that host-tools/picture draws, with the cast's
 * addresses instead of their names. What was not captured is not drawn.
 */
import { routerId, type PictureHop, type PictureHost, type PictureScene } from '../picture/scene.ts';
import type { Station } from './journeys.ts';
import { CAST } from './lab.ts';
import type { Hop, Story } from './story.ts';

/** What of a played scene a picture shows. */
export interface LabScene {
  number: number;
  title: string;
  result: { word: string; good: boolean };
  story: Story;
  outcome: string[];
}

const hosts: PictureHost[] = [
  { id: 'Internet', area: 'internet', name: 'host I', address: CAST.I.address },
  { id: 'C', area: 'lan', name: 'client C', address: CAST.C.address },
  { id: 'S', area: 'lan', name: 'server S', address: CAST.S.address },
];

/** The scene as it is drawn: as many of its first packets as it takes to show every way that was gone. */
export function pictureScene({ number, title, result, story, outcome }: LabScene): PictureScene {
  const packets = packetsOf(story.hops);
  const drawn = packets.slice(0, enough(packets));
  const rest = packets
    .slice(drawn.length)
    .concat(drawn)
    .reduce(
      (sum, [{ repeats }], index) => sum + repeats + (index < packets.length - drawn.length ? 1 : 0),
      0,
    );
  const asker = drawn[0]?.[0].from;
  return {
    id: `scene-${number}`,
    title: `${number}. ${title.charAt(0).toUpperCase()}${title.slice(1)}`,
    result,
    router: { wan: `P ${CAST.P.address}`, lan: `R ${CAST.R.address}` },
    hosts,
    packets: drawn.map((hops) => hops.map((hop) => pictureHop(hop, hops[0].from === asker))),
    outcome: rest > 0 ? [...outcome, `(${rest} more packets went by the same ways.)`] : outcome,
  };
}

/** The hops of each packet between stations that have a place in the picture. */
function packetsOf(hops: readonly Hop[]): Hop[][] {
  const packets = new Map<number, Hop[]>();
  const hasPlace = (station: Station): boolean =>
    station === 'router' || hosts.some(({ id }) => id === station);
  for (const hop of hops)
    if (hasPlace(hop.from) && hasPlace(hop.to))
      packets.set(hop.packet, [...(packets.get(hop.packet) ?? []), hop]);
  return [...packets.values()];
}

/** How many packets show every way: all that follow go from and to the same ends, with the same fate. */
function enough(packets: readonly Hop[][]): number {
  const way = (hops: readonly Hop[]): string =>
    hops.map(({ from, to, source, target, fate }) => [from, to, source, target, fate].join(' ')).join('|');
  const ways = new Set<string>();
  let count = 0;
  for (const [index, packet] of packets.entries()) {
    if (!ways.has(way(packet))) count = index + 1;
    ways.add(way(packet));
  }
  return count;
}

function pictureHop(hop: Hop, fromAsker: boolean): PictureHop {
  const lost = hop.fate === 'discarded' || hop.fate === 'stopped';
  return {
    number: hop.number,
    from: hop.from,
    to: hop.to === 'router' ? routerId : hop.to,
    source: inFull(hop.source),
    target: inFull(hop.target),
    what: hop.what,
    changed: {
      source: hop.before !== null && hop.before.source !== hop.source,
      target: hop.before !== null && hop.before.target !== hop.target,
    },
    kind: /RST/.test(hop.what) ? 'reset' : fromAsker ? 'question' : 'answer',
    lost,
    remark: remarkOn(hop),
  };
}

function remarkOn({ fate, to, source, aroundRouter }: Hop): string | undefined {
  if (fate === 'stopped') return 'It enters the router and does not come out again.';
  if (fate !== 'discarded') return undefined;
  const unseen = aroundRouter ? 'The router never sees it. ' : '';
  return `${unseen}${to} never spoke to ${inFull(source)}, so it throws this away.`;
}

const addressByName = new Map<string, string>(
  Object.entries(CAST).map(([name, { address }]) => [name, address]),
);

/** "192.168.0.3:33333" for "C:33333". */
function inFull(endpoint: string): string {
  const [name, port] = endpoint.split(':');
  const address = addressByName.get(name) ?? name;
  return port === undefined ? address : `${address}:${port}`;
}
