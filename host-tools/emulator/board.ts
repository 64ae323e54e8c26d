// One emulated ESP32: loads the firmware bundle into a world of its own, with Espruino's platform objects, two chips
// on its pins, and an idle loop that its owner turns. Shows the firmware nothing but those objects; knows nothing of
// the chips but their SPI, INT and reset lines.
import type { Clock, Microseconds } from './clock.ts';
import { VirtualClock } from './clock.ts';
import { readWiring } from './board-wiring.ts';
import type { BusName, ChipWiring, Wiring } from './board-wiring.ts';
import type { Flash } from './flash.ts';
import { SerialLine } from './platform-line.ts';
import { RtcMemory } from './platform-memory.ts';
import type { Pin } from './platform-pins.ts';
import { Pins } from './platform-pins.ts';
import type { RadiosAtBoot } from './platform-radios.ts';
import { makeDigitalPulse } from './platform-pulse.ts';
import { Radios, STOCK_RADIOS } from './platform-radios.ts';
import { Spi } from './platform-spi.ts';
import { Storage } from './platform-storage.ts';
import type { SystemEvent } from './platform-system.ts';
import { System, base64, makeProcess } from './platform-system.ts';
import { Timers } from './platform-timers.ts';
import { Watchdog } from './platform-watchdog.ts';
import { Watches } from './platform-watches.ts';
import { WiringFaults } from './wiring-faults.ts';
import type { WireFault, WiredChip } from './wiring-faults.ts';
import { formatPrinted, formatUncaught } from './print.ts';
import type { Realm } from './realm.ts';
import { makeRealm, runScript } from './realm.ts';
import type { Recorder } from './recording.ts';

/** What the board needs of a chip; a `W5500` is one. */
export type BoardChip = WiredChip;

export interface BoardOptions {
  /** Text of the bundle (`dist/firmware.js`); if not given, what Storage has as `.boot0` when the board starts. */
  bundle?: string;
  /** Storage at power-on: name to content. `board.json` says where the chips are wired. */
  files: Record<string, string>;
  /** What holds Storage, if it is more than `files` in an empty flash; `files` then only has `board.json`. */
  flash?: Flash;
  chips: { wan: BoardChip; lan: BoardChip };
  clock: Clock;
  /** Of `E.hwRand`; 1 if not given. */
  seed?: number;
  /** A line on the board's console. */
  print?: (line: string) => void;
  /** `hertzTimed`: every SPI transaction advances the clock, which then must be a `VirtualClock`. */
  spi?: { hertzTimed: boolean };
  /** What the build offers by radio when it is switched on; a stock build's if not given. */
  radios?: RadiosAtBoot;
  /** What a bus reads while nobody drives its MISO, on a board with broken wires: 0xff if not given. */
  floatingMiso?: 0x00 | 0xff;
  /** Writes down every platform call. */
  recorder?: Recorder;
}

/** The platform's globals by name, as the firmware finds them. */
export type Platform = Record<string, unknown>;

export class Board {
  /**
   * Why the firmware was stopped, in order: `reset`, `load NAME`, `reboot`, `watchdog`, `power`. The board stands still
   * after one until it is booted again.
   */
  readonly restarts: string[] = [];
  readonly storage: Storage;
  /** Made anew at every restart, with everything else that a restart forgets. */
  pins!: Pins;
  radios!: Radios;
  line!: SerialLine;
  /** Somebody holds the BOOT button, which pulls pin D0 down, at the next start. */
  bootHeld = false;

  private readonly rtc = new RtcMemory();
  private realm!: Realm;
  private timers!: Timers;
  private watches!: Watches;
  private watchdog!: Watchdog;
  private system!: System;
  private platform!: Platform;
  private readonly wiring: Wiring;
  private readonly print: (line: string) => void;
  private buses!: Record<BusName, Spi>;
  private brokenWires: WiringFaults | null = null;
  /** Firmware code is on the stack: due timers and edges wait. */
  private running = false;
  private stopped = false;

  constructor(private readonly options: BoardOptions) {
    this.wiring = readWiring(options.files['board.json']);
    this.print = options.print ?? ((line) => console.log(line));
    this.makeWorld();
    this.storage = new Storage(this.realm, options.flash ?? options.files, this.print);
    this.storage.flash.onPowerLost = () => this.restart('power');
  }

  private makeWorld(): void {
    const { clock, radios = STOCK_RADIOS, recorder, seed = 1 } = this.options;
    const call = (callback: (...args: never[]) => void, ...args: unknown[]) => this.call(callback, args);
    this.realm = makeRealm();
    this.pins = new Pins();
    if (this.bootHeld) this.pins.find('D0')?.driveFromOutside(0);
    this.radios = new Radios(radios);
    this.timers = new Timers(clock, call);
    this.watches = new Watches(this.pins, clock, call, () => this.raise('FIFO_FULL'), this.print);
    this.watchdog = new Watchdog(clock);
    this.line = new SerialLine((callback, text) => this.call(callback as never, [text]));
    this.system = new System(seed + this.restarts.length, this.watchdog, () => this.restart('reboot'));
    this.platform = this.makePlatform(this.wiring);
    if (this.brokenWires !== null) this.takeOver(this.brokenWires);
    recorder?.instrument(this.platform, this.pins, clock);
    for (const name of Object.keys(this.platform)) this.realm.global[name] = this.platform[name];
  }

  /**
   * Power-on, or on again after a restart: runs the bundle, then what it left for `init` and `onInit`, as Espruino
   * does after boot code.
   */
  boot(): void {
    if (this.stopped) this.makeWorld();
    this.stopped = false;
    this.storage.powerOn();
    this.options.recorder?.boot();
    const code = this.options.bundle ?? this.storage.read('.boot0') ?? '';
    this.call(() => runScript(this.realm, code, 'firmware.js'), []);
    this.emit('init');
    if (typeof this.realm.global.onInit === 'function') this.call(this.realm.global.onInit as () => void, []);
    this.radios.restoreWifi();
  }

  /**
   * One request line to the firmware, one JSON line back.
   * @throws a sentence if the bundle has no `hairpin`, is busy, or throws
   */
  hairpin(line: string): string {
    const entry = this.realm.global.hairpin;
    if (typeof entry !== 'function')
      throw new Error('The bundle has not made the function hairpin(line): did it boot?');
    if (this.running) throw new Error(`The request "${line}" came while the firmware was running.`);
    this.running = true;
    try {
      this.options.recorder?.request(line);
      const answer = String((entry as (line: string) => unknown)(line));
      this.options.recorder?.answered(answer);
      return answer;
    } catch (error) {
      throw new Error(`The firmware threw while it answered "${line}": ${formatUncaught(error).join(' ')}`);
    } finally {
      this.running = false;
    }
  }

  /** Evaluates code as the interpreter's console does, between two turns of the idle loop. Throws what the code throws. */
  evaluate(code: string): unknown {
    const outer = this.running;
    this.running = true;
    try {
      return runScript(this.realm, code, 'console');
    } finally {
      this.running = outer;
    }
  }

  /**
   * Breaks a wire, `wan.miso` or `lan.select` or another, now and for good: see `WireFault`.
   * @throws a sentence for a wire that there is not
   */
  breakWire(wire: string, fault: WireFault): void {
    const { chips, floatingMiso = 0xff, seed = 1 } = this.options;
    this.brokenWires ??= new WiringFaults(chips, this.wiring, floatingMiso, seed);
    this.takeOver(this.brokenWires);
    this.brokenWires.break(wire, fault);
  }

  /** Restarts the board as its watchdog does: nobody is asked. */
  bite(): void {
    this.restart('watchdog');
  }

  private takeOver(wires: WiringFaults): void {
    wires.attach(this.pins);
    for (const bus of Object.values(this.buses)) bus.broken = wires;
  }

  /** How often its intervals come, at most, until the next restart: see `Timers`. The watchdog knows nothing of it. */
  set pace(us: Microseconds) {
    this.timers.pace = us;
  }

  /** One turn of Espruino's idle loop: waiting edges, then due timers, each once. True if any ran. */
  runPending(): boolean {
    if (this.running || this.stopped) return false;
    this.watchdog.idle();
    const heard = this.line.runQueued();
    const edges = this.watches.runQueued();
    const ran = this.timers.runDue() || edges || heard;
    // Behind the timers: an owner that comes late must not starve firmware that is well.
    if (!this.stopped && this.watchdog.isDue) this.restart('watchdog');
    return ran;
  }

  /** Clock time at which `runPending` will next have something to do; undefined if nothing is planned. */
  nextDue(): Microseconds | undefined {
    if (this.stopped) return undefined;
    if (this.watches.hasQueued || this.line.hasQueued) return this.options.clock.now();
    const due = [this.timers.nextDue(), this.watchdog.nextDue()].filter((at) => at !== undefined);
    return due.length > 0 ? Math.min(...due) : undefined;
  }

  private makePlatform(wiring: Wiring): Platform {
    const { timers, watches, line } = this;
    const print = (...values: unknown[]) => this.say(formatPrinted(values));
    const platform: Platform = {
      ...this.makeBuses(wiring),
      Pin: this.pins.makeConstructor(),
      setTimeout: timers.setTimeout.bind(timers),
      setInterval: timers.setInterval.bind(timers),
      clearTimeout: (...ids: unknown[]) => timers.clear('clearTimeout', ids),
      clearInterval: (...ids: unknown[]) => timers.clear('clearInterval', ids),
      setWatch: watches.setWatch.bind(watches),
      clearWatch: (...ids: unknown[]) => watches.clearWatch(ids),
      digitalPulse: makeDigitalPulse(this.options.clock),
      getTime: () => this.options.clock.now() / 1e6,
      require: (name: string) => this.require(name),
      E: this.system.makeE(),
      btoa: base64,
      // The router has the serial line as long as it runs.
      process: makeProcess(() => this.line.console !== 'Serial1'),
      print,
      console: { log: print },
      ...line.makeObjects(),
      peek32: this.rtc.peek32,
      poke32: this.rtc.poke32,
      global: this.realm.global,
      reset: () => this.restart('reset'),
      load: (file = '') => this.restart(`load ${String(file)}`),
    };
    if (this.radios.bluetooth) platform.NRF = this.radios.bluetooth;
    for (const pin of this.pins.all) platform[pin.name] = pin;
    return platform;
  }

  private makeBuses(wiring: Wiring): Record<BusName, Spi> {
    const spend = this.options.spi?.hertzTimed ? spendOn(this.options.clock) : null;
    const make = (name: BusName) => {
      const chip = [wiring.wan, wiring.lan].find(({ bus }) => bus === name);
      return new Spi(name, this.realm, chip?.wires ?? null, spend);
    };
    const buses = { SPI1: make('SPI1'), SPI2: make('SPI2') };
    for (const name of ['wan', 'lan'] as const) this.connect(this.options.chips[name], wiring[name], buses);
    return (this.buses = buses);
  }

  private connect(chip: BoardChip, names: ChipWiring, buses: Record<BusName, Spi>): void {
    const bus = buses[names.bus];
    const interrupt = this.pin(names.interrupt);
    this.pin(names.wires.miso).driver = () => (bus.isSelecting ? 0 : null);
    bus.attach(chip, this.pin(names.select));
    interrupt.driveFromOutside(chip.interruptLow ? 0 : 1);
    chip.onInterrupt = (low) => interrupt.driveFromOutside(low ? 0 : 1);
    this.pin(names.reset).onDriven = (level) => chip.setReset(level === 0);
  }

  private pin(name: string): Pin {
    return this.pins.find(name) as Pin;
  }

  private require(name: string): object {
    const module = name === 'Storage' ? this.storage : this.radios.module(name);
    if (module === undefined) throw new Error(`Module "${name}" not found`);
    return module;
  }

  private restart(what: string): void {
    this.restarts.push(what);
    this.stopped = true;
    // The watchdog asks nobody, nor does a lost supply.
    if (what !== 'watchdog' && what !== 'power') this.emit('kill');
    this.timers.clearAll();
    this.watches.clearAll();
  }

  /** A line on the interpreter's console, wherever that is. */
  private say(line: string): void {
    this.print(line);
    this.line.print(line);
  }

  private raise(flag: string): void {
    if (this.system.raise(flag)) this.emit('errorFlag', [flag]);
  }

  private emit(event: SystemEvent, ...args: unknown[]): void {
    for (const listener of this.system.listenersOf(event)) this.call(listener, args);
  }

  /** Runs firmware code. What it throws goes to the console, as on a board; nothing is removed because of it. */
  private call(callback: (...args: never[]) => void, args: unknown[]): void {
    const outer = this.running;
    const wasDue = this.watchdog.isDue;
    this.running = true;
    try {
      callback(...(args as never[]));
    } catch (error) {
      this.options.recorder?.threw(error);
      for (const line of formatUncaught(error)) this.say(line);
    } finally {
      this.running = outer;
    }
    // Code that ran for too long: nobody comes to kick it any more. It cannot be cut short here, only afterwards.
    if (!wasDue && !this.stopped && this.watchdog.isDue) this.restart('watchdog');
  }
}

function spendOn(clock: Clock): (us: number) => void {
  if (!(clock instanceof VirtualClock))
    throw new Error('Timed SPI needs a VirtualClock: real time cannot be spent.');
  return (us) => clock.advance(us);
}
