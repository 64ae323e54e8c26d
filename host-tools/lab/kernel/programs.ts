/*
 * Running the system's programs (ip, mount, unshare, ping): where they are, and what went wrong in one sentence.
 */
import { spawnSync } from 'node:child_process';

/** An ordinary user's PATH often lacks the directories where `ip` lives. */
export function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' };
}

/** Runs a program with `input`; returns its output, or throws a sentence with what it complained of. */
export function runProgram(program: string, options: string[], input = ''): string {
  const done = spawnSync(program, options, { input, env: environment(), encoding: 'utf8' });
  if (done.error) throw new Error(`${program} could not be run: ${done.error.message}`);
  if (done.status === 0) return done.stdout;
  const complaint = done.stderr.trim().split('\n')[0] || `it ended with ${done.signal ?? done.status}`;
  throw new Error(`'${[program, ...options].join(' ')}' failed: ${complaint}`);
}

/** True if the program can be found and started. */
export function programExists(program: string): boolean {
  return spawnSync(program, ['-V'], { env: environment(), stdio: 'ignore' }).error === undefined;
}
