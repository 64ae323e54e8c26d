// Reads board.json as the emulated board needs it: which pins and which bus each chip is soldered to. The full
// check of the file is the firmware's; here only what has to be known to connect the wires.
import type { SpiWires } from './platform-spi.ts';

export interface ChipPins {
  readonly select: string;
  readonly interrupt: string;
  readonly reset: string;
}

export interface Wiring {
  readonly bus: 'SPI1' | 'SPI2';
  readonly wires: SpiWires;
  readonly wan: ChipPins;
  readonly lan: ChipPins;
}

/** @throws a sentence naming the entry that is missing or no pin */
export function readWiring(text: string | undefined): Wiring {
  if (text === undefined)
    throw new Error("The emulated board needs Storage file 'board.json' for its wiring.");
  const board = parse(text);
  const bus = entry(board, 'spi', 'bus');
  if (bus !== 'SPI1' && bus !== 'SPI2')
    throw new Error(`board.json: spi.bus is "${bus}", expected SPI1 or SPI2.`);
  return {
    bus,
    wires: {
      sck: pin(board, 'spi', 'sck'),
      miso: pin(board, 'spi', 'miso'),
      mosi: pin(board, 'spi', 'mosi'),
    },
    wan: chip(board, 'wan'),
    lan: chip(board, 'lan'),
  };
}

type Sections = Record<string, Record<string, unknown> | undefined>;

function parse(text: string): Sections {
  try {
    return JSON.parse(text) as Sections;
  } catch (error) {
    throw new Error(`board.json is not JSON: ${(error as Error).message}`);
  }
}

function chip(board: Sections, name: string): ChipPins {
  return {
    select: pin(board, name, 'select'),
    interrupt: pin(board, name, 'interrupt'),
    reset: pin(board, name, 'reset'),
  };
}

function pin(board: Sections, section: string, key: string): string {
  const value = entry(board, section, key);
  if (/^D([0-9]|[12][0-9]|3[0-9])$/.test(value)) return value;
  throw new Error(`board.json: ${section}.${key} is "${value}", expected a pin from D0 to D39.`);
}

function entry(board: Sections, section: string, key: string): string {
  const value = board[section]?.[key];
  if (typeof value === 'string') return value;
  throw new Error(`board.json: ${section}.${key} is missing.`);
}
