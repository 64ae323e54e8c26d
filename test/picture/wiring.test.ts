/*
 * Pictures of wiring: every wire from its pin to its pads, no two of them on the same line, words and wires readable.
 */
import test from 'ava';
import { parseBoard } from '../../firmware/config/board.ts';
import type { Board } from '../../firmware/config/board.ts';
import { boardNames, readBoard } from '../../host-tools/device/board/boards.ts';
import { wiresOf } from '../../host-tools/device/board/wires.ts';
import { drawWiring } from '../../host-tools/picture/wiring/draw.ts';
import { layOutWiring, pictureWidth } from '../../host-tools/picture/wiring/layout.ts';
import type { PlacedWire } from '../../host-tools/picture/wiring/layout.ts';
import { wiringStyles, wireInks } from '../../host-tools/picture/wiring/theme.ts';
import { change } from '../config/documents.ts';
import { contrast } from './contrast.ts';

/** The boards there are, and one with everything on the right. */
const boards: [string, Board][] = boardNames().map((name) => [name, readBoard(name).board]);
const right = [
  ['wan.select', 'D21'],
  ['wan.interrupt', 'D22'],
  ['wan.reset', 'D4'],
  ['lan.select', 'D5'],
  ['lan.interrupt', 'D17'],
  ['lan.reset', 'D15'],
].reduce((text, [path, pin]) => change(text, path, pin), readBoard().text);
const parsed = parseBoard(right, 'board.json');
if ('board' in parsed) boards.push(['all on the right', parsed.board]);

/** Least distance between two wires side by side, in pixels. */
const apart = 6;

interface Piece {
  across: 'x' | 'y';
  at: number;
  from: number;
  to: number;
}

function piecesOf({ from, edge, lane, track, to }: PlacedWire): Piece[] {
  const xs = [lane, ...to.map(({ x }) => x)];
  return [
    { across: 'y', at: from.y, from: Math.min(edge, lane), to: Math.max(edge, lane) },
    { across: 'x', at: lane, from: from.y, to: track },
    { across: 'y', at: track, from: Math.min(...xs), to: Math.max(...xs) },
    ...to.map(({ x, y }): Piece => ({ across: 'x', at: x, from: track, to: y })),
  ];
}

const collide = (one: Piece, other: Piece): boolean =>
  one.across === other.across &&
  Math.abs(one.at - other.at) < apart &&
  one.from < other.to &&
  other.from < one.to;

for (const [name, board] of boards) {
  test(`${name}: every wire is there, from its pin to its pads`, (t) => {
    const { wires, modules } = layOutWiring(board);
    t.is(wires.length, wiresOf(board).length + 2);
    for (const { pin, line, ports } of wiresOf(board)) {
      const wire = wires.find(({ from }) => from.name === pin)!;
      const pads = modules
        .filter(({ port }) => ports.includes(port))
        .map(({ pads: all }) => all.find(({ signal }) => signal === line)!);
      t.deepEqual(
        wire.to,
        pads.map(({ at }) => at),
      );
      for (const pad of pads) t.is(pad.pin, pin);
    }
  });

  test(`${name}: no two wires lie on each other, none leaves the picture`, (t) => {
    const { wires } = layOutWiring(board);
    for (const [index, one] of wires.entries()) {
      t.true(one.lane > 0 && one.lane < pictureWidth);
      for (const other of wires.slice(index + 1))
        for (const piece of piecesOf(one))
          t.false(
            piecesOf(other).some((theirs) => collide(piece, theirs)),
            `${one.from.name} and ${other.from.name}`,
          );
    }
  });

  test(`${name}: the same board is the same text, in words too, and refers to nothing outside`, (t) => {
    const drawn = drawWiring(board);
    t.is(drawn, drawWiring(structuredClone(board)));
    t.notRegex(drawn.replace('http://www.w3.org/2000/svg', ''), /https?:|url\(|@import|href/);
    for (const { pin } of wiresOf(board)) t.regex(drawn, new RegExp(`<desc [^>]*>.*\\b${pin} to `));
    t.regex(drawn, /@media \(prefers-color-scheme: dark\)/);
  });
}

test('a pin that the development board does not bring out is refused', (t) => {
  const hidden = parseBoard(change(readBoard().text, 'wan.interrupt', 'D37'), 'board.json');
  t.true('board' in hidden);
  if ('board' in hidden) t.throws(() => layOutWiring(hidden.board), { message: /does not bring D37 out/ });
});

const readable: [text: string, behind: string][] = [
  ['title', 'paper'],
  ['body', 'paper'],
  ['used', 'paper'],
  ['used', 'box'],
  ['used', 'resistor'],
  ['free', 'box'],
  ['name', 'box'],
  ['name', 'part'],
  ['small', 'box'],
  ['small', 'part'],
  ['number', 'warning'],
];
for (const mode of ['light', 'dark'] as const)
  test(`words and wires can be told from what lies behind them in ${mode}`, (t) => {
    for (const [text, behind] of readable) {
      const ratio = contrast(wiringStyles[text][mode].fill!, wiringStyles[behind][mode].fill!);
      t.true(ratio >= 4.5, `${text} on ${behind}: ${ratio.toFixed(2)}`);
    }
    for (const [name, ink] of Object.entries(wireInks)) {
      const ratio = contrast(ink[mode], wiringStyles.paper[mode].fill!);
      t.true(ratio >= 3, `${name}: ${ratio.toFixed(2)}`);
    }
  });
