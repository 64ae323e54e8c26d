/*
 * What `hairpin doctor` has seen: raw facts of the probe (firmware/probe), of the router's console and of the line, as
 * plain data that goes into --json and the support bundle. Shapes only; what they mean is the judge's business.
 */

import type { Bluetooth } from '../flash/radios.ts';

export type ChipName = 'wan' | 'lan';
export const chipNames: readonly ChipName[] = ['wan', 'lan'];

/** A wire of a chip, by its name in board.json. */
export type BusWire = 'sck' | 'miso' | 'mosi';
export type OwnWire = 'select' | 'interrupt' | 'reset';
export type WireOfChip = BusWire | OwnWire;

/** Where a chip is wired: pins `D0` to `D39`, the clock in Hz. */
export interface ChipWiring {
  bus: string;
  hertz: number;
  pins: Record<WireOfChip, string>;
}

export type BoardWiring = Record<ChipName, ChipWiring>;

/** The interpreter; `free` and `total` in variables, null for Wi-Fi that it does not have. `bluetooth` is asked apart. */
export interface IdentityFacts {
  version: string;
  board: string;
  free: number;
  total: number;
  blocksize: number | null;
  wifi: string | null;
  bluetooth?: Bluetooth;
}

/** Levels 0 or 1: pulled up, pulled down and, of wires that the board drives, while driven low. */
export type LineFacts = Record<WireOfChip, number[]>;

/** MISO with nobody selected (`free`, `idle`) and with the chip (`selected`, `answer`); `sent` went out for `idle`. */
export interface MisoFacts {
  free: number[];
  selected: number[];
  sent: number[];
  idle: number[];
  answer: number[];
}

/** `wrong` of `bits` that came back otherwise than they were written. */
export interface LadderFacts {
  hertz: number;
  wrong: number;
  bits: number;
}

/**
 * A pulse on one chip's reset line. Of each chip the canary when written, again without a pulse, the version register
 * during the pulse, the canary after it; `low` is the line's level while it is driven low.
 */
export interface ResetFacts {
  low: number;
  wan: number[] | null;
  lan: number[] | null;
}

/** One chip's interrupt raised. Of each chip's line the level before, while it waits, while it is masked. */
export interface InterruptFacts {
  register: number;
  wan: number[];
  lan: number[];
}

/** A chip asked by other pins than the file's, to see whether two wires are exchanged. */
export interface TrialFacts {
  exchanged: string;
  reads: number[][];
}

export interface ChipFacts {
  lines: LineFacts;
  miso: MisoFacts;
  /** The version register with the three bytes before it, several times. */
  reads: number[][];
  reset: ResetFacts;
  interrupt: InterruptFacts;
  trials: TrialFacts[];
  ladder: LadderFacts[];
  /** PHYCFGR after the last wait; null when the chip does not answer. */
  phy: number | null;
}

/** All that the probe has found. */
export interface ProbeFacts {
  identity: IdentityFacts;
  wan: ChipFacts;
  lan: ChipFacts;
}

/** The clock at which wires are looked at, so that a wire too long for the file's clock is not taken for a broken one. */
export const slowHertz = 1000000;

/** The clocks of the ladder, in Hz: 80 MHz by whole numbers, up to what a board file may ask for. */
export const ladderHertz = [
  1000000, 2000000, 4000000, 8000000, 10000000, 13333333, 16000000, 20000000, 26666666,
];

/** VERSIONR of a W5500 (data sheet 4.1), and what it sends while the three header bytes come in. */
export const chipVersion = 4;
export const headerEcho = [1, 2, 3];

/** Whether every read of the version register is that of a W5500. */
export function allRight(reads: readonly number[][]): boolean {
  return reads.length > 0 && reads.every((read) => read[3] === chipVersion);
}
