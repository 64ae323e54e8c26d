/*
 * `hairpin lab`: opens a lab - real hosts where the kernel lets it, scripted ones elsewhere - plays the scenes, says
 * and draws what was seen, and leaves the evidence in a directory. What the scenes are and how they are judged is
 * elsewhere; so is everything that needs Linux, which is loaded only when it is used.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { untilInterrupted } from '../cli/interruption.ts';
import { UserError } from '../cli/user-error.ts';
import { firmwareFiles } from './firmware-files.ts';
import type { Lab } from './lab.ts';
import {
  figureText,
  resultObject,
  sceneText,
  writeCaptures,
  writePictures,
  writeResult,
  type LabRun,
} from './report.ts';
import { playScenes } from './scenes.ts';

export interface LabOptions {
  /** Keep the lab open with a shell inside C. */
  shell: boolean;
  /** Print one JSON object and nothing else. */
  json: boolean;
  /** Where captures and result.json go. */
  directory: string;
}

/** The mode, and why it is not the kernel. */
type Choice = { mode: 'kernel'; reason: null } | { mode: 'scripted'; reason: string };

type Say = (text: string) => void;

/** A lab, and what only one of real hosts has: a shell in C, on this program's terminal. */
type OpenLab = Lab & { shell?: () => Promise<number> };

/**
 * Plays the lab. Resolves with the exit code: 0 all scenes as they must be, 1 not.
 * Rejects with a UserError where it cannot begin, with Interrupted after Ctrl-C. Nothing is left open.
 */
export async function runLab(options: LabOptions): Promise<number> {
  const begin = Date.now();
  makeDirectory(options.directory);
  const choice = await chooseMode(process.env.LAB);
  if (options.shell && choice.reason !== null) {
    throw new UserError(`--shell needs real hosts, and there are none: ${choice.reason}`);
  }
  const say: Say = options.json ? () => {} : (text) => process.stdout.write(text + '\n');
  say(`mode: ${choice.mode}`);
  if (choice.reason !== null) say(`(The hosts are scripted. ${choice.reason})`);
  say('');
  const origin = Date.now() * 1000;
  const opening = open(choice.mode, (line) => say(`firmware: ${line}`));
  return untilInterrupted(
    async () => {
      const lab = await opening;
      const scenes = await playScenes(lab, (scene) => say(sceneText(scene)));
      const run = { ...choice, scenes, origin, milliseconds: Date.now() - begin };
      const asExpected = scenes.every(({ verdict }) => verdict.asExpected);
      const result = resultObject(run);
      say(figureText(scenes));
      say(asExpected ? 'All three scenes went as they must.' : 'Not every scene went as it must.');
      keepEvidence(options.directory, run, result);
      say(
        `The pictures (scene-1.svg ...) and every packet, for Wireshark or tcpdump, are in ${options.directory}.`,
      );
      if (options.json) process.stdout.write(JSON.stringify(result, null, 2) + '\n');
      return asExpected ? 0 : 1;
    },
    // The shell is outside: a Ctrl-C in it is the shell's own.
    async () => {
      if (options.shell) await shellIn(await opening, say);
    },
    async () => {
      // A lab that could not be opened has closed itself, and its error has been reported.
      const lab = await opening.catch(() => null);
      await lab?.close();
    },
  );
}

/** The scenes were shown by now; what cannot be written does not take that back, but it is said. */
function keepEvidence(directory: string, run: LabRun, result: object): void {
  try {
    writeCaptures(directory, run);
    writePictures(directory, run);
    writeResult(directory, result);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      `The captures and result.json cannot be written to ${directory}: ${code}. Is the disk full?`,
    );
  }
}

/** Before anything is played: old evidence goes, and if the new cannot be kept the lab is not worth its time. */
function makeDirectory(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`The directory ${directory} for the captures cannot be made here: ${code}.`);
  }
}

/** `LAB=kernel` refuses to do without real hosts, `LAB=scripted` does without them; otherwise whatever is possible. */
async function chooseMode(wish: string | undefined): Promise<Choice> {
  if (wish === 'scripted') return { mode: 'scripted', reason: 'LAB=scripted asks for that.' };
  if (wish !== undefined && wish !== '' && wish !== 'kernel') {
    throw new UserError(`LAB=${wish} means nothing; it can be LAB=kernel or LAB=scripted.`);
  }
  const { kernelLabPossible } = await import('./kernel/possible.ts');
  const possible = kernelLabPossible();
  if (possible.ok) return { mode: 'kernel', reason: null };
  if (wish === 'kernel')
    throw new UserError(`LAB=kernel asks for real hosts, and there are none: ${possible.reason}`);
  return { mode: 'scripted', reason: possible.reason };
}

async function open(mode: Lab['mode'], onPrint: Say): Promise<OpenLab> {
  const { bundle, files } = await firmwareFiles();
  if (mode === 'kernel') {
    const { openKernelLab } = await import('./kernel/kernel-lab.ts');
    return openKernelLab({ bundle, files, onPrint });
  }
  const { openScriptedLab } = await import('./scripted.ts');
  const { firmwareRouter } = await import('./scripted/firmware-router.ts');
  return openScriptedLab({ router: firmwareRouter({ bundle, files, print: onPrint }) });
}

async function shellIn(lab: OpenLab, say: Say): Promise<void> {
  if (!lab.shell) throw new Error('This lab has no shell.');
  say('\nYou are on C now, behind the router; P is 12.0.0.1. Try: ping 12.0.0.1. "exit" ends the lab.');
  await lab.shell();
}
