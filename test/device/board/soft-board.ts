/*
 * A whole board in software at one end of a serial line: the ROM's boot loader, Espruino's prompt, the firmware that lies
 * in Storage, and two Ethernet chips whose wires can be broken. For the tools without hardware. What is flashed is what
 * starts; time is real time, in steps.
 *
 * Not here: Espruino itself (the prompt is a stand-in, the language Node's), modem lines, how long flash takes.
 */
import { Flash, STORAGE_BYTES, STORAGE_START } from '../../../host-tools/emulator/flash.ts';
import type { WireFault } from '../../../host-tools/emulator/wiring-faults.ts';
import { World } from '../../../host-tools/emulator/world.ts';
import { ReplStandIn } from './repl.ts';
import { Rom } from './rom.ts';

const FLASH_BYTES = 4 * 1024 * 1024;
/** A step of time comes so often, ms, as the loop's own timer does; on a busy machine later, and is so much longer. */
const STEP = 20;
const LONGEST_STEP = 1000;
/** A board whose flash holds no program says so again and again, this often, ms. */
const COMPLAINT_EVERY = 1000;
/** What every image begins with, and where those of Espruino lie. */
const IMAGE_MAGIC = 0xe9;
const IMAGES_AT = [0x1000, 0x10000];

export interface SoftBoardOptions {
  /** To the line. */
  send: (bytes: Uint8Array) => void;
  /** Text of the board.json that says how the chips are wired. */
  wiring: string;
  /** What the flash chip holds; erased if not given. */
  flash?: Uint8Array;
  /** The BOOT button is held while power comes. */
  download?: boolean;
}

export class SoftBoard {
  readonly flash: Uint8Array;
  /** Where the wires lead, and what is plugged into the chips; made anew when power comes. */
  world!: World;
  private readonly rom: Rom;
  private readonly repl: ReplStandIn;
  private mode: 'loader' | 'nothing' | 'espruino' = 'nothing';
  private readonly timer: NodeJS.Timeout;
  private sinceComplaint = 0;
  private steppedAt = performance.now();
  /** Of the board in the world, as far as each was followed by a start. */
  private restarts = 0;

  constructor(private readonly options: SoftBoardOptions) {
    this.flash = options.flash ?? new Uint8Array(FLASH_BYTES).fill(0xff);
    this.rom = new Rom(this.flash, options.send, { onStart: () => this.start() });
    const evaluate = (code: string): unknown => this.world.board.evaluate(code);
    const storage = () => this.world.board.storage;
    this.repl = new ReplStandIn(
      {
        evaluate,
        get storage() {
          return storage();
        },
      },
      options.send,
    );
    this.power();
    if (options.download) this.enterLoader();
    else this.start();
    this.timer = setInterval(() => this.step(), STEP);
  }

  /** Power comes: RTC memory holds anything, wires are whole. */
  power(): void {
    const storage = new Flash(this.flash.subarray(STORAGE_START, STORAGE_START + STORAGE_BYTES));
    this.world = new World({
      files: { 'board.json': this.options.wiring },
      flash: storage,
      print: (line) => this.world.board.line.console === 'Serial1' && this.repl.print(`${line}\n`),
    });
  }

  /** The EN button, with BOOT held or not. */
  reset(withBoot = false): void {
    if (this.mode === 'espruino') this.world.board.bite();
    if (withBoot) this.enterLoader();
    else this.start();
  }

  breakWire(wire: string, fault: WireFault): void {
    this.world.board.breakWire(wire, fault);
  }

  /** Bytes from the line. */
  receive(bytes: Uint8Array): void {
    if (this.mode === 'loader') this.rom.receive(bytes);
    else if (this.mode === 'espruino') this.world.board.line.receive(Buffer.from(bytes).toString('latin1'));
  }

  /** No step is made any more. */
  end(): void {
    clearInterval(this.timer);
    this.repl.end();
  }

  private enterLoader(): void {
    this.mode = 'loader';
    this.rom.enter();
  }

  /** The ROM starts what is in flash. */
  private start(): void {
    this.say('ets Jul 29 2019 12:21:46\r\n\r\nrst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n');
    if (IMAGES_AT.some((at) => this.flash[at] !== IMAGE_MAGIC)) {
      this.mode = 'nothing';
      this.complain();
      return;
    }
    this.mode = 'espruino';
    const { board } = this.world;
    this.restarts = board.restarts.length;
    this.repl.start();
    board.boot();
    board.line.onSent = (text) => this.say(text);
    board.line.onTyped = (text) => this.repl.receive(Buffer.from(text, 'latin1'));
  }

  private complain(): void {
    this.sinceComplaint = 0;
    this.say('invalid header: 0xffffffff\r\n');
  }

  private step(): void {
    const now = performance.now();
    const passed = Math.min(now - this.steppedAt, LONGEST_STEP);
    this.steppedAt = now;
    if (this.mode === 'nothing') {
      this.sinceComplaint += passed;
      if (this.sinceComplaint >= COMPLAINT_EVERY) this.complain();
    }
    if (this.mode !== 'espruino') return;
    this.world.run(Math.round(passed * 1000));
    if (this.world.board.restarts.length > this.restarts) this.start();
  }

  private say(text: string): void {
    this.options.send(Buffer.from(text, 'latin1'));
  }
}
