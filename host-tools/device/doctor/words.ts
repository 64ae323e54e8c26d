/* How the doctor's sentences call modules, wires and clocks. */
import type { ChipName, WireOfChip } from './facts.ts';

/** "the WAN module" */
export function moduleName(name: ChipName): string {
  return `the ${name.toUpperCase()} module`;
}

export const wireNames: Record<WireOfChip, string> = {
  sck: 'SCK',
  mosi: 'MOSI',
  miso: 'MISO',
  select: 'select',
  interrupt: 'INT',
  reset: 'RST',
};

/** "13.33 MHz" */
export function megahertz(hertz: number): string {
  return `${Math.round(hertz / 10000) / 100} MHz`;
}

/** As a sentence begins. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
