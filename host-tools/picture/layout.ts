/*
 * Where everything of a scene stands. The router is a wall between the Internet on the left and the LAN on the right;
 * each LAN host has a lane between itself and the router, with one row for each packet, and a packet around the
 * hairpin comes out as a U-turn: the rows of the lower lane run backwards, so the turns lie within each other. Hops
 * that pass the router by run between the two LAN hosts. Nothing can overlap, because every hop has a row of its own.
 *
 * Pure: a scene in, numbers out. Pixels of a picture 800 wide.
 */
import { routerId, type PictureHop, type PictureHost, type PictureScene } from './scene.ts';
import { wrapText } from './wrap.ts';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A hop's arrow, and where its label begins. */
export interface Arrow {
  hop: PictureHop;
  from: { x: number; y: number };
  to: { x: number; y: number };
  /** Upper left corner of its label of two lines. */
  label: { x: number; y: number };
  /** Remark lines below the label, or below the arrow if that is horizontal. */
  remark: { x: number; y: number; lines: string[] };
}

/** The way of one packet through the router, from arrow head to arrow tail. */
export interface Turn {
  /** The hop by which the packet leaves the router. */
  hop: number;
  kind: PictureHop['kind'];
  points: { x: number; y: number }[];
}

export interface Layout {
  height: number;
  internet: Box;
  lan: Box;
  router: Box;
  hosts: { host: PictureHost; box: Box; idle: boolean }[];
  arrows: Arrow[];
  turns: Turn[];
}

export const pictureWidth = 800;
const margin = 12;
/** Columns. */
const internetBox = { x: 18, width: 110 };
const routerBox = { x: 320, width: 116 };
const lanBox = { x: 632, width: 152 };
const routerRight = routerBox.x + routerBox.width;
const internetRight = internetBox.x + internetBox.width;
/** Rows. */
const areaTop = 56;
const headHeight = 66;
const rowHeight = 74;
const remarkLine = 15;
const leastLane = 72;
const laneGap = 24;
const labelHeight = 36;
/** A direct hop's label has a third line, and the next one follows at a distance. */
const directLabel = { height: 54, gap: 8 };
/** Characters of a remark's line beside the direct hops, and in a lane. */
const remarkColumns = { direct: 32, lane: 27 };

/** A row in which one packet passes: its hop on the left, its hops on the right. */
interface Row {
  hops: PictureHop[];
  y: number;
  height: number;
}

interface Lane {
  host: PictureHost | undefined;
  rows: Row[];
  y: number;
  height: number;
}

export function layOut(scene: PictureScene): Layout {
  const lanHosts = scene.hosts.filter(({ area }) => area === 'lan');
  const internetHosts = scene.hosts.filter(({ area }) => area === 'internet');
  if (lanHosts.length > 2 || internetHosts.length > 1)
    throw new Error('A picture has room for one host on the Internet and two on the LAN.');
  const hops = scene.packets.flat();
  const direct = hops.filter(({ from, to }) => from !== routerId && to !== routerId);
  const lanes: Lane[] = (lanHosts.length > 0 ? lanHosts : [undefined]).map((host) => ({
    host,
    rows: [],
    y: 0,
    height: 0,
  }));
  fillLanes(scene, lanes);
  const gap = direct.length > 0 ? direct.reduce((sum, hop) => sum + directHeight(hop), 16) : laneGap;
  const bottom = placeLanes(lanes, gap);
  const area = { y: areaTop, height: bottom + margin - areaTop };
  const middle = routerBox.x + routerBox.width / 2;
  return {
    height: area.y + area.height,
    internet: { x: margin, width: middle - margin, ...area },
    lan: { x: middle, width: pictureWidth - margin - middle, ...area },
    router: { ...routerBox, y: areaTop + 10, height: area.height - 20 },
    hosts: placedHosts(lanes, internetHosts[0], hops),
    arrows: [...laneArrows(lanes), ...directArrows(direct, lanes)].sort(
      (a, b) => a.hop.number - b.hop.number,
    ),
    turns: turnsOf(scene, lanes),
  };
}

/** Gives each packet a row in every lane it uses; without a LAN host it uses the first. */
function fillLanes({ packets }: PictureScene, lanes: Lane[]): void {
  const touches = (hop: PictureHop, { host }: Lane): boolean =>
    (hop.from === routerId || hop.to === routerId) && (hop.from === host?.id || hop.to === host?.id);
  for (const packet of packets) {
    const through = packet.filter(({ from, to }) => from === routerId || to === routerId);
    if (through.length === 0) continue;
    const used = lanes.filter((lane) => through.some((hop) => touches(hop, lane)));
    for (const lane of used.length > 0 ? used : [lanes[0]]) {
      // Both hops of a packet around the hairpin may use one lane: then each has a row.
      const others = through.filter((hop) => !lanes.some((other) => touches(hop, other)));
      const own = through.filter((hop) => touches(hop, lane));
      for (const hop of own.length > 0 ? own : [undefined]) {
        const row = hop === own[0] ? [...others, ...(hop ? [hop] : [])] : [hop!];
        lane.rows.push({ hops: row, y: 0, height: rowHeight + remarkHeight(row) });
      }
    }
  }
  const isTurn = (row: Row): boolean =>
    row.hops.length > 0 && lanes[0].rows.some((other) => sharesPacket(packets, row, other));
  if (lanes.length > 1 && lanes[1].rows.some(isTurn)) lanes[1].rows.reverse();
}

/** Whether two rows show hops of one packet. */
function sharesPacket(packets: PictureHop[][], one: Row, other: Row): boolean {
  return packets.some((hops) => [one, other].every((row) => row.hops.some((hop) => hops.includes(hop))));
}

function remarkHeight(hops: PictureHop[]): number {
  return Math.max(0, ...hops.map(({ remark }) => laneRemark(remark).length)) * remarkLine;
}

function laneRemark(remark: string | undefined): string[] {
  return remark ? wrapText(remark, remarkColumns.lane) : [];
}

function directRemark(remark: string | undefined): string[] {
  return remark ? wrapText(remark, remarkColumns.direct) : [];
}

function directHeight({ remark }: PictureHop): number {
  return directLabel.height + directLabel.gap + directRemark(remark).length * remarkLine;
}

/** From top to bottom; returns where the last one ends. */
function placeLanes(lanes: Lane[], gap: number): number {
  let y = areaTop + headHeight;
  for (const lane of lanes) {
    lane.y = y;
    for (const row of lane.rows) {
      row.y = y;
      y += row.height;
    }
    lane.height = Math.max(leastLane, y - lane.y);
    y = lane.y + lane.height + gap;
  }
  return y - gap;
}

function placedHosts(
  lanes: Lane[],
  internetHost: PictureHost | undefined,
  hops: PictureHop[],
): Layout['hosts'] {
  const isIdle = ({ id }: PictureHost): boolean => !hops.some(({ from, to }) => from === id || to === id);
  const placed: Layout['hosts'] = lanes.flatMap(({ host, y, height }) =>
    host ? [{ host, box: { ...lanBox, y, height }, idle: isIdle(host) }] : [],
  );
  if (!internetHost) return placed;
  const rows = lanes
    .flatMap(({ rows }) => rows)
    .filter(({ hops }) => hops.some(({ from, to }) => [from, to].includes(internetHost.id)));
  const top = rows.length > 0 ? Math.min(...rows.map(({ y }) => y)) : lanes[lanes.length - 1].y;
  const end = Math.max(top + leastLane, ...rows.map(({ y, height }) => y + height));
  const box = { ...internetBox, y: top, height: end - top };
  return [...placed, { host: internetHost, box, idle: isIdle(internetHost) }];
}

/** Where in its row an arrow runs. */
const arrowInRow = labelHeight + 12;

function laneArrows(lanes: Lane[]): Arrow[] {
  return lanes.flatMap(({ host, rows }) =>
    rows.flatMap(({ hops, y }) =>
      hops.map((hop): Arrow => {
        const onLan = host !== undefined && (hop.from === host.id || hop.to === host.id);
        const [left, right] = onLan ? [routerRight, lanBox.x] : [internetRight, routerBox.x];
        const toRight = onLan === (hop.from === routerId);
        const at = y + arrowInRow;
        return {
          hop,
          from: { x: toRight ? left : right, y: at },
          to: { x: toRight ? right : left, y: at },
          label: { x: left + 7, y },
          remark: { x: left + 7, y: at + 33, lines: laneRemark(hop.remark) },
        };
      }),
    ),
  );
}

/** Side by side between the two hosts' boxes; the labels stand one below the other, left of all of them. */
function directArrows(direct: PictureHop[], lanes: Lane[]): Arrow[] {
  if (direct.length === 0) return [];
  const [upper, lower] = lanes;
  const [top, end] = [upper.y + upper.height, lower.y];
  const step = Math.min(44, lanBox.width / (direct.length + 1));
  let y = top + 12;
  return direct.map((hop, index) => {
    // The first is the farthest from the labels, so that later ones do not run through its head.
    const x = lanBox.x + lanBox.width - 36 - step * index;
    const down = hop.from === upper.host?.id;
    const label = { x: routerRight + 34, y };
    const remark = { x: label.x, y: y + directLabel.height + 12, lines: directRemark(hop.remark) };
    y += directHeight(hop);
    return { hop, from: { x, y: down ? top : end }, to: { x, y: down ? end : top }, label, remark };
  });
}

/** Through the router: straight across, or a U-turn within the LAN side. */
function turnsOf({ packets }: PictureScene, lanes: Lane[]): Turn[] {
  const arrows = laneArrows(lanes);
  const ends = packets.flatMap(([into, out]) => {
    if (!out || into.to !== routerId || out.from !== routerId) return [];
    const [head, tail] = [into, out].map((hop) => arrows.find((arrow) => arrow.hop === hop)!);
    return [{ hop: out.number, kind: into.kind, head: head.to, tail: tail.from }];
  });
  const heights = ends.map(({ head, tail }) => Math.abs(head.y - tail.y)).sort((a, b) => b - a);
  return ends.map(({ hop, kind, head, tail }) => {
    if (head.x !== tail.x) return { hop, kind, points: [head, tail] };
    // The longest turn goes deepest into the router.
    const depth = 76 - 30 * heights.indexOf(Math.abs(head.y - tail.y));
    const x = routerRight - Math.max(16, depth);
    return { hop, kind, points: [head, { x, y: head.y }, { x, y: tail.y }, tail] };
  });
}
