/**
 * The probe's two chips: where they are wired, as the host said, and slow reads and writes of their registers. Keeps
 * no opinion of its own on the pins: the host has read board.json.
 */
import { lanPort, wanPort } from '../layout/ports.ts';
import type { BusPins, ChipPins, Spi, Wire } from '../platform/bus.ts';
import { interruptPin, openBus, resetPin, selectPin } from '../platform/bus.ts';
import { driveLow } from '../platform/look.ts';
import { seconds } from '../platform/system.ts';
import { commonRead, commonWrite, modeAt, version, versionAt } from '../w5500/registers.ts';

/** By port number; undefined until the host has said where the chip is. */
export const buses: BusPins[] = [];
export const chips: ChipPins[] = [];
const spis: Spi[] = [];
export const selects: Wire[] = [];
export const resets: Wire[] = [];
export const interrupts: Wire[] = [];

/** MR: the chip resets itself (datasheet 4.1). */
const modeReset = 0x80;
/** A chip that was reset counts as lost after that many seconds, the slowest take 50 ms; or after so many looks. */
const resetSeconds = 0.08;
const mostLooks = 2000;
const looksAtOnce = 20;

/** Port of 'wan' or 'lan', if the host has said where it is; otherwise an exception with a sentence. */
export function portNamed(name: string): number {
  const port = name == 'lan' ? lanPort : wanPort;
  if (!chips[port]) throw new Error('Say first where the chip is: use ' + name + ' and its pins.');
  return port;
}

/** Prepares one chip's lines and resets it by its line and by command, since either may not reach it. */
export function openChip(port: number, bus: BusPins, pins: ChipPins): void {
  buses[port] = bus;
  chips[port] = pins;
  releaseAll();
  reopen(port, bus.hertz);
  driveLow(resets[port]);
  resets[port].write(1);
  resetByCommand(port);
}

/** Every chip's select and reset high, its interrupt pulled up: as they are before anything is asked. */
function releaseAll(): void {
  for (let port = 0; port < chips.length; port++) {
    if (!chips[port]) continue;
    selects[port] = selectPin(chips[port]);
    resets[port] = resetPin(chips[port]);
    interrupts[port] = interruptPin(chips[port]);
  }
}

/** The bus of a chip anew, with its lines: whoever looked at the pins one by one took them away from it. */
export function reopen(port: number, hertz: number): void {
  const bus = buses[port];
  const pins = { bus: bus.bus, sck: bus.sck, miso: bus.miso, mosi: bus.mosi, hertz: hertz };
  const opened = openBus(pins);
  if (!opened) throw new Error('This build of the interpreter has no bus ' + bus.bus + '.');
  spis[port] = opened.spi;
  releaseAll();
}

/** The bus of a chip, as `reopen` left it. */
export function busOf(port: number): Spi {
  return spis[port];
}

/** A request for registers: its 3-byte header, then as many bytes as are read or written. */
function request(address: number, control: number, bytes: number): Uint8Array {
  const bytesOut = new Uint8Array(3 + bytes);
  bytesOut[0] = address >>> 8;
  bytesOut[1] = address;
  bytesOut[2] = control;
  return bytesOut;
}

/** Reads registers: the answer's first three bytes are what the chip says meanwhile, 1, 2 and 3. */
export function read(port: number, address: number, control: number, bytes: number): Uint8Array {
  return spis[port].send(request(address, control, bytes), selects[port]);
}

/** Writes registers from byte values. */
export function write(port: number, address: number, control: number, values: number[]): void {
  const bytesOut = request(address, control, values.length);
  for (let i = 0; i < values.length; i++) bytesOut[3 + i] = values[i];
  spis[port].write(bytesOut, selects[port]);
}

/** The version register, 4 on a healthy chip. */
export function versionOf(port: number): number {
  return read(port, versionAt, commonRead, 1)[3];
}

/** Waits for a chip that was reset. */
export function settle(port: number): void {
  const begin = seconds();
  for (let looks = 0; looks < mostLooks; looks++) {
    if (versionOf(port) == version) return;
    if (looks % looksAtOnce == 0 && seconds() - begin > resetSeconds) return;
  }
}

/** Everything a chip was told is forgotten, whatever its reset line does. */
export function resetByCommand(port: number): void {
  write(port, modeAt, commonWrite, [modeReset]);
  settle(port);
}
