// What an overlay leaves behind in the real interpreter: nothing, whichever way its entry is left. Only reference
// counting is looked at: garbage collection would also free what the build forgot.
import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import test from 'ava';
import { buildFirmware } from '../../host-tools/build/build.ts';
import { projectOf } from '../build/project.ts';
import { findInterpreters } from './interpreters.ts';

const cold = `
import { after, shared } from './warm.ts';
const names = ['alpha', 'beta', 'a name of more than ten characters'];
const rules = [{ key: 'least', value: 100000 }];

/** @overlay */
export function entry(line: string): string {
  if (line == 'throw') fail();
  if (line == 'leave') return first(line);
  if (line == 'again') return entry('leave') + inner(line);
  if (line == 'later') {
    after(function () { shared(line.length); });
    return second(line);
  }
  return first(line) + inner(line);
}
function fail(): void { throw 'on purpose'; }
function first(line: string): string { return second(line) + names.join() + names[2]; }
function second(line: string): string { return line + rules[0].key + rules[0].value; }
/** @overlay */
function inner(line: string): string { if (line == 'deep') deep(line); return names[1] + deepest(line); }
function deep(line: string): string { throw line; }
function deepest(line: string): string { return first(line) + shared(1); }
`;
const warm = `
declare function setTimeout(run: () => void, milliseconds: number): number;
let count = 0;
export function shared(n: number): number { count += n; return count; }
export function after(run: () => void): void { setTimeout(run, 1); }
`;
const main = `
import { entry } from './cold.ts';
export function hairpin(line: string): string {
  try { return entry(line); } catch (error) { return 'caught ' + error; }
}`;

/** Ways through the entry: to its end, an early return, another overlay, exceptions, a timer that outlives it. */
const ways = ['end', 'leave', 'again', 'throw', 'deep', 'later'];

/**
 * Asks each way twice, because the first answer may leave a text or two with the interpreter, and counts each time.
 * All in one go, with a timer of its own: in between, the interpreter reads its console, which takes memory as well.
 */
const count = `
var ways = ${JSON.stringify(ways)}, counts = new Uint32Array(16), at = 0, timer;
function setTimeout(run) { timer = run; }
process.memory();
while (at < 2 * ways.length) {
  hairpin(ways[at >> 1]);
  if (timer) timer();
  timer = 0;
  counts[at] = process.memory(false).usage;
  at++;
}
print('COUNTS ' + counts.join(' '));
quit();
`;

/** The count behind the second round of each way, less that behind the first. */
function leftBehind(interpreter: string, code: string): number[] {
  const output = execFileSync(interpreter, ['-e', code + count], { encoding: 'latin1', timeout: 60_000 });
  const counts = /COUNTS ([\d ]+)/.exec(output)?.[1]?.split(' ').map(Number);
  if (!counts) throw new Error(`${interpreter} did not come to the end. It said:\n${output}`);
  return ways.map((_, way) => counts[2 * way + 1]! - counts[2 * way]!);
}

const { found, reason } = findInterpreters();

if (found.length === 0) test.skip(`SKIPPED, real interpreter: ${reason}`, () => {});

for (const interpreter of found) {
  const title = `${basename(interpreter)} ${found.indexOf(interpreter) + 1}`;
  test(`${title}: an overlay leaves no variable behind, whichever way its entry is left`, async (t) => {
    const files = { 'firmware/main.ts': main, 'firmware/cold.ts': cold, 'firmware/warm.ts': warm };
    const { code, report } = await buildFirmware({ root: await projectOf(t, files) });
    t.deepEqual(
      report.overlays.map(({ entry, functions }) => [entry, functions]),
      [
        ['entry', ['after', 'fail', 'first', 'second', 'inner']],
        ['inner', ['deep', 'deepest']],
      ],
    );
    t.deepEqual(leftBehind(interpreter, code), [0, 0, 0, 0, 0, 0]);
  });

  test(`${title}: without the last lines of its entry it would, and the count shows it`, async (t) => {
    const files = { 'firmware/main.ts': main, 'firmware/cold.ts': cold, 'firmware/warm.ts': warm };
    const { code } = await buildFirmware({ root: await projectOf(t, files) });
    const careless = code.replace(/finally\{[^}]*\}/g, 'finally{}');
    t.not(careless, code);
    for (const left of leftBehind(interpreter, careless)) t.true(left > 0, `${left}`);
  });
}
