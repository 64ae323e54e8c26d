// The board's light, of the whole firmware on a board in software: what it shows in each state, and that it is off when not asked for.
import { readFileSync } from 'node:fs';
import test from 'ava';
import { Terminal } from './booted.ts';

const boardText = readFileSync('boards/esp32-shared-bus/board.json', 'utf8');

/** How often it is lit within a second, and for how long at most, ms; "lit" or "dark" when nothing changes. */
function look(terminal: Terminal): string {
  const { world } = terminal;
  const pin = world.board.pins.find('D2')!;
  let times = 0;
  let since = 0;
  let longest = 0;
  let lit = 0;
  let before = pin.level;
  for (let ms = 0; ms < 1000; ms += 10) {
    world.run(10_000);
    lit += pin.level;
    since = pin.level ? since + 10 : 0;
    longest = Math.max(longest, since);
    if (pin.level > before) times++;
    before = pin.level;
  }
  if (lit === 100) return 'lit';
  return lit === 0 ? 'dark' : `${times} x ${longest}`;
}

test('one blink a second when all is well, two and three by the link that is missing, fast when a chip is', (t) => {
  const terminal = new Terminal();
  const { world } = terminal;
  t.is(world.board.pins.find('D2')!.level, 1, 'lit while it starts');
  world.run(10_500_000);
  t.is(look(terminal), '1 x 60');
  world.wan.setLink(false);
  world.run(2e6);
  t.is(look(terminal), '2 x 60');
  // The LAN is the worse trouble.
  world.lan.setLink(false);
  world.run(2e6);
  t.is(look(terminal), '3 x 60');
  world.wan.setLink(true);
  world.run(2e6);
  t.is(look(terminal), '3 x 60');
  world.lan.setLink(true);
  world.run(2e6);
  t.is(look(terminal), '1 x 60');
  world.board.breakWire('lan.miso', 'open');
  world.run(5e6);
  t.is(look(terminal), '5 x 100');
});

test('a router that stands still leaves it lit', (t) => {
  const terminal = new Terminal({ 'config.json': '{' });
  terminal.world.run(10e6);
  t.is(look(terminal), 'lit');
});

test('a board without a light: its pin is never touched', (t) => {
  const without = boardText.replace(/ *"led": "D2",\n/, '');
  t.not(without, boardText);
  const terminal = new Terminal({ 'board.json': without });
  terminal.world.run(10e6);
  t.is(look(terminal), 'dark');
  t.is(terminal.world.board.pins.find('D2')!.getMode(), 'input');
});
