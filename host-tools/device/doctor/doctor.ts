/*
 * `hairpin doctor`: examines, prints, writes the support bundle. All that is done to a board is in examine.ts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { currentFirmware } from '../../build/current.ts';
import { probe } from '../../build/products.ts';
import { fileTrouble, unwritable } from '../../cli/file-trouble.ts';
import { untilInterrupted } from '../../cli/interruption.ts';
import { packageFile, packageRoot } from '../../cli/package-root.ts';
import { progressOn } from '../../cli/progress.ts';
import { UserError } from '../../cli/user-error.ts';
import { readBoard } from '../board/boards.ts';
import { realTime } from '../serial/time.ts';
import { type Edges, type ExamineOptions, Examiner } from './examine.ts';
import { exitCodeOf } from './findings.ts';
import { type Examination, reportObject, reportText } from './report.ts';
import { supportBundle } from './support.ts';

export interface DoctorOptions extends ExamineOptions {
  json: boolean;
  /** File for the support bundle. */
  bundle: string | undefined;
}

/** This computer's ports and clock. */
function systemEdges(say: (sentence: string) => void): Edges {
  return {
    open: async (port) => {
      // Loaded only now: tests bring a line of their own.
      const { findPort } = await import('../serial/find-port.ts');
      const { openPort } = await import('../serial/open-port.ts');
      return openPort(await findPort(port));
    },
    time: realTime,
    probeCode: async () => (await currentFirmware(packageRoot, probe)).code,
    say,
  };
}

/** Runs the command; resolves with its exit code. */
export async function runDoctor(options: DoctorOptions): Promise<number> {
  refuseInVain(options);
  const progress = progressOn(process.stderr, options.json);
  const examination = await examineOnce(
    options,
    systemEdges((sentence) => progress.say(sentence)),
  );
  const text = options.json ? JSON.stringify(reportObject(examination), null, 2) : reportText(examination);
  process.stdout.write(`${text}\n`);
  if (options.bundle !== undefined) writeBundle(options.bundle, examination);
  return exitCodeOf(examination.findings);
}

/** What cannot be meant is said before the board is touched. @throws UserError */
function refuseInVain({ board, bundle }: DoctorOptions): void {
  if (board !== undefined) readBoard(board);
  const trouble = bundle === undefined ? null : unwritable(bundle);
  if (trouble) throw new UserError(`The support bundle '${bundle}' cannot be written: ${trouble}.`);
}

/** One examination from beginning to end, the board restored and the port closed. */
export async function examineOnce(options: ExamineOptions, edges: Edges): Promise<Examination> {
  const examiner = new Examiner(options, edges);
  await untilInterrupted(
    () => examiner.run(),
    async () => {},
    () => examiner.tidy(),
  );
  return examiner.result;
}

function writeBundle(file: string, examination: Examination): void {
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string };
  const versions = {
    hairpin: version,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
  try {
    writeFileSync(file, supportBundle(examination, versions));
  } catch (error) {
    throw new UserError(`The support bundle '${file}' cannot be written: ${fileTrouble(error)}.`);
  }
}
