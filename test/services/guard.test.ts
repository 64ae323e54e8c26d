// The guard in front of the firmware: when it leaves the router out, and that the next start is a normal one.
import test from 'ava';
import { Terminal } from './booted.ts';

interface Answer {
  ok: boolean;
  error?: string;
}

const ask = (terminal: Terminal) => JSON.parse(terminal.world.board.hairpin('version')) as Answer;
const leftOut = /^The router is left out: /;

/** Starts, and dies after so many seconds. */
function liveFor(terminal: Terminal, seconds: number): void {
  terminal.world.run(seconds * 1e6);
  terminal.world.board.bite();
  terminal.boot();
}

test('after three starts that did not last the router is left out once', (t) => {
  const terminal = new Terminal();
  for (let start = 1; start < 3; start++) {
    liveFor(terminal, 5);
    t.true(ask(terminal).ok, `start ${start + 1}`);
  }
  liveFor(terminal, 5);
  t.regex(ask(terminal).error ?? '', leftOut);
  t.is(terminal.world.board.line.console, 'Serial1', 'the interpreter has the line');
  t.is(terminal.world.board.nextDue(), terminal.world.clock.now() + 1000, 'no loop, no watchdog');
  t.is(terminal.world.board.radios.open.telnet, false);
  liveFor(terminal, 5);
  t.true(ask(terminal).ok, 'the next start is a normal one');
});

test('half a minute in service makes up for starts that failed', (t) => {
  const terminal = new Terminal();
  liveFor(terminal, 5);
  liveFor(terminal, 5);
  liveFor(terminal, 35);
  liveFor(terminal, 5);
  t.true(ask(terminal).ok);
});

test('an answer that takes all of the thirtieth second', (t) => {
  const terminal = new Terminal();
  liveFor(terminal, 5);
  liveFor(terminal, 5);
  terminal.world.run(29.5e6);
  // Nothing else runs while the interpreter is busy.
  terminal.world.clock.advance(2e6);
  liveFor(terminal, 5);
  t.true(ask(terminal).ok);
});

test('a router that stands still has not failed', (t) => {
  const terminal = new Terminal({ 'config.json': '{' });
  for (let start = 0; start < 3; start++) liveFor(terminal, 1);
  t.true(ask(terminal).ok);
});

test('the BOOT button', (t) => {
  const terminal = new Terminal();
  const { board } = terminal.world;
  board.bite();
  board.bootHeld = true;
  board.boot();
  t.regex(ask(terminal).error ?? '', /BOOT button/);
});

test('reboot repl leaves it out once', (t) => {
  const terminal = new Terminal();
  t.like(terminal.ask('reboot repl'), { ok: true, reboot: 'repl' });
  terminal.boot();
  t.regex(ask(terminal).error ?? '', leftOut);
  liveFor(terminal, 1);
  t.true(ask(terminal).ok);
});

test('reboot repl is not forgotten by a second that ends before the restart', (t) => {
  const terminal = new Terminal();
  const { world } = terminal;
  // The answer leaves 300 ms before the restart: the forty-first second ends in between.
  world.run(40_900_000 - world.clock.now());
  t.like(terminal.ask('reboot repl'), { ok: true });
  terminal.boot();
  t.regex(ask(terminal).error ?? '', leftOut);
});
