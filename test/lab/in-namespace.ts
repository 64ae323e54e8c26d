/*
 * Runs a program of test/lab/inside in network, mount and process namespaces of its own, and hands back what it
 * printed. Tests that cannot have namespaces are skipped here, with the reason printed.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { kernelLabPossible, unshareOptions } from '../../host-tools/lab/kernel/possible.ts';
import { environment } from '../../host-tools/lab/kernel/programs.ts';

const possible = kernelLabPossible();
if (!possible.ok) console.log(`SKIPPED: ${possible.reason}`);

/** `test` where namespaces are possible, else `test.skip` with the reason in the title. */
export function kernelTest(title: string, run: (t: ExecutionContext) => Promise<void>): void {
  if (possible.ok) test.serial(title, run);
  else test.serial.skip(`${title} (skipped: ${possible.reason})`, run);
}

/** How to start `test/lab/inside/<name>.ts` so that it and all it starts vanish with it. */
export function insideCommand(name: string, ...rest: string[]): { program: string; options: string[] } {
  const file = fileURLToPath(new URL(`./inside/${name}.ts`, import.meta.url));
  const node = [process.execPath, '--import', import.meta.resolve('tsx'), file, ...rest];
  return { program: 'unshare', options: [...unshareOptions(), ...node] };
}

/** Runs an inside program to its end and returns the JSON it printed last. */
export async function inside<T>(name: string, ...rest: string[]): Promise<T> {
  const { program, options } = insideCommand(name, ...rest);
  const { stdout } = await promisify(execFile)(program, options, { env: environment() });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as T;
}
