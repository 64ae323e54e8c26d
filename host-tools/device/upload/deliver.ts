/*
 * The whole way of firmware, wiring and configuration onto a board that has Espruino: a quiet REPL, the files, the
 * restart, the router's first status. For `upload`, and for `flash` behind the images. Prints nothing but progress.
 */
import { readFileSync } from 'node:fs';
import type { Progress } from '../../cli/progress.ts';
import { packageFile } from '../../cli/package-root.ts';
import { UserError } from '../../cli/user-error.ts';
import { enterQuietRepl, restartIntoRouter } from '../repl/enter.ts';
import type { Repl } from '../repl/repl.ts';
import type { SeamAnswer } from '../repl/who.ts';
import type { ByteLine } from '../serial/byte-line.ts';
import type { Time } from '../serial/time.ts';
import { type ConfigCopy, configFile } from './config-copy.ts';
import { type InstallFile, type Installed, firmwareName, installFiles } from './install.ts';

/** Where the firmware finds its wiring. */
export const wiringName = 'board.json';

/** Texts, checked. */
export interface Delivery {
  firmware: string;
  /** What `board.json` is to be; undefined: what is on the board, and only if there is none, `otherwise`. */
  wiring?: string;
  otherwise: string;
  /** Undefined: the configuration stays as it is. */
  config?: string;
}

export interface Delivered {
  files: Installed[];
  /** The board had saved another configuration than the one that it was given now. */
  configReplaced: boolean;
  /** The router's own answer; `ok` false: it stands still, and `error` says why. */
  status: SeamAnswer;
}

/** The firmware as it was built. @throws UserError when it was not */
export function builtFirmware(): string {
  try {
    return readFileSync(packageFile('dist/firmware.js'), 'latin1');
  } catch {
    throw new UserError('There is no dist/firmware.js: build it first, with npm run build.');
  }
}

/** Delivers. The line stays open. @throws UserError, and LineLost when the cable is pulled: another run finishes it */
export async function deliver(
  line: ByteLine,
  delivery: Delivery,
  progress: Progress,
  time?: Time,
): Promise<Delivered> {
  progress.begin('entering the REPL');
  const repl = await enterQuietRepl(line, time);
  progress.end();
  const config = delivery.config === undefined ? null : await configFile(repl, delivery.config);
  const files = await installFiles(repl, await filesOf(repl, delivery, config), progress);
  progress.begin('restarting');
  const status = await restartIntoRouter(repl);
  progress.end(status.ok ? 'the router runs' : 'the router stands still');
  return { files, configReplaced: config?.replaces === true, status };
}

async function filesOf(repl: Repl, delivery: Delivery, config: ConfigCopy | null): Promise<InstallFile[]> {
  const file = (name: string, text: string): InstallFile => ({ name, bytes: Buffer.from(text, 'latin1') });
  const files = [file(firmwareName, delivery.firmware)];
  const wiring = delivery.wiring ?? ((await repl.crcOf(wiringName)) ? undefined : delivery.otherwise);
  if (wiring !== undefined) files.push(file(wiringName, wiring));
  if (config) files.push(config);
  return files;
}
