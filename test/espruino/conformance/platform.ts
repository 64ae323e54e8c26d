/**
 * The platform of a boot as the script wishes it: which files are in Storage, how much memory there is, which call
 * fails, what the clock says. Everything is in the recording, so the interpreter meets the same.
 */
import { Recorder, argumentText } from '../../../host-tools/emulator/recording.ts';

export interface PlatformWish {
  /** Storage at power-on; `null`: there is no such file. */
  config?: string | null;
  board?: string | null;
  /** No piece of memory is large enough for the arena. */
  crowded?: boolean;
  /** The call that throws from the beginning. */
  failing?: FailingCall;
}

/** Calls that can be made to throw; empty: none does. */
export type FailingCall = 'E.hwRand' | 'Storage.read' | 'Storage.write' | '';

type Call = (...args: unknown[]) => unknown;
type Methods = Record<string, Call>;
type Require = (name: string) => Methods;

export class StageRecorder extends Recorder {
  /** Seconds by which the board's clock was set forward. */
  leapt = 0;
  failing: FailingCall;
  /** Whether few variables are free, as `process.memory` tells it. */
  scarce = false;
  /** Storage, by file name; `null` or nothing: there is no such file. */
  readonly files: Record<string, string | null | undefined>;

  constructor(private readonly wish: PlatformWish) {
    super();
    this.failing = wish.failing ?? '';
    this.files = { 'board.json': wish.board, 'config.json': wish.config };
  }

  override instrument(...[platform, pins, clock]: Parameters<Recorder['instrument']>): void {
    const E = platform.E as Methods;
    const getTime = platform.getTime as () => number;
    platform.getTime = () => getTime() + this.leapt;
    if (this.wish.crowded) E.getAddressOf = () => 0;
    const process = platform.process as Methods;
    const memory = process.memory;
    process.memory = (...args) => ({ ...(memory(...args) as object), ...(this.scarce ? { free: 300 } : {}) });
    this.fillStorage(platform);
    super.instrument(platform, pins, clock);
    E.hwRand = this.mayFail('E.hwRand', E.hwRand);
    const require = platform.require as Require;
    platform.require = (name: string) =>
      name === 'Storage'
        ? {
            ...require(name),
            read: this.mayFail('Storage.read', require(name).read),
            write: this.mayFail('Storage.write', require(name).write),
          }
        : require(name);
  }

  private fillStorage(platform: Record<string, unknown>): void {
    const require = platform.require as Require;
    platform.require = (name: string) =>
      name === 'Storage'
        ? {
            ...require(name),
            read: (file: string, ...rest: unknown[]) => this.readFile(require(name), file, rest),
          }
        : require(name);
  }

  /** The script's files are texts; any other lies in the flash of the model. */
  private readFile(storage: Methods, file: string, rest: unknown[]): unknown {
    return file in this.files ? (this.files[file] ?? undefined) : storage.read(file, ...rest);
  }

  private mayFail(call: FailingCall, original: Call): Call {
    return (...args) => {
      if (this.failing !== call) return original(...args);
      const result = new Error('out of order');
      this.events.push({ at: 0, kind: 'call', call, args: argumentText(args), result });
      throw result;
    };
  }
}
