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
}

export interface SoftChipOptions extends Omit<RomOptions, 'onStart' | 'onUnplug'> {
  /** Flash contents; default 4 MB that were never written. */
  flash?: Uint8Array;
  /** Whether the port has DTR and RTS; default yes. */
  lines?: boolean;
  /** Without them: BOOT was held when it was plugged in. */
  bootHeld?: boolean;
  /** Made anew at every start. */
  application?: (send: (bytes: Uint8Array) => void) => Application;
  /** Above this the cable carries nothing. */
  fastestBaud?: number;
}

export const emptyFlash = (size = 0x400000): Uint8Array => new Uint8Array(size).fill(0xff);

export class SoftChip {
  readonly flash: Uint8Array;
  readonly rom: Rom;
  readonly line: ByteLine;
  /** How often the application was started. */
  starts = 0;
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
    this.#unplug();
  }

  #lineUntil(closed: Promise<void>): ByteLine {
    const path = '/dev/ttySOFT';
    return {
      path,
      closed,
      write: async (bytes) => {
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
    this.#application = null;
    this.rom.enter();
  }

  #start(): void {
    this.#inRom = false;
    this.starts += 1;
    this.#application = this.options.application?.((bytes) => this.#toHost(bytes)) ?? null;
  }

  get #audible(): boolean {
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
