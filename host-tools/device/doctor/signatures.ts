/*
 * The table of signatures: what a board with one fault in its wires looks like, what the fault is, and what to do. Rows
 * are tried in order and the first that fits is the cause, so a row may take for granted that none before it fits.
 * docs/doctor.md shows this table to people.
 */
import type { BusWire, WireOfChip } from './facts.ts';
import type { Signs } from './signs.ts';

/** How sentences call things: `the WAN module`, `D19`, and what modules print beside the pin. */
export interface Names {
  /** "the WAN module" or "both modules". */
  who: string;
  /** The form of a verb that goes with it. */
  verb: (singular: string, plural: string) => string;
  /** The board's pin of a wire. */
  pin: Record<WireOfChip, string>;
  /** "every byte reads 0xff" */
  reading: string;
  /** Which wires answer when exchanged, in words. */
  exchanged: string;
}

export interface Signature {
  id: string;
  /** For the page: what is seen. */
  shows: string;
  fits: (signs: Signs) => boolean;
  /** Begins a sentence after the name of the module, which is singular or plural. */
  sentence: (names: Names) => string;
  cause: (names: Names) => string;
  remedy: (names: Names) => string;
}

/** What the modules in the shops call each line (silk screen of the common W5500 boards). */
export const printed: Record<WireOfChip, string> = {
  sck: 'SCK (also SCLK, SCL)',
  mosi: 'MOSI (also MO, SI)',
  miso: 'MISO (also MI, SO)',
  select: 'SCS (also CS, SCSn, SS)',
  interrupt: 'INT (also INTn)',
  reset: 'RST (also RSTn, RESET)',
};

/** A line that something holds, whatever the board does. */
function held(wire: 'sck' | 'mosi' | 'miso' | 'select' | 'reset', level: 'low' | 'high'): Signature {
  const rail = level === 'low' ? 'ground' : '3.3 V';
  const name = printed[wire].split(' ')[0];
  return {
    id: `${wire}-${level}`,
    shows: `the pin of ${name} reads ${level} ${level === 'low' ? 'although it is pulled up' : wire === 'miso' ? 'although it is pulled down and no module is selected' : 'although it is driven low'}`,
    fits: ({ answers, rest, misoSelected }) =>
      !answers && rest[wire] === level && (wire !== 'miso' || misoSelected === level),
    sentence: ({ pin }) => `${pin[wire]}, the ${name} line, is held ${level} whatever the board does.`,
    cause: ({ pin }) => `The wire at ${pin[wire]} is connected to ${rail}, or touches a wire that is.`,
    remedy: ({ pin, who }) =>
      `Pull the wire off ${pin[wire]} and follow it: it must go to ${printed[wire]} of ${who} and to nothing else.`,
  };
}

const silent = ({ answers, flickers }: Signs) => !answers && !flickers;

/** In the order in which they are tried. */
export const signatures: readonly Signature[] = [
  held('reset', 'low'),
  held('select', 'low'),
  held('select', 'high'),
  held('sck', 'low'),
  held('sck', 'high'),
  held('mosi', 'low'),
  held('mosi', 'high'),
  held('miso', 'low'),
  held('miso', 'high'),
  {
    id: 'exchanged',
    shows: 'silent by the pins of board.json, and answers when two of them are exchanged',
    fits: (signs) => silent(signs) && signs.answersWith !== undefined,
    sentence: ({ who, verb, exchanged }) =>
      `${who} ${verb('is', 'are')} silent, but ${verb('answers', 'answer')} when ${exchanged} are exchanged.`,
    cause: ({ exchanged }) => `${exchanged} are exchanged.`,
    remedy: () => 'Exchange these two wires at the board or at the module, not both.',
  },
  {
    id: 'mirror',
    shows: 'without a selected module the bytes that go out come back',
    fits: (signs) => silent(signs) && signs.mirrors,
    sentence: ({ pin }) => `What goes out on ${pin.mosi} comes back on ${pin.miso} with no module selected.`,
    cause: () => 'MISO and MOSI touch, or the wire at MISO leads to MOSI.',
    remedy: ({ pin, who }) =>
      `Look for a bridge between ${pin.miso} and ${pin.mosi}; ${pin.miso} must go to ${printed.miso} of ${who}.`,
  },
  {
    id: 'miso-open',
    shows: 'every byte reads the same, but the module raises its interrupt when told to',
    fits: (signs) => silent(signs) && signs.hears && signs.misoSelected !== 'low',
    sentence: ({ who, verb, reading }) =>
      `${who} ${verb('does what it is told, but nothing that it says', 'do what they are told, but nothing that they say')} arrives: ${reading}.`,
    cause: () => 'MISO is not connected.',
    remedy: ({ pin, who }) => `Check the wire from ${pin.miso} to ${printed.miso} of ${who}.`,
  },
  {
    id: 'mosi-open',
    shows: 'the module answers 1, 2, 3 to the header of every message as it should, but the wrong register',
    fits: (signs) => silent(signs) && signs.echoes,
    sentence: ({ who, verb }) =>
      `${who} ${verb('speaks, but does not hear what it is asked', 'speak, but do not hear what they are asked')}.`,
    cause: () => 'MOSI is not connected.',
    remedy: ({ pin, who }) => `Check the wire from ${pin.mosi} to ${printed.mosi} of ${who}.`,
  },
  {
    id: 'sck-open',
    shows: 'the module drives MISO while it is selected, but every byte reads the same',
    fits: (signs) => silent(signs) && signs.misoSelected === 'low',
    sentence: ({ who, verb, reading }) =>
      `${who} ${verb('notices that it is selected, but not that it is', 'notice that they are selected, but not that they are')} spoken to: ${reading}.`,
    cause: () => 'SCK is not connected.',
    remedy: ({ pin, who }) => `Check the wire from ${pin.sck} to ${printed.sck} of ${who}.`,
  },
  {
    id: 'no-power',
    shows: 'nothing is driven by the module, its interrupt line neither',
    fits: (signs) => silent(signs) && signs.rest.interrupt === 'free',
    sentence: ({ who, verb, reading }) =>
      `${who} ${verb('does not answer and drives none of its', 'do not answer and drive none of their')} lines: ${reading}.`,
    cause: () => 'There is no power, or ground is not connected.',
    remedy: ({ who }) =>
      `Check 3.3 V and GND of ${who}. Two modules take up to 270 mA while sending: more than the 3.3 V pin of many boards gives.`,
  },
  {
    id: 'select-open',
    shows: 'the module has power (its interrupt line is driven high), but does nothing that it is told',
    fits: silent,
    sentence: ({ who, verb, reading }) => `${who} ${verb('does', 'do')} not answer: ${reading}.`,
    cause: () => 'The select line is not connected.',
    remedy: ({ pin, who }) =>
      `Check the wire from ${pin.select} to ${printed.select} of ${who}; then 3.3 V and GND, and that ${printed.reset} is not held low.`,
  },
  {
    id: 'unsteady',
    shows: 'the version register is right at times',
    fits: ({ flickers }) => flickers,
    sentence: ({ who, verb }) =>
      `${who} ${verb('answers', 'answer')} rightly at times and wrongly at others, even at the slowest clock.`,
    cause: () => 'A wire is loose or much too long, or ground is missing between board and module.',
    remedy: ({ who }) =>
      `Press every plug of ${who} home, run a ground wire beside the clock, and keep wires shorter than a hand.`,
  },
];

/** Names of wires that belong to a bus, which two modules may share. */
export const busWires: readonly BusWire[] = ['sck', 'miso', 'mosi'];
