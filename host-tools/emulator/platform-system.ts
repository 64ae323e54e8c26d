// Espruino's `E` and `process` as far as the firmware uses them: addresses, copies, random numbers, CRC, watchdog,
// events, memory figures. Restart requests are passed to the board.
import { crc32 } from 'node:zlib';
import { mapInPlace } from './map-in-place.ts';
import type { Watchdog } from './platform-watchdog.ts';
import { Random } from './random.ts';

/** Where fake addresses start: the ESP32's data RAM. */
const DATA_RAM = 0x3ffb0000;
/** Buffers below this size are never in one piece in Espruino. */
const FLAT_BYTES = 20;
const EVENTS = ['init', 'kill', 'errorFlag'] as const;

export type SystemEvent = (typeof EVENTS)[number];

/** The state behind `E`; the firmware sees what `makeE` returns. */
export class System {
  private readonly random: Random;
  private readonly addresses = new WeakMap<ArrayBufferLike, number>();
  private nextAddress = DATA_RAM;
  private errorFlags: string[] = [];
  private readonly listeners = new Map<SystemEvent, Array<(...args: unknown[]) => void>>();

  constructor(
    seed: number,
    private readonly watchdog: Watchdog,
    private readonly onReboot: () => void,
  ) {
    this.random = new Random(seed);
  }

  /** The global `E`. All methods may be bound or detached. */
  makeE(): Record<string, unknown> {
    return {
      mapInPlace,
      getAddressOf: (value: unknown, flat: boolean) => this.addressOf(value, flat),
      hwRand: () => this.random.below(0x100000000) | 0,
      CRC32: (data: string | ArrayBufferView) =>
        crc32(
          typeof data === 'string'
            ? Buffer.from(data, 'latin1')
            : Buffer.from(data.buffer, data.byteOffset, data.byteLength),
        ),
      enableWatchdog: (seconds: number, automatic?: boolean) => this.watchdog.enable(seconds, automatic),
      kickWatchdog: () => this.watchdog.kick(),
      getErrorFlags: () => this.errorFlags.splice(0),
      on: (event: SystemEvent, listener: () => void) => this.listen(event, listener),
      reboot: () => this.onReboot(),
    };
  }

  /** Sets one of Espruino's error flags (`FIFO_FULL`, ...). @returns whether it was clear before */
  raise(flag: string): boolean {
    if (this.errorFlags.includes(flag)) return false;
    this.errorFlags.push(flag);
    return true;
  }

  listenersOf(event: SystemEvent): ReadonlyArray<(...args: unknown[]) => void> {
    return this.listeners.get(event) ?? [];
  }

  private listen(event: SystemEvent, listener: (...args: unknown[]) => void): void {
    if (!EVENTS.includes(event)) throw new Error(`E.on: the emulated board never raises '${String(event)}'.`);
    this.listeners.set(event, [...this.listenersOf(event), listener]);
  }

  /** The same buffer has the same address for its life. 0 when a flat one is asked for and the data is too short. */
  private addressOf(value: unknown, flat: boolean): number {
    const buffer = ArrayBuffer.isView(value) ? value.buffer : (value as ArrayBufferLike);
    if (flat && buffer.byteLength < FLAT_BYTES) return 0;
    let address = this.addresses.get(buffer);
    if (address === undefined) {
      address = this.nextAddress;
      this.addresses.set(buffer, address);
      this.nextAddress += (buffer.byteLength + 3) & ~3;
    }
    return address + (ArrayBuffer.isView(value) ? value.byteOffset : 0);
  }
}

/** The global `btoa`, for arrays only: a text's characters would be bytes in Espruino and are more here. */
export function base64(data: Uint8Array): string {
  return Buffer.from(data).toString('base64');
}

/** Variables of a stock build with BLE off; in use with the router, and with the interpreter alone. */
const VARIABLES = 5800;
const USED = { router: 4000, alone: 300 };

/** The global `process`. The memory figures are fixed, but for whether the router `runs`. */
export function makeProcess(runs: () => boolean = () => true): Record<string, unknown> {
  const used = () => (runs() ? USED.router : USED.alone);
  return {
    memory: () => ({
      free: VARIABLES - used(),
      usage: used(),
      total: VARIABLES,
      history: 0,
      gc: 0,
      gctime: 0,
      blocksize: 14,
    }),
    env: {
      VERSION: '2v29',
      GIT_COMMIT: 'emulator',
      BOARD: 'ESP32',
      SERIAL: '02000000-0c01',
      CONSOLE: 'Serial1',
    },
  };
}
