// Wires that are broken: between the pins of the emulated board and the lines of its two chips anything may be open,
// shorted, exchanged or too long for a fast clock. Exists only once something is broken; a whole board costs nothing.
// From then on it stands between pins, buses and chips. Knows no register and no firmware.
import type { Wiring } from './board-wiring.ts';
import type { Level, Pin, Pins } from './platform-pins.ts';
import type { SpiDevice, SpiWires } from './platform-spi.ts';
import { Random } from './random.ts';

export type ChipName = 'wan' | 'lan';
const CHIPS: readonly ChipName[] = ['wan', 'lan'];

/** A chip's end of a wire, by the name it has in board.json; `power` is its supply, or its ground. */
const LINES = ['sck', 'mosi', 'miso', 'select', 'interrupt', 'reset', 'power'] as const;
export type ChipLine = (typeof LINES)[number];
export type WireName = `${ChipName}.${ChipLine}`;

/**
 * What is wrong with a wire: not connected at the chip; shorted to ground or to 3.3 V, with everything else on that
 * pin; exchanged with the other wire named; or, a number, whole but good for a clock of so many hertz only.
 */
export type WireFault = 'open' | 'low' | 'high' | WireName | number;

/** What the faults need of a chip; the board's is one. */
export interface WiredChip extends SpiDevice {
  readonly interruptLow: boolean;
  onInterrupt: (low: boolean) => void;
  setReset(low: boolean): void;
}

/** Chance of each bit to arrive wrong when the clock is too fast for the wire: enough to show within a few bytes. */
const WRONG_BITS = 0.05;

export class WiringFaults {
  /** Where each chip's line leads: a pin, or null for nowhere. */
  private readonly leads = new Map<WireName, string | null>();
  private readonly shorted = new Map<string, Level>();
  private readonly fastest: Record<ChipName, number> = { wan: Infinity, lan: Infinity };
  private readonly powered: Record<ChipName, boolean> = { wan: true, lan: true };
  private readonly selected: Record<ChipName, boolean> = { wan: false, lan: false };
  private readonly random: Random;
  private pins!: Pins;

  constructor(
    private readonly chips: Readonly<Record<ChipName, WiredChip>>,
    wiring: Wiring,
    /** What a bus reads while nobody drives its MISO: builds differ. */
    private readonly floating: 0x00 | 0xff,
    seed: number,
  ) {
    this.random = new Random(seed);
    for (const chip of CHIPS) {
      const { wires, select, interrupt, reset } = wiring[chip];
      const pins: Record<ChipLine, string | null> = { ...wires, select, interrupt, reset, power: null };
      for (const line of LINES) if (line !== 'power') this.leads.set(`${chip}.${line}`, pins[line]);
    }
  }

  /** Breaks one more wire. @throws a sentence for a wire or a fault that there is not */
  break(wire: string, fault: WireFault): void {
    const [chip, line] = wire.split('.') as [ChipName, ChipLine];
    if (!CHIPS.includes(chip) || !LINES.includes(line))
      throw new Error(`There is no wire '${wire}': it is wan or lan, a dot, and one of ${LINES.join(', ')}.`);
    const name: WireName = `${chip}.${line}`;
    const pin = this.leads.get(name);
    if (line === 'power') this.powered[chip] = false;
    else if (typeof fault === 'number') this.fastest[chip] = fault;
    else if (fault === 'open') this.leads.set(name, null);
    else if (fault === 'low' || fault === 'high') {
      if (typeof pin === 'string') this.shorted.set(pin, fault === 'low' ? 0 : 1);
    } else this.exchange(name, fault);
    this.attach(this.pins);
  }

  private exchange(one: WireName, other: WireName): void {
    const pin = this.leads.get(other);
    if (pin === undefined) throw new Error(`There is no wire '${other}' to exchange ${one} with.`);
    this.leads.set(other, this.leads.get(one)!);
    this.leads.set(one, pin);
  }

  /** Takes the pins' far ends over: all of a board's, anew at every restart. */
  attach(pins: Pins): void {
    this.pins = pins;
    for (const pin of pins.all) {
      pin.shorted = this.shorted.get(pin.name) ?? null;
      pin.driveFromOutside(null);
      pin.driver = () => this.levelOnMiso(pin);
      pin.onDriven = () => this.update();
    }
    for (const chip of CHIPS) {
      // The chip pulls its select input up itself.
      this.pinOf(`${chip}.select`)?.driveFromOutside(1);
      this.chips[chip].onInterrupt = () => this.driveInterrupt(chip);
      this.driveInterrupt(chip);
    }
    this.update();
  }

  /** Every chip sees the levels that its wires have now. */
  private update(): void {
    for (const name of CHIPS) {
      const chip = this.chips[name];
      chip.setReset(!this.powered[name] || this.levelAt(`${name}.reset`) === 0);
      const selected = this.powered[name] && this.levelAt(`${name}.select`) === 0;
      if (selected === this.selected[name]) continue;
      this.selected[name] = selected;
      if (selected) chip.select();
      else chip.deselect();
    }
  }

  /** A transfer on a bus of those pins: what every chip on it hears, and what comes back. */
  move(bus: SpiWires, hertz: number, mosi: Uint8Array, miso: Uint8Array | null): void {
    const answers = CHIPS.filter((name) => this.selected[name] && this.isClockedBy(name, bus.sck)).map(
      (name) => ({ name, bytes: this.transfer(name, bus, hertz, mosi) }),
    );
    if (miso === null) return;
    const short = this.shorted.get(bus.miso);
    if (short !== undefined) {
      miso.fill(short === 0 ? 0x00 : 0xff, 0, mosi.length);
      return;
    }
    // A chip that is selected but hears no clock holds the line low.
    const silent = CHIPS.some((name) => this.drives(name, bus.miso) && !this.isClockedBy(name, bus.sck));
    const heard = answers.filter(({ name }) => this.drives(name, bus.miso));
    if (heard.length === 0) miso.fill(silent ? 0x00 : this.floating, 0, mosi.length);
    // Whoever drives low wins.
    for (const [turn, { bytes }] of heard.entries())
      for (let i = 0; i < mosi.length; i++) miso[i] = (turn === 0 ? (silent ? 0 : 0xff) : miso[i]) & bytes[i];
  }

  private transfer(name: ChipName, bus: SpiWires, hertz: number, mosi: Uint8Array): Uint8Array {
    const bytes = new Uint8Array(mosi.length);
    const heard = Uint8Array.from(mosi);
    const pin = this.pinOf(`${name}.mosi`);
    if (pin === undefined) heard.fill(this.floating);
    else if (pin.name !== bus.mosi || pin.shorted !== null) heard.fill(pin.level === 0 ? 0x00 : 0xff);
    const tooFast = hertz > this.fastest[name];
    if (tooFast) this.spoil(heard);
    this.chips[name].transfer(heard, bytes);
    if (tooFast) this.spoil(bytes);
    return bytes;
  }

  private spoil(bytes: Uint8Array): void {
    for (let bit = 0; bit < bytes.length * 8; bit++)
      if (this.random.chance(WRONG_BITS)) bytes[bit >>> 3] ^= 0x80 >>> (bit & 7);
  }

  private isClockedBy(name: ChipName, sck: string): boolean {
    return this.leads.get(`${name}.sck`) === sck && !this.shorted.has(sck);
  }

  private drives(name: ChipName, pin: string): boolean {
    return this.selected[name] && this.leads.get(`${name}.miso`) === pin;
  }

  /** What a chip drives onto a pin while the board only listens there: between bytes MISO is low. */
  private levelOnMiso(pin: Pin): Level | null {
    return CHIPS.some((name) => this.drives(name, pin.name)) ? 0 : null;
  }

  private driveInterrupt(name: ChipName): void {
    const level = this.chips[name].interruptLow ? 0 : 1;
    this.pinOf(`${name}.interrupt`)?.driveFromOutside(this.powered[name] ? level : null);
  }

  /** The level at the chip's end; an open input is pulled up by the chip. */
  private levelAt(wire: WireName): Level {
    return this.pinOf(wire)?.level ?? 1;
  }

  private pinOf(wire: WireName): Pin | undefined {
    const name = this.leads.get(wire);
    return typeof name === 'string' ? this.pins.find(name) : undefined;
  }
}
