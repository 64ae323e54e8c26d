/*
 * A stand-in for Espruino's REPL at the board's end of a line: typed lines with echo and prompt, DLE lines without,
 * ENQ, Ctrl-C, packets. Written after src/jsinteractive.c of 2v29; test/device-line/same-as-interpreter.test.ts holds it
 * against the real one. It has no interpreter: what is evaluated, and the Storage, are the machine's.
 */
import { PacketType, packetOf } from '../../../host-tools/device/repl/packets.ts';
import { type Time, realTime } from '../../../host-tools/device/serial/time.ts';
import { toJs } from './to-js.ts';

/** What the REPL works on. */
export interface ReplMachine {
  /** Evaluates a script and returns its value. @throws what the script throws */
  evaluate(code: string): unknown;
  readonly storage: {
    read(name: string): string | undefined;
    write(name: string, data: string, offset?: number, size?: number): boolean;
  };
}

export interface ReplOptions {
  time?: Time;
  version?: string;
  board?: string;
}

const removed = '\r\x1b[J';
/** A packet that has not come to its end by then is given up, ms. */
const packetLimit = 5000;
const fileBlock = 1024;
/** No tool of ours sends it: see Repl.readFile. */
export const FILE_RECV = 0xa000;
const packetTypes = 0xe000;
const lengths = 0x1fff;

export class ReplStandIn {
  /** Ctrl-Cs outside packets: on a board each would have ended the code that runs. */
  interrupts = 0;
  private line = '';
  private echo = true;
  /** The prompt was taken back, and comes again when nothing is left to do. */
  private owed = false;
  private receiving = false;
  private escape = '';
  private afterDle = false;
  private afterReturn = false;
  private packet: { header: number[]; data: number[]; cancel: () => void } | null = null;
  private file: { fn: string; s: number; offset: number } | null = null;
  private readonly options: Required<ReplOptions>;

  constructor(
    private readonly machine: ReplMachine,
    private readonly send: (bytes: Uint8Array) => void,
    options: ReplOptions = {},
  ) {
    this.options = { time: realTime, version: '2v29', board: 'ESP32', ...options };
  }

  /** As after a start of the chip: forgets everything, shows banner and prompt. */
  start(): void {
    this.end();
    this.say(
      `\n ____                 _ \n|  __|___ ___ ___ _ _|_|___ ___ \n|  __|_ -| . |  _| | | |   | . |\n|____|___|  _|_| |___|_|_|_|___|\n         |_| espruino.com\n ${this.options.version} (c) 2025 G.Williams\n\n`,
    );
    this.put('>');
  }

  /** The chip goes down: nothing is answered any more, no timer is left. */
  end(): void {
    this.packet?.cancel();
    Object.assign(this, { line: '', echo: true, owed: false, escape: '', afterDle: false });
    this.packet = null;
    this.file = null;
  }

  receive(bytes: Uint8Array): void {
    this.receiving = true;
    for (const byte of bytes) this.take(byte);
    this.receiving = false;
    this.payPrompt();
  }

  /** What the firmware prints, or an error nothing caught: lines are ended by LF here, by CR LF on the line. */
  print(text: string): void {
    if (!this.owed) this.put(removed);
    this.owed = true;
    this.say(text);
    if (!this.receiving) this.payPrompt();
  }

  private take(byte: number): void {
    if (this.packet) this.takeOfPacket(byte);
    else if (byte === 0x01 && this.afterDle) this.beginPacket();
    else if (byte === 0x03) this.interrupt();
    else if (byte === 0x05) {
      if (this.line === '') this.say(`Espruino ${this.options.version} ${this.options.board}\n`);
    } else if (byte === 0x10) {
      if (this.line === '') this.echo = false;
      this.afterDle = true;
    } else this.takeTyped(String.fromCharCode(byte));
  }

  private takeTyped(character: string): void {
    this.afterDle = false;
    const second = character === '\n' && this.afterReturn;
    this.afterReturn = character === '\r';
    if (second) return;
    if (character === '\x1b' || this.escape !== '') this.takeEscape(character);
    else if (character === '\r' || character === '\n') this.enter();
    else if (character === '\b' || character === '\x7f') this.erase();
    else if (character >= ' ' || character === '\t') {
      this.line += character;
      if (this.echo) this.put(character);
    }
  }

  private takeEscape(character: string): void {
    this.escape += character;
    if (/^\x1b(\[\d*)?$/.test(this.escape)) return;
    if (this.escape === '\x1b[2H') this.clearLine();
    this.escape = '';
  }

  private enter(): void {
    const brackets = (this.line.match(/[([{]/g)?.length ?? 0) - (this.line.match(/[)\]}]/g)?.length ?? 0);
    if (this.echo) this.say(brackets > 0 ? '\n:' : '\n');
    if (brackets > 0) {
      this.line += '\n';
      return;
    }
    const { line, echo } = this;
    this.line = '';
    this.owed ||= echo;
    const value = line === '' ? null : this.attempt(line);
    if (value && echo) this.say(`=${value.value === undefined ? 'undefined' : toJs(value.value)}\n`);
    this.echo = true;
  }

  private erase(): void {
    if (this.line === '') return;
    this.line = this.line.slice(0, -1);
    if (this.echo) this.put('\b \b');
  }

  private clearLine(): void {
    if (this.line === '') return;
    if (this.echo) this.put('\x1b[D'.repeat(this.line.length) + removed);
    this.line = '';
    this.owed = true;
  }

  private interrupt(): void {
    this.interrupts++;
    this.clearLine();
  }

  /** Null when it threw; then that has been printed. */
  private attempt(code: string): { value: unknown } | null {
    try {
      return { value: this.machine.evaluate(code) };
    } catch (error) {
      this.print(`Uncaught ${String(error)}\n`);
      return null;
    }
  }

  private beginPacket(): void {
    this.afterDle = false;
    if (this.line === '') this.echo = true;
    const cancel = this.options.time.after(packetLimit, () => {
      this.put('\x15');
      this.packet = null;
    });
    this.packet = { header: [], data: [], cancel };
  }

  private takeOfPacket(byte: number): void {
    const { header, data, cancel } = this.packet!;
    (header.length < 2 ? header : data).push(byte);
    if (header.length < 2) return;
    const word = (header[0] << 8) | header[1];
    if (data.length < (word & lengths)) return;
    cancel();
    const text = Buffer.from(data).toString('latin1');
    const process = this.processes[word & packetTypes];
    if (process) process(text);
    else this.put('\x15');
    this.packet = null;
  }

  private readonly processes: Readonly<Record<number, (text: string) => void>> = {
    [PacketType.eval]: (text) => {
      try {
        // An expression and nothing else.
        const value = this.machine.evaluate(`(${text}\n)`);
        this.put('\x06');
        this.putPacket(PacketType.response, toJs(value));
      } catch (error) {
        this.put('\x15');
        this.print(`Uncaught ${String(error)}\n`);
      }
    },
    [PacketType.fileSend]: (text) => {
      const { fn, s } = objectIn(text);
      const good = typeof fn === 'string' && typeof s === 'number' && s !== 0;
      this.file = good ? { fn, s, offset: 0 } : null;
      this.put(good ? '\x06' : '\x15');
    },
    [PacketType.data]: (text) => {
      const { file } = this;
      this.put(file ? '\x06' : '\x15');
      if (!file) return;
      try {
        this.machine.storage.write(file.fn, text, file.offset, file.s);
      } catch (error) {
        // Acknowledged all the same.
        this.print(`Uncaught ${String(error)}\n`);
      }
      file.offset += text.length;
      if (file.offset >= file.s) this.file = null;
    },
    [FILE_RECV]: (text) => {
      const { fn } = objectIn(text);
      const content = typeof fn === 'string' ? this.machine.storage.read(fn) : undefined;
      this.put(content === undefined ? '\x15' : '\x06');
      if (content === undefined) return;
      for (let at = 0; at < content.length; at += fileBlock)
        this.putPacket(PacketType.data, content.slice(at, at + fileBlock), true);
      this.putPacket(PacketType.data, '');
    },
  };

  private payPrompt(): void {
    if (!this.owed || this.packet) return;
    this.owed = false;
    this.put(`>${this.echo ? this.line.replaceAll('\n', '\n:') : ''}`);
  }

  /** @param raw the text may have line ends, and gets the CRs that Espruino does not count */
  private putPacket(type: number, text: string, raw = false): void {
    const packet = Buffer.from(packetOf(type, Buffer.from(text, 'latin1'))).toString('latin1');
    this.put(raw ? packet.slice(0, 4) + packet.slice(4).replaceAll('\n', '\r\n') : packet);
  }

  private say(text: string): void {
    this.put(text.replaceAll('\n', '\r\n'));
  }

  private put(text: string): void {
    this.send(Buffer.from(text, 'latin1'));
  }
}

function objectIn(text: string): { fn?: unknown; s?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as { fn?: unknown; s?: unknown };
  } catch {
    return {};
  }
}
