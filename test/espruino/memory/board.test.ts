// What only an interpreter with a board's few variables can show: that the firmware fits, that its overlays leave nothing
// behind, and what becomes of its loop when variables run out. Skipped with the reason where ESPRUINO names none;
// docs/memory.md says how to build one.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import test from 'ava';
import { findInterpreters } from '../interpreters.ts';
import { budget, measureMoments, withInterpreter } from './measure.ts';

const { small, smallReason } = findInterpreters();
const bundle = readFileSync('dist/firmware.js', 'latin1');

/** The router's turn in an interval of the interpreter's own; `fate` is evaluated at the 20th. */
function live(fate: string): string {
  return `
var turns = 0, before = 0;
stage.setInterval(function () {
  if (++turns == 20) { before = stage.kicks; ${fate} }
  stage.turn(0.5);
}, 2);
stage.setTimeout(function () {
  stage.print('\\nALIVE ' + JSON.stringify({ turns: turns, before: before, kicks: stage.kicks, flags: E.getErrorFlags() }));
  quit();
}, 1500);`;
}

interface Alive {
  turns: number;
  /** Kicks until the fate, and until the end. */
  before: number;
  kicks: number;
  flags: string[];
}

function alive(binary: string, fate: string): Alive {
  const output = withInterpreter(binary, bundle, 0, (interpreter) => interpreter.live(live(fate)));
  const line = /ALIVE (\{.*\})/.exec(output);
  if (!line) throw new Error(`The interpreter gave no result. It said:\n${output.trim().slice(-600)}`);
  return JSON.parse(line[1]) as Alive;
}

const requests = [
  ...['status', 'counters', 'flows', 'forwards', 'neighbours', 'config', 'version', 'nonsense'],
  ...['trace on', 'trace read', 'trace off', 'set forward smtp hairpin lan', 'set forward x hairpin lan'],
];

/** Asks each request twice. @returns by request, the variables that the second answer left in use, not collected */
function leftBehind(binary: string, code: string): Record<string, number> {
  const script = `
checkpoints.serve(1);
var requests = ${JSON.stringify(requests)}, used = new Uint16Array(2), at = 0;
process.memory();
while (at < requests.length) {
  hairpin(requests[at]);
  used[0] = process.memory(false).usage;
  hairpin(requests[at]);
  used[1] = process.memory(false).usage;
  stage.print('LEFT ' + JSON.stringify([requests[at], used[1] - used[0]]));
  at++;
}`;
  const output = withInterpreter(binary, code, 0, (interpreter) => interpreter.boot(script));
  const left = [...output.matchAll(/LEFT (\[.*\])/g)].map(([, pair]) => JSON.parse(pair) as [string, number]);
  return Object.fromEntries(left);
}

if (small.length === 0) test.skip(`SKIPPED, interpreter with a board's variables: ${smallReason}`, () => {});

for (const [index, binary] of small.entries()) {
  const name = `${basename(binary)} ${index + 1}`;

  test(`${name}: in service the firmware takes no more than ${budget} variables`, (t) => {
    const { served, up } = measureMoments(binary, bundle);
    t.true(up > 0 && served <= budget, `${served} in service`);
  });

  test(`${name}: a request leaves nothing behind, before any garbage is collected`, (t) => {
    const nothing = Object.fromEntries(requests.map((request) => [request, 0]));
    t.deepEqual(leftBehind(binary, bundle), nothing);
    // Without what closes an overlay (docs/decisions/0007-overlays.md) it would.
    const careless = leftBehind(binary, bundle.replace(/finally\{[^}]*\}/g, 'finally{}'));
    t.true(careless.status > 0 && careless.config > 0, JSON.stringify(careless));
  });

  test(`${name}: with memory enough the loop kicks the watchdog`, (t) => {
    const { turns, before, kicks, flags } = alive(binary, '');
    t.deepEqual(flags, []);
    t.true(turns > 100 && kicks > before + 20, `${kicks} kicks in ${turns} turns`);
  });

  test(`${name}: lack of memory takes the interval away, and nothing else kicks`, (t) => {
    const fate = `var hog = []; while (true) hog.push('0123456789');`;
    const { turns, before, kicks, flags } = alive(binary, fate);
    t.true(flags.includes('MEMORY'), flags.join());
    t.is(turns, 20);
    t.true(before > 5 && kicks <= before + 1);
  });
}
