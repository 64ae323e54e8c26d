/** Board files: every board here is sound, and every rule has a case with its sentence. */
import { readdirSync } from 'node:fs';
import test from 'ava';
import { parseBoard } from '../../firmware/config/board.ts';
import { boardText, change, dualBoardText, readProjectFile } from './documents.ts';

const boards = readdirSync(new URL('../../boards/', import.meta.url), { withFileTypes: true });

for (const { name } of boards.filter((entry) => entry.isDirectory()))
  test(`boards/${name} keeps the rules and says its own name`, (t) => {
    const parsed = parseBoard(readProjectFile(`boards/${name}/board.json`), 'board.json');
    t.is('error' in parsed ? parsed.error : parsed.board.board, name);
  });

test('a bus at the top is that of both chips', (t) => {
  const { board, led, spi, wan, lan } = JSON.parse(boardText) as Record<string, object>;
  const parsed = parseBoard(boardText, 'board.json');
  t.deepEqual(parsed as unknown, { board: { board, led, wan: { spi, ...wan }, lan: { spi, ...lan } } });
  // So that the bus is set up once.
  t.true('board' in parsed && parsed.board.wan.spi === parsed.board.lan.spi);
});

test('each chip may have a bus of its own', (t) => {
  t.deepEqual(parseBoard(dualBoardText, 'board.json'), { board: JSON.parse(dualBoardText) });
});

const pin = 'expected a pin from "D0" to "D39"';
const hertz = 'expected a clock from 1000000 to 26666666 Hz';

const refusals: [path: string, value: unknown, sentence: string][] = [
  ['board', undefined, "board: expected the name of the board, its folder's name, but it is missing"],
  [
    'spi',
    undefined,
    'wan.spi: expected an object with bus, sck, miso, mosi, hertz, or one "spi" for both chips at the top, but it is missing',
  ],
  ['spi', 7, 'spi: expected an object with bus, sck, miso, mosi, hertz, but got 7'],
  ['lan', 5, 'lan: expected an object with select, interrupt, reset, but got 5'],
  ['pins', {}, 'expected no keys but board, spi, wan, lan, led, but got "pins"'],
  ['led', 2, `led: ${pin}, but got 2`],
  ['led', 'D18', 'led: expected another pin than "D18": spi.sck has it already'],
  ['led', 'D34', 'led: expected another pin than "D34": it is input only'],
  ['spi.speed', 1, 'spi: expected no keys but bus, sck, miso, mosi, hertz, but got "speed"'],
  [
    'lan.interupt',
    'D1',
    'lan: expected no keys but select, interrupt, reset, but got "interupt" (did you mean "interrupt"?)',
  ],
  ['spi.bus', 'SPI3', 'spi.bus: expected one of "SPI1", "SPI2", but got "SPI3"'],
  ['spi.bus', undefined, 'spi.bus: expected one of "SPI1", "SPI2", but it is missing'],
  ['spi.hertz', undefined, `spi.hertz: ${hertz}, but it is missing`],
  ['spi.hertz', 999999, `spi.hertz: ${hertz}, but got 999999`],
  ['spi.hertz', 26666667, `spi.hertz: ${hertz}, but got 26666667`],
  ['spi.sck', 18, `spi.sck: ${pin}, but got 18`],
  ['spi.sck', '', `spi.sck: ${pin}, but got ""`],
  ['spi.sck', '18', `spi.sck: ${pin}, but got "18"`],
  ['spi.sck', 'D40', `spi.sck: ${pin}, but got "D40"`],
  ['spi.sck', 'D05', `spi.sck: ${pin}, but got "D05"`],
  ['lan.select', undefined, `lan.select: ${pin}, but it is missing`],
  ['spi.miso', 'D24', 'spi.miso: expected another pin than "D24": the ESP32 has no such pin'],
  ['wan.select', 'D6', 'wan.select: expected another pin than "D6": it belongs to the flash chip'],
  ['wan.select', 'D11', 'wan.select: expected another pin than "D11": it belongs to the flash chip'],
  ['lan.reset', 'D1', 'lan.reset: expected another pin than "D1": it belongs to the serial console'],
  ['lan.reset', 'D3', 'lan.reset: expected another pin than "D3": it belongs to the serial console'],
  [
    'wan.reset',
    'D0',
    'wan.reset: expected another pin than "D0": it is the BOOT button, by which the router is skipped',
  ],
  ['spi.sck', 'D34', 'spi.sck: expected another pin than "D34": it is input only'],
  ['spi.mosi', 'D39', 'spi.mosi: expected another pin than "D39": it is input only'],
  ['wan.select', 'D35', 'wan.select: expected another pin than "D35": it is input only'],
  ['wan.reset', 'D36', 'wan.reset: expected another pin than "D36": it is input only'],
  ['wan.interrupt', 'D12', 'wan.interrupt: expected another pin than "D12": Espruino cannot watch it'],
  ['lan.interrupt', 'D26', 'lan.interrupt: expected another pin than "D26": wan.interrupt has it already'],
  ['lan.select', 'D19', 'lan.select: expected another pin than "D19": spi.miso has it already'],
];

/** The same of a board with two buses. */
const dualRefusals: typeof refusals = [
  [
    'wan.spi',
    undefined,
    'wan.spi: expected an object with bus, sck, miso, mosi, hertz, or one "spi" for both chips at the top, but it is missing',
  ],
  ['spi', {}, 'spi.bus: expected one of "SPI1", "SPI2", but it is missing'],
  [
    'spi',
    { bus: 'SPI1', sck: 'D2', miso: 'D5', mosi: 'D15', hertz: 1e6 },
    'wan: expected no keys but select, interrupt, reset, but got "spi"',
  ],
  ['lan', 5, 'lan: expected an object with select, interrupt, reset, spi, but got 5'],
  [
    'lan.spi.bus',
    'SPI2',
    'lan.spi.bus: expected another bus than "SPI2": wan.spi has it already (chips that share a bus have one "spi" at the top)',
  ],
  ['lan.spi.sck', 'D18', 'lan.spi.sck: expected another pin than "D18": wan.spi.sck has it already'],
  ['lan.spi.mosi', 'D36', 'lan.spi.mosi: expected another pin than "D36": it is input only'],
  ['wan.spi.hertz', 4e7, `wan.spi.hertz: ${hertz}, but got 40000000`],
];

const documents: [string, string, typeof refusals][] = [
  ['one bus', boardText, refusals],
  ['two buses', dualBoardText, dualRefusals],
];
for (const [what, document, rows] of documents)
  for (const [path, value, sentence] of rows)
    test(`${what}, ${path}: ${JSON.stringify(value) ?? 'nothing'} is refused`, (t) => {
      const text = change(document, path, value);
      t.deepEqual(parseBoard(text, 'board.json'), { error: `board.json: ${sentence}` });
    });

test('a document that is no object, or no JSON, is refused', (t) => {
  t.deepEqual(parseBoard('7', 'b.json'), {
    error: 'b.json: expected an object with board, spi, wan, lan, but got 7',
  });
  t.deepEqual(parseBoard('{', 'b.json'), {
    error: 'b.json: line 1, column 2: expected a key in double quotes, but the text ends',
  });
});

test('inputs may use pins that outputs may not', (t) => {
  for (const path of ['spi.miso', 'wan.interrupt', 'lan.interrupt'])
    t.false('error' in parseBoard(change(boardText, path, 'D34'), 'board.json'));
  for (const path of ['spi.miso', 'wan.select'])
    t.false('error' in parseBoard(change(boardText, path, 'D12'), 'board.json'));
});
