/**
 * Looking at wires and at the interpreter: what `hairpin doctor` asks of a board. Only the probe uses it; the router
 * never does.
 */
import type { Spi, Wire } from './bus.ts';

/** Reads of a pin that take longer than 500 us on a board, at 20 us and more for one (the datasheet's reset pulse). */
const readsOfAPulse = 40;

function levelOf(pin: Wire): number {
  return pin.read() ? 1 : 0;
}

/**
 * The level of a wire that only its far end may drive: pulled up, pulled down. A line that follows both is driven by
 * nobody.
 */
export function pulledLevels(name: string): number[] {
  const pin = new Pin(name);
  pin.mode('input_pullup');
  const up = levelOf(pin);
  pin.mode('input_pulldown');
  return [up, levelOf(pin)];
}

/** The same of a wire that the board drives, and then its level while driven low. Left driven high. */
export function drivenLevels(name: string): number[] {
  const levels = pulledLevels(name);
  const pin = new Pin(name);
  pin.write(0);
  pin.mode('output');
  levels.push(levelOf(pin));
  pin.write(1);
  return levels;
}

/** Drives a line low for as long as a reset takes, or longer, and leaves it low. @returns its level meanwhile */
export function driveLow(pin: Wire): number {
  pin.write(0);
  let level = 0;
  for (let i = 0; i < readsOfAPulse; i++) level = levelOf(pin);
  return level;
}

/** 1 while a line is high. */
export function levelNow(pin: Wire): number {
  return levelOf(pin);
}

/** Clocks bytes out while no chip is selected. @returns what comes in */
export function sendToNobody(bus: Spi, bytes: Uint8Array): Uint8Array {
  return (bus as unknown as { send(bytes: Uint8Array): Uint8Array }).send(bytes);
}

interface Interpreter {
  process: {
    env: { VERSION: string; BOARD: string };
    memory(): { free: number; total: number; blocksize?: number };
  };
  require(module: 'Wifi'): { getStatus(): { mode: string } };
}

/** Version, board, memory in variables, and the mode of Wi-Fi; null where this build has none. */
export function interpreterFacts(): {
  ok: true;
  version: string;
  board: string;
  free: number;
  total: number;
  blocksize: number | null;
  wifi: string | null;
} {
  const here = global as unknown as Interpreter;
  const memory = here.process.memory();
  let wifi: string | null = null;
  try {
    wifi = here.require('Wifi').getStatus().mode;
  } catch (missing) {
    // This build has no Wi-Fi.
  }
  return {
    ok: true,
    version: here.process.env.VERSION,
    board: here.process.env.BOARD,
    free: memory.free,
    total: memory.total,
    blocksize: memory.blocksize || null,
    wifi: wifi,
  };
}
