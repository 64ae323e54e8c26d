// The log of the whole firmware on a board in software: cables, chips and restarts, and how the console shows it.
import test from 'ava';
import { Terminal } from './booted.ts';

interface Entry {
  second: number;
  event: string;
  value: unknown;
  times: number;
}

const entries = (terminal: Terminal, from = 0) => terminal.ask(`log ${from}`).log as Entry[];
const told = (terminal: Terminal, from = 0) =>
  entries(terminal, from).map(({ event, value }) => `${event} ${String(value)}`);

test('a start: why it came, then chips and links as they come up', (t) => {
  const terminal = new Terminal();
  terminal.world.run(10e6);
  t.deepEqual(told(terminal), [
    'started power-on',
    'chip-came-up wan',
    'link-came-up wan',
    'chip-came-up lan',
    'link-came-up lan',
  ]);
  t.true(entries(terminal).every(({ second }) => second < 6));
});

test('the cause of a start: a request, the watchdog, and a start that failed before it', (t) => {
  const terminal = new Terminal();
  const causes: unknown[] = [];
  const note = () => causes.push(entries(terminal)[0].value);
  terminal.world.run(40e6);
  terminal.ask('reboot');
  terminal.boot();
  terminal.world.run(1e6);
  note();
  // The second's end between the answer and the restart does not wipe the mark out.
  terminal.world.run(40_900_000);
  terminal.ask('reboot');
  terminal.boot();
  note();
  terminal.world.run(40e6);
  terminal.world.board.bite();
  terminal.boot();
  note();
  terminal.world.run(5e6);
  terminal.world.board.bite();
  terminal.boot();
  note();
  t.deepEqual(causes, ['request', 'request', 'reset', 'reset']);
});

test('a cable that is pulled, and one that flaps', (t) => {
  const terminal = new Terminal();
  const { world } = terminal;
  world.run(100e6);
  world.lan.setLink(false);
  world.run(3e6);
  world.lan.setLink(true);
  world.run(3e6);
  for (let i = 0; i < 300; i++) {
    world.wan.setLink(i % 2 === 1);
    world.run(3e6);
  }
  const flapping = entries(terminal, 5);
  t.deepEqual(
    flapping.map(({ event, value }) => `${event} ${String(value)}`),
    ['link-went-down lan', 'link-came-up lan', 'link-went-down wan', 'link-came-up wan'],
  );
  t.true(flapping[2].times === 150 && flapping[3].times === 150, JSON.stringify(flapping));
});

test('a chip that is reset behind our back is mended, which is noted', (t) => {
  const terminal = new Terminal();
  terminal.world.run(10e6);
  terminal.world.wan.setReset(true);
  terminal.world.wan.setReset(false);
  terminal.world.run(10e6);
  t.deepEqual(told(terminal, 5), ['chip-mended 1', 'settings-were-lost 1']);
});

test('show log: readable lines, in parts, as long as there are any', (t) => {
  const terminal = new Terminal();
  const { world } = terminal;
  world.run(100e6);
  for (let i = 0; i < 3; i++) {
    world.wan.setLink(false);
    world.run(3e6);
    world.wan.setLink(true);
    world.run(100e6);
  }
  const lines = terminal.type('show log\r', 6).split('\r\n');
  t.regex(lines[1], /^second +lasted +times +severity +event +value *$/);
  t.regex(lines[2], /^0 +0 +1 +notice +started +power-on *$/);
  t.regex(lines[7], /^10\d +0 +1 +warning +link-went-down +wan *$/);
  // Eleven entries in two parts, of which the second has no head; then how long the router runs.
  const columns = lines.slice(1, 13).map((line) => line.search(/(event|\w+-[\w-]+|started) /));
  t.is(new Set(columns).size, 1, lines.join('\n'));
  t.regex(lines[13], /^uptime +\d+$/);
  t.is(lines[14], 'hairpin> ');
  t.regex(terminal.type('log 99\r'), /^log 99\r\nlog +(none)? *\r\nuptime +\d+\r\nhairpin> $/);
});
