// The pins D0 to D39 of a board, as Espruino's `Pin` objects show them, and the two ends of their wires: what is
// driven from outside (a chip's INT output) and who listens to what the firmware drives (chip select, reset).
// Knows nothing of chips, buses or watches.

export type Level = 0 | 1;

/** Pins that Espruino pulls up at boot and on reset(); the others float and read low here. */
const PULLED_UP_AT_BOOT = new Set([0, 12, 13, 14, 15, 18, 19, 21, 22, 25, 26, 27, 34, 35, 36, 37, 38, 39]);
const PIN_COUNT = 40;

/**
 * One pin. The methods up to `toggle` are what the firmware sees; all of them may be bound, and none of them calls
 * another one, so that a recorder can stand before each.
 */
export class Pin {
  readonly name: string;
  /** Called when the firmware's output changes the level of the wire. */
  onDriven: (level: Level) => void = () => {};
  /** Called when the level changes from outside. */
  onEdge: (level: Level) => void = () => {};
  /** Who else may drive the wire, asked only when somebody looks: a chip on MISO. */
  driver: () => Level | null = () => null;
  /** The wire is shorted to ground or to 3.3 V, whatever anybody drives. */
  shorted: Level | null = null;
  private pullMode: string;
  private output: Level | null = null;
  private external: Level | null = null;

  constructor(readonly number: number) {
    this.name = `D${number}`;
    this.pullMode = PULLED_UP_AT_BOOT.has(number) ? 'input_pullup' : 'input';
  }

  read(): boolean {
    return this.level === 1;
  }

  write(level: number | boolean): void {
    this.drive(level ? 1 : 0);
  }

  set(): void {
    this.drive(1);
  }

  reset(): void {
    this.drive(0);
  }

  mode(mode: string): void {
    if (mode === 'output' || mode === 'opendrain') {
      this.drive(this.level);
      return;
    }
    this.becomeInput(mode);
  }

  getMode(): string {
    return this.output === null ? this.pullMode : 'output';
  }

  toggle(): boolean {
    this.drive(this.level === 1 ? 0 : 1);
    return this.level === 1;
  }

  toString(): string {
    return this.name;
  }

  get level(): Level {
    const pulled = this.pullMode === 'input_pullup' ? 1 : 0;
    return this.shorted ?? this.output ?? this.external ?? this.driver() ?? pulled;
  }

  /** The firmware makes this pin an output with that level. */
  drive(level: Level): void {
    const before = this.level;
    this.output = level;
    if (level !== before) this.onDriven(level);
  }

  /** What `mode` does for the input modes, and a watch does by itself. */
  becomeInput(mode: string): void {
    this.output = null;
    this.pullMode = mode;
  }

  /** The wire is driven from outside, or by nobody any more. A pin that is an output does not see it. */
  driveFromOutside(level: Level | null): void {
    const before = this.level;
    this.external = level;
    if (this.level !== before) this.onEdge(this.level);
  }
}

/** All pins of one board. A pin is one object for its life: `new Pin('D5') === D5`, as in Espruino. */
export class Pins {
  readonly all: readonly Pin[] = Array.from({ length: PIN_COUNT }, (_, number) => new Pin(number));

  /** The pin of that name (`D5`) or number; undefined if the chip has none such. */
  find(name: unknown): Pin | undefined {
    if (typeof name === 'number') return this.all[name];
    return this.all.find((pin) => pin.name === name);
  }

  /** The global `Pin`: `new Pin('D5')` gives the one object that `D5` is. */
  makeConstructor(): unknown {
    const find = (name: unknown) => this.find(name);
    return function (this: object, name: unknown): object {
      return find(name) ?? this;
    };
  }
}
