/**
 * Starts run.ts in network, mount and process namespaces of its own and hands back its score. All of it vanishes with
 * the process, however that ends.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { kernelLabPossible, unshareOptions } from '../../host-tools/lab/kernel/possible.ts';
import { environment, programExists } from '../../host-tools/lab/kernel/programs.ts';
import type { Order } from './run.ts';
import type { Score } from './score.ts';

/** Longest time for one sequence, ms, its shrinking not counted; and for all that. */
const SEQUENCE_TIME = 200;
const FAILURE_TIME = 120_000;
const MOST_OUTPUT = 64 * 1024 * 1024;

/** Why this machine cannot run it, or null. */
export function missing(): string | null {
  const possible = kernelLabPossible();
  if (!possible.ok) return possible.reason;
  for (const [program, package_] of [
    ['nft', 'nftables'],
    ['taskset', 'util-linux'],
  ])
    if (!programExists(program))
      return `The program '${program}' is missing (Debian package ${package_}; 'make lab-deps' installs it).`;
  return null;
}

/** The processors this process may use. */
export function processors(): number[] {
  const status = readFileSync('/proc/self/status', 'utf8');
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)![1];
  return list.split(',').flatMap((range) => {
    const [from, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

/** @param processor the one it stays on: frames of one processor keep their order, which the markers rely on */
export async function inNamespaces(order: Order, processor = processors()[0]): Promise<Score> {
  const file = fileURLToPath(new URL('./run.ts', import.meta.url));
  const node = [process.execPath, '--import', import.meta.resolve('tsx'), file, JSON.stringify(order)];
  const pinned = ['taskset', '--cpu-list', String(processor), ...node];
  // Should this process die without a word, the namespaces die with it.
  const command = ['--pdeathsig', 'KILL', 'unshare', ...unshareOptions(), ...pinned];
  const timeout = (order.end - order.first) * SEQUENCE_TIME + order.failures * FAILURE_TIME;
  const options = { env: environment(), timeout, killSignal: 'SIGKILL', maxBuffer: MOST_OUTPUT } as const;
  const { stdout } = await promisify(execFile)('setpriv', command, options);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Score;
}
