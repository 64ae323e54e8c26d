// Finds the real Espruino interpreters that tests may run: the colon-separated list in ESPRUINO, or `espruino` on
// PATH. Asks each how large its variables are, because one with the board's has no room for a bundle as text.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, resolve } from 'node:path';

export interface Interpreters {
  /** Absolute paths of the binaries that have as many variables as they like. */
  readonly found: readonly string[];
  /** Those with the board's variables, so many and no more (docs/memory.md): they run what lies in their Storage. */
  readonly small: readonly string[];
  /** Why there is nothing in `found`; empty when there is. */
  readonly reason: string;
  /** Why there is nothing in `small`; empty when there is. */
  readonly smallReason: string;
}

/** Bytes of a variable on a stock ESP32 build. */
export const boardBlock = 14;

/** @throws a sentence if ESPRUINO names something that cannot be run: a wish that fails is no reason to skip */
export function findInterpreters(environment: NodeJS.ProcessEnv = process.env): Interpreters {
  const all = binaries(environment);
  const small = all.filter((binary) => variablesOf(binary).blocksize === boardBlock);
  const found = all.filter((binary) => !small.includes(binary));
  const none = 'ESPRUINO is not set and there is no espruino on PATH';
  return {
    found,
    small,
    reason:
      found.length > 0 ? '' : all.length > 0 ? `there are none but those with a board's few variables` : none,
    smallReason:
      small.length > 0 ? '' : all.length > 0 ? `none of ESPRUINO has variables of ${boardBlock} bytes` : none,
  };
}

/** Bytes of a variable in that build, and how many it has. */
export function variablesOf(binary: string): { blocksize: number; total: number } {
  const { stdout, error } = spawnSync(
    binary,
    ['-e', 'print("M", JSON.stringify(process.memory()));quit();'],
    {
      encoding: 'latin1',
      cwd: tmpdir(),
    },
  );
  const line = /M (\{.*\})/.exec(stdout ?? '');
  if (error || !line) throw new Error(`${binary} does not tell its memory: ${error?.message ?? stdout}`);
  return JSON.parse(line[1]) as { blocksize: number; total: number };
}

function binaries(environment: NodeJS.ProcessEnv): string[] {
  const wished = environment.ESPRUINO;
  if (wished !== undefined && wished !== '') {
    const named = wished.split(delimiter).filter((path) => path !== '');
    for (const path of named) {
      if (!isExecutable(path)) throw new Error(`ESPRUINO names ${path}, which is not an executable file.`);
    }
    return named.map((path) => resolve(path));
  }
  // EspruinoTools' command has the same name, and npx puts it in front of everything.
  const onPath = (environment.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !/node_modules[\\/]\.bin$/.test(folder))
    .map((folder) => resolve(folder, 'espruino'));
  return onPath.filter(isExecutable).slice(0, 1);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
