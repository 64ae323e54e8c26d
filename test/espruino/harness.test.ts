// The replay harness itself, with a small script in place of the firmware: a true replay passes, and every kind of
// difference is found at its place. Needs a real interpreter; skipped with the reason where there is none.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import test from 'ava';
import { findInterpreters } from './interpreters.ts';
import { record, replay } from './replay.ts';
import type { World } from '../../host-tools/emulator/world.ts';

const { found, reason } = findInterpreters();
const bundle = readFileSync(new URL('./fixtures/blinker.js', import.meta.url), 'utf8');
const board = readFileSync(new URL('../../boards/esp32-shared-bus/board.json', import.meta.url), 'utf8');
const options = { bundle, files: { 'board.json': board } };

function scenario(world: World): void {
  world.board.boot();
  world.run(12_345);
  world.board.hairpin('status');
  world.run(50_000);
  world.board.hairpin('status');
  world.board.hairpin('nonsense');
}

test('the recording itself: calls, callbacks, requests in order with their times', (t) => {
  const events = record(options, scenario);
  t.deepEqual(events[0], { at: 0, kind: 'boot' });
  t.true(
    events.some(
      (e) => e.kind === 'spi' && e.call === 'SPI2.send' && e.select === 'D25' && e.miso.endsWith('04'),
    ),
  );
  t.deepEqual(
    events.filter((e) => e.kind === 'timer').map((e) => [e.at, e.id]),
    [5000, 10000, 15000, 20000, 25000, 30000]
      .map((at) => [at, 1])
      .concat([
        [32000, 2],
        [42000, 3],
        [52000, 3],
        [62000, 3],
      ]),
  );
  t.is(events.filter((e) => e.kind === 'threw').length, 1);
});

if (found.length === 0) test.skip(`SKIPPED, real interpreter: ${reason}`, () => {});

for (const interpreter of found) {
  const name = `${basename(interpreter)} ${found.indexOf(interpreter) + 1}`;

  test(`${name}: a true replay passes`, async (t) => {
    const events = record(options, scenario);
    const result = await replay(interpreter, bundle, events);
    t.is(result.difference, '');
    t.deepEqual([result.ok, result.events, result.answers], [true, events.length, 3]);
  });

  const mutations: ReadonlyArray<readonly [string, string, string, RegExp]> = [
    [
      'an outgoing byte',
      'arena[1] = 0x39',
      'arena[1] = 0x38',
      /SPI2.send D25 00390000\n.*SPI2.send D25 00380000/,
    ],
    ['another pin', 'new Pin(board.wan.select)', 'new Pin(board.lan.select)', /D25.write 1\n.*D32.write 1/],
    ['a call less', "select.mode('output');", '', /D25.mode output\n/],
    ['a call more', 'polls++;', 'polls++; read();', /D26.read/],
    [
      'a counter',
      'version: version, polls: polls',
      'version: version, polls: polls + 1',
      /"polls":2,.*\n.*"polls":3,/,
    ],
    ['an interval', '(poll, 10)', '(poll, 11)', /setInterval 10\n.*setInterval 11/],
    ['a watched edge', "edge: 'falling'", "edge: 'rising'", /edge=falling\n.*edge=rising/],
    [
      'an exception less',
      "throw new Error('third poll')",
      'polls += 0',
      /exception Uncaught Error: third poll\n.*without doing/,
    ],
    ['an exception more', 'polls === 3', 'polls > 1', /request status\n.*ended with an exception/],
    ['a syntax the interpreter lacks', 'polls++;', 'polls **= 1; polls++;', /exception/],
    ['a call after the last', "error: 'Unknown", "error: '' + getTime() + 'Unknown", /getTime/],
  ];
  for (const [title, from, to, expected] of mutations) {
    test(`${name}: finds ${title}`, async (t) => {
      const mutated = bundle.replace(from, to);
      t.not(mutated, bundle);
      const result = await replay(interpreter, mutated, record(options, scenario));
      t.false(result.ok);
      t.regex(result.difference, expected);
    });
  }

  test(`${name}: a bundle that does not come back is no success`, async (t) => {
    const result = await replay(interpreter, 'function (', record(options, scenario));
    t.false(result.ok);
  });
}
