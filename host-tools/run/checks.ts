/*
 * Everything that is checked before `hairpin run` touches anything, in this order: arguments, config, tools,
 * privileges, interfaces. Each refusal is one sentence. Reads files and asks the kernel; changes nothing.
 */
import { readFileSync } from 'node:fs';
import { readConfigFile } from '../cli/config-file.ts';
import { packageFile } from '../cli/package-root.ts';
import { UserError } from '../cli/user-error.ts';
import { bundle } from '../lab/firmware-files.ts';

export interface RunOptions {
  /** Interface names. */
  wan: string;
  lan: string;
  /** Path of the configuration file. */
  config: string;
}

/** What the router thread needs. */
export interface CheckedRun {
  bundle: string;
  files: Record<string, string>;
  /** Sentences about the configuration that are worth reading but no errors. */
  warnings: string[];
}

const BOARD = packageFile('boards/esp32-shared-bus/board.json');

/** linux/if.h IFNAMSIZ without its final zero. */
const LONGEST_NAME = 15;

function checkArguments({ wan, lan }: RunOptions): void {
  for (const name of [wan, lan])
    if (name === '' || name.length > LONGEST_NAME || /[\s/]/.test(name))
      throw new UserError(`'${name}' cannot be the name of a network interface.`);
  if (wan === lan)
    throw new UserError(`--wan and --lan both name '${wan}'; the router needs two interfaces.`);
}

function checkTools(): void {
  if (process.platform !== 'linux')
    throw new UserError(
      `'hairpin run' needs Linux; this is ${process.platform}. 'hairpin lab' runs anywhere.`,
    );
}

/** The rest needs the kernel's answers, and so code that only loads on Linux. */
async function checkPrivilegesAndInterfaces(names: string[]): Promise<void> {
  const { InterfaceRefused, checkInterface } = await import('../lab/kernel/interface.ts');
  const { checkRawSockets } = await import('../lab/kernel/ethernet-port.ts');
  try {
    checkRawSockets();
    names.forEach(checkInterface);
  } catch (error) {
    if (error instanceof InterfaceRefused) throw new UserError(error.message);
    throw error;
  }
}

/** Throws a UserError with the first thing that is wrong. */
export async function checkRun(options: RunOptions): Promise<CheckedRun> {
  checkArguments(options);
  const { text, warnings } = readConfigFile(options.config);
  checkTools();
  await checkPrivilegesAndInterfaces([options.wan, options.lan]);
  const files = { 'board.json': readFileSync(BOARD, 'utf8'), 'config.json': text };
  return { bundle: await bundle(), files, warnings };
}
