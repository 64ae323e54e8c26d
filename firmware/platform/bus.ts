/**
 * The SPI buses and the pins of one W5500, from the board's description. One of the few files that name Espruino's
 * globals; everything else gets what it needs from here.
 */
export type Spi = EspruinoSpi;
export type Wire = EspruinoPin;

/** What a board tells about a bus: pins by name, and the clock in Hz. */
export interface BusPins {
  bus: string;
  sck: string;
  miso: string;
  mosi: string;
  hertz: number;
}

/** The three lines of one chip, by pin name. */
export interface ChipPins {
  select: string;
  interrupt: string;
  reset: string;
}

/** A bus that is set up. Its natives are bound once, for all chips on it. */
export interface Bus {
  spi: Spi;
  /** Sends a request and brings as many bytes: `exchange(request, select)`. */
  exchange: (request: Uint8Array, select: Wire) => Uint8Array;
  write: (message: Uint8Array, select: Wire) => void;
}

/** Sets up a bus in SPI mode 0. @returns undefined when the build has none of that name */
export function openBus(pins: BusPins): Bus | undefined {
  const spi = (global as unknown as EspruinoBuses)[pins.bus];
  if (!spi) return undefined;
  spi.setup({
    sck: new Pin(pins.sck),
    miso: new Pin(pins.miso),
    mosi: new Pin(pins.mosi),
    baud: pins.hertz,
    mode: 0,
  });
  return { spi, exchange: spi.send.bind(spi), write: spi.write.bind(spi) };
}

/** The select pin, driven high. Setting the mode by hand spares the interpreter setting it at every toggle. */
export function selectPin(pins: ChipPins): Wire {
  const pin = new Pin(pins.select);
  pin.write(1);
  pin.mode('output');
  return pin;
}

/** The interrupt pin, pulled up: the chip drives it low. */
export function interruptPin(pins: ChipPins): Wire {
  const pin = new Pin(pins.interrupt);
  pin.mode('input_pullup');
  return pin;
}

/** The reset pin, driven high. */
export function resetPin(pins: ChipPins): Wire {
  const pin = new Pin(pins.reset);
  pin.write(1);
  pin.mode('output');
  return pin;
}

/** Calls `run` at every falling edge: a hint only, since a lost edge never comes again. */
export function onFalling(pin: Wire, run: () => void): void {
  setWatch(run, pin, { repeat: true, edge: 'falling' });
}

/** A native that copies `from` over the beginning of the array it is given. */
export function copierOf(from: Uint8Array): (to: Uint8Array) => void {
  return E.mapInPlace.bind(E, from) as (to: Uint8Array) => void;
}

/** A native that copies `from` over the beginning of `to`. */
export function copier(): (from: Uint8Array, to: Uint8Array) => void {
  return E.mapInPlace.bind(E) as (from: Uint8Array, to: Uint8Array) => void;
}

/**
 * Whether a buffer lies in memory in one piece, which SPI transfers and the arena need.
 * @inline
 */
export function isFlat(bytes: Uint8Array): boolean {
  return !!E.getAddressOf(bytes, true);
}
