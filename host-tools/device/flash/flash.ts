/*
 * `hairpin flash` over an open line: Espruino's images, then the router's files, in one report. Which port, what is
 * printed and where Ctrl-C goes is the command's business.
 */
import type { Progress } from '../../cli/progress.ts';
import { whoIsThere } from '../repl/who.ts';
import type { ByteLine } from '../serial/byte-line.ts';
import { type Time, realTime } from '../serial/time.ts';
import { NoLoader } from './chip.ts';
import { flashImages, type ImagesDone } from './images.ts';
import { regionOf } from './partitions.ts';
import type { Step } from './plan.ts';
import { chipText, espruinoLines, routerLines } from './plan-text.ts';
import type { Release } from './release.ts';
import { type Delivery, wiringName } from '../upload/deliver.ts';
import { firmwareName } from '../upload/install.ts';
import { type Beginning, installRouter, type RouterDone } from './router.ts';

export interface FlashJob {
  /** Null: Espruino is on the board already. */
  release: Release | null;
  delivery: Delivery;
  /** What of it was named, for sentences: a board, a file. */
  named: { board?: string; config?: string };
  /** Bits per second while images are written. */
  baud: number;
  /** Begin from nothing, whatever is there. */
  erase: boolean;
  dryRun: boolean;
}

/** What was done; null for a half that was not. */
export interface FlashDone {
  images: ImagesDone | null;
  router: RouterDone | null;
}

/** Where it is told how things stand: lines of the plan, and how far a step has come. */
export interface Listener {
  say(line: string): void;
  progress: Progress;
}

/** Does it. @throws UserError with the remedy; after LineLost another run goes on */
export async function flashBoard(
  line: ByteLine,
  job: FlashJob,
  listener: Listener,
  time: Time = realTime,
): Promise<FlashDone> {
  const { release, delivery, dryRun } = job;
  let beginning: Beginning = 'any';
  let images: ImagesDone | null = null;
  if (release) {
    images = await imagesOrVersion(line, release, job, listener, time);
    beginning = images ? 'flashed' : { version: release.version };
  } else await sayWhoIsThere(line, listener, time);
  const emptied = images !== null && emptiesStorage(images.steps);
  for (const text of routerLines(storedNames(job, emptied))) listener.say(text);
  if (dryRun) return { images, router: null };
  return { images, router: await installRouter(line, delivery, beginning, listener.progress, time) };
}

/** Null: the chip cannot be reset into its loader, but something else answers, and its version is to be compared. */
async function imagesOrVersion(
  line: ByteLine,
  release: Release,
  { baud, erase, dryRun }: FlashJob,
  { say, progress }: Listener,
  time: Time,
): Promise<ImagesDone | null> {
  try {
    return await flashImages(line, {
      release,
      baud,
      erase,
      dryRun,
      progress,
      time,
      onPlan: (chip, steps) => {
        say(`${line.path}: ${chipText(chip)}`);
        for (const text of espruinoLines(release, steps)) say(text);
      },
    });
  } catch (error) {
    if (!(error instanceof NoLoader) || error.hasResetLines || erase) throw error;
    const there = await whoIsThere(line, time);
    if (there.who === 'nobody') throw error;
    say(
      `${line.path}: Espruino answers, and this port cannot reset the board: its images are not compared, its version is.`,
    );
    return null;
  }
}

async function sayWhoIsThere(line: ByteLine, { say }: Listener, time: Time): Promise<void> {
  const there = await whoIsThere(line, time);
  // Whoever is silent is asked again, at more length, by the installation.
  if (there.who === 'console') say(`${line.path}: a router runs; Espruino stays as it is.`);
  if (there.who === 'repl')
    say(`${line.path}: Espruino ${there.version} on ${there.board}; it stays as it is.`);
}

function emptiesStorage(steps: readonly Step[]): boolean {
  const { offset } = regionOf('storage');
  return steps.some(
    (step) => step.action === 'erase' && (step.region === 'all' || step.region.offset === offset),
  );
}

/** The files that go into Storage, in words. @param emptied nothing is left of what was there */
export function storedNames(
  { delivery, named }: FlashJob,
  emptied = false,
): { name: string; what: string }[] {
  const stays = 'what is on the board stays';
  const noConfig = 'none is named, and there is no ./hairpin.json';
  const without = emptied ? `none, so the router will stand still: ${noConfig}` : `${stays}; ${noConfig}`;
  const inPlace = emptied ? '' : ', in place of what the board has (hairpin config pull keeps that)';
  return [
    {
      name: wiringName,
      what: named.board ?? (emptied ? 'the usual wiring' : `${stays}; if there is none, the usual wiring`),
    },
    {
      name: 'configuration',
      what: named.config === undefined ? without : named.config + inPlace,
    },
    { name: firmwareName, what: `the firmware, ${Math.ceil(delivery.firmware.length / 1024)} kB` },
  ];
}
