/*
 * The boards that come with the program, one folder each in boards/, and a board file of somebody's own. Reads files;
 * what may stand in one is the firmware's business (firmware/config/board.ts).
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseBoard } from '../../../firmware/config/board.ts';
import type { Board } from '../../../firmware/config/board.ts';
import { fileTrouble } from '../../cli/file-trouble.ts';
import { packageFile } from '../../cli/package-root.ts';
import { UserError } from '../../cli/user-error.ts';

/** A board that has passed the firmware's check. */
export interface BoardFile {
  /** Where it was read: a file's name, for sentences. */
  file: string;
  /** As it goes into the device's Storage, byte for byte. */
  text: string;
  board: Board;
}

/** The board that is meant when nobody names one. */
export const defaultBoard = 'esp32-shared-bus';

/** What follows `--board`, for every command that takes it. */
export const boardOption = {
  flags: '--board <name>',
  description: 'how it is wired: a folder of boards/, or a board.json of your own (its name ends in .json)',
} as const;

const folder = packageFile('boards');

/** Names of the boards that come with the program, in order. */
export function boardNames(): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/**
 * Reads a board by its name, or by the path of its file: whatever ends in `.json` is a path.
 * Throws a UserError that names what there is, or what is wrong in the file and where.
 */
export function readBoard(nameOrPath: string = defaultBoard): BoardFile {
  if (nameOrPath.endsWith('.json')) return readBoardFile(nameOrPath, nameOrPath);
  const names = boardNames();
  if (!names.includes(nameOrPath))
    throw new UserError(
      `There is no board '${nameOrPath}'. There are ${names.join(' and ')}; for a wiring of your own, name its file, such as --board ./board.json.`,
    );
  return readBoardFile(join(folder, nameOrPath, 'board.json'), `boards/${nameOrPath}/board.json`);
}

function readBoardFile(path: string, file: string): BoardFile {
  const text = readText(path, file);
  const parsed = parseBoard(text, file);
  if ('error' in parsed) throw new UserError(parsed.error);
  return { file, text, board: parsed.board };
}

function readText(path: string, file: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      code === 'ENOENT'
        ? `There is no board file '${file}'. Boards that come with the program go by name: ${boardNames().join(', ')}.`
        : `The board file '${file}' cannot be read: ${fileTrouble(error)}.`,
    );
  }
}
