/*
 * `hairpin upload`: firmware, wiring and configuration onto a board that has Espruino, once or whenever one of them
 * changes. Reads files, opens the port, prints; how they get there is deliver's business.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { statSync } from 'node:fs';
import { readConfigFile } from '../../cli/config-file.ts';
import { Interrupted, untilInterrupted } from '../../cli/interruption.ts';
import { packageFile } from '../../cli/package-root.ts';
import { type Progress, progressOn } from '../../cli/progress.ts';
import { UserError } from '../../cli/user-error.ts';
import { readBoard } from '../board/boards.ts';
import { standstillText } from '../console/refusal.ts';
import type { SeamAnswer } from '../repl/who.ts';
import type { ByteLine } from '../serial/byte-line.ts';
import { findPort } from '../serial/find-port.ts';
import { openPort } from '../serial/open-port.ts';
import { type Delivered, type Delivery, builtFirmware, deliver } from './deliver.ts';

export interface UploadOptions {
  /** Name of a board, or path of a board.json; without it the one on the board stays. */
  board?: string;
  /** Path; without it the configuration on the board stays. */
  config?: string;
  port?: string;
  watch: boolean;
  json: boolean;
}

/** How often files are looked at with --watch, ms; and how long one must have been left alone. */
const lookEvery = 500;
const interrupted = 130;

/** Runs the command. @returns 0: the router runs; 1: it stands still, and has said why */
export async function runUpload(options: UploadOptions): Promise<number> {
  if (options.watch && options.json)
    throw new UserError('--watch goes on and on, and --json prints one object: only one of them at a time.');
  const delivery = readDelivery(options);
  const path = await findPort(options.port);
  const progress = progressOn(process.stderr, options.json);
  if (options.watch) return watch(options, path, progress);
  const delivered = await uploadOnce(path, delivery, progress);
  report(delivered, path, options.json);
  return delivered.status.ok ? 0 : 1;
}

function readDelivery({ board, config }: UploadOptions): Delivery {
  return {
    config: config === undefined ? undefined : readConfigFile(config).text,
    wiring: board === undefined ? undefined : readBoard(board).text,
    otherwise: readBoard().text,
    firmware: builtFirmware(),
  };
}

async function uploadOnce(path: string, delivery: Delivery, progress: Progress): Promise<Delivered> {
  let line: ByteLine | undefined;
  try {
    return await untilInterrupted(
      async () => {
        line = await openPort(path);
        return deliver(line, delivery, progress);
      },
      async () => {},
      async () => line?.close(),
    );
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    throw new UserError(
      'Interrupted. Tap EN on the board: the router it had starts again, unless its firmware was being replaced already; then run hairpin upload again.',
      interrupted,
    );
  }
}

function report({ files, configReplaced, status }: Delivered, path: string, json: boolean): void {
  if (json)
    process.stdout.write(
      `${JSON.stringify({ schema: 'hairpin.upload/1', port: path, files, configReplaced, status })}\n`,
    );
  else
    for (const line of [...(configReplaced ? [replacedSentence] : []), statusSentence(status)])
      process.stdout.write(`${line}\n`);
}

/** What was changed on a router lies in its own configuration only. */
export const replacedSentence =
  'The configuration takes the place of another one on the board: what was changed on the router is not in force any more. Before the next time, hairpin config pull FILE keeps it.';

/** The first status in a sentence, and what is to be done about it. */
export function statusSentence(status: SeamAnswer): string {
  if (!status.ok) return standstillText(status.error ?? 'The router stands still.');
  const silent = ['wan', 'lan'].filter((name) => sideOf(status, name).chip === false);
  const side = (name: string): string => {
    const { address, chip, link } = sideOf(status, name);
    const shown = address === '0.0.0.0' ? 'asks for an address' : (address ?? 'unknown');
    return `${name} ${shown}, ${chip === false ? 'chip silent' : link ? 'link up' : 'no link'}`;
  };
  const runs = `The router runs (version ${String(status.version)}): ${side('wan')}; ${side('lan')}.`;
  return silent.length > 0 ? `${runs} hairpin doctor --probe says which wire it is.` : runs;
}

function sideOf(status: SeamAnswer, name: string): { address?: string; chip?: boolean; link?: boolean } {
  return (status[name] ?? {}) as ReturnType<typeof sideOf>;
}

/** Uploads, and again whenever a file has changed, until it is interrupted. What goes wrong is said, and waited out. */
async function watch(options: UploadOptions, path: string, progress: Progress): Promise<number> {
  const watched = [
    packageFile('dist/firmware.js'),
    ...(options.config ? [options.config] : []),
    ...(options.board?.endsWith('.json') ? [options.board] : []),
  ];
  for (;;) {
    const seen = marks(watched);
    try {
      report(await uploadOnce(path, readDelivery(options), progress), path, false);
    } catch (error) {
      if (!(error instanceof UserError) || error.exitCode === interrupted) throw error;
      progress.say(error.message);
    }
    progress.say(`Watching ${watched.join(', ')}. Ctrl-C ends it.`);
    await untilChanged(watched, seen);
  }
}

/** Until they are others than `seen`, and the same for a moment: a build writes for a while. */
async function untilChanged(watched: readonly string[], seen: string): Promise<void> {
  for (let last = seen; ;) {
    await delay(lookEvery);
    const now = marks(watched);
    if (now !== seen && now === last) return;
    last = now;
  }
}

/** Changes when one of the files does. */
function marks(files: readonly string[]): string {
  return files
    .map((file) => {
      const found = statSync(file, { throwIfNoEntry: false });
      return found ? `${found.mtimeMs} ${found.size}` : '-';
    })
    .join();
}
