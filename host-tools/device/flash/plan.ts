/*
 * What has to be done to a chip so that a release of Espruino runs on it, and why: a pure judgement over what was found
 * there. What is there already is kept. An erase comes before every write, so a table in place means that it was finished,
 * and whatever was interrupted is taken up by the next run.
 */
import { UserError } from '../../cli/user-error.ts';
import { espruinoLayout, layoutTrouble, type Partition, regionOf } from './partitions.ts';
import type { Release, ReleaseImage } from './release.ts';

/** What was found on a chip. */
export interface ChipState {
  /** Of its flash, bytes. */
  flashSize: number;
  /** MD5 of what is where each image goes, by file. */
  digests: Readonly<Record<string, string>>;
  /** Its partition table, or what is wrong with it. */
  table: Partition[] | string;
  /** What the boot loader reads to choose a program: erased, it starts the one that is written here. */
  otadataErased: boolean;
  /** The first file header in Storage: nothing, a file of Espruino's, or something else. */
  storage: 'empty' | 'files' | 'foreign';
}

export type Step =
  | { action: 'erase'; what: string; region: { offset: number; size: number } | 'all'; why: string }
  | { action: 'write' | 'keep'; image: ReleaseImage };

/** The layout ends here, bytes. */
const LAYOUT_END = Math.max(...espruinoLayout.map(({ offset, size }) => offset + size));
const MB = 0x100000;

/**
 * Steps in their order.
 * @param eraseAll somebody wants to begin from nothing
 * @throws UserError if the release does not fit this chip
 */
export function planFlash(release: Release, state: ChipState, eraseAll = false): Step[] {
  if (state.flashSize < LAYOUT_END)
    throw new UserError(
      `This module has ${state.flashSize / MB} MB of flash and Espruino's layout needs ${LAYOUT_END / MB} MB: use a module with 4 MB or more (an ESP32-WROOM-32 with "N4" in its name). Nothing was written.`,
    );
  const erases = erasesFor(state, eraseAll);
  const erased = erases.some(({ region }) => region === 'all');
  const images = release.images.map((image): Step => {
    const there = !erased && state.digests[image.file] === image.md5;
    return { action: there ? 'keep' : 'write', image };
  });
  return [...erases, ...images];
}

type Erase = Extract<Step, { action: 'erase' }>;

function erasesFor({ table, otadataErased, storage }: ChipState, eraseAll: boolean): Erase[] {
  if (eraseAll) return [{ action: 'erase', what: 'the whole flash', region: 'all', why: 'as asked for' }];
  const trouble = typeof table === 'string' ? table : layoutTrouble(table);
  if (trouble)
    return [
      { action: 'erase', what: 'the whole flash', region: 'all', why: `its partition table ${trouble}` },
    ];
  const erases: Erase[] = [];
  if (!otadataErased)
    erases.push({
      action: 'erase',
      what: 'the choice of program (otadata)',
      region: regionOf('otadata'),
      why: 'it may name another program than the one written here',
    });
  if (storage === 'foreign')
    erases.push({
      action: 'erase',
      what: "Espruino's Storage",
      region: regionOf('storage'),
      why: 'what is there is nothing that Espruino or this tool has written',
    });
  return erases;
}

/** Whether anything changes on the chip. */
export function changesAnything(steps: readonly Step[]): boolean {
  return steps.some(({ action }) => action !== 'keep');
}
