/*
 * Carries out a plan on a chip: erases, writes, and asks the chip for the digest of what it has after each image. An
 * image that does not match is written once more; then it is the board's or the cable's fault, and said so.
 */
import type { Progress } from '../../cli/progress.ts';
import { UserError } from '../../cli/user-error.ts';
import { LineLost } from '../serial/byte-line.ts';
import type { Chip } from './chip.ts';
import type { Step } from './plan.ts';
import type { ReleaseImage } from './release.ts';

/** What became of an image. */
export type Outcome = 'there' | 'written' | 'repaired';

const ATTEMPTS = 2;

/** Does all steps. @returns what became of each image, by file */
export async function carryOut(
  chip: Chip,
  steps: readonly Step[],
  progress: Progress,
): Promise<Record<string, Outcome>> {
  const outcomes: Record<string, Outcome> = {};
  for (const step of steps) {
    if (step.action === 'erase') await erase(chip, step, progress);
    else if (step.action === 'keep') outcomes[step.image.file] = 'there';
    else outcomes[step.image.file] = await writeImage(chip, step.image, progress);
  }
  return outcomes;
}

async function erase(
  chip: Chip,
  { what, region }: Extract<Step, { action: 'erase' }>,
  progress: Progress,
): Promise<void> {
  progress.begin(`erasing ${what}`);
  if (region === 'all') await chip.eraseAll();
  else await chip.erase(region.offset, region.size);
  progress.end();
}

async function writeImage(chip: Chip, image: ReleaseImage, progress: Progress): Promise<Outcome> {
  const { file, offset, bytes, md5 } = image;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    progress.begin(attempt === 1 ? `writing ${file}` : `writing ${file} again`, bytes.length);
    const trouble = await failureOf(chip.write(offset, bytes, (done) => progress.at(done)));
    if (!trouble && (await chip.digest(offset, bytes.length)) === md5) {
      progress.end('written and verified');
      return attempt === 1 ? 'written' : 'repaired';
    }
    progress.end(trouble ? 'interrupted' : 'does not match its digest');
  }
  throw new UserError(
    `${file} could not be written: twice, what is in flash was not what was sent. Try another cable, a port of the computer itself (no hub), or --baud 115200; if it stays like that, the module's flash is worn out.`,
  );
}

/** Why a write failed; a line that is gone is nobody's to repair. */
async function failureOf(write: Promise<void>): Promise<unknown> {
  try {
    await write;
    return null;
  } catch (error) {
    if (error instanceof LineLost) throw error;
    return error;
  }
}
