/**
 * The text of a board file in, pins and bus or one sentence out: what is wired where, checked against what the
 * ESP32 and its Espruino build can do. A file that passes cannot make the firmware touch a pin it must not.
 * Pure; see boards/README.md for the format.
 */
import { parseDecimal } from './address.ts';
import { member, readChoice, readNumber, readObject, readText, refuse, refuseValue } from './expect.ts';
import type { Check } from './expect.ts';
import { readJson } from './json.ts';
import type { JsonValue } from './json.ts';

/** A bus, of both chips or of one. Pins are names, as the platform's `Pin` takes them. */
export interface BoardSpi {
  /** SPI1 is the chip's HSPI, SPI2 its VSPI. */
  bus: 'SPI1' | 'SPI2';
  sck: string;
  miso: string;
  mosi: string;
  hertz: number;
}

/** The bus and the lines of one Ethernet chip. */
export interface ChipWiring {
  spi: BoardSpi;
  select: string;
  interrupt: string;
  reset: string;
}

/** What is wired where. On a shared bus `wan.spi` and `lan.spi` are one and the same object. */
export interface Board {
  board: string;
  wan: ChipWiring;
  lan: ChipWiring;
  /** Pin of a light, high is lit; not there: the board has none. */
  led?: string;
}

const buses: ('SPI1' | 'SPI2')[] = ['SPI1', 'SPI2'];
const spiKeys = ['bus', 'sck', 'miso', 'mosi', 'hertz'];
const requiredKeys = ['board', 'spi', 'wan', 'lan'];

/**
 * SPI clock in Hz. The upper end is 80 MHz / 3: the most for full duplex through the ESP32's GPIO matrix. On pins that
 * need no matrix the next step is 80 MHz / 2, and that is more than the 33.3 MHz a W5500 is guaranteed for.
 */
const minHertz = 1000000;
const maxHertz = 26666666;

/** GPIO numbers that the ESP32 does not have (ESP32 datasheet, pin list). */
const absentPins = [20, 24, 28, 29, 30, 31];
/** GPIO 6-11 carry the flash chip that the firmware itself lies in. */
const firstFlashPin = 6;
const lastFlashPin = 11;
/** The button with which a start is kept from running the router. */
const buttonPin = 0;
/** Espruino cannot watch the flash pins, and not GPIO 12 either. */
const unwatchablePin = 12;
/** GPIO 34-39 have no output driver. */
const firstInputOnlyPin = 34;
const lastPin = 39;

/** What a pin is used for decides what it must be able to do. */
type Use = 'output' | 'input' | 'watch';

/** The pin check in progress: pins taken so far, and by which key. */
interface PinCheck {
  check: Check;
  pins: string[];
  paths: string[];
}

/** Why a pin cannot be used, in words; empty when it can. */
function objection(pin: number, use: Use): string {
  if (absentPins.indexOf(pin) >= 0) return 'the ESP32 has no such pin';
  if (pin >= firstFlashPin && pin <= lastFlashPin) return 'it belongs to the flash chip';
  if (pin === 1 || pin === 3) return 'it belongs to the serial console';
  if (pin === buttonPin) return 'it is the BOOT button, by which the router is skipped';
  if (use === 'output' && pin >= firstInputOnlyPin) return 'it is input only';
  if (use === 'watch' && pin === unwatchablePin) return 'Espruino cannot watch it';
  return '';
}

function readPin(pins: PinCheck, path: string, value: JsonValue | undefined, use: Use): string {
  const expected = 'a pin from "D0" to "D39"';
  const name = readText(pins.check, path, value, expected);
  const pin = name[0] === 'D' ? parseDecimal(name.substring(1), lastPin) : -1;
  if (pin < 0) {
    refuseValue(pins.check, path, expected, value);
    return name;
  }
  const reason = objection(pin, use);
  const taken = pins.pins.indexOf(name);
  if (reason) refuse(pins.check, path, 'expected another pin than "' + name + '": ' + reason);
  if (taken >= 0)
    refuse(
      pins.check,
      path,
      'expected another pin than "' + name + '": ' + pins.paths[taken] + ' has it already',
    );
  pins.pins.push(name);
  pins.paths.push(path);
  return name;
}

/** `hint` follows the list of keys for somebody who has no such object. */
function readSpi(pins: PinCheck, path: string, value: JsonValue | undefined, hint: string): BoardSpi {
  const what = 'an object with ' + spiKeys.join(', ') + hint;
  const object = readObject(pins.check, path, value, what, spiKeys);
  const hertz = 'a clock from ' + minHertz + ' to ' + maxHertz + ' Hz';
  return {
    bus: readChoice(pins.check, path + '.bus', member(object, 'bus'), buses, ''),
    sck: readPin(pins, path + '.sck', member(object, 'sck'), 'output'),
    miso: readPin(pins, path + '.miso', member(object, 'miso'), 'input'),
    mosi: readPin(pins, path + '.mosi', member(object, 'mosi'), 'output'),
    hertz: readNumber(pins.check, path + '.hertz', member(object, 'hertz'), hertz, minHertz, maxHertz, -1),
  };
}

/** @param shared the bus of both chips, undefined when each has one of its own */
function readPort(
  pins: PinCheck,
  path: string,
  value: JsonValue | undefined,
  shared: BoardSpi | undefined,
): ChipWiring {
  const keys = ['select', 'interrupt', 'reset'];
  if (!shared) keys.push('spi');
  const object = readObject(pins.check, path, value, 'an object with ' + keys.join(', '), keys);
  const hint = ', or one "spi" for both chips at the top';
  return {
    spi: shared || readSpi(pins, path + '.spi', member(object, 'spi'), hint),
    select: readPin(pins, path + '.select', member(object, 'select'), 'output'),
    interrupt: readPin(pins, path + '.interrupt', member(object, 'interrupt'), 'watch'),
    reset: readPin(pins, path + '.reset', member(object, 'reset'), 'output'),
  };
}

/** Reads a board file. `file` is what a sentence calls it; an error names file, place and what was expected. */
export function parseBoard(text: string, file: string): { board: Board } | { error: string } {
  const json = readJson(text);
  if ('error' in json) return { error: file + ': ' + json.error };
  return checkBoard(json.value, file);
}

/**
 * Apart from the reading of the text: on a board its functions are gone when these come.
 * @overlay
 */
function checkBoard(value: JsonValue, file: string): { board: Board } | { error: string } {
  const check: Check = { file, error: '' };
  const pins: PinCheck = { check, pins: [], paths: [] };
  const what = 'an object with ' + requiredKeys.join(', ');
  const document = readObject(check, '', value, what, requiredKeys.concat('led'));
  const spi = member(document, 'spi');
  const shared = spi === undefined ? undefined : readSpi(pins, 'spi', spi, '');
  const board: Board = {
    board: readText(check, 'board', member(document, 'board'), "the name of the board, its folder's name"),
    wan: readPort(pins, 'wan', member(document, 'wan'), shared),
    lan: readPort(pins, 'lan', member(document, 'lan'), shared),
  };
  const led = member(document, 'led');
  if (led !== undefined) board.led = readPin(pins, 'led', led, 'output');
  // One bus cannot be set up twice: the second set of pins would take it from the first chip.
  if (!shared && board.wan.spi.bus === board.lan.spi.bus)
    refuse(
      check,
      'lan.spi.bus',
      'expected another bus than "' +
        board.lan.spi.bus +
        '": wan.spi has it already (chips that share a bus have one "spi" at the top)',
    );
  return check.error ? { error: check.error } : { board };
}
