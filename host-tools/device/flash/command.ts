/*
 * `hairpin flash`: checks everything that was named, then opens the port, and prints. The order matters: a wrong
 * configuration or release is refused before a board is touched.
 */
import { existsSync } from 'node:fs';
import { type ConfigFile, readConfigFile } from '../../cli/config-file.ts';
import { Interrupted, untilInterrupted } from '../../cli/interruption.ts';
import { progressOn } from '../../cli/progress.ts';
import { UserError } from '../../cli/user-error.ts';
import { readBoard } from '../board/boards.ts';
import { findPort } from '../serial/find-port.ts';
import { openPort } from '../serial/open-port.ts';
import { builtFirmware } from '../upload/deliver.ts';
import { flashBoard, type FlashDone, type FlashJob, storedNames } from './flash.ts';
import { espruinoLines, routerLines } from './plan-text.ts';
import { readRelease } from './release.ts';
import { flashReport, resultLines } from './report.ts';

/** As the command line hands them over. */
export interface FlashOptions {
  espruino?: string;
  /** A name, or the path of a board.json; without it what is on the board stays. */
  board?: string;
  config?: string;
  port?: string;
  baud: string;
  erase: boolean;
  dryRun: boolean;
  json: boolean;
}

const defaultConfig = './hairpin.json';
/** The chip's loader begins at the first; USB adapters end at the second; bits per second. */
const BAUD = { least: 115_200, most: 2_000_000 };

/**
 * Runs it. @returns 0: the router runs (or the plan is printed); 1: all is installed, but the router stands still and
 * says why
 */
export async function runFlash(options: FlashOptions): Promise<number> {
  const say = (line: string) => void (options.json || process.stdout.write(`${line}\n`));
  const baud = baudOf(options.baud);
  const release = options.espruino === undefined ? null : readRelease(options.espruino);
  if (options.erase && !release)
    throw new UserError(
      '--erase takes Espruino off the board as well: name a release to write, with --espruino PATH.',
    );
  const board = options.board === undefined ? undefined : readBoard(options.board);
  const config = configOf(options.config, say);
  const job: FlashJob = {
    release,
    baud,
    erase: options.erase,
    dryRun: options.dryRun,
    delivery: {
      firmware: builtFirmware(),
      wiring: board?.text,
      otherwise: readBoard().text,
      config: config?.text,
    },
    named: {
      board: board && `${board.board.board}, from ${board.file}`,
      config: config && `from ${config.file}`,
    },
  };
  const port = await portOf(options, say);
  const done = port === null ? planOnly(job, say) : await overLine(port, job, options.json, say);
  if (options.json)
    process.stdout.write(`${JSON.stringify(flashReport(port, release, options.dryRun, done))}\n`);
  else for (const line of resultLines(done)) say(line);
  return done.router && !done.router.status.ok ? 1 : 0;
}

function baudOf(text: string): number {
  const baud = Number(text);
  if (/^\d+$/.test(text) && baud >= BAUD.least && baud <= BAUD.most) return baud;
  throw new UserError(
    `--baud ${text}: expected a speed in bits per second from ${BAUD.least} to ${BAUD.most}, such as 115200.`,
  );
}

function configOf(
  named: string | undefined,
  say: (line: string) => void,
): { file: string; text: string } | undefined {
  if (named === undefined && !existsSync(defaultConfig)) return undefined;
  const file = named ?? defaultConfig;
  const { text, warnings }: ConfigFile = readConfigFile(file);
  for (const warning of warnings) say(warning);
  return { file, text };
}

/** Null: a dry run without a board. */
async function portOf({ port, dryRun }: FlashOptions, say: (line: string) => void): Promise<string | null> {
  try {
    return await findPort(port);
  } catch (error) {
    if (!dryRun || port !== undefined || !(error instanceof UserError)) throw error;
    say(`No board was asked: ${error.message}`);
    return null;
  }
}

function planOnly(job: FlashJob, say: (line: string) => void): FlashDone {
  if (job.release) for (const line of espruinoLines(job.release, null)) say(line);
  for (const line of routerLines(storedNames(job))) say(line);
  return { images: null, router: null };
}

async function overLine(
  port: string,
  job: FlashJob,
  json: boolean,
  say: (line: string) => void,
): Promise<FlashDone> {
  const line = await openPort(port);
  const progress = progressOn(process.stderr, json);
  try {
    return await untilInterrupted(
      () => flashBoard(line, job, { say, progress }),
      async () => {},
      () => line.close(),
    );
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    throw new UserError('Interrupted. Run the command again: what was begun is repaired then.', 130);
  }
}
