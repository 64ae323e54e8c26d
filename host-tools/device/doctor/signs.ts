/*
 * What the raw facts of one chip come to: does it answer, does it hear, is a line held. One place that knows what the
 * numbers of the probe mean; the table of signatures (signatures.ts) combines these.
 */
import {
  allRight,
  type ChipFacts,
  type ChipName,
  chipNames,
  type ChipWiring,
  headerEcho,
  type ProbeFacts,
  type WireOfChip,
} from './facts.ts';

/** Held low, held high, driven by nobody, or not to be told (a pin without pulls). */
export type Rest = 'low' | 'high' | 'free' | 'unknown';

export interface Signs {
  /** All reads of the version register are right. */
  answers: boolean;
  /** They differ from each other although the chip drives MISO: the wires work, but not well. */
  flickers: boolean;
  /** The bytes before the version are the chip's 1, 2, 3 every time. */
  echoes: boolean;
  /** The one value of every byte that is read, when there is one. */
  always: number | undefined;
  /** What comes in without a selected chip is what goes out. */
  mirrors: boolean;
  /** Each line when nobody is selected; MISO also with the chip selected. */
  rest: Record<WireOfChip, Rest>;
  misoSelected: Rest;
  /** Its interrupt could be raised, on whichever line that shows. */
  hears: boolean;
  /** The exchange of wires with which it does answer, as the trial names it. */
  answersWith: string | undefined;
}

/** GPIO 34 to 39 have no pulls (ESP32 datasheet, pin list). */
const firstWithoutPulls = 34;

export function hasPulls(pin: string): boolean {
  return Number(pin.slice(1)) < firstWithoutPulls;
}

function restOf([up, down]: readonly number[], pin: string): Rest {
  if (!hasPulls(pin)) return 'unknown';
  if (up === 0) return 'low';
  return down === 1 ? 'high' : 'free';
}

/** A line that the board drives counts as held high only if it stays so while it is driven low. */
function drivenRestOf(levels: readonly number[], pin: string): Rest {
  const rest = restOf(levels, pin);
  if (rest === 'low') return rest;
  return levels[2] === 1 ? 'high' : 'free';
}

/** Whether a line went low when the interrupt was raised and came back when it was masked. */
export function moved(levels: readonly number[]): boolean {
  return levels[0] === 1 && levels[1] === 0 && levels[2] === 1;
}

export function signsOf(chip: ChipFacts, { pins }: ChipWiring): Signs {
  const { lines, miso, reads, interrupt } = chip;
  const answers = allRight(reads);
  const bytes = reads.flat();
  const misoSelected = restOf(miso.selected, pins.miso);
  const varied = reads.some((read) => read.join() !== reads[0].join());
  return {
    answers,
    // What nobody drives may vary too.
    flickers: !answers && varied && misoSelected !== 'free',
    echoes: reads.every((read) => headerEcho.every((byte, i) => read[i] === byte)),
    always: bytes.every((byte) => byte === bytes[0]) ? bytes[0] : undefined,
    mirrors: miso.idle.every((byte, i) => byte === miso.sent[i]),
    rest: {
      sck: drivenRestOf(lines.sck, pins.sck),
      mosi: drivenRestOf(lines.mosi, pins.mosi),
      select: drivenRestOf(lines.select, pins.select),
      miso: restOf(miso.free, pins.miso),
      interrupt: restOf(lines.interrupt, pins.interrupt),
      reset: restOf(lines.reset, pins.reset),
    },
    misoSelected,
    hears: moved(interrupt.wan) || moved(interrupt.lan),
    answersWith: chip.trials.find((trial) => allRight(trial.reads))?.exchanged,
  };
}

/** For one chip's reset pulse or interrupt: which chips were touched by it. */
export type Reach = Record<ChipName, boolean>;

/** Which chips a pulse on this chip's reset line has reset. */
export function resetReach(facts: ProbeFacts, name: ChipName): Reach {
  const seen = facts[name].reset;
  const wasReset = (levels: number[] | null) =>
    levels !== null && levels[0] === levels[1] && levels[3] !== levels[0];
  return { wan: wasReset(seen.wan), lan: wasReset(seen.lan) };
}

/** Which chips' interrupt lines this chip's interrupt has moved. */
export function interruptReach(facts: ProbeFacts, name: ChipName): Reach {
  const { wan, lan } = facts[name].interrupt;
  return { wan: moved(wan), lan: moved(lan) };
}

/** Whether each reach is the other chip's and only that: the wires are exchanged between the modules. */
export function isCrossed(reach: (name: ChipName) => Reach): boolean {
  return chipNames.every((name) => !reach(name)[name] && reach(name)[name === 'wan' ? 'lan' : 'wan']);
}
