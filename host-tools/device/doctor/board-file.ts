/*
 * Which wiring an examination goes by - the one that was named, the file on the board, or the usual one - and what its
 * pins ask for. Reads the board's file and judges it; touches no pin.
 */
import { parseBoard } from '../../../firmware/config/board.ts';
import { type BoardFile, readBoard } from '../board/boards.ts';
import { conditionsOf } from '../board/conditions.ts';
import type { Repl } from '../repl/repl.ts';
import type { Finding } from './findings.ts';
import type { Examination } from './report.ts';

export interface Wiring {
  /** Undefined when the file on the board is refused. */
  file: BoardFile | undefined;
  source: Examination['boardFile'];
  findings: Finding[];
}

/** @param named of --board. @throws UserError for a board that there is not */
export async function wiringToGoBy(repl: Pick<Repl, 'readFile'>, named: string | undefined): Promise<Wiring> {
  const bytes = await repl.readFile('board.json');
  const text = bytes && Buffer.from(bytes).toString('latin1');
  return named !== undefined || !text ? byName(named) : byFile(text);
}

function byName(named: string | undefined): Wiring {
  const step = 'board file' as const;
  const file = readBoard(named);
  const finding: Finding =
    named !== undefined
      ? { step, verdict: 'ok', sentence: `Wired as ${file.file} says, because of --board.` }
      : {
          step,
          verdict: 'warn',
          id: 'no-board-file',
          sentence: `There is no board.json on the board; it is looked at as ${file.file} says.`,
          cause: 'The router has not been installed yet.',
          remedy:
            'If it is wired otherwise, say so with --board; hairpin flash and hairpin upload put the file there.',
        };
  return { file, source: { from: file.file, text: file.text }, findings: [finding] };
}

function byFile(text: string): Wiring {
  const step = 'board file' as const;
  const source = { from: 'board.json on the board', text };
  const parsed = parseBoard(text, 'board.json');
  if ('error' in parsed) {
    const refused: Finding = {
      step,
      verdict: 'bad',
      id: 'board-file',
      sentence: parsed.error,
      cause: 'The board.json on the board is not one that the router accepts.',
      remedy:
        'Install the right one (hairpin upload --board NAME), or look at the wires by another with --board.',
    };
    return { file: undefined, source, findings: [refused] };
  }
  const { board } = parsed;
  const sentence = `board.json on the board is that of ${board.board}.`;
  return {
    file: { file: 'board.json', text, board },
    source,
    findings: [{ step, verdict: 'ok', sentence }],
  };
}

/** What the pins of the board ask for, without what needs nothing done. */
export function judgePins({ board }: BoardFile): Finding[] {
  return conditionsOf(board)
    .filter(({ remedy }) => !remedy.startsWith('Nothing has to be done'))
    .map(({ pin, use, condition, remedy }) => ({
      step: 'pins' as const,
      verdict: 'ok' as const,
      id: 'pin-condition',
      sentence: `${pin}, ${use}: ${condition}`,
      remedy,
    }));
}
