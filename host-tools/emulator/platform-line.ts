// The serial line of a board as Espruino shows it: `Serial1`, the pair `LoopbackA` and `LoopbackB`, and which of them the
// interpreter's own console is at. Hands characters on in the idle loop, as the interpreter does; knows nothing of what
// they mean. The console itself (the REPL) is the owner's business.

/** An object that has `on('data', ...)`, `write` and `setConsole`; all of them may be bound. */
export interface SerialObject {
  on(event: string, listener: (text: string) => void): void;
  write(text: string): void;
  setConsole(force?: boolean): void;
}

/** Runs firmware code: what it throws goes to the console. */
type Call = (callback: (text: string) => void, text: string) => void;
type Device = 'Serial1' | 'LoopbackA' | 'LoopbackB';

/** Most characters that one event carries; the interpreter cuts longer pieces. */
const EVENT_CHARACTERS = 64;

export class SerialLine {
  /** Where the interpreter's console is. A board starts with it at the serial line. */
  console: Device = 'Serial1';
  /** Whether the console echoes and prompts. */
  echo = true;
  /** Hears what the board sends. */
  onSent: (text: string) => void = () => {};
  /** Hears what arrives while the console has the serial line: what is typed there is no event of the firmware's. */
  onTyped: (text: string) => void = () => {};
  private readonly listeners = new Map<Device, Array<(text: string) => void>>();
  private readonly waiting: Array<{ device: Device; text: string }> = [];

  constructor(private readonly call: Call) {}

  /** Characters arrive from outside. */
  receive(text: string): void {
    if (this.console === 'Serial1') this.onTyped(text);
    else this.enqueue('Serial1', text);
  }

  /** The interpreter prints a line. */
  print(line: string): void {
    if (this.console === 'LoopbackA') this.enqueue('LoopbackB', `${line}\r\n`);
  }

  get hasQueued(): boolean {
    return this.waiting.length > 0;
  }

  /** One turn of the idle loop: what was waiting when it began. True if anything was. */
  runQueued(): boolean {
    const due = this.waiting.splice(0);
    for (const { device, text } of due) {
      for (const listener of this.listeners.get(device) ?? []) this.call(listener, text);
    }
    return due.length > 0;
  }

  /** The globals. */
  makeObjects(): Record<Device, SerialObject> & { echo: (on: boolean) => void } {
    return {
      Serial1: this.makeObject('Serial1'),
      LoopbackA: this.makeObject('LoopbackA'),
      LoopbackB: this.makeObject('LoopbackB'),
      echo: (on) => void (this.echo = on),
    };
  }

  private makeObject(device: Device): SerialObject {
    return {
      on: (event, listener) => {
        if (event !== 'data') throw new Error(`${device}.on: the emulated board never raises '${event}'.`);
        this.listeners.set(device, [...(this.listeners.get(device) ?? []), listener]);
      },
      write: (text) => {
        if (device === 'Serial1') this.onSent(String(text));
        else this.enqueue(device === 'LoopbackA' ? 'LoopbackB' : 'LoopbackA', String(text));
      },
      setConsole: () => void (this.console = device),
    };
  }

  private enqueue(device: Device, text: string): void {
    for (let at = 0; at < text.length; at += EVENT_CHARACTERS)
      this.waiting.push({ device, text: text.slice(at, at + EVENT_CHARACTERS) });
  }
}
