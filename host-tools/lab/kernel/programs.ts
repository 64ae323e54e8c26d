/*
 * Running the system's programs (ip, mount, unshare, ping): where they are, and what went wrong in one sentence.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

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

/** True if the program can be found. It is not started: some take every word for an order to serve. */
export function programExists(program: string): boolean {
  return environment()
    .PATH!.split(delimiter)
    .some((folder) => {
      try {
        accessSync(join(folder, program), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
