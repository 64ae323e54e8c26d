/*
 * The configuration file that a command names: read and checked, or refused in one sentence.
 */
import { readFileSync } from 'node:fs';
import type { Config } from '../../firmware/config/schema.ts';
import { parseConfig } from '../../firmware/config/validate.ts';
import { fileTrouble } from './file-trouble.ts';
import { UserError } from './user-error.ts';

/** What commands take that were given no --config. */
const usualFile = './hairpin.json';

export interface ConfigFile {
  text: string;
  config: Config;
  /** Sentences about it that are worth reading but no errors. */
  warnings: string[];
}

/** Reads a configuration. Throws a UserError that names the file and what is wrong. */
export function readConfigFile(file: string): ConfigFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      code === 'ENOENT'
        ? `There is no configuration file '${file}'${file === usualFile ? '; name one with --config FILE' : ''}.`
        : `The configuration file '${file}' cannot be read: ${fileTrouble(error)}.`,
    );
  }
  const parsed = parseConfig(text, file);
  if ('error' in parsed) throw new UserError(parsed.error);
  return { text, ...parsed };
}
