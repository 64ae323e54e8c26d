/*
 * Starts a program of inside/ in user, network, mount and process namespaces of its own, and hands back the JSON it
 * printed last. All of it vanishes with the process, however that ends.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Judgement, Reason, Verdict } from '../../host-tools/bench/judge/verdicts.ts';
import type { Measurements } from '../../host-tools/bench/measurements.ts';
import { kernelLabPossible, unshareOptions } from '../../host-tools/lab/kernel/possible.ts';
import { environment, programExists } from '../../host-tools/lab/kernel/programs.ts';
import { CASES, type Case } from './cases.ts';
import { ROUTERS, type RouterName } from './routers.ts';

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

/** Why this router cannot be had on this machine, or null. */
export function missingFor(router: RouterName): string | null {
  const possible = kernelLabPossible();
  if (!possible.ok) return possible.reason;
  if (ROUTERS[router].kind === 'nftables' && !programExists('nft'))
    return "The program 'nft' is missing (Debian package nftables; 'make lab-deps' installs it).";
  return null;
}

/** Runs inside/<name>.ts to its end. */
export async function inside<T>(name: string, rest: readonly string[], timeout: number): Promise<T> {
  const file = fileURLToPath(new URL(`./inside/${name}.ts`, import.meta.url));
  const node = [process.execPath, '--import', import.meta.resolve('tsx'), file, ...rest];
  // Should this process die without a word, the world dies with it.
  const command = ['--pdeathsig', 'KILL', 'unshare', ...unshareOptions(), ...node];
  const options = { env: environment(), timeout, killSignal: 'SIGKILL', maxBuffer: MOST_OUTPUT } as const;
  const { stdout } = await promisify(execFile)('setpriv', command, options);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as T;
}

/** Runs a case `runs` times in a world of its own. @param loss percent of the frames lost on the client's cable, each way */
export async function runWorld(tested: Case, runs: number, loss: number, seed: number): Promise<RunResult[]> {
  const rest = [CASES.indexOf(tested), runs, loss, seed].map(String);
  return (await inside<WorldResult>('world', rest, RUN_TIME * (runs + 1))).results;
}
