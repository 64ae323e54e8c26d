/*
 * The first half of `hairpin flash`: a chip in its boot loader gets Espruino. Joins the parts - who is there, what is
 * there, what to do, doing it, restart - and leaves the line as the console wants it, whatever happens.
 */
import type { Progress } from '../../cli/progress.ts';
import type { ByteLine } from '../serial/byte-line.ts';
import { type Chip, connectChip, NoLoader } from './chip.ts';
import { type Time, realTime } from '../serial/time.ts';
import { inspectChip } from './inspect.ts';
import { planFlash, type Step } from './plan.ts';
import type { Release } from './release.ts';
import { carryOut, type Outcome } from './write.ts';

export interface ImagesJob {
  release: Release;
  /** Bits per second, once the loader's second stage runs. */
  baud: number;
  /** Begin from nothing, whatever is there. */
  erase: boolean;
  /** Look and plan only. */
  dryRun: boolean;
  progress: Progress;
  /** Told what is going to be done, before it is. */
  onPlan: (chip: ChipFacts, steps: readonly Step[]) => void;
  time?: Time;
}

/** Who was found. */
export type ChipFacts = Pick<Chip, 'description' | 'mac' | 'flashSize' | 'hasResetLines'>;

export interface ImagesDone {
  chip: ChipFacts;
  steps: Step[];
  /** What became of each image, by file; empty after a dry run. */
  outcomes: Record<string, Outcome>;
}

/**
 * Brings the release onto the chip and starts it.
 * @param line open at 115200, and left at that
 * @throws NoLoader when nobody answers as a boot loader; UserError with the remedy for everything else
 */
export async function flashImages(line: ByteLine, job: ImagesJob): Promise<ImagesDone> {
  const { release, progress, time = realTime } = job;
  progress.begin('looking for the boot loader');
  const chip = await connectChip(line, job.baud, time).catch((error: unknown) => {
    progress.end(error instanceof NoLoader ? 'no answer' : 'not usable');
    throw error;
  });
  try {
    progress.end('found');
    const steps = planFlash(release, await inspectChip(chip, release), job.erase);
    job.onPlan(chip, steps);
    const outcomes = job.dryRun ? {} : await carryOut(chip, steps, progress);
    return { chip: factsOf(chip), steps, outcomes };
  } finally {
    // Also after a refusal: what ran before goes on running.
    await chip.restart().catch(() => {});
    await chip.release().catch(() => {});
  }
}

function factsOf({ description, mac, flashSize, hasResetLines }: Chip): ChipFacts {
  return { description, mac, flashSize, hasResetLines };
}
