/*
 * Draws a scene as one SVG text: areas, router, hosts, numbered arrows with source and destination, what the router
 * rewrote, what was lost. The same scene always gives the same text; it refers to nothing outside itself.
 */
import { layOut, pictureWidth, type Arrow, type Box, type Layout, type Turn } from './layout.ts';
import { routerId, type PictureHop, type PictureScene } from './scene.ts';
import { element, numberText, textElement, type Attributes } from './svg.ts';
import { attributesOf, darkSheet, endpointWidth, fontSize } from './theme.ts';
import { wrapText } from './wrap.ts';

/** Characters of a sentence's line below the picture. */
const outcomeColumns = 108;
const outcomeLine = 19;
const legendHeight = 30;
const numberRadius = 10;

/** The whole picture - heading, stage, outcome, legend - with a final line end. */
export function drawPicture(scene: PictureScene): string {
  const layout = layOut(scene);
  const sentences = scene.outcome.flatMap((sentence) => wrapText(sentence, outcomeColumns));
  const legendAt = layout.height + 12 + sentences.length * outcomeLine;
  const box = { x: 0, y: 0, width: pictureWidth, height: legendAt + legendHeight };
  return drawing(scene, box, [
    ...heading(scene),
    ...stage(layout, scene),
    ...sentences.map((line, index) => words('body', 16, layout.height + 22 + index * outcomeLine, line)),
    ...legend(scene, legendAt + 14),
  ]);
}

/** The stage alone, for a page that has the words around it itself. */
export function drawStage(scene: PictureScene): string {
  const layout = layOut(scene);
  const { y, height } = layout.lan;
  return drawing(scene, { x: 0, y: y - 6, width: pictureWidth, height: height + 12 }, stage(layout, scene));
}

function drawing(scene: PictureScene, box: Box, content: string[]): string {
  const [titleId, descId] = [`${scene.id}-title`, `${scene.id}-desc`];
  return (
    element(
      'svg',
      {
        xmlns: 'http://www.w3.org/2000/svg',
        viewBox: [box.x, box.y, box.width, box.height].map(numberText).join(' '),
        width: box.width,
        height: box.height,
        role: 'img',
        'aria-labelledby': `${titleId} ${descId}`,
      },
      [
        textElement('title', { id: titleId }, `${scene.title}: ${scene.result.word}`),
        textElement('desc', { id: descId }, describe(scene)),
        `<style>${darkSheet()}</style>`,
        rectangle('paper', box),
        ...content,
      ],
    ) + '\n'
  );
}

function stage(layout: Layout, scene: PictureScene): string[] {
  return [...ground(layout, scene), ...layout.turns.map(turn), ...layout.arrows.map(hopGroup)];
}

/** The picture in words: for those who do not see it. */
function describe({ packets, hosts, outcome }: PictureScene): string {
  const nameOf = (id: string): string =>
    id === routerId ? 'the router' : (hosts.find((host) => host.id === id)?.name ?? id);
  const sentences = packets.flat().map((hop) => {
    const changed = [hop.changed.source && 'source', hop.changed.target && 'destination'].filter(Boolean);
    const rewritten = changed.length > 0 ? `, ${changed.join(' and ')} rewritten by the router` : '';
    const remark = hop.remark ? ` ${hop.remark}` : '';
    return `Hop ${hop.number}, ${nameOf(hop.from)} to ${nameOf(hop.to)}: ${hop.what} from ${hop.source} to ${hop.target}${rewritten}.${remark}`;
  });
  return [...sentences, ...outcome].join(' ');
}

function heading({ title, result }: PictureScene): string[] {
  const width = result.word.length * 8.2 + 24;
  const x = pictureWidth - 12 - width;
  return [
    words('title', 12, 34, title),
    rectangle(result.good ? 'good' : 'bad', { x, y: 16, width, height: 26 }, 13),
    words('badge', x + width / 2, 33.5, result.word, { 'text-anchor': 'middle' }),
  ];
}

/** What stands still: areas, router, hosts. */
function ground(layout: Layout, { router }: PictureScene): string[] {
  const { internet, lan } = layout;
  const middle = layout.router.x + layout.router.width / 2;
  const centred = { 'text-anchor': 'middle' };
  return [
    rectangle('internet', internet, 8),
    rectangle('lan', lan, 8),
    words('name', internet.x + 12, internet.y + 24, 'the Internet'),
    words('name', lan.x + lan.width - 12, lan.y + 24, 'the LAN', { 'text-anchor': 'end' }),
    rectangle('router', layout.router, 6),
    words('name', middle, layout.router.y + 20, 'router', centred),
    element('g', { class: 'hp-address' }, [
      words('endpoint', middle, layout.router.y + 37, router.wan, centred),
      words('endpoint', middle, layout.router.y + 53, router.lan, centred),
    ]),
    ...layout.hosts.flatMap(({ host, box, idle }) => {
      const x = box.x + box.width / 2;
      const y = box.y + box.height / 2;
      return [
        rectangle(idle ? 'idle' : 'box', box, 6),
        words(idle ? 'small' : 'name', x, y - 4, host.name, centred),
        element('g', { class: 'hp-address' }, [
          words(idle ? 'field' : 'endpoint', x, y + 15, host.address, centred),
        ]),
      ];
    }),
  ];
}

/** A packet's way through the router, rounded at its corners. */
function turn({ hop, kind, points }: Turn): string {
  const radius = 8;
  const path = points.map(({ x, y }, index) => {
    const next = points[index + 1];
    const previous = points[index - 1];
    if (!previous) return `M${numberText(x)} ${numberText(y)}`;
    if (!next) return `L${numberText(x)} ${numberText(y)}`;
    const before = towards({ x, y }, previous, radius);
    const after = towards({ x, y }, next, radius);
    return `L${before} Q${numberText(x)} ${numberText(y)} ${after}`;
  });
  const line = element('path', {
    ...attributesOf(`${kind}-line`),
    d: path.join(' '),
    'stroke-dasharray': '2 4',
  });
  return element('g', { class: 'hp-turn', 'data-hop': hop }, [line]);
}

function towards(from: { x: number; y: number }, to: { x: number; y: number }, by: number): string {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const part = Math.min(1, by / length);
  return `${numberText(from.x + (to.x - from.x) * part)} ${numberText(from.y + (to.y - from.y) * part)}`;
}

/** Everything of one hop, so that a page can show it by itself. */
function hopGroup(arrow: Arrow): string {
  const { hop, remark } = arrow;
  const upright = arrow.from.x === arrow.to.x;
  return element('g', { class: 'hp-hop', 'data-hop': hop.number }, [
    ...arrowParts(arrow),
    element('g', { class: 'hp-label' }, [
      ...(upright ? [numbered(hop, arrow.label.x - 16, arrow.label.y + 19)] : []),
      ...labelParts(arrow),
      whatPart(arrow, upright),
      ...remark.lines.map((line, index) => words('remark', remark.x, remark.y + index * 15, line)),
    ]),
  ]);
}

function labelParts({ hop, label }: Arrow): string[] {
  const fields = [
    { word: 'from', endpoint: hop.source, changed: hop.changed.source, y: label.y + 16 },
    { word: 'to', endpoint: hop.target, changed: hop.changed.target, y: label.y + 33 },
  ];
  return fields.flatMap(({ word, endpoint, changed, y }) => {
    const x = label.x + endpointWidth('from ') + 4;
    const width = endpointWidth(endpoint) + 8;
    return [
      words('field', label.x, y, word),
      ...(changed ? [rectangle('changed', { x: x - 4, y: y - 12, width, height: 16 }, 3)] : []),
      words(changed ? 'changed-text' : 'endpoint', x, y, endpoint),
    ];
  });
}

/** What kind of packet it is: below a level arrow, as the third line of an upright one's label. */
function whatPart({ hop, from, to, label }: Arrow, upright: boolean): string {
  if (upright) return words('small', label.x, label.y + 50, hop.what);
  return words('small', (from.x + to.x) / 2, from.y + 15, hop.what, { 'text-anchor': 'middle' });
}

function arrowParts({ hop, from, to }: Arrow): string[] {
  const ink = hop.lost ? 'lost' : hop.kind;
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const unit = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
  const along = (distance: number): { x: number; y: number } => ({
    x: from.x + unit.x * distance,
    y: from.y + unit.y * distance,
  });
  // A lost packet's arrow breaks off before it arrives.
  const tip = along(length - (hop.lost ? 16 : 2));
  const end = along(length - (hop.lost ? 24 : 10));
  const number = along(numberRadius + 6);
  return [
    element('line', {
      ...attributesOf(`${ink}-line`),
      x1: from.x,
      y1: from.y,
      x2: end.x,
      y2: end.y,
      ...(hop.lost ? { 'stroke-dasharray': '7 5' } : {}),
    }),
    hop.lost ? cross(tip.x, tip.y) : arrowHead(ink, tip, unit),
    numbered(hop, number.x, number.y),
  ];
}

function arrowHead(ink: string, tip: { x: number; y: number }, unit: { x: number; y: number }): string {
  const [back, half] = [10, 5];
  const corner = (side: number): string =>
    `${numberText(tip.x - unit.x * back - unit.y * half * side)},${numberText(tip.y - unit.y * back + unit.x * half * side)}`;
  const points = `${numberText(tip.x)},${numberText(tip.y)} ${corner(1)} ${corner(-1)}`;
  return element('polygon', { ...attributesOf(`${ink}-fill`), points });
}

function cross(x: number, y: number): string {
  const at = (dx: number, dy: number): string => `${numberText(x + dx)} ${numberText(y + dy)}`;
  const d = `M${at(-7, -7)} L${at(7, 7)} M${at(7, -7)} L${at(-7, 7)}`;
  return element('path', { ...attributesOf('cross'), d, 'stroke-linecap': 'round' });
}

function numbered(hop: PictureHop, x: number, y: number): string {
  return element('g', { class: 'hp-number' }, [
    element('circle', {
      ...attributesOf(`${hop.lost ? 'lost' : hop.kind}-fill`),
      cx: x,
      cy: y,
      r: numberRadius,
    }),
    words('number', x, y + 4.2, String(hop.number), { 'text-anchor': 'middle' }),
  ]);
}

/** What the signs mean, as far as they are used. */
function legend({ packets }: PictureScene, y: number): string[] {
  const hops = packets.flat();
  const items: { sign: (x: number) => string; width: number; text: string }[] = [
    {
      sign: (x) =>
        element('g', {}, [
          element('circle', { ...attributesOf('question-fill'), cx: x + 8, cy: y - 4, r: 8 }),
          words('number', x + 8, y, '1', { 'text-anchor': 'middle' }),
        ]),
      width: 22,
      text: 'the hops in order, with source and destination',
    },
  ];
  if (hops.some(({ changed }) => changed.source || changed.target))
    items.push({
      sign: (x) => rectangle('changed', { x, y: y - 12, width: 26, height: 15 }, 3),
      width: 32,
      text: 'rewritten by the router',
    });
  if (hops.some(({ lost }) => lost))
    items.push({ sign: (x) => cross(x + 8, y - 4), width: 22, text: 'lost: refused or thrown away' });
  let x = 16;
  return items.flatMap(({ sign, width, text }) => {
    const at = x;
    x += width + text.length * fontSize.small * 0.52 + 28;
    return [sign(at), words('small', at + width, y, text)];
  });
}

function rectangle(name: string, box: Box, radius?: number): string {
  return element('rect', { ...attributesOf(name), ...box, rx: radius });
}

function words(name: string, x: number, y: number, text: string, more: Attributes = {}): string {
  return textElement('text', { ...attributesOf(name), x, y, ...more }, text);
}
