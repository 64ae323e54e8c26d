/*
 * An ESP32 in its boot loader, by way of esptool-js: who it is, digests of its flash, erase, write, restart. Wraps what
 * that library leaves to its caller (version 0.7.0): it prints, its reset out of the loader does nothing, its
 * writeFlash gives up at the first trouble. Knows nothing of Espruino or of what is to be written.
 */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { ESPError, ESPLoader } from 'esptool-js';
import { Unzlib } from 'fflate';
import { UserError } from '../../cli/user-error.ts';
import { type ByteLine, LineLost } from '../serial/byte-line.ts';
import type { Time } from '../serial/time.ts';
import { BOOT_HELD, resetIntoLoader, resetIntoProgram } from './reset.ts';
import { LineTransport } from './transport.ts';

/** The speed at which a reset ESP32 listens. */
const ROM_BAUD = 115200;
/** Attempts at waking it, of five greetings each. */
const ATTEMPTS = 4;
/** How often a short question is asked before it is given up. */
const TRIES = 3;
/** Ids that no flash chip has: nothing answers. */
const NO_FLASH = [0x000000, 0xffffff];

/** The remedy for a board that does not answer. */
export const bootByHand = 'hold BOOT, tap EN, let go of BOOT';

/** Nobody is there, or the chip is busy with something else than its boot loader. */
export class NoLoader extends UserError {
  constructor(
    path: string,
    /** Whether the port can reset a board: if so, this one is not wired for it, or not an ESP32. */
    readonly hasResetLines: boolean,
  ) {
    super(
      `The board on ${path} does not answer as a boot loader: ${bootByHand}, and run the command again. If it never answers, the cable may be charge-only.`,
    );
  }
}

/** A chip with the loader's second stage running. */
export interface Chip {
  /** "ESP32-D0WD-V3 (revision 3)" */
  readonly description: string;
  /** Its factory address, "24:0a:c4:12:34:56". */
  readonly mac: string;
  /** Size of its flash, bytes. */
  readonly flashSize: number;
  /** Whether the port can reset it. */
  readonly hasResetLines: boolean;
  /** MD5 of a region of the flash, in hexadecimal. */
  digest(from: number, size: number): Promise<string>;
  read(from: number, size: number): Promise<Uint8Array>;
  /** Whole sectors of 4 kB. */
  erase(from: number, size: number): Promise<void>;
  eraseAll(): Promise<void>;
  /** Erases what it needs and writes; `at` is told how many of the bytes have been sent. Not verified. */
  write(from: number, bytes: Uint8Array, at: (done: number) => void): Promise<void>;
  /** Starts the application; without reset lines by a request, which a chip that BOOT held does not heed. */
  restart(): Promise<void>;
  /** Gives the line back at the console's speed. */
  release(): Promise<void>;
}

/**
 * Wakes the chip at the other end, puts the loader's second stage into it and goes to `baud`.
 * @param line open at 115200
 * @throws NoLoader with the remedy; UserError for another chip or a speed the cable does not carry
 */
export async function connectChip(line: ByteLine, baud: number, time: Time): Promise<Chip> {
  const hasResetLines = await line.setSignals({ dtr: false, rts: false });
  const transport = new LineTransport(line, time, ROM_BAUD);
  const reset = (_: unknown, held: number) => ({
    reset: () => resetIntoLoader(line, time, held === BOOT_HELD.usual ? BOOT_HELD.usual : BOOT_HELD.slow),
  });
  const loader = new ESPLoader({
    transport,
    baudrate: baud,
    romBaudrate: ROM_BAUD,
    terminal: { clean() {}, writeLine() {}, write() {} },
    resetConstructors: { classicReset: reset as never },
  });
  // What was asked is forgotten before it is asked again, so nothing has to settle.
  loader.WRITE_BLOCK_RETRY_DELAY_MS = 0;
  const chip = new LoadedChip(line, time, transport, loader, hasResetLines);
  try {
    await chip.begin(baud);
    return chip;
  } catch (error) {
    transport.detach();
    throw error;
  }
}

class LoadedChip implements Chip {
  description = '';
  mac = '';
  flashSize = 0;

  constructor(
    private readonly line: ByteLine,
    private readonly time: Time,
    private readonly transport: LineTransport,
    private readonly loader: ESPLoader,
    readonly hasResetLines: boolean,
  ) {}

  async begin(baud: number): Promise<void> {
    await this.#wake();
    const { chip } = this.loader;
    if (chip.CHIP_NAME !== 'ESP32') throw new UserError(otherChip(this.line.path, `an ${chip.CHIP_NAME}`));
    this.description = await this.#tried('its revision', () => chip.getChipDescription(this.loader));
    this.mac = await this.#tried('its address', () => chip.readMac(this.loader));
    await this.#tried('a start of the second stage', () => this.loader.runStub());
    if (baud !== ROM_BAUD) await this.#speedUp(baud);
    const id = await this.#tried('the name of its flash chip', () => this.loader.readFlashId());
    if (NO_FLASH.includes(id))
      throw new UserError(
        `The ESP32 on ${this.line.path} does not find its flash chip: disconnect everything from pins 6 to 11 and from pin 12, and try again; if that does not help, the module is broken.`,
      );
    // The third byte is the exponent of its size.
    this.flashSize = 2 ** ((id >> 16) & 0xff);
  }

  async #wake(): Promise<void> {
    try {
      await this.loader.connect(this.hasResetLines ? 'default_reset' : 'no_reset', ATTEMPTS);
    } catch (error) {
      await this.#endIfLost(error);
      if (error instanceof Error && error.message.includes('magic'))
        throw new UserError(otherChip(this.line.path, 'unknown to esptool'));
      throw new NoLoader(this.line.path, this.hasResetLines);
    }
  }

  async #speedUp(baud: number): Promise<void> {
    try {
      await this.loader.changeBaud();
    } catch (error) {
      await this.#endIfLost(error);
      throw new UserError(
        `The line to ${this.line.path} does not carry ${baud} bits per second: ${bootByHand}, and run the command again with --baud ${ROM_BAUD}.`,
      );
    }
  }

  digest(from: number, size: number): Promise<string> {
    return this.#tried('a digest', () => this.loader.flashMd5sum(from, size));
  }

  read(from: number, size: number): Promise<Uint8Array> {
    return this.#tried('a piece of its flash', async () => {
      const bytes = await this.loader.readFlash(from, size);
      // The digest follows; esptool-js leaves it on the line, where the next answer would be taken for it.
      const digest = await this.transport.read(this.loader.DEFAULT_TIMEOUT);
      if (Buffer.compare(digest, createHash('md5').update(bytes).digest()) !== 0)
        throw new ESPError('what was read does not match its digest');
      return bytes;
    });
  }

  async erase(from: number, size: number): Promise<void> {
    const { loader } = this;
    const region = new Uint8Array(Uint32Array.of(from, size).buffer);
    const longest = loader.timeoutPerMb(loader.ERASE_REGION_TIMEOUT_PER_MB, size);
    await this.#tried('an erase', () =>
      loader.checkCommand('erase', loader.ESP_ERASE_REGION, region, 0, 0, longest),
    );
  }

  async eraseAll(): Promise<void> {
    await this.#tried('an erase', () => this.loader.eraseFlash());
  }

  async write(from: number, bytes: Uint8Array, at: (done: number) => void): Promise<void> {
    const { loader } = this;
    const packed = deflateSync(bytes, { level: 9 });
    let unpacked = 0;
    const unzlib = new Unzlib((data) => (unpacked += data.length));
    await this.#tried('a write', () => loader.flashDeflBegin(bytes.length, packed.length, from));
    // The stub answers when it has taken a block, and writes it while the next is on its way.
    let longest = loader.DEFAULT_TIMEOUT;
    for (let start = 0, number = 0; start < packed.length; start += loader.FLASH_WRITE_SIZE, number++) {
      const block = packed.subarray(start, start + loader.FLASH_WRITE_SIZE);
      const deadline = longest;
      await this.#block(() => loader.flashDeflBlock(block, number, deadline));
      const before = unpacked;
      unzlib.push(block, start + block.length >= packed.length);
      longest = loader.timeoutPerMb(loader.ERASE_WRITE_TIMEOUT_PER_MB, unpacked - before);
      at(unpacked);
    }
    const deadline = longest;
    await this.#tried('the end of a write', () => loader.flashDeflFinish(false, deadline));
  }

  async restart(): Promise<void> {
    if (this.hasResetLines) return resetIntoProgram(this.line, this.time);
    try {
      await this.loader.flashBegin(0, 0);
      await this.loader.flashFinish(true);
    } catch (error) {
      // Its answer may be lost in the restart; whether it starts is seen by who speaks next.
      await this.#endIfLost(error);
    }
  }

  async release(): Promise<void> {
    this.transport.detach();
    if (this.transport.baudrate !== ROM_BAUD) await this.line.setBaudRate(ROM_BAUD);
  }

  /** A block of a write, which esptool-js repeats by itself. */
  async #block(question: () => Promise<void>): Promise<void> {
    try {
      await question();
    } catch (error) {
      await this.#endIfLost(error);
      throw error;
    }
  }

  /** One short question, asked again when its answer was lost or torn. */
  async #tried<T>(what: string, question: () => Promise<T>): Promise<T> {
    for (let left = TRIES; ; left--) {
      try {
        return await question();
      } catch (error) {
        await this.#endIfLost(error);
        if (left === 1)
          throw new UserError(
            `The board on ${this.line.path} does not answer when asked for ${what}; another cable, a port of the computer itself (no hub) or --baud ${ROM_BAUD} may help. Run the command again: what was begun is repaired then.`,
          );
      }
    }
  }

  /** A line that has ended is the reason for whatever failed. */
  async #endIfLost(error: unknown): Promise<void> {
    if (error instanceof UserError) throw error;
    const open = Symbol('open');
    const state = await Promise.race([this.line.closed, Promise.resolve(open)]);
    if (state !== open) throw new LineLost(this.line.path);
  }
}

function otherChip(path: string, which: string): string {
  return `The chip on ${path} is ${which}; Hairpin runs on the classic ESP32 (modules such as ESP32-WROOM-32), and nothing was written.`;
}
