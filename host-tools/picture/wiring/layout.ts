/*
 * Where everything of a wiring picture stands: the development board above, the modules below, and between them each
 * wire on a lane and a track of its own. The inner lane turns off first, so wires of one side never cross before they
 * are on their tracks.
 *
 * Pure: a board in, numbers out. Pixels of a picture 800 wide.
 */
import type { Board } from '../../../firmware/config/board.ts';
import { ports, wiresOf } from '../../device/board/wires.ts';
import type { Line, Port } from '../../device/board/wires.ts';
import { header, type HeaderPin } from './header.ts';

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  width: number;
  height: number;
}

export type Signal = Line | '3V3' | 'GND';

export interface PlacedPin extends Point, HeaderPin {
  side: 'left' | 'right';
  /** Whether a wire begins here. */
  used: boolean;
}

export interface PlacedModule {
  port: Port;
  box: Box;
  /** By signal, with the name of the ESP32's pin that it is wired to. */
  pads: { signal: Signal; at: Point; pin: string }[];
}

/** A wire from the board's edge by its lane and track to one or two pads. */
export interface PlacedWire {
  signal: Signal;
  from: PlacedPin;
  edge: number;
  lane: number;
  track: number;
  to: Point[];
}

export interface Layout {
  board: Box;
  pins: PlacedPin[];
  modules: PlacedModule[];
  wires: PlacedWire[];
  /** Height of the pull-ups between tracks and modules. */
  pullUps: number;
  /** Where the words below begin. */
  bottom: number;
}

export const pictureWidth = 800;
const boardBox = { x: 296, y: 58, width: 208 };
const firstPin = 30;
const pinPitch = 20;
const boardHeight = firstPin + 18 * pinPitch + 28;
const boardBottom = boardBox.y + boardHeight;
/** Lanes go outwards from beside the board, tracks down from below it. No lane lies above a pad. */
const lanes = { gap: 19, pitch: 15 };
const tracks = { gap: 18, pitch: 15 };
/** Least room between two wires on one track. */
const clearance = 12;
const pads: Signal[] = ['GND', '3V3', 'select', 'sck', 'mosi', 'miso', 'interrupt', 'reset'];
const padPitch = 45;
const moduleBox = { width: 375, height: 88, left: 14, right: 411 };

export function layOutWiring(board: Board): Layout {
  const nets = netsOf(board);
  const pins = placePins(new Set(nets.map(({ pin }) => pin)));
  const modules = placeModules(board, pins);
  const wires = route(nets, pins, modules);
  const lowest = Math.max(...wires.map(({ track }) => track));
  const top = lowest + 56;
  for (const { box, pads: placed } of modules) {
    box.y = top;
    for (const { at } of placed) at.y = top;
  }
  return {
    board: { ...boardBox, height: boardHeight },
    pins,
    modules,
    wires,
    pullUps: lowest + 20,
    bottom: top + moduleBox.height,
  };
}

interface Net {
  signal: Signal;
  pin: string;
  ports: readonly Port[];
}

function netsOf(board: Board): Net[] {
  const power = (['3V3', 'GND'] as const).map((signal) => ({ signal, pin: signal, ports }));
  return [...power, ...wiresOf(board).map(({ line, pin, ports: to }) => ({ signal: line, pin, ports: to }))];
}

/** Every pin of the header; of several with the same name the lowest on the left is the used one. */
function placePins(used: ReadonlySet<string>): PlacedPin[] {
  const place = (side: 'left' | 'right'): PlacedPin[] =>
    header[side].map((pin, index) => ({
      ...pin,
      side,
      x: side === 'left' ? boardBox.x + 12 : boardBox.x + boardBox.width - 12,
      y: boardBox.y + firstPin + index * pinPitch,
      used: used.has(pin.name) && (side === 'left' || pin.name !== 'GND'),
    }));
  const pins = [...place('left'), ...place('right')];
  for (const name of used)
    if (!pins.some((pin) => pin.name === name))
      throw new Error(`The picture's development board does not bring ${name} out: use another pin.`);
  return pins;
}

/** The module with more wires on the left of the board stands on the left. */
function placeModules(board: Board, pins: PlacedPin[]): PlacedModule[] {
  const lefts = (port: Port): number =>
    wiresOf(board).filter(
      (wire) =>
        wire.ports.includes(port) && pins.some(({ name, side }) => name === wire.pin && side === 'left'),
    ).length;
  const order = lefts('lan') > lefts('wan') ? [...ports].reverse() : ports;
  return order.map((port, index) => {
    const x = index === 0 ? moduleBox.left : moduleBox.right;
    const pinOf: Record<Signal, string> = { '3V3': '3V3', GND: 'GND', ...board[port].spi, ...board[port] };
    return {
      port,
      box: { x, y: 0, width: moduleBox.width, height: moduleBox.height },
      pads: pads.map((signal, at) => ({
        signal,
        at: { x: x + 30 + at * padPitch, y: 0 },
        pin: pinOf[signal],
      })),
    };
  });
}

/** Lanes and tracks. Tracks are shared where wires of both sides do not meet. */
function route(nets: Net[], pins: PlacedPin[], modules: PlacedModule[]): PlacedWire[] {
  const taken: [from: number, to: number][][] = [];
  const wires: PlacedWire[] = [];
  for (const side of ['left', 'right'] as const) {
    const outwards = side === 'left' ? -1 : 1;
    const edge = side === 'left' ? boardBox.x : boardBox.x + boardBox.width;
    // The lowest pin has the lane beside the board.
    const starting = nets
      .map((net) => ({ net, from: pins.find(({ name, used }) => used && name === net.pin)! }))
      .filter(({ from }) => from.side === side)
      .sort((a, b) => b.from.y - a.from.y);
    let least = 0;
    for (const [index, { net, from }] of starting.entries()) {
      const lane = edge + outwards * (lanes.gap + index * lanes.pitch);
      const to = modules
        .filter(({ port }) => net.ports.includes(port))
        .map(({ pads: all }) => all.find(({ signal }) => signal === net.signal)!.at);
      const xs = [lane, ...to.map(({ x }) => x)];
      const track = freeTrack(taken, least, Math.min(...xs), Math.max(...xs));
      least = track + 1;
      const y = boardBottom + tracks.gap + track * tracks.pitch;
      wires.push({ signal: net.signal, from, edge, lane, track: y, to });
    }
  }
  return wires;
}

function freeTrack(taken: [number, number][][], least: number, from: number, to: number): number {
  let track = least;
  const meets = ([begin, end]: [number, number]): boolean => from < end + clearance && begin < to + clearance;
  while (taken[track]?.some(meets)) track++;
  (taken[track] ??= []).push([from, to]);
  return track;
}
