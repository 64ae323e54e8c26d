// Runs a script in a real interpreter under valgrind's callgrind and reads the instructions of the main thread between
// the script's marks. The interpreter's console thread is counted apart and left out. Leaves no file behind.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What lies in the interpreter's working directory. */
export interface RunFiles {
  /** The script. It prints its result as JSON on a line that begins with the mark below. */
  script: string;
  /** Frames for play.js. */
  frames: Uint8Array;
  /** Marks that the script sets: each removes a file. */
  marks: number;
}

const resultMark = 'HAIRPIN-COST ';
/** Only ends a run that never comes back. */
const timeLimit = 600_000;
/** Milliseconds between looks at what a script wishes. */
const attendEvery = 100;

/** Whether callgrind, and the way to talk to it, can be started here. */
export function hasValgrind(): boolean {
  return ['valgrind', 'vgdb'].every((tool) => !spawnSync(tool, ['--help'], { stdio: 'ignore' }).error);
}

/** Runs the script in the interpreter alone. @returns the JSON of its result line */
export async function run(interpreter: string, files: RunFiles): Promise<unknown> {
  return inFolder(files, async (folder) => resultOf(await start(interpreter, ['cost.js'], folder)));
}

/**
 * Runs the script under callgrind. @returns instructions of the main thread from each odd mark to the even one behind it
 */
export async function countInstructions(interpreter: string, files: RunFiles): Promise<number[]> {
  return inFolder(files, async (folder) => {
    const options = [
      '--tool=callgrind',
      '--separate-threads=yes',
      '--instr-atstart=no',
      '--dump-before=unlink',
      '--callgrind-out-file=counts',
    ];
    resultOf(await start('valgrind', [...options, interpreter, 'cost.js'], folder, switchCounting));
    return stretches(folder);
  });
}

/** Looks whether the script wants the counting switched, does so through valgrind's gdb server, and tells it. */
async function switchCounting(folder: string, pid: number): Promise<void> {
  for (const name of readdirSync(folder)) {
    const wish = /^counting-\d+-(on|off)$/.exec(name);
    if (!wish) continue;
    await promisify(execFile)('vgdb', [`--pid=${pid}`, 'instrumentation', wish[1]]);
    rmSync(join(folder, name));
  }
}

async function inFolder<T>(files: RunFiles, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'hairpin-cost-'));
  try {
    writeFileSync(join(folder, 'cost.js'), files.script);
    writeFileSync(join(folder, 'frames.bin'), files.frames);
    mkdirSync(join(folder, 'marks'));
    for (let mark = 0; mark < files.marks; mark++) writeFileSync(join(folder, 'marks', String(mark)), '');
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a command to its end, and meanwhile does `attend` again and again. @returns all it said */
async function start(
  command: string,
  args: string[],
  folder: string,
  attend?: (folder: string, pid: number) => Promise<void>,
): Promise<string> {
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeLimit });
  let output = '';
  let over = false;
  child.stdout.setEncoding('latin1').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('latin1').on('data', (text: string) => (output += text));
  const end = new Promise<void>((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
    child.on('close', () => resolve());
  }).finally(() => (over = true));
  const attending = (async () => {
    while (attend && !over && child.pid !== undefined) {
      await attend(folder, child.pid);
      await new Promise((resolve) => setTimeout(resolve, attendEvery));
    }
  })();
  try {
    await Promise.all([end, attending]);
  } finally {
    if (!over) child.kill();
  }
  return output;
}

function resultOf(output: string): unknown {
  const line = output.split(/[\r\n]+/).find((text) => text.startsWith(resultMark));
  if (line === undefined) {
    throw new Error(`The interpreter did not get through the plan. It said:\n${output.trim().slice(-1200)}`);
  }
  return JSON.parse(line.slice(resultMark.length));
}

/** Dump k holds what happened between marks k-1 and k, so a stretch is every second one. */
function stretches(folder: string): number[] {
  const dumps = readdirSync(folder).filter((name) => /^counts\.\d+-01$/.test(name)).length;
  const counts = [];
  for (let dump = 2; dump <= dumps; dump += 2) {
    const text = readFileSync(join(folder, `counts.${dump}-01`), 'latin1');
    const total = /^summary: (\d+)$/m.exec(text);
    if (!total) throw new Error(`callgrind's dump ${dump} has no summary line.`);
    counts.push(Number(total[1]));
  }
  return counts;
}
