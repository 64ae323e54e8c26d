/*
 * Two ends of a serial line in memory, for tests of what speaks over one: what is written at one end arrives at the
 * other, in order, after the time that it takes at 115200 bits per second. No modem lines.
 */
import { consoleBaud } from '../../../host-tools/device/serial/open-port.ts';
import { type ByteLine, LineLost } from '../../../host-tools/device/serial/byte-line.ts';
import { type Time, realTime } from '../../../host-tools/device/serial/time.ts';

export interface LinePair {
  /** The tool's end. */
  readonly host: ByteLine;
  /** The board's end. */
  readonly board: ByteLine;
  /** Pulls the cable: both ends end, and what is on its way is lost. */
  unplug(): void;
}

type Listener = (bytes: Uint8Array) => void;

/** A start bit, eight of data, a stop bit; ms. */
const byteTime = 10_000 / consoleBaud;

/** Makes a pair; `path` is what the host's end is called. */
export function linePair(path = '/dev/ttyTEST', time: Time = realTime): LinePair {
  let plugged = true;
  let ended = (): void => {};
  const closed = new Promise<void>((resolve) => (ended = resolve));
  const unplug = (): void => {
    plugged = false;
    ended();
  };
  const end = (from: Set<Listener>, to: Set<Listener>, name: string): ByteLine => {
    let free = 0;
    return {
      path: name,
      closed,
      write: (bytes) => {
        if (!plugged) return Promise.reject(new LineLost(name));
        const copy = Uint8Array.from(bytes);
        free = Math.max(free, time.now()) + copy.length * byteTime;
        time.after(free - time.now(), () => {
          if (plugged) for (const listener of [...to]) listener(copy);
        });
        return Promise.resolve();
      },
      onBytes: (listener) => {
        from.add(listener);
        return () => void from.delete(listener);
      },
      close: () => {
        unplug();
        return Promise.resolve();
      },
      setSignals: () => Promise.resolve(false),
      setBaudRate: () => Promise.resolve(),
    };
  };
  const host = new Set<Listener>();
  const board = new Set<Listener>();
  return { host: end(host, board, path), board: end(board, host, `the board at ${path}`), unplug };
}
