/*
 * The second half of `hairpin flash`: Espruino is on the board, and becomes the router. Bluetooth off, files into
 * Storage, restart, first status. Each part is done again by the next run if this one is cut short.
 */
import type { Progress } from '../../cli/progress.ts';
import { UserError } from '../../cli/user-error.ts';
import type { BoardFile } from '../board/boards.ts';
import { enterQuietRepl, restartIntoRouter } from '../repl/enter.ts';
import type { Repl } from '../repl/repl.ts';
import type { SeamAnswer } from '../repl/who.ts';
import { type ByteLine, LineLost } from '../serial/byte-line.ts';
import { type Time, pause } from '../serial/time.ts';
import { configFile } from '../upload/config-copy.ts';
import { firmwareName, type Installed, type InstallFile, installFiles } from '../upload/install.ts';
import { bootByHand } from './chip.ts';
import { releaseAdvice } from './image.ts';
import { type Bluetooth, bluetoothOf, switchBluetoothOff } from './radios.ts';

/** What makes Espruino a router. */
export interface RouterFiles {
  /** Text of dist/firmware.js. */
  firmware: string;
  board: BoardFile;
  /** Null: whatever is on the board stays. */
  config: { file: string; text: string } | null;
}

/** What there is to know of Espruino before anything is installed. */
export type Beginning =
  /** Images were written or found to be there. */
  | 'flashed'
  /** No release was named: whichever Espruino is there will do. */
  | 'any'
  /** The chip could not be asked: Espruino must be of this version. */
  | { version: string | null };

export interface RouterDone {
  espruino: string;
  bluetooth: Bluetooth | 'switched off';
  files: Installed[];
  status: SeamAnswer;
}

/** A restart is under way after so long, ms: before that, the old prompt would still answer. */
const RESTART_BEGINS = 1000;

/** @throws UserError with the remedy; LineLost, after which another run finishes it */
export async function installRouter(
  line: ByteLine,
  files: RouterFiles,
  beginning: Beginning,
  progress: Progress,
  time: Time,
): Promise<RouterDone> {
  let repl = await quietRepl(line, beginning, progress, time);
  const [espruino] = await repl.settle();
  if (typeof beginning === 'object' && beginning.version !== espruino) {
    // What ran before goes on.
    await repl.send('E.reboot()');
    repl.end();
    throw new UserError(
      `The board on ${line.path} runs Espruino ${espruino}, and its port cannot reset it to write ${beginning.version ?? 'another'}: ${bootByHand}, and run the command again.`,
    );
  }
  let bluetooth: RouterDone['bluetooth'] = await bluetoothOf(repl);
  if (bluetooth === 'on') {
    progress.begin('switching Bluetooth off');
    await switchBluetoothOff(repl);
    repl.end();
    await pause(time, RESTART_BEGINS);
    repl = await enterQuietRepl(line, time);
    bluetooth = 'switched off';
    progress.end();
  }
  const installed = await installFiles(repl, await installable(repl, files), progress);
  progress.begin('starting the router');
  const status = await restartIntoRouter(repl);
  progress.end();
  return { espruino, bluetooth, files: installed, status };
}

async function quietRepl(
  line: ByteLine,
  beginning: Beginning,
  progress: Progress,
  time: Time,
): Promise<Repl> {
  progress.begin('waiting for Espruino');
  try {
    const repl = await enterQuietRepl(line, time);
    progress.end('ready');
    return repl;
  } catch (error) {
    if (error instanceof LineLost || !(error instanceof UserError)) throw error;
    progress.end('no answer');
    if (beginning === 'flashed')
      throw new UserError(
        `Espruino's images are on the board and verified, but it does not answer: let go of BOOT, tap EN, and run the command again; what is there is not written again. (${error.message})`,
      );
    if (beginning === 'any')
      throw new UserError(
        `${error.message} If there is no Espruino on it yet, ${releaseAdvice}, and name it: hairpin flash --espruino PATH.`,
      );
    throw error;
  }
}

async function installable(repl: Repl, { firmware, board, config }: RouterFiles): Promise<InstallFile[]> {
  const copy = config && (await configFile(repl, config.text));
  return [
    { name: 'board.json', bytes: Buffer.from(board.text, 'latin1') },
    ...(copy ? [copy] : []),
    { name: firmwareName, bytes: Buffer.from(firmware, 'latin1') },
  ];
}
