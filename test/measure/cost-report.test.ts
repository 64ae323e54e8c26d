/** The tables of the interpreter's cost, and the page they are put into. */
import test from 'ava';
import { againstBudgets } from '../espruino/cost/budgets.ts';
import { checkStep } from '../espruino/cost/check.ts';
import { behindColdFunctions } from '../espruino/cost/cold.ts';
import { idleRows, partRows, type InterpreterResult } from '../espruino/cost/report.ts';
import { markdownTable, plainTable, replacePart } from '../espruino/cost/page.ts';

const net = (value: number) => ({ gross: value + 4, stubs: 4, net: value });
const figures = {
  'translation, TCP': net(20),
  'translation, UDP': net(30),
  'path, TCP': net(50),
  'first packet, SYN, fill 0': net(400),
  'first packet, SYN, fill 500': net(500),
  '1 flow, UDP LAN to WAN': net(50),
  '512 flows, UDP LAN to WAN': net(54),
  '1 flow, UDP WAN to LAN': net(50),
  '512 flows, UDP WAN to LAN': net(66),
};

test('the dearest direction is held against the budget, stubs taken off', (t) => {
  const lines = againstBudgets(figures).map(({ measured, met, verdict }) => [measured, met, verdict]);
  t.deepEqual(lines, [
    ['30.0 turns', false, 'MISSED by 20 %'],
    ['50.0 turns', true, 'met, 9 % to spare'],
    ['400.0 turns', true, 'met, 0 % to spare'],
    ['500.0 turns', false, 'MISSED by 25 %'],
    ['8.0 % more', true, 'met'],
    ['32.0 % more', false, 'MISSED'],
  ]);
});

test('a table for the page, and for the terminal', (t) => {
  const rows = [
    ['turns', 'built'],
    ['path', '80.1'],
  ];
  t.is(markdownTable(rows), '| turns | built |\n| --- | ---: |\n| path | 80.1 |');
  t.is(plainTable(rows), '  turns   built\n  path     80.1');
});

test('only what stands between the markers is replaced', (t) => {
  const page = 'before\n<!-- a -->\nold\n<!-- /a -->\nbetween\n<!-- b -->\nkept\n<!-- /b -->\n';
  const once = replacePart(page, 'a', 'new');
  t.is(once, 'before\n<!-- a -->\n\nnew\n\n<!-- /a -->\nbetween\n<!-- b -->\nkept\n<!-- /b -->\n');
  t.is(replacePart(once, 'a', 'new'), once);
});

test('a page without its markers is not written to', (t) => {
  t.throws(() => replacePart('text', 'a', 'new'), { message: /<!-- a -->/ });
  t.throws(() => replacePart('<!-- a --> <!-- a --> <!-- /a -->', 'a', 'new'), { message: /once each/ });
  t.throws(() => replacePart('<!-- a --> <!-- /a --> <!-- a -->', 'a', 'new'), { message: /once each/ });
});

const step = {
  what: 'serve',
  name: 'path',
  lengths: [1, 3],
  batch: 1,
  moves: { 'received-lan': 1 },
} as const;

test('a step that moves another counter is not measured', (t) => {
  t.notThrows(() =>
    checkStep(step, { name: 'path', calls: {}, moved: { 'received-lan': 4, 'forwarded-fast': 4 } }),
  );
  const slow = { 'received-lan': 4, 'looked-at': 4 };
  t.throws(() => checkStep(step, { name: 'path', calls: {}, moved: slow }), {
    message: /'path' is not what it says/,
  });
  t.throws(() => checkStep(step, { name: 'path', calls: {}, moved: { 'received-lan': 3 } }));
});

test('a step that must ask the chips and does not is not measured', (t) => {
  const polled = { ...step, moves: {}, calls: { status: 2 } };
  t.throws(() => checkStep(polled, { name: 'path', calls: { status: 7 }, moved: {} }), {
    message: /SPI calls/,
  });
  t.notThrows(() => checkStep(polled, { name: 'path', calls: { status: 8 }, moved: {} }));
});

test('cold functions stand before the first of the firmware’s names, and never under one of them', (t) => {
  const code = behindColdFunctions('var hairpin=function(){\nvar a=1;return a\n}();\n');
  t.regex(
    code,
    /^var hairpin=function\(\)\{\nfunction q00\(\)\{return 0\}.*function q59\(\)\{return 0\}\nvar a=1;/,
  );
  t.throws(() => behindColdFunctions('var hairpin=function(){var q07;}'), { message: /q07/ });
});

function resultWith(built: Record<string, { gross: number; stubs: number; net: number }>): InterpreterResult {
  return { version: '2v29', turn: 15000, stubs: {}, figures: { built, written: {}, cold: {} } };
}

test('the parts of a path come to the whole path, stubs included', (t) => {
  const [, ...rows] = partRows(
    resultWith({
      'path, TCP LAN to WAN': { gross: 80, stubs: 4, net: 76 },
      'translation, TCP LAN to WAN': { gross: 32, stubs: 0, net: 32 },
      'idle serve': { gross: 4, stubs: 0, net: 4 },
    }),
  );
  t.deepEqual(
    rows.map(([, turns, share]) => [turns, share]),
    [
      ['4.0', '5 %'],
      ['32.0', '40 %'],
      ['40.0', '50 %'],
      ['4.0', '5 %'],
    ],
  );
});

test('an idle second is 50 turns of the timer of three kinds, and one for the second', (t) => {
  const [, row] = idleRows(
    resultWith({
      'timer turn': net(6),
      'timer turn, both ports polled': net(16),
      'timer turn, health checked': net(36),
      'timer turn, new second': net(96),
    }),
  );
  // In each 15 turns 7 of 10, 5 of 20 and 3 of 40; 50 of them, and 100: 1067 turns of 44.1 us.
  t.deepEqual(row, ['timer every 20 ms', '1067', '5 %', '6 %', '9 %']);
});
