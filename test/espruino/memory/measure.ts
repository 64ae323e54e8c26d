// The firmware's memory in an interpreter whose variables are as large as the board's: by moment, by part, and the
// smallest number of free variables with which it boots, serves, and answers.
import { configText } from '../../scenes/cast.ts';
import { boardBlock, variablesOf } from '../interpreters.ts';
import type { Dump } from './dump.ts';
import { parseDump } from './dump.ts';
import { FlashedInterpreter } from './interpreter.ts';
import type { Part } from './parts.ts';
import { divide } from './parts.ts';

/** Variables that everything together may take (DESIGN section 7). */
export const budget = 4500;

/** Variables in use by the firmware alone. */
export interface Moments {
  /** Everything defined, arena included. */
  defined: number;
  /** Both files read and checked. */
  read: number;
  /** Both chips up. */
  up: number;
  /** Flows open, every kind of frame seen, three frames waiting for neighbours. */
  served: number;
}

export interface Measurement {
  moments: Moments;
  parts: Part[];
  /** Fewest free variables with which it boots and serves; with which it also answers every request with full tables. */
  fewest: { serving: number; answering: number };
}

export interface Firmware {
  code: string;
  /** Source map. */
  map: string;
}

/** Between the marks is the list of variables; a script's own text cannot be mistaken for one. */
const listVariables = `stage.print('VARIABLES');E.dumpVariables();stage.print('END');`;
const variableList = /\r?\nVARIABLES\r?\n([^]*?)\r?\nEND\r?\n/;
const sayNotes = `stage.print('NOTES ' + JSON.stringify(checkpoints.notes));`;

const fewRounds = 3;
/** Frames of control's list until every flow is in use. */
const fullRounds = 70;
const requests = [
  'status',
  'counters',
  'trace on',
  'trace read',
  'flows',
  'neighbours',
  'config',
  'flows 200',
];
/** Precision of the search in variables, and how far above what is in use it looks first. */
const searchStep = 25;
const searchRange = 2000;

/** Flashes an interpreter, uses it and clears it away. */
export function withInterpreter<T>(
  binary: string,
  code: string,
  spare: number,
  use: (interpreter: FlashedInterpreter) => T,
): T {
  const interpreter = new FlashedInterpreter(binary, code, configText('external'), spare);
  try {
    return use(interpreter);
  } finally {
    interpreter.remove();
  }
}

function found(output: string, pattern: RegExp): string {
  const match = pattern.exec(output);
  if (!match)
    throw new Error(`The interpreter did not come to the end. It said:\n${output.trim().slice(-600)}`);
  return match[1];
}

/** Boots and serves. @param more evaluated behind that  @returns what was in use when, and the console */
function serve(
  binary: string,
  code: string,
  more: string,
): { moments: Moments; stage: number; output: string } {
  const script = `checkpoints.serve(${fewRounds});${sayNotes}${more}`;
  const output = withInterpreter(binary, code, 0, (interpreter) => interpreter.boot(script));
  const { stage, defined, read, up, served } = JSON.parse(found(output, /NOTES (.*)/)) as Moments & {
    stage: number;
  };
  const moments = { defined: defined - stage, read: read - stage, up: up - stage, served: served - stage };
  return { moments, stage, output };
}

/** @throws a sentence if the interpreter cannot do it */
export function measureMoments(binary: string, code: string): Moments {
  return serve(binary, code, '').moments;
}

/** @throws a sentence if the interpreter cannot do it */
export function measure(binary: string, { code, map }: Firmware): Measurement {
  const { moments, stage, output } = serve(binary, code, listVariables);
  const empty = withInterpreter(binary, '0;', 0, (interpreter) => interpreter.boot(listVariables));
  const before: Dump = parseDump(found(empty, variableList));
  const free = variablesOf(binary).total - stage;
  return {
    moments,
    parts: divide(code, map, parseDump(found(output, variableList)), before),
    fewest: {
      serving: fewest(binary, code, free, `checkpoints.serve(${fewRounds});`, moments.served),
      answering: fewest(
        binary,
        code,
        free,
        `hairpin('trace on');checkpoints.serve(${fullRounds});if (!checkpoints.ask(${JSON.stringify(requests)})) throw 0;`,
        moments.served,
      ),
    },
  };
}

/** Searches for the smallest room in which the script comes to its end, to a step. @param least surely too little */
function fewest(binary: string, code: string, free: number, script: string, least: number): number {
  const works = (room: number) => {
    const output = withInterpreter(binary, code, (free - room) * boardBlock, (interpreter) =>
      interpreter.boot(`${script}stage.print('CAME TO THE END');`),
    );
    return /\nCAME TO THE END/.test(output) && !/OUT OF MEMORY|LOW_MEMORY/.test(output);
  };
  let low = least;
  let high = least + searchRange;
  while (high < free && !works(high)) [low, high] = [high, high + searchRange];
  while (high - low > searchStep) {
    const middle = (low + high) >> 1;
    if (works(middle)) high = middle;
    else low = middle;
  }
  return high;
}
