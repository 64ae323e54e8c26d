/*
 * What @types/espruino 1.95.0 lacks or declares wrongly, for the calls this firmware makes.
 *
 * Ambient and types only. It may name nothing but Espruino's own globals as the classic ESP32 build of the current
 * release has them; a call that no file in firmware/platform makes does not belong here.
 *
 * Where the old declaration can be widened it is widened here (a function declared again is an overload). Where it
 * cannot - `SPI.send` is `any`, and binding an overloaded method picks the wrong signature - an interface of our own
 * takes its place: `EspruinoSpi` and `EspruinoPin`. They are reached by
 *   - `new Pin('D5')`, which is declared below and gives an `EspruinoPin`;
 *   - one cast where the bus is looked up: `(global as unknown as EspruinoBuses)[board.spi.bus]`.
 */

/** One of the chip's pins. Every method is a native that may be bound: `const read = pin.read.bind(pin)`. */
interface EspruinoPin {
  /** The level now. Does not change the pin's mode once `mode` was called. */
  read(): boolean;
  write(level: number | boolean): void;
  /** Drives high. */
  set(): void;
  /** Drives low. */
  reset(): void;
  mode(mode: 'output' | 'input' | 'input_pullup' | 'input_pulldown' | 'opendrain' | 'auto'): void;
}

/** Names a pin of the board, `D0` to `D39`. An unknown name gives an object that is no pin. */
declare var Pin: { new (name: string): EspruinoPin };

/**
 * Drives a pin to a level, and to the other one and back after so many milliseconds each. Returns at once: a hardware
 * timer goes on with it. What is under way on the pin is waited for first.
 */
declare function digitalPulse(pin: EspruinoPin, level: boolean, milliseconds: number[]): void;

interface EspruinoSpiSetup {
  sck: EspruinoPin;
  miso: EspruinoPin;
  mosi: EspruinoPin;
  /** Hz; 80 MHz divided by a whole number, so 20000000 and 40000000 are exact. The default is 100 kHz. */
  baud: number;
  /** 0 to 3; the W5500 takes 0 and 3. */
  mode: number;
}

/**
 * A hardware SPI port. `send` and `write` are natives that may be bound, also with their arguments.
 * Only flat data (at least 20 bytes, `E.getAddressOf(data, true)` not 0) or data of at most 9 bytes goes out as one
 * transaction.
 */
interface EspruinoSpi {
  setup(options: EspruinoSpiSetup): void;
  /** Full duplex: a fresh array of exactly the data's length, over a buffer of its own (`byteOffset` 0). */
  send(data: Uint8Array, select: EspruinoPin): Uint8Array;
  /** Sends each piece within one chip select; the last argument is the pin. What comes back is thrown away. */
  write(...dataThenSelect: Array<Uint8Array | number | EspruinoPin>): void;
}

/** The hardware ports by the names that board.json uses. */
interface EspruinoBuses {
  [bus: string]: EspruinoSpi | undefined;
}

interface EspruinoWatchOptions {
  repeat?: boolean;
  edge?: 'rising' | 'falling' | 'both';
  /** Milliseconds. */
  debounce?: number;
}

/** What a watch hands to its callback; times in seconds as `getTime()` gives them. */
interface EspruinoWatchEvent {
  state: boolean;
  time: number;
  lastTime?: number;
}

/** A watch's number, or undefined for the pins 6 to 12, which cannot be watched on this chip. */
declare function setWatch(
  f: (event: EspruinoWatchEvent) => void,
  pin: EspruinoPin,
  options: EspruinoWatchOptions,
): number | undefined;

/** Milliseconds, at least 0.1; a stalled interval catches up by firing once per missed turn. */
declare function setInterval(f: () => void, milliseconds: number): number;
declare function setTimeout(f: () => void, milliseconds: number): number;

/**
 * The flash file store. A write that finds no room behind the last file compacts, which blocks for seconds, and a power
 * cut meanwhile loses files: ask `getFree` first. Names have at most 28 characters (longer ones are cut silently); empty
 * files do not exist. How it lies in flash: host-tools/emulator/storage-files.ts.
 */
interface EspruinoStorage {
  /** The text lies in flash and costs no memory. */
  read(name: string, offset?: number, length?: number): string | undefined;
  /** At offset 0 replaces the file, unless it has that size and is blank. Throws when the place is not blank. */
  write(name: string, data: string | ArrayBufferView, offset?: number, size?: number): boolean;
  erase(name: string): void;
  /** Bytes that are free without compacting. */
  getFree(): number;
}
declare function require(module: 'Storage'): EspruinoStorage;

declare namespace E {
  /** Where the array's bytes lie; 0 when `flat` is asked for and they are not in one piece. */
  function getAddressOf(array: ArrayBuffer | ArrayBufferView, flat: boolean): number;
  /**
   * Copies element by element in C: plain; through a table or function `map`; or, with `bits`, reading numbers of
   * that many bits, most significant bit first, from the elements of `from` (negative: least significant first).
   * Numbers of 32 bits come out as 0 (seen on the Linux build: the mask is 1<<32 in C): `bits` is at most 31, and a
   * Uint32Array may be the target but not the source of a plain or mapped copy.
   */
  function mapInPlace(
    from: ArrayBuffer | ArrayBufferView,
    to: ArrayBuffer | ArrayBufferView,
    map?: ArrayLike<number> | ((value: number, index: number) => number),
    bits?: number,
  ): void;
  /** Whole seconds, 2 or more; cannot be switched off again. Automatic mode does not notice a dead interval. */
  function enableWatchdog(seconds: number, automatic: boolean): void;
  function kickWatchdog(): void;
  /** Restarts the chip; nothing runs behind it. */
  function reboot(): void;
  function CRC32(data: string | ArrayBuffer | ArrayBufferView): number;
}

/** The array's elements as bytes, in base64. */
declare function btoa(data: Uint8Array): string;

/** Reads a word of the chip's memory; the Linux build crashes on it. */
declare function peek32(address: number): number;
declare function poke32(address: number, value: number): void;

/** About 87 us a character once 128 are waiting. */
declare function print(...values: unknown[]): void;
