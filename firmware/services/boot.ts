/**
 * Before the router may run: board and config read. Everything that keeps it from running is one
 * sentence, which the console shows and the seam answers.
 */
import { parseBoard } from '../config/board.ts';
import type { Board } from '../config/board.ts';
import type { Config } from '../config/schema.ts';
import { parseConfig } from '../config/validate.ts';
import { lightUp } from '../platform/led.ts';
import { readFile, say } from '../platform/system.ts';
import { chooseConfig, configFile } from './chosen-config.ts';

/** The Storage file that says how the chips are wired. */
export const boardFile = 'board.json';

/** What the board is to be. */
export interface Settings {
  board: Board;
  config: Config;
}

/**
 * Reads both files. Warnings go to the console.
 * @returns the settings, or why there are none
 * @overlay
 */
export function readSettings(): Settings | string {
  const boardText = readFile(boardFile);
  if (!boardText) return missing(boardFile, 'it says how the chips are wired');
  const board = parseBoard(boardText, boardFile);
  if ('error' in board) return board.error;
  if (board.board.led) lightUp(board.board.led);
  const chosen = chooseConfig();
  if (chosen.error) return chosen.error;
  if (!chosen.text) return missing(configFile, 'it says which addresses and forwards to use');
  const parsed = parseConfig(chosen.text, chosen.file);
  if ('error' in parsed) return parsed.error;
  if (chosen.notice) say(chosen.notice);
  for (let i = 0; i < parsed.warnings.length; i++) say(parsed.warnings[i]);
  return { board: board.board, config: parsed.config };
}

function missing(file: string, purpose: string): string {
  return 'There is no ' + file + ' in Storage: ' + purpose + ', and the router does not run without it.';
}
