// A soak: the bundle in a real interpreter over stub chips, many frames, and how many variables are in use after each
// lap. Starts one process and leaves no file behind.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { soakPlan } from './traffic.ts';

const scripts = ['stage.js', 'soak.js'].map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'));
const resultMark = 'HAIRPIN-SOAK ';

export interface SoakOptions {
  frames: number;
  laps: number;
  seed: number;
  onLap?: (lap: number, usage: number) => void;
}

export interface SoakResult {
  /** Variables in use after boot, and after each lap with nothing waiting; garbage is collected. */
  usage: number[];
  counters: Record<string, number>;
  flows: number;
  /** Frames the chips were told to send, WAN first. */
  sent: [number, number];
  /** Lines on the console. */
  said: string[];
  /** Times the watchdog was kicked. */
  kicks: number;
}

/** @throws a sentence with what the interpreter said if it does not come to the end */
export async function soak(interpreter: string, bundle: string, options: SoakOptions): Promise<SoakResult> {
  const folder = mkdtempSync(join(tmpdir(), 'hairpin-soak-'));
  try {
    writeFileSync(join(folder, 'firmware.js'), bundle);
    const plan = soakPlan(options.frames, options.laps, options.seed);
    writeFileSync(join(folder, 'soak.json'), JSON.stringify(plan));
    writeFileSync(join(folder, 'run.js'), scripts.join('\n'));
    return await run(interpreter, folder, options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(interpreter: string, folder: string, { laps, onLap }: SoakOptions): Promise<SoakResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(interpreter, ['run.js'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const usage: number[] = [];
    let rest: Omit<SoakResult, 'usage'> | undefined;
    let last = '';
    let tail = '';
    const hear = (text: string) => {
      tail = (tail + text).slice(-600);
      const lines = (last + text).split(/[\r\n]+/);
      last = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.startsWith(resultMark)) continue;
        const said = JSON.parse(line.slice(resultMark.length)) as Omit<SoakResult, 'usage'> & {
          lap?: number;
          usage: number;
        };
        if (said.lap === undefined) rest = said;
        else {
          usage.push(said.usage);
          onLap?.(said.lap, said.usage);
        }
      }
    };
    child.stdout.setEncoding('latin1').on('data', hear);
    child.stderr.setEncoding('latin1').on('data', hear);
    child.on('error', (error) => reject(new Error(`${interpreter} could not be started: ${error.message}`)));
    child.on('close', () => {
      hear('\n');
      if (rest && usage.length === laps + 1) resolve({ ...rest, usage });
      else reject(new Error(`The interpreter did not come to the end. It said:\n${tail.trim()}`));
    });
  });
}

/**
 * Variables by which a lap of the second half needs more than one of the first, each half by its median; 0 or less is no
 * growth. Not by its most: a lap may end while something rare is still remembered, and the next one shows that it was
 * given back. The figure after boot does not count: the first laps fill what is filled once.
 */
export function growth({ usage }: Pick<SoakResult, 'usage'>): number {
  const laps = usage.slice(1);
  const half = Math.floor(laps.length / 2);
  return median(laps.slice(half)) - median(laps.slice(0, half));
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
