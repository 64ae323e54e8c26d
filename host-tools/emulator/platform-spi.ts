// Espruino's hardware SPI objects (`SPI1`, `SPI2`): what `setup`, `send` and `write` put on the wire and give back.
// Chips are reached only through the bus they are wired to; chip select is a pin like any other. Language is not
// imitated: data that a board would send wrongly is refused with a sentence.
import { Pin } from './platform-pins.ts';
import type { Realm } from './realm.ts';

/** What a chip on the bus offers. Calls come in the order select, transfers, deselect. */
export interface SpiDevice {
  select(): void;
  transfer(mosi: Uint8Array, miso: Uint8Array | null): void;
  deselect(): void;
}

/** Three pins, in the order the wires are named in board.json. */
export interface SpiWires {
  readonly sck: string;
  readonly miso: string;
  readonly mosi: string;
}

interface SpiSetup {
  sck?: unknown;
  miso?: unknown;
  mosi?: unknown;
  baud?: number;
  mode?: number;
}

/** Fixed cost of one SPI transaction on the ESP32 in microseconds (interrupt-driven driver; estimate, no board measured). */
const TRANSACTION_US = 28;
/** Espruino's rate when `setup` names none. */
const DEFAULT_HERTZ = 100_000;
/** The ESP32's SPI clock is this divided by a whole number. */
const SOURCE_HERTZ = 80_000_000;
/** Arrays of fewer bytes are never flat in Espruino; their first 9 bytes lie in the variable itself. */
const FLAT_BYTES = 20;
const BYTES_IN_VARIABLE = 9;

/** Where the bus's time goes: null when transfers take none. */
export type SpendTime = ((us: number) => void) | null;

/** Stands between the bus and its chips once a wire is broken. */
export interface BrokenWires {
  move(bus: SpiWires, hertz: number, mosi: Uint8Array, miso: Uint8Array | null): void;
}

export class Spi {
  private readonly oneByte = new Uint8Array(1);
  private readonly oneByteBack = new Uint8Array(1);
  private usPerByte = 0;
  private wired = false;
  private selected: SpiDevice | null = null;
  private asked: SpiWires = { sck: '', miso: '', mosi: '' };
  private hertz = DEFAULT_HERTZ;
  /** Set when a wire is broken: then chips are reached through this alone. */
  broken: BrokenWires | null = null;

  constructor(
    readonly name: string,
    private readonly realm: Realm,
    /** Pins at which chips are attached to this bus; null: nothing is. */
    private readonly wires: SpiWires | null,
    private readonly spend: SpendTime,
  ) {}

  /** Wires a chip's select input to `pin`; low selects. */
  attach(device: SpiDevice, pin: Pin): void {
    pin.driveFromOutside(1);
    pin.onDriven = (level) => {
      if (level === 1) this.release(device);
      else this.take(device, pin);
    };
  }

  /** `setup({sck, miso, mosi, baud, mode})`. With other pins or another mode than the wiring's, no chip hears anything. */
  setup(options: SpiSetup): void {
    const asked = options.baud ?? DEFAULT_HERTZ;
    this.hertz = nearestHertz(asked);
    this.usPerByte = 8e6 / this.hertz;
    const { sck, miso, mosi, mode = 0 } = options;
    this.asked = { sck: String(sck), miso: String(miso), mosi: String(mosi) };
    this.wired =
      this.wires !== null &&
      String(sck) === this.wires.sck &&
      String(miso) === this.wires.miso &&
      String(mosi) === this.wires.mosi &&
      (mode === 0 || mode === 3);
  }

  /**
   * Full duplex. A number gives a number; a Uint8Array gives a new one of the same length at offset 0 of its own
   * buffer, which is filled up with zeros to a multiple of 4 so that a word view fits over it.
   */
  send(data: unknown, select?: unknown): unknown {
    const pin = select === undefined ? null : asPin(select, this.name);
    if (typeof data !== 'number' && !isUint8Array(data)) throw unsendable(this.name, 'send', data);
    pin?.drive(0);
    const result = typeof data === 'number' ? this.exchangeByte(data) : this.exchange(data);
    pin?.drive(1);
    return result;
  }

  /** Half duplex: every argument in turn, in one chip-select frame if the last one is a pin. */
  write(...pieces: unknown[]): void {
    const last = pieces[pieces.length - 1];
    const pin = last instanceof Pin ? last : null;
    const count = pin === null ? pieces.length : pieces.length - 1;
    pin?.drive(0);
    for (let i = 0; i < count; i++) {
      const piece = pieces[i];
      if (typeof piece === 'number') this.exchangeByte(piece);
      else if (isUint8Array(piece)) this.transact(piece, null);
      else throw unsendable(this.name, 'write', piece);
    }
    pin?.drive(1);
  }

  private exchangeByte(value: number): number {
    this.oneByte[0] = value;
    this.move(this.oneByte, this.oneByteBack);
    return this.oneByteBack[0];
  }

  private exchange(data: Uint8Array): Uint8Array {
    const { Uint8Array: Bytes } = this.realm;
    const length = data.length;
    const padded = (length + 3) & ~3;
    const whole = new Bytes(padded);
    const result = padded === length ? whole : new Bytes(whole.buffer, 0, length);
    this.transact(data, result);
    return result;
  }

  /** One transaction, or two where Espruino would not hold the data in one piece. */
  private transact(mosi: Uint8Array, miso: Uint8Array | null): void {
    if (mosi.length <= BYTES_IN_VARIABLE || mosi.buffer.byteLength >= FLAT_BYTES) {
      this.move(mosi, miso);
      return;
    }
    for (const [from, to] of [
      [0, BYTES_IN_VARIABLE],
      [BYTES_IN_VARIABLE, mosi.length],
    ]) {
      this.move(mosi.subarray(from, to), miso === null ? null : miso.subarray(from, to));
    }
  }

  private move(mosi: Uint8Array, miso: Uint8Array | null): void {
    if (this.spend !== null) this.spend(TRANSACTION_US + mosi.length * this.usPerByte);
    if (this.broken !== null) this.broken.move(this.asked, this.hertz, mosi, miso);
    else if (this.wired && this.selected !== null) this.selected.transfer(mosi, miso);
    else miso?.fill(0xff, 0, mosi.length);
  }

  /** Whether a chip is selected, and so drives MISO. */
  get isSelecting(): boolean {
    return this.selected !== null;
  }

  private take(device: SpiDevice, pin: Pin): void {
    if (this.selected !== null) {
      throw new Error(
        `${pin.name} selects a second chip on ${this.name} while another one is still selected.`,
      );
    }
    this.selected = device;
    device.select();
  }

  private release(device: SpiDevice): void {
    if (this.selected === device) this.selected = null;
    device.deselect();
  }
}

/** The rate that the ESP32 really uses for the rate asked for. */
export function nearestHertz(asked: number): number {
  const divider = Math.max(1, Math.floor(SOURCE_HERTZ / asked));
  const faster = SOURCE_HERTZ / divider;
  const slower = SOURCE_HERTZ / (divider + 1);
  return faster - asked <= asked - slower ? faster : slower;
}

/** By its tag, because the firmware's arrays come from another realm than `instanceof` knows. */
function isUint8Array(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && (value as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT === 1;
}

function asPin(value: unknown, bus: string): Pin {
  if (value instanceof Pin) return value;
  throw new Error(`${bus}.send: the second argument is to be a pin, not ${String(value)}.`);
}

function unsendable(bus: string, method: string, value: unknown): Error {
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  return new Error(
    `${bus}.${method} was given a ${kind}. A board would send it byte by byte or wrongly: give a Uint8Array or a number.`,
  );
}
