/*
 * What a serial line is to everything that speaks over one: bytes out, bytes in, and word of its end. Whoever speaks a
 * protocol takes a ByteLine and opens none, so that tests can put anything at the other end. No protocol here.
 */
import { UserError } from '../../cli/user-error.ts';

/** The two lines with which USB adapters hold a board in reset (RTS) or ask for its boot loader (DTR). */
export interface Signals {
  dtr?: boolean;
  rts?: boolean;
}

/** An open serial line. */
export interface ByteLine {
  /** As its user names it, for sentences: `/dev/ttyUSB0`. */
  readonly path: string;
  /**
   * Resolves when the system has taken the bytes; they may still be on their way.
   * @throws LineLost when the line has ended
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Hands over what arrives, in order, from now on; the returned function ends that. */
  onBytes(listener: (bytes: Uint8Array) => void): () => void;
  /** Resolves, and never rejects, when the line has ended: by `close`, or because it was unplugged. */
  readonly closed: Promise<void>;
  /** Does nothing if the line has ended already. */
  close(): Promise<void>;
  /** Sets what is given and leaves the rest. False: this port has no such lines (a pseudo-terminal). */
  setSignals(signals: Signals): Promise<boolean>;
  /** In bits per second, once everything written has gone out. */
  setBaudRate(baud: number): Promise<void>;
}

/** The line has ended in the middle of something. */
export class LineLost extends UserError {
  constructor(path: string) {
    super(
      `${path} is gone: the cable was pulled, or the board lost its power. Plug it in and run the command again; what was begun is repaired then.`,
    );
    this.name = 'LineLost';
  }
}
