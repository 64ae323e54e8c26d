// Finds the real Espruino interpreters that tests may run: the colon-separated list in ESPRUINO, or `espruino` on
// PATH. Runs none of them.
import { accessSync, constants } from 'node:fs';
import { delimiter, resolve } from 'node:path';

export interface Interpreters {
  /** Absolute paths of the binaries. */
  readonly found: readonly string[];
  /** Why there is nothing to run; empty when something was found. */
  readonly reason: string;
}

/** @throws a sentence if ESPRUINO names something that cannot be run: a wish that fails is no reason to skip */
export function findInterpreters(environment: NodeJS.ProcessEnv = process.env): Interpreters {
  const wished = environment.ESPRUINO;
  if (wished !== undefined && wished !== '') {
    const found = wished.split(delimiter).filter((path) => path !== '');
    for (const path of found) {
      if (!isExecutable(path)) throw new Error(`ESPRUINO names ${path}, which is not an executable file.`);
    }
    return { found: found.map((path) => resolve(path)), reason: '' };
  }
  const onPath = (environment.PATH ?? '').split(delimiter).map((folder) => resolve(folder, 'espruino'));
  const found = onPath.filter(isExecutable).slice(0, 1);
  return { found, reason: found.length > 0 ? '' : 'ESPRUINO is not set and there is no espruino on PATH' };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
