/*
 * A board with the firmware, acted: console, guard and REPL change hands on the line as on a real one, restarts take
 * their time, and nothing routes. For tests of finding out who is there and of entering and leaving the REPL; the whole
 * firmware on an emulated board is board.ts.
 */
import type { Time } from '../../../host-tools/device/serial/time.ts';
import { type BareBoard, bareBoard } from './bare.ts';
import { type LineFaults, type Plugged, plugIn } from './plugged.ts';

/** From the restart to prompt or console, ms. */
const startTime = 2500;
const romText = 'ets Jun  8 2016 00:22:57\r\n\r\nrst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n';

export interface ScriptedOptions {
  files?: Record<string, string>;
  faults?: LineFaults;
  /** Nothing on the board is the firmware: the REPL has the line, always. */
  bare?: boolean;
  /** The firmware is there, and the guard leaves it out at every start. */
  failing?: boolean;
  /** A firmware that knows no `reboot repl`. */
  old?: boolean;
  /** So many first answers of the console lose their second byte on the line. */
  torn?: number;
  /** Starts with the REPL in front of a router that runs, as after DLE ENQ. */
  handedOver?: boolean;
}

export class ScriptedBoard {
  readonly plugged: Plugged;
  readonly machine: BareBoard;
  restarts = 0;
  /** Who has the line; nobody while the chip starts. */
  mode: 'console' | 'repl' | 'starting' = 'repl';
  private skipOnce = false;
  private torn: number;
  private typed = '';

  constructor(
    private readonly time: Time,
    private readonly options: ScriptedOptions = {},
  ) {
    this.torn = options.torn ?? 0;
    this.machine = bareBoard(options.files, () => void time.after(10, () => this.restart()));
    this.plugged = plugIn(this.machine, time, options.faults);
    const { repl } = this.plugged;
    const toRepl = repl.receive.bind(repl);
    repl.receive = (bytes) => {
      if (this.mode === 'repl') toRepl(bytes);
      if (this.mode === 'console') this.hear(Buffer.from(bytes).toString('latin1'));
    };
    if (options.handedOver) this.machine.global.hairpin = (line: string) => this.seam(line);
    else this.started();
  }

  /** The chip restarts, for whatever reason. */
  restart(): void {
    this.restarts++;
    this.mode = 'starting';
    this.typed = '';
    this.plugged.repl.end();
    this.plugged.say(romText);
    this.time.after(startTime, () => this.started());
  }

  private started(): void {
    const { bare = false, failing = false } = this.options;
    const left = failing || this.skipOnce;
    this.skipOnce = false;
    delete this.machine.global.hairpin;
    if (!bare && !left) {
      this.mode = 'console';
      this.machine.global.hairpin = (line: string) => this.seam(line);
      return;
    }
    const sentence = 'The router is left out: the last request was to restart without it.';
    if (!bare) {
      this.machine.global.hairpin = () => JSON.stringify({ ok: false, error: sentence });
      this.plugged.say(`${sentence}\r\n`);
    }
    this.mode = 'repl';
    this.plugged.repl.start();
  }

  private hear(text: string): void {
    if (text.includes('\x03')) this.typed = '';
    if (text.includes('\x03') || text.startsWith('\x1b')) return;
    this.typed += text;
    if (this.typed.includes('\x10\x05')) {
      this.typed = '';
      this.mode = 'repl';
      return;
    }
    for (let end = this.typed.indexOf('\n'); end >= 0; end = this.typed.indexOf('\n')) {
      const line = this.typed.slice(0, end);
      this.typed = this.typed.slice(end + 1);
      let answer = line.startsWith('\x10') ? this.seam(line.slice(1)) : `no command "${line}"`;
      if (this.torn-- > 0) answer = answer[0] + answer.slice(2);
      this.plugged.say(`\r\n${answer}\r\n${line.startsWith('\x10') ? '' : 'hairpin> '}`);
    }
  }

  private seam(request: string): string {
    if (request === 'status') return '{"uptime":2,"ok":true}';
    if (request !== 'reboot repl' || this.options.old) return '{"ok":false,"error":"Unknown request."}';
    this.skipOnce = true;
    this.time.after(500, () => this.restart());
    return '{"ok":true,"reboot":"repl"}';
  }
}
