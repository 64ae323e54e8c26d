/*
 * Starts inside/world.ts in user, network, mount and process namespaces of its own, and hands back what it found. All
 * of it vanishes with the process, however that ends.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Judgement, Reason, Verdict } from '../../host-tools/bench/judge/verdicts.ts';
import type { Measurements } from '../../host-tools/bench/measurements.ts';
import { kernelLabPossible, unshareOptions } from '../../host-tools/lab/kernel/possible.ts';
import { environment, programExists } from '../../host-tools/lab/kernel/programs.ts';
import { CASES, type Case } from './cases.ts';
import { ROUTERS } from './routers.ts';

export interface RunResult {
  verdict: Verdict;
  reason: Reason | null;
  milliseconds: number;
  judgement: Judgement;
  measurements: Measurements;
}

export interface WorldResult {
  results: RunResult[];
}

/** Longest time for one run, ms; a world that takes longer is ended. */
const RUN_TIME = 40_000;
/** Longest answer of a world, in bytes. */
const MOST_OUTPUT = 64 * 1024 * 1024;

/** Why this case cannot be tried on this machine, or null. */
export function missingFor({ router }: Case): string | null {
  const possible = kernelLabPossible();
  if (!possible.ok) return possible.reason;
  if (ROUTERS[router].kind === 'nftables' && !programExists('nft'))
    return "The program 'nft' is missing (Debian package nftables; 'make lab-deps' installs it).";
  return null;
}

/** Runs a case `runs` times in a world of its own. @param loss percent of the frames lost on the client's cable, each way */
export async function runWorld(tested: Case, runs: number, loss: number, seed: number): Promise<RunResult[]> {
  const file = fileURLToPath(new URL('./inside/world.ts', import.meta.url));
  const world = [file, CASES.indexOf(tested), runs, loss, seed].map(String);
  const node = [process.execPath, '--import', import.meta.resolve('tsx'), ...world];
  // Should this process die without a word, the world dies with it.
  const command = ['--pdeathsig', 'KILL', 'unshare', ...unshareOptions(), ...node];
  const { stdout } = await promisify(execFile)('setpriv', command, {
    env: environment(),
    timeout: RUN_TIME * runs + RUN_TIME,
    killSignal: 'SIGKILL',
    maxBuffer: MOST_OUTPUT,
  });
  return (JSON.parse(stdout.trim().split('\n').at(-1)!) as WorldResult).results;
}
