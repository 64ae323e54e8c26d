// The firmware's memory in an interpreter whose variables are as large as the board's: by moment, by part, and the
// smallest number of free variables with which it boots, serves, and answers.
import { configText } from '../../scenes/cast.ts';
import type { Dump } from './dump.ts';
import { parseDump } from './dump.ts';
import { FlashedInterpreter, variablesOf } from './interpreter.ts';
import type { Part } from './parts.ts';
import { divide } from './parts.ts';

/** Bytes of a variable on a stock ESP32 build. */
export const boardBlock = 14;

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

function withInterpreter<T>(
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

/** @throws a sentence if the interpreter cannot do it */
export function measure(binary: string, { code, map }: Firmware): Measurement {
  const script = `checkpoints.serve(${fewRounds});${sayNotes}${listVariables}`;
  const output = withInterpreter(binary, code, 0, (interpreter) => interpreter.boot(script));
  const notes = JSON.parse(found(output, /NOTES (.*)/)) as Moments & { stage: number };
  const empty = withInterpreter(binary, '0;', 0, (interpreter) => interpreter.boot(listVariables));
  const before: Dump = parseDump(found(empty, variableList));
  const free = variablesOf(binary).total - notes.stage;
  const alone = (usage: number) => usage - notes.stage;
  return {
    moments: {
      defined: alone(notes.defined),
      read: alone(notes.read),
      up: alone(notes.up),
      served: alone(notes.served),
    },
    parts: divide(code, map, parseDump(found(output, variableList)), before),
    fewest: {
      serving: fewest(binary, code, free, `checkpoints.serve(${fewRounds});`, notes.served - notes.stage),
      answering: fewest(
        binary,
        code,
        free,
        `hairpin('trace on');checkpoints.serve(${fullRounds});if (!checkpoints.ask(${JSON.stringify(requests)})) throw 0;`,
        notes.served - notes.stage,
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
