/*
 * Espruino on a software chip, acted: it starts if the release's images are in flash, keeps its files in the Storage that
 * is there, has Bluetooth on until NVS says otherwise, and hands the line to the router's console if .boot0 is there.
 * Nothing routes; the whole firmware on an emulated board is another test's.
 */
import { Flash, STORAGE_BYTES, STORAGE_START } from '../../../host-tools/emulator/flash.ts';
import type { Time } from '../../../host-tools/device/serial/time.ts';
import type { Release } from '../../../host-tools/device/flash/release.ts';
import { type BareBoard, bareBoard } from '../board/bare.ts';
import { ReplStandIn } from '../board/repl.ts';
import type { Application, ChipInside } from './soft-chip.ts';

/** In NVS, the byte that stands for `bleStatus`: erased is on. */
const BLUETOOTH = 0x9000;
const STATUS = {
  ok: true,
  version: '0.1.0',
  wan: { address: '12.0.0.1', chip: true, link: true },
  lan: { address: '192.168.0.1', chip: true, link: false },
};

export interface SoftEspruinoOptions {
  release: Release;
  time: Time;
  /** From reset to prompt or console, ms. */
  startTime?: number;
  /** What happened in which order, over all restarts. */
  history?: string[];
}

/** For SoftChipOptions.application. The router is left out once after `reboot repl`. */
export function softEspruino(options: SoftEspruinoOptions): (chip: ChipInside) => Application {
  const once = { leftOut: false };
  return (chip) => new SoftEspruino(chip, options, once);
}

class SoftEspruino implements Application {
  #repl: ReplStandIn | null = null;
  #console = false;
  #typed = '';
  #over = false;
  readonly #cancel: () => void;

  constructor(
    private readonly chip: ChipInside,
    private readonly options: SoftEspruinoOptions,
    private readonly once: { leftOut: boolean },
  ) {
    this.#say('ets Jul 29 2019 12:21:46\r\n\r\nrst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n');
    this.#cancel = options.time.after(options.startTime ?? 1500, () => this.#started());
  }

  receive(bytes: Uint8Array): void {
    if (this.#console) this.#hear(Buffer.from(bytes).toString('latin1'));
    else this.#repl?.receive(bytes);
  }

  end(): void {
    this.#over = true;
    this.#cancel();
    this.#repl?.end();
  }

  #started(): void {
    const { release, history } = this.options;
    const { flash } = this.chip;
    const bootable = release.images.every(
      ({ offset, bytes }) => Buffer.compare(flash.subarray(offset, offset + bytes.length), bytes) === 0,
    );
    if (!bootable) return this.#say('invalid header: 0xffffffff\r\n');
    const board = this.#board();
    const leftOut = this.once.leftOut;
    this.once.leftOut = false;
    const firmware = board.storage.read('.boot0');
    if (firmware !== undefined && !leftOut) {
      history?.push(flash[BLUETOOTH] === 0 ? 'router' : 'router with Bluetooth on');
      this.#console = true;
      return;
    }
    history?.push('prompt');
    this.#repl = new ReplStandIn(board, (bytes) => this.#over || this.chip.send(bytes), {
      time: this.options.time,
    });
    this.#repl.start();
  }

  #board(): BareBoard {
    const { flash, restart } = this.chip;
    const soon = () => void this.options.time.after(10, () => this.#over || restart());
    const storage = flash.subarray(STORAGE_START, STORAGE_START + STORAGE_BYTES);
    const board = bareBoard(new Flash(storage), soon);
    board.storage.powerOn();
    Object.assign(board.global, {
      setTimeout: (action: () => void, ms: number) =>
        void this.options.time.after(ms, () => this.#over || action()),
      ESP32: {
        enableBLE: (on: boolean) => {
          flash[BLUETOOTH] = on ? 1 : 0;
          this.options.history?.push(`Bluetooth ${on ? 'on' : 'off'}`);
          restart();
        },
      },
      NRF: {
        setScan: () => {
          if (flash[BLUETOOTH] === 0) throw new Error('BLE: ESP_ERR_INVALID_STATE');
        },
      },
    });
    return board;
  }

  /** The console's lines for programs. */
  #hear(text: string): void {
    this.#typed += text;
    for (let end = this.#typed.indexOf('\n'); end >= 0; end = this.#typed.indexOf('\n')) {
      const request = this.#typed.slice(0, end).replace(/^.*\x10/s, '');
      this.#typed = this.#typed.slice(end + 1);
      if (request === 'status') this.#say(`${JSON.stringify(STATUS)}\r\n`);
      if (request !== 'reboot repl') continue;
      this.once.leftOut = true;
      this.#say('{"ok":true}\r\n');
      this.options.time.after(10, () => this.#over || this.chip.restart());
    }
  }

  #say(text: string): void {
    this.chip.send(Buffer.from(text, 'latin1'));
  }
}
