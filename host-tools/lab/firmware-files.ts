/*
 * What the lab's router boots: the bundle, built first if it is not there or out of date, the board's description
 * and the lab's configuration. Reads the project's files; only the build writes any.
 */
import { readFileSync } from 'node:fs';
import { BuildRefused } from '../build/complaint.ts';
import { currentFirmware } from '../build/current.ts';
import { packageFile, packageRoot } from '../cli/package-root.ts';
import { UserError } from '../cli/user-error.ts';

export interface FirmwareFiles {
  /** Text of dist/firmware.js. */
  bundle: string;
  /** The board's Storage. */
  files: { 'board.json': string; 'config.json': string };
}

/** Builds if necessary and reads it all. Throws a UserError if the firmware does not build. */
export async function firmwareFiles(): Promise<FirmwareFiles> {
  const read = (file: string): string => readFileSync(packageFile(file), 'utf8');
  return {
    bundle: await bundle(),
    files: {
      'board.json': read('boards/esp32-shared-bus/board.json'),
      'config.json': read('host-tools/lab/hairpin.json'),
    },
  };
}

/** Text of dist/firmware.js, built first if necessary. Throws a UserError if it does not build. */
export async function bundle(): Promise<string> {
  try {
    return (await currentFirmware(packageRoot)).code;
  } catch (error) {
    if (!(error instanceof BuildRefused)) throw error;
    throw new UserError(`The firmware does not build: ${error.message}`);
  }
}
