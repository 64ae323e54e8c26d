// What the real interpreter does to the router's interval, and that the watchdog notices: Ctrl-C takes it away and the
// kicks end; an exception does not, and they go on. Lack of memory does what Ctrl-C does: test/espruino/memory/
// board.test.ts shows it. Needs a real interpreter; skipped with the reason where there is none.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import test from 'ava';
import { findInterpreters } from '../interpreters.ts';
import { soakPlan } from './traffic.ts';

const { found, reason } = findInterpreters();
const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
/** `interrupt()`, which does what Ctrl-C does, is there for `-e` only; the bundle's variable has to be a global. */
const command = "eval(require('fs').readFile('run.js'))";

interface Alive {
  /** Kicks until it happened, and until the end. */
  before: number;
  kicks: number;
  /** Seconds that the watchdog was set to. */
  watchdog: number;
  turns: number;
  output: string;
}

function live(interpreter: string, fate: string): Alive {
  const folder = mkdtempSync(join(tmpdir(), 'hairpin-alive-'));
  try {
    writeFileSync(join(folder, 'firmware.js'), readFileSync('dist/firmware.js'));
    writeFileSync(join(folder, 'soak.json'), JSON.stringify({ ...soakPlan(1, 1, 1), fate }));
    writeFileSync(join(folder, 'run.js'), `${read('stage.js')}\n${read('alive.js')}`);
    const output = execFileSync(interpreter, ['-e', command], {
      cwd: folder,
      encoding: 'latin1',
      timeout: 30_000,
    });
    const result = /HAIRPIN-ALIVE (.*)/.exec(output);
    if (!result) throw new Error(`The interpreter gave no result. It said:\n${output.trim().slice(-600)}`);
    return { ...(JSON.parse(result[1]) as Alive), output };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (found.length === 0) test.skip(`SKIPPED, real interpreter: ${reason}`, () => {});

for (const [index, interpreter] of found.entries()) {
  const name = `${basename(interpreter)} ${index + 1}`;

  test(`${name}: left alone, the loop kicks the watchdog once a second`, (t) => {
    const { before, kicks, watchdog, turns } = live(interpreter, 'none');
    t.is(watchdog, 10);
    t.true(turns > 100);
    t.true(kicks > before && Math.abs(kicks - turns / 2) <= 2, `${kicks} kicks in ${turns} turns`);
  });

  test(`${name}: an exception does not end the loop`, (t) => {
    const { before, kicks, output } = live(interpreter, 'exception');
    t.regex(output, /Uncaught Error: turn 20/);
    t.true(kicks > before + 20);
  });

  test(`${name}: Ctrl-C takes the interval away, and nothing else kicks`, (t) => {
    const { before, kicks, turns, output } = live(interpreter, 'ctrl-c');
    t.regex(output, /Ctrl-C while processing interval - removing it/);
    t.is(turns, 20);
    t.true(before > 5 && kicks <= before + 1);
  });
}
