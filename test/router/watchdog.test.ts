/**
 * What no code can catch: the loop's interval removed (Ctrl-C on the console, lack of memory), a loop without end, an
 * exception in every turn. The watchdog restarts the board, and traffic flows again. And what can be caught: a frame
 * that makes control throw is dropped and counted, and nothing else suffers.
 */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { World } from '../../host-tools/emulator/world.ts';
import type { Rig } from '../w5500/rig.ts';
import { settled, start } from './breakable.ts';
import { arrival, leftAsExpected, pass, shortest } from './traffic.ts';

const board = readFileSync('boards/esp32-shared-bus/board.json', 'utf8');
const leased = readFileSync('hairpin.home.json', 'utf8');
const second = 1_000_000;
/** Longer than the watchdog's patience. */
const patience = 12 * second;

function forwards(rig: Rig): boolean {
  const frame = arrival('lan', 300, 7);
  return leftAsExpected('lan', [frame], pass(rig, 'lan', frame));
}

/** The watchdog must have bitten; the board comes up again and does its work. */
function resumes(rig: Rig): boolean {
  if (rig.board.restarts.join() !== 'watchdog') return false;
  rig.board.boot();
  start(rig);
  return forwards(rig);
}

test('a router that is well is left alone, busy or idle', async (t) => {
  const rig = await settled();
  rig.run(60 * second);
  for (let i = 0; i < 60; i++) {
    for (let n = 0; n < 20; n++) rig.chips.lan.deliver(arrival('lan', shortest, n));
    rig.run(second);
  }
  t.deepEqual(rig.board.restarts, []);
  t.true(forwards(rig));
});

test('the interval is removed, as by Ctrl-C or lack of memory: restart, traffic', async (t) => {
  const rig = await settled();
  rig.board.hairpin('test clearInterval(loop)');
  rig.run(8 * second);
  t.deepEqual(rig.board.restarts, [], 'not before its time');
  t.true(forwards(rig), 'the interrupt lines still work');
  rig.run(patience - 8 * second);
  t.false(forwards(rig), 'a board that restarts forwards nothing');
  t.true(resumes(rig));
});

test('everything is removed: restart, traffic', async (t) => {
  const rig = await settled();
  rig.board.hairpin('test clearInterval(), clearWatch()');
  t.false(forwards(rig));
  rig.run(patience);
  t.true(resumes(rig));
});

test('a turn that does not end: restart, traffic', async (t) => {
  const rig = await settled();
  const { lan } = rig.chips;
  const select = lan.select.bind(lan);
  lan.select = () => {
    rig.clock.advance(patience);
    select();
  };
  rig.run(second);
  lan.select = select;
  t.true(resumes(rig));
});

test('an exception in every turn: restart, traffic', async (t) => {
  const rig = await settled();
  rig.board.hairpin("test faulty = 'getTime'");
  rig.run(patience);
  t.true(resumes(rig));
});

test('an exception in some turns: no restart, traffic', async (t) => {
  const rig = await settled();
  for (let i = 0; i < 20; i++) {
    rig.board.hairpin("test faulty = 'getTime'");
    rig.run(second);
    rig.board.hairpin("test faulty = ''");
    rig.run(second);
    t.true(forwards(rig));
  }
  t.deepEqual(rig.board.restarts, []);
});

/** A frame that needs a random port: the one it has belongs to a forward. */
function poison(number: number): Uint8Array {
  const frame = arrival('lan', shortest, number);
  frame.set([5000 >>> 8, 5000 & 255], 34);
  return frame;
}

test('a frame that makes control throw is dropped, counted and said once; those around it get through', async (t) => {
  const rig = await settled();
  rig.board.hairpin("test faulty = 'hwRand'");
  const good: Uint8Array[] = [];
  for (let i = 0; i < 6; i++) {
    good.push(arrival('lan', 200 + i, i));
    rig.chips.lan.deliver(good[i]);
    rig.chips.lan.deliver(poison(i));
  }
  rig.run(second);
  t.true(leftAsExpected('lan', good, rig.take('wan')));
  t.is(rig.counter('drop-exception'), 6);
  t.deepEqual(rig.console, [
    'Something was left undone because of a fault in the firmware, please report it: Error: no luck',
  ]);
  rig.board.hairpin("test faulty = ''");
  rig.chips.lan.deliver(poison(9));
  rig.run(20_000);
  t.is(rig.take('wan').length, 1, 'nothing was left in a state that hinders the next');
  rig.run(patience);
  t.deepEqual(rig.board.restarts, []);
  t.true(forwards(rig));
});

test('a service that throws every second is counted and said once; the loop and the watchdog go on', (t) => {
  const printed: string[] = [];
  const world = new World({
    // The first thing that the WAN's DHCP client needs is a random number.
    bundle: `E.hwRand = function () { throw new Error('no luck'); };\n${readFileSync('dist/firmware.js', 'utf8')}`,
    files: { 'board.json': board, 'config.json': leased },
    print: (line) => printed.push(line),
  });
  world.board.boot();
  world.run(60 * second);
  const { counters } = JSON.parse(world.board.hairpin('counters')) as { counters: Record<string, number> };
  t.true(counters['drop-exception'] > 50);
  t.deepEqual(world.board.restarts, []);
  t.deepEqual(printed, [
    'Something was left undone because of a fault in the firmware, please report it: Error: no luck',
  ]);
  t.true(counters['sent-arp-request'] > 0, 'the LAN side is announced');
});
