/*
 * The ESP32's ROM bootloader in software, and the loader ("stub") that flashers put in its place: packets of bytes in,
 * packets out, over an array that is the flash chip. For tests without hardware. Protocol: Espressif's "Serial
 * Protocol" page of esptool; what only traces tell (the ROM's answer to an unknown command) is marked.
 *
 * Faults are options: a chip of another kind, silence, boot messages in front of the first answer, lost bytes, a weak
 * flash cell, a cable pulled after so many bytes or packets.
 */
import { Random } from '../../../host-tools/emulator/random.ts';
import { FlashReader } from './flash-reader.ts';
import { FlashWriter, trouble } from './flash-writer.ts';
import { BLOCK_HEAD, BLOCK_OPS, checksumOf, halfOf, ops, response, wordsOf } from './loader-packets.ts';
import { magics, Registers } from './rom-registers.ts';
import { slipFrame, SlipReader } from './slip.ts';
import { SpiFlash, type WeakCell } from './spi-flash.ts';

export interface RomOptions {
  /** The application starts: a reset that was asked for over the line. */
  onStart?: () => void;
  /** The cable is out: nothing comes or goes any more. */
  onUnplug?: () => void;
  /** What the chip says it is; default an ESP32. */
  magic?: number;
  /** Not in download mode: nothing is answered. */
  silent?: boolean;
  /** Text in front of the first answer. */
  noise?: string;
  /** One byte in so many is lost, in either direction, by a seeded choice. */
  lost?: { oneIn: number; seed: number };
  weak?: WeakCell;
  /** The cable is pulled when so many bytes, or while the packet of this number (from 1), came in. */
  unplugAfterBytes?: number;
  unplugAtPacket?: number;
}

/** The ROM's reset speed. */
const ROM_BAUD = 115200;
const OK = 0;
const FAILED = 1;
/** The ROM's words for a packet it cannot read, or whose checksum is wrong. */
const ROM_INVALID = 5;
const ROM_CHECKSUM = 7;
const SYNC_ANSWERS = 8;
/** From traces of ESP32s: the value in the answer to SYNC. The stub's is 0. */
const SYNC_VALUE = 0x55552007;
const BOOT_TEXT =
  'ets Jul 29 2019 12:21:46\r\n\r\nrst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))\r\nwaiting for download\r\n';

export class Rom {
  /** Speed the chip talks at. */
  baud = ROM_BAUD;
  /** Packets that came in whole, over all resets. */
  packets = 0;
  /** Operations in the order they came, over all resets. */
  readonly log: number[] = [];
  readonly #flash: SpiFlash;
  readonly #lose: () => boolean;
  #registers: Registers;
  #slip = new SlipReader();
  #stub = false;
  #plugged = true;
  #bytes = 0;
  #upload = 0;
  #writer: FlashWriter | null = null;
  /** The stub acknowledges a block before it writes it: trouble is said with the next one. */
  #late = 0;
  #reader: FlashReader | null = null;
  #lastOp = ops.SYNC;
  #noise: string;

  constructor(
    flash: Uint8Array,
    private readonly send: (bytes: Uint8Array) => void,
    private readonly options: RomOptions = {},
  ) {
    this.#flash = new SpiFlash(flash, options.weak);
    this.#registers = this.#freshRegisters();
    this.#noise = options.noise ?? '';
    const { lost } = options;
    const random = new Random(lost?.seed ?? 0);
    this.#lose = () => lost !== undefined && random.below(lost.oneIn) === 0;
  }

  /** A reset with BOOT held: the ROM is back, whatever ran before, and says so. */
  enter(): void {
    if (!this.#plugged || this.options.silent) return;
    this.baud = ROM_BAUD;
    this.#slip = new SlipReader();
    this.#registers = this.#freshRegisters();
    this.#stub = false;
    this.#writer = null;
    this.#reader = null;
    this.#transmit(new TextEncoder().encode(BOOT_TEXT));
  }

  /** Bytes from the line. */
  receive(bytes: Uint8Array): void {
    const limit = (this.options.unplugAfterBytes ?? Infinity) - this.#bytes;
    this.#bytes += bytes.length;
    this.#take(bytes.subarray(0, Math.min(bytes.length, limit)));
    if (bytes.length >= limit) this.#unplug();
  }

  #take(bytes: Uint8Array): void {
    if (!this.#plugged || this.options.silent) return;
    for (const packet of this.#slip.take(bytes.filter(() => !this.#lose()))) {
      if (!this.#plugged) return;
      this.packets += 1;
      const last = this.packets === this.options.unplugAtPacket;
      this.#packet(last ? halfOf(packet) : packet, !last);
      if (last) this.#unplug();
    }
  }

  #unplug(): void {
    if (!this.#plugged) return;
    this.#plugged = false;
    this.options.onUnplug?.();
  }

  /** @param answered false: the cable goes while this is done */
  #packet(packet: Uint8Array, answered: boolean): void {
    const send = (bytes: Uint8Array) => answered && this.#transmit(slipFrame(bytes));
    if (this.#reader) {
      const more = this.#reader.acknowledged(packet);
      for (const one of more) send(one);
      if (this.#reader.done) this.#reader = null;
      return;
    }
    if (packet.length < 8 || packet[0] !== 0) return;
    const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
    const op = packet[1];
    const data = packet.subarray(8);
    this.log.push(op);
    const { status, value, body } = this.#do(op, data, {
      whole: view.getUint16(2, true) === data.length,
      checksum: view.getUint32(4, true),
    });
    if (op === ops.RUN_USER_CODE && this.#stub) return this.options.onStart?.();
    const unknown = status === trouble.command && !this.#stub;
    const times = op === ops.SYNC || unknown ? SYNC_ANSWERS : 1;
    // As traces show it: the ROM answers what it does not know with the operation before.
    const said = response(unknown ? this.#lastOp : op, value, body, this.#statusOf(status));
    for (let i = 0; i < times; i++) send(said);
    if (!unknown) this.#lastOp = op;
    if (answered && status === OK) this.#afterAnswer(op, data, send);
  }

  #statusOf(status: number): number[] {
    if (this.#stub) return status === OK ? [0, 0] : [FAILED, status];
    const words: Record<number, number> = { [OK]: 0, [trouble.checksum]: ROM_CHECKSUM };
    return status === OK ? [0, 0, 0, 0] : [FAILED, words[status] ?? ROM_INVALID, 0, 0];
  }

  #do(op: number, data: Uint8Array, sent: { whole: boolean; checksum: number }): Done {
    if (!sent.whole) return failed(trouble.dataLength);
    const words = wordsOf(data);
    const block = data.subarray(BLOCK_HEAD);
    if (BLOCK_OPS.includes(op)) {
      if (words[0] !== block.length) return failed(trouble.dataLength);
      if (checksumOf(block) !== sent.checksum) return failed(trouble.checksum);
    }
    switch (op) {
      case ops.SYNC:
        return { status: OK, value: this.#stub ? 0 : SYNC_VALUE };
      case ops.READ_REG:
        return { status: OK, value: this.#registers.read(words[0]) };
      case ops.WRITE_REG:
        this.#registers.write(words[0], words[1], words[2]);
        return done;
      case ops.SPI_SET_PARAMS:
      case ops.SPI_ATTACH:
      case ops.CHANGE_BAUDRATE:
        return done;
      case ops.MEM_BEGIN:
        this.#upload = words[0];
        return done;
      case ops.MEM_DATA:
        this.#upload -= block.length;
        return done;
      case ops.MEM_END:
        return this.#upload === 0 ? done : failed(trouble.tooLittle);
      case ops.FLASH_BEGIN:
      case ops.FLASH_DEFL_BEGIN:
        this.#late = OK;
        this.#writer = new FlashWriter(this.#flash, words[3], words[0], op === ops.FLASH_DEFL_BEGIN);
        return done;
      case ops.FLASH_DATA:
      case ops.FLASH_DEFL_DATA:
        return this.#write(block);
      case ops.FLASH_END:
      case ops.FLASH_DEFL_END:
        return this.#endOfWrite();
      case ops.SPI_FLASH_MD5:
        return { status: OK, body: this.#digest(words[0], words[1]) };
      default:
        return this.#stub ? this.#stubOnly(op, words) : failed(trouble.command);
    }
  }

  #stubOnly(op: number, words: Uint32Array): Done {
    if (op === ops.ERASE_FLASH) this.#flash.erase(0, this.#flash.bytes.length);
    else if (op === ops.ERASE_REGION) this.#flash.erase(words[0], words[1]);
    else if (op !== ops.READ_FLASH && op !== ops.RUN_USER_CODE) return failed(trouble.command);
    return done;
  }

  #write(block: Uint8Array): Done {
    if (!this.#writer) return failed(trouble.notWriting);
    const before = this.#late;
    const now = before || this.#writer.take(block);
    this.#late = now;
    return failed(this.#stub ? before : now);
  }

  #endOfWrite(): Done {
    const status = this.#writer ? this.#writer.end() : OK;
    this.#writer = null;
    return failed(status);
  }

  /** The ROM answers in hexadecimal text, the stub in bytes. */
  #digest(from: number, size: number): Uint8Array {
    const digest = this.#flash.md5(from, size);
    return this.#stub ? digest : new TextEncoder().encode(Buffer.from(digest).toString('hex'));
  }

  #afterAnswer(op: number, data: Uint8Array, send: (packet: Uint8Array) => void): void {
    const words = wordsOf(data);
    if (op === ops.CHANGE_BAUDRATE) this.baud = words[0];
    else if (op === ops.MEM_END && words[1] !== 0) {
      this.#stub = true;
      send(new TextEncoder().encode('OHAI'));
    } else if (op === ops.READ_FLASH) {
      this.#reader = new FlashReader(this.#flash, words);
      for (const packet of this.#reader.packets()) send(packet);
    } else if (op === ops.FLASH_END || op === ops.FLASH_DEFL_END) {
      // 0 asks for a restart; 1 leaves the stub waiting, and the ROM for the application.
      if (words[0] === 0 || !this.#stub) this.options.onStart?.();
    }
  }

  #transmit(bytes: Uint8Array): void {
    if (!this.#plugged) return;
    const noise = new TextEncoder().encode(this.#noise);
    this.#noise = '';
    this.send(Uint8Array.from([...noise, ...bytes.filter(() => !this.#lose())]));
  }

  #freshRegisters(): Registers {
    return new Registers(this.options.magic ?? magics.esp32, this.#flash);
  }
}

interface Done {
  status: number;
  value?: number;
  body?: Uint8Array;
}

const done: Done = { status: OK };
const failed = (status: number): Done => ({ status });
