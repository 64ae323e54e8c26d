// Pins, timers and watches of the emulated board, and the idle loop that its owner turns.
import test from 'ava';
import { RealClock } from '../../host-tools/emulator/clock.ts';
import { boardWith } from './board-fixture.ts';
import type { TestBoard } from './board-fixture.ts';

/** Turns the idle loop until it rests; how many turns did something. */
function settle({ board }: TestBoard): number {
  let turns = 0;
  while (board.runPending()) turns++;
  return turns;
}

test('a pin reads the INT level of its chip; what is not connected reads its pull-up', (t) => {
  const b = boardWith('var read = new Pin("D26").read.bind(D26);');
  t.is(b.ask('read()'), true);
  b.wan.setInterrupt(true);
  t.is(b.ask('read()'), false);
  t.is(b.ask('D33.read()'), true);
  t.deepEqual(b.ask('[D4.read(), D27.read()]'), [false, true]);
  t.deepEqual(b.ask('[D4.mode("input_pullup"), D4.read(), D4.getMode()].slice(1)'), [true, 'input_pullup']);
});

test('an INT that was low before power-on reads low', (t) => {
  const first = boardWith('');
  first.wan.interruptLow = true;
  const second = boardWith('', { chips: { wan: first.wan, lan: first.lan } });
  t.is(second.ask('D26.read()'), false);
});

test('write, set, reset and toggle drive the reset line of the chip; only changes reach it', (t) => {
  const b = boardWith('D13.write(1); D13.reset(); D13.write(0); D13.set(); var now = D13.toggle();');
  t.deepEqual(b.wan.seen, ['reset low', 'reset high', 'reset low']);
  t.is(b.ask('now'), false);
  t.is(b.ask('D13.getMode()'), 'output');
});

test('new Pin gives the pin itself, printed by its name', (t) => {
  const b = boardWith('print(new Pin("D5") === D5, D5, new Pin(5), [1, 2], { a: 1 }, null, 1.5);');
  t.deepEqual(b.printed, ['true D5 D5 [1,2] {"a":1} null 1.5']);
});

test('watches: edges wait for the idle loop, in order, filtered by kind, with their times', (t) => {
  const b = boardWith(
    `var log = []; setWatch(function (e) { log.push([e.state, e.time, e.lastTime]); }, D26, { repeat: true, edge: 'falling' });`,
  );
  b.clock.advance(1000);
  b.wan.setInterrupt(true);
  b.clock.advance(1000);
  b.wan.setInterrupt(false);
  b.clock.advance(1000);
  b.wan.setInterrupt(true);
  t.deepEqual(b.ask('log'), []);
  t.is(b.board.nextDue(), b.clock.now());
  t.is(settle(b), 1);
  t.deepEqual(b.ask('log'), [
    [false, 0.001, null],
    [false, 0.003, 0.002],
  ]);
  t.is(b.board.nextDue(), undefined);
});

test('watches: a level that stays gives no second event, an unwatched pin none at all', (t) => {
  const b = boardWith(`var n = 0; setWatch(function () { n++; }, D26, { repeat: true, edge: 'both' });`);
  b.wan.setInterrupt(true);
  b.wan.setInterrupt(true);
  b.lan.setInterrupt(true);
  settle(b);
  t.is(b.ask('n'), 1);
});

test('watches: without repeat once; cleared ones never; a watch pulls its pin up', (t) => {
  const b = boardWith(
    `var once = 0, never = 0; setWatch(function () { once++; }, D26); clearWatch(setWatch(function () { never++; }, D33)); setWatch(function () {}, D4);`,
  );
  for (const low of [true, false, true]) {
    b.wan.setInterrupt(low);
    b.lan.setInterrupt(low);
  }
  settle(b);
  t.deepEqual(b.ask('[once, never, D4.read()]'), [1, 0, true]);
});

test('watches: pins 6 to 12 cannot be watched; debounce and wrong edges are refused', (t) => {
  const b = boardWith(
    `var id = setWatch(function () {}, D12); try { setWatch(function () {}, D26, { edge: 'up' }); } catch (e) { print(e.message); }`,
  );
  t.is(b.ask('id'), undefined);
  t.deepEqual(b.printed, [
    'WARNING: Unable to set watch.',
    "'edge' in setWatch should be 1, -1, 0, 'rising', 'falling' or 'both'",
  ]);
});

test('watches: 680 edges fit, more are lost and flagged', (t) => {
  const b = boardWith(
    `var n = 0, flags = []; setWatch(function () { n++; }, D26, { repeat: true }); E.on('errorFlag', function (f) { flags.push(f); });`,
  );
  for (let i = 0; i < 700; i++) b.wan.setInterrupt(i % 2 === 0);
  settle(b);
  t.is(b.ask('n'), 680);
  t.deepEqual(b.ask('[flags, E.getErrorFlags(), E.getErrorFlags()]'), [[['FIFO_FULL']], ['FIFO_FULL'], []]);
});

test('timers: a timeout runs once at its time, at least 0.1 ms away', (t) => {
  const b = boardWith(
    'var at = []; function f() { at.push(getTime()); } setTimeout(f, 5); setTimeout(f, 0); setTimeout(f);',
  );
  t.is(b.board.nextDue(), 100);
  t.false(b.board.runPending());
  b.clock.advance(100);
  t.is(settle(b), 1);
  b.clock.advance(4900);
  settle(b);
  t.deepEqual(b.ask('at'), [0.0001, 0.0001, 0.005]);
  t.is(b.board.nextDue(), undefined);
});

test('timers: an interval that was missed catches up, one run per turn of the idle loop', (t) => {
  const b = boardWith('var n = 0; setInterval(function () { n++; }, 10);');
  b.clock.advance(105_000);
  t.true(b.board.runPending());
  t.is(b.ask('n'), 1);
  t.is(settle(b), 9);
  t.is(b.ask('n'), 10);
  t.is(b.board.nextDue(), 110_000);
});

test('timers: those due together run in the order of their making, each once per turn', (t) => {
  const b = boardWith(
    `var log = ''; setInterval(function () { log += 'a'; }, 2); setInterval(function () { log += 'b'; }, 1);`,
  );
  b.clock.advance(2000);
  b.board.runPending();
  t.is(b.ask('log'), 'ab');
  settle(b);
  t.is(b.ask('log'), 'abb');
});

test('timers: cleared ones do not run, also when cleared by one that is due at the same time', (t) => {
  const b = boardWith(
    `var log = ''; setTimeout(function () { log += 'a'; clearInterval(i); clearTimeout(z); }, 1);
     var i = setInterval(function () { log += 'b'; }, 1); var z = setTimeout(function () { log += 'c'; }, 1);
     clearTimeout(setTimeout(function () { log += 'd'; }, 1)); clearInterval(12345);`,
  );
  b.clock.advance(5000);
  settle(b);
  t.is(b.ask('log'), 'a');
});

test('timers: an interval may clear itself; clearing undefined throws, clearing without argument clears all', (t) => {
  const b = boardWith(
    `var n = 0, i = setInterval(function () { n++; clearInterval(i); }, 1); try { clearTimeout(undefined); } catch (e) { print(e.message); }`,
  );
  b.clock.advance(5000);
  settle(b);
  t.is(b.ask('n'), 1);
  t.deepEqual(b.printed, ['clearTimeout(undefined) not allowed. Use clearTimeout() instead']);
  b.ask('setInterval(function () { n++; }, 1) && clearInterval()');
  t.is(b.board.nextDue(), undefined);
});

test('an exception in a callback is reported and removes nothing', (t) => {
  const b = boardWith(
    `var n = 0; setInterval(function () { n++; if (n < 3) throw new Error('turn ' + n); }, 1);
     setWatch(function () { throw 'edge'; }, D26, { repeat: true });`,
  );
  b.wan.setInterrupt(true);
  b.clock.advance(3000);
  settle(b);
  b.wan.setInterrupt(false);
  settle(b);
  t.is(b.ask('n'), 3);
  t.deepEqual(
    b.printed.filter((line) => line.startsWith('Uncaught')),
    ['Uncaught edge', 'Uncaught Error: turn 1', 'Uncaught Error: turn 2', 'Uncaught edge'],
  );
  t.regex(b.printed[2], /^ {4}at firmware\.js:1:/);
});

test('firmware code is not entered again while it runs, even when SPI time passes', (t) => {
  const b = boardWith(
    `var log = ''; SPI2.setup({sck:D18,miso:D19,mosi:D23,baud:100000});
     setInterval(function () { log += '('; SPI2.send(new Uint8Array(100), D25); log += ')'; }, 1);`,
    { spi: { hertzTimed: true } },
  );
  b.clock.schedule(2000, () => b.wan.setInterrupt(true));
  b.clock.schedule(2001, () => t.false(b.board.runPending()));
  b.clock.advance(1000);
  t.true(b.board.runPending());
  t.is(b.ask('log'), '()');
});

test('on a real clock timers come due by themselves', async (t) => {
  const clock = new RealClock();
  const b = boardWith('var n = 0; setTimeout(function () { n++; }, 2);', { clock });
  t.false(b.board.runPending());
  t.true((b.board.nextDue() as number) > clock.now());
  await new Promise((resolve) => setTimeout(resolve, 10));
  t.true(b.board.runPending());
  t.is(b.ask('n'), 1);
});

test('at a slower pace intervals come that often and make up for nothing; timeouts come as they should', (t) => {
  const b = boardWith(`var log = []; setInterval(function () { log.push(getTime()); }, 20);`);
  const run = (seconds: number) => {
    for (const end = b.clock.now() + seconds * 1e6; ; b.clock.advanceTo(b.board.nextDue()!)) {
      while (b.clock.now() <= end && b.board.runPending());
      if (b.board.nextDue()! > end) break;
    }
  };
  run(0.1);
  b.board.pace = 5e6;
  b.ask('log = [], setTimeout(function () { log.push("once"); }, 7000), 0');
  run(12);
  const [first, ...more] = b.ask('log') as number[];
  t.deepEqual(more, [first + 5, 'once', first + 10]);
  b.board.pace = 0;
  b.ask('log = [], 0');
  run(5.1);
  const times = b.ask('log') as number[];
  t.is(Math.round((times[1] - times[0]) * 1000), 20);
});
