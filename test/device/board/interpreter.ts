/*
 * A real Espruino (Linux build) at the end of a ByteLine, with a Storage of its own that is empty at first. Linux only;
 * the binary is the caller's business. Nothing of it is left after `close`: the process is ended by its id, the
 * directory removed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ByteLine } from '../../../host-tools/device/serial/byte-line.ts';
import { openPty } from './pty.ts';
import { lineOnPty } from './pty-line.ts';

export interface Interpreter {
  readonly line: ByteLine;
  /** Resolves when the process has ended, by itself or by `close`. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts `binary`; its prompt comes a moment later. Never send it 0x03 (Ctrl-C): that ends it.
 * @param kept a directory whose Storage is used, and outlives it
 */
export function startInterpreter(binary: string, kept?: string): Interpreter {
  const pty = openPty();
  const directory = kept ?? mkdtempSync(join(tmpdir(), 'hairpin-espruino-'));
  const slave = openSync(pty.path, 'r+');
  const child = spawn(resolve(binary), [], { cwd: directory, stdio: [slave, slave, slave] });
  closeSync(slave);
  // A test that is given up in the middle closes nothing.
  const atExit = (): void => end(child);
  process.once('exit', atExit);
  const ended = new Promise<void>((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  });
  const line = lineOnPty(pty);
  return {
    line,
    ended,
    close: async () => {
      end(child);
      process.off('exit', atExit);
      await ended;
      await line.close();
      if (kept === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

function end(child: ChildProcess): void {
  // A program that is being tested may hang: it is not asked.
  if (child.exitCode === null) child.kill('SIGKILL');
}
