/*
 * The second half of `hairpin flash`: Espruino is on the board, and becomes the router. Bluetooth off, files into
 * Storage, restart, first status. Each part is done again by the next run if this one is cut short.
 */
import type { Progress } from '../../cli/progress.ts';
import { UserError } from '../../cli/user-error.ts';
import { enterQuietRepl } from '../repl/enter.ts';
import type { Repl } from '../repl/repl.ts';
import { type ByteLine, LineLost } from '../serial/byte-line.ts';
import { type Time, pause } from '../serial/time.ts';
import { type Delivered, type Delivery, deliver } from '../upload/deliver.ts';
import { bootByHand } from './chip.ts';
import { releaseAdvice } from './image.ts';
import { type Bluetooth, bluetoothOf, switchBluetoothOff } from './radios.ts';

/** What there is to know of Espruino before anything is installed. */
export type Beginning =
  /** Images were written or found to be there. */
  | 'flashed'
  /** No release was named: whichever Espruino is there will do. */
  | 'any'
  /** The chip could not be asked: Espruino must be of this version. */
  | { version: string | null };

export interface RouterDone extends Delivered {
  espruino: string;
  bluetooth: Bluetooth | 'switched off';
}

/** A restart is under way after so long, ms: before that, the old prompt would still answer. */
const RESTART_BEGINS = 1000;

/** @throws UserError with the remedy; LineLost, after which another run finishes it */
export async function installRouter(
  line: ByteLine,
  delivery: Delivery,
  beginning: Beginning,
  progress: Progress,
  time: Time,
): Promise<RouterDone> {
  const repl = await quietRepl(line, beginning, progress, time);
  const found = { espruino: '', bluetooth: 'none' as RouterDone['bluetooth'] };
  try {
    [found.espruino] = await repl.settle();
    if (typeof beginning === 'object') await refuseOther(repl, beginning.version, found.espruino);
    found.bluetooth = await withoutBluetooth(repl, progress, time);
  } finally {
    repl.end();
  }
  return { ...found, ...(await deliver(line, delivery, progress, time)) };
}

async function refuseOther(repl: Repl, wanted: string | null, found: string): Promise<void> {
  if (wanted === found) return;
  // What ran before goes on.
  await repl.send('E.reboot()');
  throw new UserError(
    `The board on ${repl.line.path} runs Espruino ${found}, and its port cannot reset it to write ${wanted ?? 'another'}: ${bootByHand}, and run the command again.`,
  );
}

/** Switches Bluetooth off if it is on; then the board is restarting. */
async function withoutBluetooth(
  repl: Repl,
  progress: Progress,
  time: Time,
): Promise<RouterDone['bluetooth']> {
  const bluetooth = await bluetoothOf(repl);
  if (bluetooth !== 'on') return bluetooth;
  progress.begin('switching Bluetooth off');
  await switchBluetoothOff(repl);
  await pause(time, RESTART_BEGINS);
  progress.end();
  return 'switched off';
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
