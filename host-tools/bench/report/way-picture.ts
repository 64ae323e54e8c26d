/*
 * The way of a packet as a picture: what was found, in the shapes that host-tools/picture draws. Only what is certain
 * is drawn; a verdict that leaves something open has no picture. Pure.
 */
import { drawStage } from '../../picture/draw.ts';
import { routerId, type PictureHop, type PictureScene } from '../../picture/scene.ts';
import type { Measurements } from '../measurements.ts';
import type { Verdict } from '../judge/verdicts.ts';
import { show, type Endpoint } from '../endpoint.ts';

interface Finding {
  verdict: Verdict;
  server: Endpoint | null;
  /** The address the server sees as the sender; null where that is not known, or is several. */
  seenAs: string | null;
  /** It is proved that the router itself refuses. */
  routerRefuses: boolean;
  protocol: 'TCP' | 'UDP';
}

type Sketch = Omit<PictureHop, 'number' | 'changed' | 'kind' | 'lost'> & Partial<PictureHop>;

/** The SVG text, without a name space: it is for the inside of a page. Null where it would say more than is known. */
export function wayPicture(m: Measurements, finding: Finding): string | null {
  const packets = m.self || !finding.server ? null : packetsOf(m, finding, show(finding.server));
  if (!packets) return null;
  let number = 0;
  const scene: PictureScene = {
    id: 'way',
    title: 'The way of a packet',
    result: { word: finding.verdict, good: false },
    router: { wan: m.public.address, lan: m.gateway ?? '' },
    hosts: [
      { id: 'you', area: 'lan', name: 'you', address: m.client },
      { id: 'server', area: 'lan', name: 'the server', address: finding.server!.address },
    ],
    packets: packets.map((hops) =>
      hops.map((hop) => ({
        changed: { source: false, target: false },
        kind: 'question',
        lost: false,
        ...hop,
        number: ++number,
      })),
    ),
    outcome: [],
  };
  return drawStage(scene).replace(' xmlns="http://www.w3.org/2000/svg"', '');
}

function packetsOf(m: Measurements, finding: Finding, server: string): Sketch[][] | null {
  const [you, there, what] = [m.client, show(m.public), finding.protocol];
  const asked: Sketch = { from: 'you', to: routerId, source: you, target: there, what };
  const passedOn = (source: string): Sketch => {
    const changed = { source: source !== you, target: true };
    return { from: routerId, to: 'server', source, target: server, what, changed };
  };
  const answer = { kind: 'answer', what: `${what}, the answer` } as const;
  const ends = (remark: string): Sketch[][] => [[{ ...asked, lost: true, remark }]];
  switch (finding.verdict) {
    case 'works-external':
    case 'works-lan': {
      const { seenAs } = finding;
      // Seen with its own address and answered all the same: by ways that are not known.
      if (seenAs === null || seenAs === you) return null;
      const back: Sketch = { ...answer, from: 'server', to: routerId, source: server, target: seenAs };
      const changed = { source: true, target: true };
      const home: Sketch = { ...answer, from: routerId, to: 'you', source: there, target: you, changed };
      return [
        [asked, passedOn(seenAs)],
        [back, home],
      ];
    }
    case 'dnat-without-snat': {
      const remark = `You never asked ${server}, so your computer throws this away.`;
      const direct: Sketch = { ...answer, from: 'server', to: 'you', source: server, target: you };
      return [[asked, passedOn(you)], [{ ...direct, lost: true, remark }]];
    }
    case 'no-dnat':
      return ends('The router does not pass it on.');
    case 'router-answered':
      return ends('The router takes it for itself and answers.');
    case 'refused':
      return finding.routerRefuses ? ends('The router refuses it.') : null;
    default:
      return null;
  }
}
