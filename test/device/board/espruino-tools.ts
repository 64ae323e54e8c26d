/*
 * EspruinoTools' command line (npm `espruino`), run as its user would, against a board behind a TCP port. It exits with
 * 0 whatever happens and says "Upload Complete" before the last byte has arrived (docs/decisions/0014-the-cable.md), so
 * nothing here believes it: what is in Storage is asked of the board.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { silentProgress } from '../../../host-tools/cli/progress.ts';
import { Repl } from '../../../host-tools/device/repl/repl.ts';
import type { ByteLine } from '../../../host-tools/device/serial/byte-line.ts';
import { type InstallFile, installFiles } from '../../../host-tools/device/upload/install.ts';
import { bareBoard } from './bare.ts';
import { ReplStandIn } from './repl.ts';
import { relayOn } from './tcp.ts';

const program = join(import.meta.dirname, '../../../node_modules/espruino/bin/espruino-cli.js');
/** It is killed then: it often hangs, ms. */
const patience = 60_000;
/** How long a board may be busy with what has been sent to it, in turns of Repl.settle. */
const turns = 20;

/** A board to try it on. */
export interface TriedBoard {
  line: ByteLine;
  close(): Promise<void>;
}

/** The REPL stand-in with an empty Storage, as a line. */
export function standInBoard(): TriedBoard {
  const board = bareBoard();
  const listeners = new Set<(bytes: Uint8Array) => void>();
  const repl = new ReplStandIn(board, (bytes) => listeners.forEach((listener) => listener(bytes)));
  board.global.print = (...words: unknown[]) => repl.print(`${words.join(' ')}\n`);
  board.global.atob = (text: string) => Buffer.from(text, 'base64').toString('latin1');
  let ended = (): void => {};
  const closed = new Promise<void>((resolve) => (ended = resolve));
  const line: ByteLine = {
    path: 'the stand-in',
    closed,
    write: (bytes) => {
      repl.receive(bytes);
      return Promise.resolve();
    },
    onBytes: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => {
      repl.end();
      ended();
      return closed;
    },
    setSignals: () => Promise.resolve(false),
    setBaudRate: () => Promise.resolve(),
  };
  repl.start();
  return { line, close: () => line.close() };
}

/** Runs the command with these words; what it printed, its exit code, or null when it had to be killed. */
export async function espruinoTools(
  line: ByteLine,
  words: readonly string[],
): Promise<{ exitCode: number | null; said: string }> {
  const relay = await relayOn(withoutInterrupts(line));
  // It would ask www.espruino.com about the board.
  const noNetwork = ['--no-ble', '--config', 'BOARD_JSON_URL=http://localhost/json'];
  const port = ['-p', `tcp://127.0.0.1:${relay.port}`];
  const child = spawn(process.execPath, [program, ...port, ...noNetwork, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patience,
    killSignal: 'SIGKILL',
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
  try {
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { exitCode, said };
  } finally {
    await relay.close();
  }
}

/** When a prompt is late, it sends Ctrl-C: on a board that ends what runs, but the Linux build ends itself. */
function withoutInterrupts(line: ByteLine): ByteLine {
  return { ...line, write: (bytes) => line.write(bytes.filter((byte) => byte !== 0x03)) };
}

/** What our own uploader writes: the files into a Storage, as `hairpin upload` does. */
export async function installed(line: ByteLine, files: readonly InstallFile[]): Promise<void> {
  const repl = await quietRepl(line);
  await installFiles(repl, files, silentProgress);
  repl.end();
}

/** Everything in a board's Storage. */
export async function contentOf(line: ByteLine): Promise<Record<string, string>> {
  const repl = await quietRepl(line);
  const content: Record<string, string> = {};
  for (const name of (await repl.listFiles()).sort())
    content[name] = Buffer.from((await repl.readFile(name))!).toString('latin1');
  repl.end();
  return content;
}

/** A board that still works through what it was sent is waited for. */
async function quietRepl(line: ByteLine): Promise<Repl> {
  const repl = new Repl(line);
  for (let turn = 1; ; turn++)
    try {
      await repl.settle();
      return repl;
    } catch (error) {
      if (turn === turns) throw error;
    }
}
