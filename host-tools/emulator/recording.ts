// Writes down everything that passes between a board's firmware and its platform, in order, with the clock's time:
// calls the firmware makes with what they gave back, callbacks that were run, requests and answers. A recording is
// what the real interpreter is held against. Changes nothing of what the calls do.
import type { Clock, Microseconds } from './clock.ts';
import { formatPrinted, formatUncaught } from './print.ts';
import { Pin } from './platform-pins.ts';
import type { Pins } from './platform-pins.ts';

/** Bytes are lower-case hex, without blanks. `at` is the clock's time. */
export type RecordedEvent = { readonly at: Microseconds } & (
  | { readonly kind: 'boot' }
  /** `call` is `SPI2.send` or `SPI2.write`; of a write nothing comes back. */
  | {
      readonly kind: 'spi';
      readonly call: string;
      readonly select: string;
      readonly mosi: string;
      readonly miso: string;
    }
  /** Any other call: `D25.write`, `setInterval`, `Storage.read` ... with its arguments as `argumentText` has them. */
  | { readonly kind: 'call'; readonly call: string; readonly args: string; readonly result: unknown }
  /** A timer's callback is run. */
  | { readonly kind: 'timer'; readonly id: number }
  /** A watch's callback is run; seconds. */
  | {
      readonly kind: 'watch';
      readonly id: number;
      readonly state: boolean;
      readonly time: number;
      readonly lastTime: number | undefined;
    }
  /** Characters are handed to what the firmware left at a serial device. */
  | { readonly kind: 'data'; readonly device: string; readonly text: string }
  /** The code that was run last ended with an exception that it did not catch. */
  | { readonly kind: 'threw'; readonly error: string }
  | { readonly kind: 'request'; readonly line: string }
  | { readonly kind: 'answer'; readonly line: string }
);

type EventBody = RecordedEvent extends infer E ? (E extends unknown ? Omit<E, 'at'> : never) : never;
type Call = (...args: unknown[]) => unknown;
type Methods = Record<string, Call>;

const PIN_METHODS = ['read', 'write', 'set', 'reset', 'mode', 'getMode', 'toggle'] as const;
const STORAGE_METHODS = ['read', 'readJSON', 'write', 'erase', 'list', 'getFree'];
/** `E.mapInPlace` and `E.CRC32` compute only, so they are not recorded: the interpreter uses its own. */
const E_METHODS = ['hwRand', 'enableWatchdog', 'kickWatchdog', 'getErrorFlags', 'reboot'];
const MODULE_METHODS: Readonly<Record<string, readonly string[]>> = {
  Storage: STORAGE_METHODS,
  Wifi: ['stopAP'],
  TelnetServer: ['setOptions'],
};
const NRF_METHODS = ['sleep'];
const SERIAL_DEVICES = ['Serial1', 'LoopbackA', 'LoopbackB'];
const PLAIN_FUNCTIONS = [
  ...['clearTimeout', 'clearInterval', 'clearWatch', 'getTime', 'print', 'reset', 'load'],
  ...['echo', 'peek32', 'poke32', 'digitalPulse'],
];

export class Recorder {
  readonly events: RecordedEvent[] = [];
  private clock: Clock | undefined;

  /** Wraps a board's platform objects; the board calls it once, before the firmware sees them. */
  instrument(platform: Record<string, unknown>, pins: Pins, clock: Clock): void {
    this.clock = clock;
    for (const bus of ['SPI1', 'SPI2']) this.wrapBus(platform[bus] as Methods, bus);
    for (const pin of pins.all) this.wrapMethods(pin as unknown as Methods, pin.name, PIN_METHODS);
    this.wrapMethods(platform.E as Methods, 'E', E_METHODS);
    this.wrapAddressOf(platform.E as Methods);
    this.wrapMethods(platform.process as Methods, 'process', ['memory']);
    this.wrapMethods(platform as Methods, '', PLAIN_FUNCTIONS);
    (platform.console as Methods).log = platform.print as Call;
    for (const device of SERIAL_DEVICES) this.wrapSerial(platform[device] as Methods, device);
    this.wrapModules(platform);
    if (platform.NRF !== undefined) this.wrapMethods(platform.NRF as Methods, 'NRF', NRF_METHODS);
    for (const name of ['setTimeout', 'setInterval']) this.wrapTimer(platform as Methods, name);
    this.wrapWatch(platform as Methods);
  }

  boot(): void {
    this.add({ kind: 'boot' });
  }

  request(line: string): void {
    this.add({ kind: 'request', line });
  }

  answered(line: string): void {
    this.add({ kind: 'answer', line });
  }

  threw(error: unknown): void {
    this.add({ kind: 'threw', error: formatUncaught(error)[0] });
  }

  private add(body: EventBody): void {
    this.events.push({ at: this.clock?.now() ?? 0, ...body } as RecordedEvent);
  }

  private wrapBus(bus: Methods, name: string): void {
    this.wrapMethods(bus, name, ['setup']);
    const send = bus.send.bind(bus);
    const write = bus.write.bind(bus);
    bus.send = (data, select) => {
      const mosi = hex([data]);
      const back = send(data, select);
      this.add({
        kind: 'spi',
        call: `${name}.send`,
        select: argumentText([select]),
        mosi,
        miso: hex([back]),
      });
      return back;
    };
    bus.write = (...pieces) => {
      const select = pieces.filter((piece) => piece instanceof Pin);
      const mosi = hex(pieces.filter((piece) => !(piece instanceof Pin)));
      write(...pieces);
      this.add({ kind: 'spi', call: `${name}.write`, select: argumentText(select), mosi, miso: '' });
    };
  }

  private wrapMethods(object: Methods, name: string, methods: readonly string[]): void {
    for (const method of methods) {
      const original = object[method].bind(object);
      const call = name === '' ? method : `${name}.${method}`;
      object[method] = (...args) => {
        const result = original(...args);
        this.add({ kind: 'call', call, args: argumentText(args), result });
        return result;
      };
    }
  }

  /** Records the size only: the arena's content is no argument. */
  private wrapAddressOf(E: Methods): void {
    const addressOf = E.getAddressOf;
    E.getAddressOf = (data, flat) => {
      const result = addressOf(data, flat);
      const size = (data as ArrayBufferView | ArrayBuffer).byteLength;
      this.add({ kind: 'call', call: 'E.getAddressOf', args: argumentText([size, flat]), result });
      return result;
    };
  }

  /** Modules are asked for by name each time, and one that the build lacks throws: that is not recorded. */
  private wrapModules(platform: Record<string, unknown>): void {
    const require = platform.require as (name: string) => Methods;
    const wrapped: Record<string, Methods> = {};
    for (const [name, methods] of Object.entries(MODULE_METHODS)) {
      wrapped[name] = {};
      for (const method of methods) wrapped[name][method] = (...args) => require(name)[method](...args);
      this.wrapMethods(wrapped[name], name, methods);
    }
    platform.require = (name: string) => (require(name), wrapped[name]);
  }

  private wrapSerial(device: Methods, name: string): void {
    const on = device.on.bind(device);
    device.on = (event, listener) => {
      on(event, (text: string) => {
        this.add({ kind: 'data', device: name, text });
        (listener as Call)(text);
      });
      this.add({ kind: 'call', call: `${name}.on`, args: argumentText([event]), result: undefined });
    };
    this.wrapMethods(device, name, ['write', 'setConsole']);
  }

  private wrapTimer(platform: Methods, name: string): void {
    const set = platform[name];
    platform[name] = (callback, milliseconds) => {
      const id = set(() => {
        this.add({ kind: 'timer', id });
        (callback as Call)();
      }, milliseconds) as number;
      this.add({ kind: 'call', call: name, args: argumentText([milliseconds]), result: id });
      return id;
    };
  }

  private wrapWatch(platform: Methods): void {
    const set = platform.setWatch;
    platform.setWatch = (callback, pin, options) => {
      const id = set(
        (event: { state: boolean; time: number; lastTime: number | undefined }) => {
          const { state, time, lastTime } = event;
          this.add({ kind: 'watch', id, state, time, lastTime });
          (callback as Call)(event);
        },
        pin,
        options,
      ) as number;
      this.add({ kind: 'call', call: 'setWatch', args: argumentText([pin, options]), result: id });
      return id;
    };
  }
}

/**
 * Arguments as one line: strings as they are, pins by name, objects as `key=value` in the order of their keys, bytes
 * as `[hex]`, functions left out. The replay script in the interpreter writes the same text.
 */
export function argumentText(args: readonly unknown[]): string {
  return args.map(oneArgument).join(' ');
}

function oneArgument(value: unknown): string {
  if (typeof value !== 'object' || value === null || value instanceof Pin) return String(value);
  if (ArrayBuffer.isView(value)) return `[${hex([value])}]`;
  if (Array.isArray(value)) return formatPrinted([value]);
  return Object.entries(value)
    .map(([key, entry]) => `${key}=${oneArgument(entry)}`)
    .join(' ');
}

function hex(pieces: readonly unknown[]): string {
  return pieces
    .map((piece) =>
      ArrayBuffer.isView(piece)
        ? Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('hex')
        : Buffer.of(Number(piece)).toString('hex'),
    )
    .join('');
}
