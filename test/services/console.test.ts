// The console on the serial line, at a board in software: people and programs, pacing, floods, and the way back.
import { crc32 } from 'node:zlib';
import test from 'ava';
import { Terminal } from './booted.ts';

test('only a list of flows goes on by itself', (t) => {
  const terminal = new Terminal();
  const answer = terminal.type('stored read 0\r');
  t.regex(answer, /^stored read 0\r\npiece +\{/);
  t.notRegex(answer, /\nflows/);
  t.true(answer.endsWith('\r\nhairpin> '));
});

test('a person is echoed, answered in lines, and prompted', (t) => {
  const terminal = new Terminal();
  t.is(terminal.type('\r'), '\r\nhairpin> ');
  const status = terminal.type('show status\r');
  t.true(status.startsWith('show status\r\nversion '), status);
  t.regex(status, /\r\nwan\.address +12\.0\.0\.1\r\n/);
  t.true(status.endsWith('\r\nhairpin> '), status);
  t.regex(terminal.type('show forwards\n'), /name +flows *\r\nsmtp +0 *\r\n/);
  t.regex(terminal.type('help\r\n'), /show status \| flows/);
  t.regex(terminal.type('shwo\r'), /Unknown request "shwo"\. Known: status, /);
});

test('a program gets one line, no echo, no prompt', (t) => {
  const terminal = new Terminal();
  const text = terminal.type('\x10version\n');
  t.regex(text, /^\r\n\{[^\r\n]*"ok":true\}\r\n$/);
  t.is(terminal.ask('nonsense').ok, false);
  // Two at once are answered one after the other.
  t.is(terminal.type('\x10version\n\x10version\n').match(/"version"/g)?.length, 2);
});

test('a program that asks for it gets the checksum of request and answer in front of the answer', (t) => {
  const [, checksum, answer] = /^\r\n#(\d+) (\{.*\})\r\n$/.exec(new Terminal().type('\x10#flows 9\n')) ?? [];
  t.like(JSON.parse(answer), { ok: true, flows: [] });
  t.is(Number(checksum), crc32(`flows 9${answer}`));
});

test('backspace, cursor keys and pieces of a line', (t) => {
  const terminal = new Terminal();
  for (const key of ['s', 'x', '\x7f', '\x1b[A', 'how', ' ']) terminal.type(key, 0.1);
  t.regex(terminal.type('version\r'), /^version\r\nversion +\d/);
  t.is(terminal.type('\b', 0.1), '', 'nothing to delete');
});

test('output is paced, so that the loop never waits for the line', (t) => {
  const terminal = new Terminal();
  terminal.type('\x10config\n');
  const { pieces } = terminal;
  t.true(pieces.length > 3);
  for (const [index, { at, characters }] of pieces.entries()) {
    t.true(characters <= 100, `${characters} at once`);
    if (index > 0) t.true(at - pieces[index - 1].at >= 20_000, `${at - pieces[index - 1].at} us`);
  }
});

test('a line that is too long is not read, and the rest of it neither', (t) => {
  const terminal = new Terminal();
  terminal.type('x'.repeat(300), 0.1);
  t.regex(terminal.type('reboot\r'), /longer than 240 characters; it was not read/);
  t.deepEqual(terminal.world.board.restarts, []);
  t.is(terminal.ask('version').ok, true);
});

test('a flood of requests takes no more memory than a line and an answer; afterwards all is well', (t) => {
  const terminal = new Terminal();
  let most = 0;
  for (let i = 0; i < 200; i++) {
    terminal.world.board.line.receive('\x10config\n\x10counters\n show flows\r\x1b[A\x00\xff');
    terminal.world.run(5_000);
    most = Math.max(most, terminal.sent.length);
  }
  t.true(most < 200 * 100, `${most} characters in a second`);
  terminal.type('\r', 5);
  t.is(terminal.ask('version').ok, true);
});

test('Ctrl-C empties what was typed and what waits', (t) => {
  const terminal = new Terminal();
  terminal.type('reboot', 0.1);
  t.is(terminal.type('\x03'), '\r\nhairpin> ');
  t.is(terminal.type('\r'), '\r\nhairpin> ');
  terminal.world.board.line.receive('show config\r');
  terminal.world.run(50_000);
  terminal.take();
  t.is(terminal.type('\x03'), '\r\nhairpin> ');
  t.deepEqual(terminal.world.board.restarts, []);
});

test('DLE ENQ gives the line to the interpreter, in one piece or in two, and the router runs on', (t) => {
  for (const keys of [['\x10\x05'], ['\x10', '\x05'], ['show st\x10\x05']]) {
    const terminal = new Terminal();
    for (const key of keys) terminal.type(key, 0.1);
    const { board } = terminal.world;
    t.is(board.line.console, 'Serial1');
    t.true(board.line.echo);
    terminal.take();
    terminal.world.run(1e6);
    t.is(terminal.take(), '');
    t.true((JSON.parse(board.hairpin('status')) as { ok: boolean }).ok);
  }
  const terminal = new Terminal();
  terminal.type('repl\r');
  t.is(terminal.world.board.line.console, 'Serial1');
});

test('what the interpreter prints comes out behind the answer', (t) => {
  const terminal = new Terminal();
  terminal.world.board.line.print('Uncaught Error: something');
  t.is(terminal.type('\x10version\n').split('\r\n').filter(Boolean).length, 2);
});

test('a router that stands still has its console, and says why', (t) => {
  const terminal = new Terminal({ 'config.json': '{' });
  t.regex(terminal.type('show status\r'), /The router is not running\. .*config/);
  t.regex(String(terminal.ask('status').error), /not running/);
});

test('memory, and a restart behind its answer', (t) => {
  const terminal = new Terminal();
  const { memory } = terminal.ask('memory') as { memory: Record<string, number> };
  t.deepEqual(Object.keys(memory), ['used', 'free', 'total', 'storageFree']);
  t.like(terminal.ask('reboot now'), { ok: false });
  t.like(terminal.ask('reboot'), { ok: true, reboot: 'router' });
  t.deepEqual(terminal.world.board.restarts, ['reboot']);
  terminal.boot();
  t.is(terminal.ask('version').ok, true);
});

test('a timer that could not be had once, for lack of memory, does not silence the console', (t) => {
  const terminal = new Terminal();
  terminal.world.board.evaluate(
    'var kept = setTimeout; setTimeout = function () { setTimeout = kept; throw new Error("memory"); };',
  );
  terminal.type('show version\r');
  t.is(terminal.ask('version').ok, true);
});
