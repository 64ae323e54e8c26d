/*
 * Draws how a board is wired, as one SVG text: the development board with its header, the two modules, every wire in
 * the colour of its purpose, and below them what has to be true of pins and supply. The same board always gives the
 * same text; it refers to nothing outside itself.
 */
import type { Board } from '../../../firmware/config/board.ts';
import { conditionsOf, pullUp, type Condition } from '../../device/board/conditions.ts';
import { signalNames, useOf, wiresOf } from '../../device/board/wires.ts';
import { element, numberText, textElement, type Attributes } from '../svg.ts';
import { attributesOf, darkSheet } from '../theme.ts';
import { wrapText } from '../wrap.ts';
import {
  layOutWiring,
  pictureWidth,
  type Box,
  type Layout,
  type PlacedModule,
  type PlacedPin,
  type PlacedWire,
  type Point,
  type Signal,
} from './layout.ts';
import { wiringStyles } from './theme.ts';

const noteColumns = 100;
const noteLine = 18;
const noteGap = 8;
const notesLeft = 40;
const markRadius = 8;

/** Where each module's cable goes. */
const outside = { wan: 'cable to the modem or upstream router', lan: 'cable to the switch of the LAN' };

/** True of every board. */
const notes = [
  'Go by the names that are printed: the order of pins differs from one make to the next. D18 is also 18, IO18, G18; SCLK is also SCK, CLK; MOSI MO, SI; MISO MI, SO; SCSn CS, SS, NSS; INTn INT; RSTn RST.',
  'Modules take 3.3 V: 5 V on 3V3 destroys a W5500. Take 3.3 V from a supply that has room for two modules of 132 mA beside the ESP32, and connect all grounds.',
  `${pullUp} from SCSn to 3V3 keeps each module quiet while the ESP32 starts and drives no pin. At each module 100 nF and 10 uF between 3V3 and GND. Wires no longer than a finger.`,
];

/** The whole picture, with a final line end. */
export function drawWiring(board: Board): string {
  const layout = layOutWiring(board);
  const conditions = conditionsOf(board);
  const below = noteParts(conditions, layout.bottom + 30);
  const box = { x: 0, y: 0, width: pictureWidth, height: below.bottom };
  const title = `Wiring of ${board.board}`;
  return (
    element(
      'svg',
      {
        xmlns: 'http://www.w3.org/2000/svg',
        viewBox: [0, 0, box.width, box.height].map(numberText).join(' '),
        width: box.width,
        height: box.height,
        role: 'img',
        'aria-labelledby': `${board.board}-title ${board.board}-desc`,
      },
      [
        textElement('title', { id: `${board.board}-title` }, title),
        textElement('desc', { id: `${board.board}-desc` }, describe(board, conditions)),
        `<style>${darkSheet(wiringStyles)}</style>`,
        rectangle('paper', box),
        words('title', 14, 32, title),
        ...layout.wires.map(wire),
        ...devBoard(layout, conditions),
        ...layout.modules.flatMap((module) => modulePart(module, layout.pullUps)),
        ...below.parts,
      ],
    ) + '\n'
  );
}

/** The picture in words: for those who do not see it. */
function describe(board: Board, conditions: Condition[]): string {
  const wires = wiresOf(board).map((one) => `${one.pin} to ${useOf(one)}.`);
  const power = '3V3 and GND to both modules.';
  return [power, ...wires, ...conditions.map(noteOf), ...notes].join(' ');
}

const noteOf = ({ pin, use, condition, remedy }: Condition): string =>
  `${pin}, ${use}: ${condition} ${remedy.replaceAll('`', '')}`;

/** Lane, track and drops, each on a strip of paper so that it passes over what it crosses. */
function wire({ signal, from, edge, lane, track, to }: PlacedWire): string {
  const first = to[0];
  const way = `M${edge} ${from.y} H${lane} V${track} H${first.x} V${first.y}`;
  const ends = to.slice(1).map(({ x, y }) => `M${lane} ${track} H${x} V${y}`);
  const d = [way, ...ends].join(' ');
  const xs = [lane, ...to.map(({ x }) => x)].sort((a, b) => a - b);
  // A dot wherever the track goes on beyond a turn.
  const joints = to.length > 1 ? xs.slice(1, -1) : [];
  return element('g', {}, [
    element('path', { ...attributesOf('halo', wiringStyles), d }),
    element('path', { ...attributesOf(`wire-${signal}`, wiringStyles), d, 'stroke-linejoin': 'round' }),
    ...joints.map((x) => dot(signal, { x, y: track })),
  ]);
}

function devBoard({ board, pins, wires }: Layout, conditions: Condition[]): string[] {
  const middle = board.x + board.width / 2;
  const centred = { 'text-anchor': 'middle' };
  return [
    rectangle('box', board, 8),
    rectangle('part', { x: middle - 36, y: board.y + 14, width: 72, height: 104 }, 3),
    words('name', middle, board.y + 62, 'ESP32', centred),
    words('small', middle, board.y + 80, 'module', centred),
    words('small', middle, board.y + 220, '38 pins,', centred),
    words('small', middle, board.y + 236, 'seen from', centred),
    words('small', middle, board.y + 252, 'above', centred),
    rectangle('part', { x: middle - 24, y: board.y + board.height - 34, width: 48, height: 34 }, 3),
    words('small', middle, board.y + board.height - 12, 'USB', centred),
    ...wires.map(({ signal, from, edge }) =>
      element('path', {
        ...attributesOf(`wire-${signal}`, wiringStyles),
        d: `M${edge} ${from.y} H${from.x}`,
      }),
    ),
    ...pins.flatMap((pin) => pinPart(pin, wires, conditions)),
  ];
}

function pinPart(pin: PlacedPin, wires: PlacedWire[], conditions: Condition[]): string[] {
  const { x, y, side, used } = pin;
  const inwards = side === 'left' ? 1 : -1;
  const label = used && pin.printed ? `${pin.name} ${pin.printed}` : (pin.printed ?? pin.name);
  const anchor = { 'text-anchor': side === 'left' ? 'start' : 'end' };
  const wireHere = wires.find(({ from }) => from === pin);
  const number = used ? conditions.findIndex((condition) => condition.pin === pin.name) + 1 : 0;
  return [
    element('circle', { ...attributesOf('hole', wiringStyles), cx: x, cy: y, r: 5 }),
    ...(wireHere ? [dot(wireHere.signal, { x, y })] : []),
    words(used ? 'used' : 'free', x + inwards * 11, y + 4, label, anchor),
    ...(number > 0 ? [mark(number, { x: x + inwards * 46, y })] : []),
  ];
}

function modulePart({ port, box, pads }: PlacedModule, pullUps: number): string[] {
  const centred = { 'text-anchor': 'middle' };
  const jack = { x: box.x + box.width - 104, y: box.y + box.height - 40, width: 90, height: 40 };
  const at = (signal: Signal): Point => pads.find((pad) => pad.signal === signal)!.at;
  return [
    ...pullUpPart(at('3V3').x, at('select').x, pullUps),
    rectangle('box', box, 8),
    ...pads.flatMap(({ signal, at: pad, pin }) => [
      words('used', pad.x + 5, pad.y - 7, pin),
      element('circle', { ...attributesOf('hole', wiringStyles), cx: pad.x, cy: pad.y + 9, r: 5 }),
      element('path', {
        ...attributesOf(`wire-${signal}`, wiringStyles),
        d: `M${pad.x} ${pad.y} V${pad.y + 9}`,
      }),
      dot(signal, { x: pad.x, y: pad.y + 9 }),
      words('used', pad.x, pad.y + 28, nameOf(signal), centred),
    ]),
    words('name', box.x + 14, box.y + 56, `${port.toUpperCase()}: W5500 module`),
    words('small', box.x + 14, box.y + 74, outside[port]),
    rectangle('part', jack, 3),
    words('small', jack.x + jack.width / 2, jack.y + 24, 'RJ45', centred),
  ];
}

const nameOf = (signal: Signal): string =>
  signal === '3V3' || signal === 'GND' ? signal : signalNames[signal];

/** A resistor between two drops that are side by side. */
function pullUpPart(from: number, to: number, y: number): string[] {
  const width = 25;
  const x = (from + to - width) / 2;
  return [
    element('path', { ...attributesOf('wire-3V3', wiringStyles), d: `M${from} ${y} H${x}` }),
    element('path', { ...attributesOf('wire-select', wiringStyles), d: `M${to} ${y} H${x + width}` }),
    dot('3V3', { x: from, y }),
    dot('select', { x: to, y }),
    rectangle('resistor', { x, y: y - 8, width, height: 16 }, 2),
    words('used', (from + to) / 2, y + 4, '10k', { 'text-anchor': 'middle' }),
  ];
}

/** Conditions with their numbers, then what is true of every board. */
function noteParts(conditions: Condition[], top: number): { parts: string[]; bottom: number } {
  let y = top;
  const parts: string[] = [];
  const write = (text: string, sign: (at: Point) => string): void => {
    parts.push(sign({ x: notesLeft - 16, y: y - 4.5 }));
    for (const line of wrapText(text, noteColumns)) {
      parts.push(words('body', notesLeft, y, line));
      y += noteLine;
    }
    y += noteGap;
  };
  for (const [index, condition] of conditions.entries())
    write(noteOf(condition), (at) => mark(index + 1, at));
  for (const note of notes) write(note, ({ x, y: cy }) => element('circle', bullet(x, cy)));
  return { parts, bottom: y };
}

const bullet = (cx: number, cy: number): Attributes => ({
  ...attributesOf('dot-GND', wiringStyles),
  cx,
  cy,
  r: 2,
});

function mark(number: number, { x, y }: Point): string {
  return element('g', { class: 'hp-number' }, [
    element('circle', { ...attributesOf('warning', wiringStyles), cx: x, cy: y, r: markRadius }),
    words('number', x, y + 4, String(number), { 'text-anchor': 'middle' }),
  ]);
}

function dot(signal: Signal, { x, y }: Point): string {
  return element('circle', { ...attributesOf(`dot-${signal}`, wiringStyles), cx: x, cy: y, r: 3.5 });
}

function rectangle(name: string, box: Box, radius?: number): string {
  return element('rect', { ...attributesOf(name, wiringStyles), ...box, rx: radius });
}

function words(name: string, x: number, y: number, content: string, more: Attributes = {}): string {
  return textElement('text', { ...attributesOf(name, wiringStyles), x, y, ...more }, content);
}
