/*
 * A router at the end of a serial line in memory: the built bundle with its console on an emulated board, and a line
 * whose faults are the test's. Time passes on the board whenever something has arrived from the host.
 */
import { World } from '../../../host-tools/emulator/world.ts';
import { silentProgress } from '../../../host-tools/cli/progress.ts';
import type { Edges } from '../../../host-tools/device/console/session.ts';
import type { ByteLine } from '../../../host-tools/device/serial/byte-line.ts';
import { configText } from '../../scenes/cast.ts';
import { boardText, bundle } from '../../scenes/router.ts';
import { type LinePair, linePair } from '../board/memory-line.ts';
import { ReplStandIn } from '../board/repl.ts';
import { VirtualTime } from '../board/virtual-time.ts';

/** Microseconds of the board's time for everything that a piece of input can lead to, a restart included. */
const moment = 2_000_000;

/** What happens to text on the line. */
export interface LineFaults {
  toBoard?: (text: string) => string;
  toHost?: (text: string) => string;
  /** For how long the board is busy with what has arrived, and says nothing, ms. */
  busy?: (text: string) => number;
}

/** A command's edges, and what became of them. */
export interface TestEdges extends Edges {
  readonly out: string[];
  readonly remarks: string[];
  opened: number;
  readonly closed: () => boolean;
}

export interface SoftRouter {
  readonly world: World;
  readonly pair: LinePair;
  readonly time: VirtualTime;
  /** May be changed at any time. */
  faults: LineFaults;
  /** The requests of programs that reached the board, without DLE and check sign. */
  readonly requests: string[];
  readonly edges: TestEdges;
}

export interface SoftRouterOptions {
  config?: string | null;
  /** Cables in, WAN and LAN. */
  links?: readonly [boolean, boolean];
  /** BOOT is held at the start: the router is left out. */
  bootHeld?: boolean;
  /** Instead of the firmware's. */
  code?: string;
}

/** Boots it. */
export async function softRouter({
  config = configText('external'),
  links = [true, true],
  bootHeld = false,
  code,
}: SoftRouterOptions = {}): Promise<SoftRouter> {
  const world = new World({
    bundle: code ?? (await bundle()),
    files: { 'board.json': boardText, ...(config === null ? {} : { 'config.json': config }) },
    print: () => {},
  });
  world.wan.setLink(links[0]);
  world.lan.setLink(links[1]);
  world.board.boot();
  world.run(500_000);
  if (bootHeld) {
    world.board.bootHeld = true;
    world.board.hairpin('reboot');
    world.run(500_000);
    world.board.boot();
  }
  const time = new VirtualTime();
  const pair = linePair('/dev/ttyTEST', time);
  const soft: SoftRouter = { world, pair, time, faults: {}, requests: [], edges: edgesOn(pair.host, time) };
  connect(soft);
  return soft;
}

function connect(soft: SoftRouter): void {
  const { world, pair, requests } = soft;
  let restarts = world.board.restarts.length;
  let busyUntil = 0;
  const send = (text: string) => {
    const { toHost = same } = soft.faults;
    const write = () => void pair.board.write(Buffer.from(toHost(text), 'latin1')).catch(() => {});
    if (busyUntil > soft.time.now()) soft.time.after(busyUntil - soft.time.now(), write);
    else write();
  };
  const repl = replOf(world, soft.time, send);
  const plug = () => {
    world.board.line.onSent = send;
    world.board.line.onTyped = (text) => repl.receive(Buffer.from(text, 'latin1'));
  };
  plug();
  pair.board.onBytes((bytes) => {
    const { toBoard = same, busy = () => 0 } = soft.faults;
    const text = toBoard(Buffer.from(bytes).toString('latin1'));
    busyUntil = Math.max(busyUntil, soft.time.now() + busy(text));
    requests.push(...[...text.matchAll(/\x10#?([^\n\x10]*)\n/g)].map(([, request]) => request));
    world.board.line.receive(text);
    world.run(moment);
    if (world.board.restarts.length === restarts) return;
    restarts = world.board.restarts.length;
    world.board.boot();
    plug();
    world.run(moment);
  });
}

function replOf(world: World, time: VirtualTime, send: (text: string) => void): ReplStandIn {
  return new ReplStandIn(
    { evaluate: (code) => world.board.evaluate(code), storage: world.board.storage },
    (bytes) => send(Buffer.from(bytes).toString('latin1')),
    { time },
  );
}

const same = (text: string): string => text;

/** What a command is given instead of this computer. */
export function edgesOn(line: ByteLine, time: VirtualTime): TestEdges {
  let ended = false;
  void line.closed.then(() => (ended = true));
  const edges: TestEdges = {
    out: [],
    remarks: [],
    opened: 0,
    closed: () => ended,
    open: () => {
      edges.opened++;
      return Promise.resolve(line);
    },
    print: (text) => void edges.out.push(text),
    remark: (text) => void edges.remarks.push(text),
    unread: () => false,
    progress: () => silentProgress,
    time,
  };
  return edges;
}
