/*
 * An ESP32 at the other end of a line in memory, for tests of `hairpin flash`: the software ROM, and an application that
 * a test brings along. With reset lines as boards with a USB adapter have them, or without (BOOT and EN by hand).
 * Bytes arrive while they are written, so that no deadline depends on how busy the computer is.
 */
import { type ByteLine, LineLost } from '../../../host-tools/device/serial/byte-line.ts';
import { Rom, type RomOptions } from '../board/rom.ts';

/** What runs when the chip does not stay in its boot loader. */
export interface Application {
  receive(bytes: Uint8Array): void;
  /** The chip is reset, or has lost its power. */
  end(): void;
}

/** What an application has of its chip. */
export interface ChipInside {
  flash: Uint8Array;
  send(bytes: Uint8Array): void;
  /** A reset from inside. */
  restart(): void;
}

export interface SoftChipOptions extends Omit<RomOptions, 'onStart' | 'onUnplug'> {
  /** Flash contents; default 4 MB that were never written. */
  flash?: Uint8Array;
  /** Whether the port has DTR and RTS; default yes. */
  lines?: boolean;
  /** Without them: BOOT was held when it was plugged in. */
  bootHeld?: boolean;
  /** Made anew at every start. */
  application?: (chip: ChipInside) => Application;
  /** The cable is pulled instead of the write of this number, from 1. */
  unplugAtWrite?: number;
  /** Above this the cable carries nothing. */
  fastestBaud?: number;
  /** Speeds do not matter: the line leads on to a pseudo-terminal. */
  anySpeed?: boolean;
}

export const emptyFlash = (size = 0x400000): Uint8Array => new Uint8Array(size).fill(0xff);

export class SoftChip {
  readonly flash: Uint8Array;
  readonly rom: Rom;
  readonly line: ByteLine;
  /** How often the application was started. */
  starts = 0;
  /** How often the host has written. */
  writes = 0;
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();
  #application: Application | null = null;
  #inRom: boolean;
  #baud = 115200;
  #signals = { dtr: false, rts: false };
  #unplug: () => void = () => {};
  #plugged = true;

  constructor(private readonly options: SoftChipOptions = {}) {
    this.flash = options.flash ?? emptyFlash();
    const send = (bytes: Uint8Array) => this.#toHost(bytes);
    this.rom = new Rom(this.flash, send, {
      ...options,
      onStart: () => this.#start(),
      onUnplug: () => this.unplug(),
    });
    const closed = new Promise<void>((resolve) => (this.#unplug = resolve));
    this.line = this.#lineUntil(closed);
    this.#inRom = options.bootHeld ?? false;
    if (!this.#inRom) this.#start();
  }

  /** Pulls the cable, which is the chip's power as well. */
  unplug(): void {
    this.#plugged = false;
    this.#application?.end();
    this.#application = null;
    this.#unplug();
  }

  #lineUntil(closed: Promise<void>): ByteLine {
    const path = '/dev/ttySOFT';
    return {
      path,
      closed,
      write: async (bytes) => {
        this.writes += 1;
        if (this.writes === this.options.unplugAtWrite) this.unplug();
        if (!this.#plugged) throw new LineLost(path);
        this.#fromHost(bytes);
        await Promise.resolve();
      },
      onBytes: (listener) => {
        this.#listeners.add(listener);
        return () => void this.#listeners.delete(listener);
      },
      close: () => Promise.resolve(this.unplug()),
      setSignals: (signals) => {
        if (this.options.lines === false) return Promise.resolve(false);
        this.#setSignals({ ...this.#signals, ...signals });
        return Promise.resolve(true);
      },
      setBaudRate: (baud) => Promise.resolve(void (this.#baud = baud)),
    };
  }

  /** As on every board with two transistors: RTS alone holds the chip in reset, DTR alone holds BOOT. */
  #setSignals(now: { dtr: boolean; rts: boolean }): void {
    const wasInReset = this.#signals.rts && !this.#signals.dtr;
    this.#signals = now;
    if (!wasInReset || (now.rts && !now.dtr) || !this.#plugged) return;
    if (now.dtr && !now.rts) this.#enterRom();
    else this.#start();
  }

  #enterRom(): void {
    this.#inRom = true;
    this.#application?.end();
    this.#application = null;
    this.rom.enter();
  }

  #start(): void {
    this.#inRom = false;
    this.starts += 1;
    this.#application?.end();
    const inside = {
      flash: this.flash,
      send: (bytes: Uint8Array) => this.#toHost(bytes),
      restart: () => this.#start(),
    };
    this.#application = this.options.application?.(inside) ?? null;
  }

  get #audible(): boolean {
    if (this.options.anySpeed) return true;
    const chipBaud = this.#inRom ? this.rom.baud : 115200;
    return chipBaud === this.#baud && this.#baud <= (this.options.fastestBaud ?? Infinity);
  }

  #fromHost(bytes: Uint8Array): void {
    if (!this.#audible) return;
    if (this.#inRom) this.rom.receive(bytes);
    else this.#application?.receive(bytes);
  }

  #toHost(bytes: Uint8Array): void {
    if (!this.#plugged || !this.#audible) return;
    for (const listener of [...this.#listeners]) listener(bytes);
  }
}
