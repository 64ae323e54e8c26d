/*
 * Opens a serial port of this computer as a ByteLine, and says what to do when that fails. The only file that calls
 * the serialport package for a line; which port to open is find-port's business.
 */
import { existsSync, realpathSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { SerialPort } from 'serialport';
import { UserError } from '../../cli/user-error.ts';
import { type ByteLine, LineLost, type Signals } from './byte-line.ts';

/** Espruino's console and the firmware's: bits per second, 8 data bits, no parity, 1 stop bit. */
export const consoleBaud = 115200;

/** How long the system may take to hand over a port, ms: drivers of some adapters are slow after plugging in. */
const openWithin = 5000;

/**
 * How often it is looked whether the port is still there, ms. Mostly the system says so itself; but a port pulled while
 * it was being read reads as empty for ever (Linux), and the serialport package (13.0.0) then asks again without end.
 */
const watchEvery = 250;

/**
 * By what the system says, in the words of all three; the first that matches counts.
 * Linux says "Permission denied" for a missing group; Windows says "Access denied" for a port in use.
 */
const REMEDIES: readonly (readonly [said: RegExp, remedy: string])[] = [
  [
    /permission denied|EACCES/i,
    'this user may not open it; add yourself to group dialout: sudo usermod -aG dialout $USER, then log in again.',
  ],
  [
    /busy|cannot lock|EBUSY|temporarily unavailable|access denied/i,
    'another program has it; close that (a terminal program, an IDE, another hairpin) and try again.',
  ],
  [
    /no such file|file not found|ENOENT|ENXIO|no such device/i,
    'there is no such port; is the board plugged in? The cable may be charge-only.',
  ],
  [/inappropriate ioctl|ENOTTY|not a (tty|serial port)|is a directory/i, 'that is not a serial port.'],
];

/** The sentence for a port that would not open; `said` is the system's own text. */
export function openTrouble(path: string, said: string): string {
  const known = REMEDIES.find(([pattern]) => pattern.test(said));
  return `${path} cannot be opened: ${known ? known[1] : `${said.replace(/^Error:? */, '').replace(/\.?$/, '.')}`}`;
}

/**
 * Opens the port, 8N1, without flow control.
 * @throws UserError with the likely remedy
 */
export async function openPort(path: string, baud = consoleBaud): Promise<ByteLine> {
  // Not dropping DTR at the end: on most boards that would reset them.
  const port = new SerialPort({ path, baudRate: baud, autoOpen: false, hupcl: false });
  await opened(port, path);
  closeWhenGone(port, path);
  return new PortLine(port, path);
}

/** Closes the port when its device file has gone; where ports are no files (Windows), there is nothing to watch. */
function closeWhenGone(port: SerialPort, path: string): void {
  if (!existsSync(path)) return;
  // A link such as those in /dev/serial/by-id may lead to the next board by then.
  const device = realpathSync(path);
  const timer = setInterval(() => {
    if (!existsSync(device) && port.isOpen) port.close(() => {});
  }, watchEvery);
  timer.unref();
  port.once('close', () => clearInterval(timer));
}

async function opened(port: SerialPort, path: string): Promise<void> {
  const opening = new Promise<void>((resolve, reject) =>
    port.open((error) => (error ? reject(error) : resolve())),
  );
  const given = new AbortController();
  const late = delay(openWithin, 'late', { signal: given.signal, ref: true }).catch(() => 'late');
  try {
    if ((await Promise.race([opening, late])) === 'late') {
      // An open port would keep the program from ending.
      opening.then(
        () => port.close(() => {}),
        () => {},
      );
      throw new UserError(
        `${path} does not open: the system has been at it for ${openWithin / 1000} s. Unplug the board, plug it in again, and try once more.`,
      );
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(openTrouble(path, error instanceof Error ? error.message : String(error)));
  } finally {
    given.abort();
  }
}

class PortLine implements ByteLine {
  readonly closed: Promise<void>;
  private readonly listeners = new Set<(bytes: Uint8Array) => void>();
  /** The system raises both when a port is opened. */
  private readonly signals = { dtr: true, rts: true };

  constructor(
    private readonly port: SerialPort,
    readonly path: string,
  ) {
    this.closed = new Promise((resolve) => port.once('close', () => resolve()));
    // An error ends the line or fails a write; both are told elsewhere.
    port.on('error', () => {});
    port.on('data', (bytes: Buffer) => {
      for (const listener of [...this.listeners]) listener(bytes);
    });
  }

  async write(bytes: Uint8Array): Promise<void> {
    // A write to a line that was pulled may never be answered.
    await Promise.race([
      this.call((done) => void this.port.write(Buffer.from(bytes), done)),
      this.closed.then(() => Promise.reject(new LineLost(this.path))),
    ]);
  }

  onBytes(listener: (bytes: Uint8Array) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.port.isOpen) this.port.close(() => {});
    await this.closed;
  }

  async setSignals(signals: Signals): Promise<boolean> {
    Object.assign(this.signals, signals);
    try {
      await this.call((done) => this.port.set(this.signals, done));
      return true;
    } catch (error) {
      if (error instanceof LineLost) throw error;
      return false;
    }
  }

  async setBaudRate(baud: number): Promise<void> {
    await this.call((done) => this.port.drain(done));
    await this.call((done) => this.port.update({ baudRate: baud }, done));
  }

  /** One call of the port; if the line has ended, that is the reason it failed. */
  private async call(start: (done: (error?: Error | null) => void) => void): Promise<void> {
    if (!this.port.isOpen) throw new LineLost(this.path);
    try {
      await new Promise<void>((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
    } catch (error) {
      if (!this.port.isOpen || (error as { disconnect?: boolean }).disconnect) throw new LineLost(this.path);
      throw error;
    }
  }
}
