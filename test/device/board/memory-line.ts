/*
 * Two ends of a serial line in memory, for tests of what speaks over one: what is written at one end arrives at the
 * other, in order, a moment later. No baud rate, no modem lines, no time.
 */
import { type ByteLine, LineLost } from '../../../host-tools/device/serial/byte-line.ts';

export interface LinePair {
  /** The tool's end. */
  readonly host: ByteLine;
  /** The board's end. */
  readonly board: ByteLine;
  /** Pulls the cable: both ends end, and what is on its way is lost. */
  unplug(): void;
}

/** Makes a pair; `path` is what the host's end is called. */
export function linePair(path = '/dev/ttyTEST'): LinePair {
  let plugged = true;
  let unplug = (): void => {};
  const closed = new Promise<void>((resolve) => (unplug = resolve));
  void closed.then(() => (plugged = false));
  const listeners = { host: new Set<Listener>(), board: new Set<Listener>() };
  const end = (from: Set<Listener>, to: Set<Listener>, name: string): ByteLine => ({
    path: name,
    closed,
    write: (bytes) => {
      if (!plugged) return Promise.reject(new LineLost(name));
      const copy = Uint8Array.from(bytes);
      setImmediate(() => {
        if (plugged) for (const listener of [...to]) listener(copy);
      });
      return Promise.resolve();
    },
    onBytes: (listener) => {
      from.add(listener);
      return () => void from.delete(listener);
    },
    close: () => {
      plugged = false;
      unplug();
      return Promise.resolve();
    },
    setSignals: () => Promise.resolve(false),
    setBaudRate: () => Promise.resolve(),
  });
  return {
    host: end(listeners.host, listeners.board, path),
    board: end(listeners.board, listeners.host, `the board at ${path}`),
    unplug: () => {
      plugged = false;
      unplug();
    },
  };
}

type Listener = (bytes: Uint8Array) => void;
