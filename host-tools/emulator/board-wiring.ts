// Reads board.json as the emulated board needs it: which pins and which bus each chip is soldered to. The full
// check of the file is the firmware's; here only what has to be known to connect the wires.
import type { SpiWires } from './platform-spi.ts';

export type BusName = 'SPI1' | 'SPI2';

/** What one chip is soldered to. */
export interface ChipWiring {
  readonly bus: BusName;
  readonly wires: SpiWires;
  readonly select: string;
  readonly interrupt: string;
  readonly reset: string;
}

export interface Wiring {
  readonly wan: ChipWiring;
  readonly lan: ChipWiring;
}

/** @throws a sentence naming the entry that is missing or no pin */
export function readWiring(text: string | undefined): Wiring {
  if (text === undefined)
    throw new Error("The emulated board needs Storage file 'board.json' for its wiring.");
  const board = parse(text);
  return { wan: chip(board, 'wan'), lan: chip(board, 'lan') };
}

type Section = Record<string, unknown>;

function parse(text: string): Section {
  try {
    return JSON.parse(text) as Section;
  } catch (error) {
    throw new Error(`board.json is not JSON: ${(error as Error).message}`);
  }
}

/** On the chip's own bus, or else on the one at the top, which both share. */
function chip(board: Section, name: 'wan' | 'lan'): ChipWiring {
  const lines = board[name] as Section | undefined;
  const [spi, path] = lines?.spi === undefined ? [board.spi, 'spi'] : [lines.spi, `${name}.spi`];
  const bus = entry(spi, path, 'bus');
  if (bus !== 'SPI1' && bus !== 'SPI2')
    throw new Error(`board.json: ${path}.bus is "${bus}", expected SPI1 or SPI2.`);
  return {
    bus,
    wires: { sck: pin(spi, path, 'sck'), miso: pin(spi, path, 'miso'), mosi: pin(spi, path, 'mosi') },
    select: pin(lines, name, 'select'),
    interrupt: pin(lines, name, 'interrupt'),
    reset: pin(lines, name, 'reset'),
  };
}

function pin(section: unknown, path: string, key: string): string {
  const value = entry(section, path, key);
  if (/^D([0-9]|[12][0-9]|3[0-9])$/.test(value)) return value;
  throw new Error(`board.json: ${path}.${key} is "${value}", expected a pin from D0 to D39.`);
}

function entry(section: unknown, path: string, key: string): string {
  const value = (section as Section | undefined)?.[key];
  if (typeof value === 'string') return value;
  throw new Error(`board.json: ${path}.${key} is missing.`);
}
