/*
 * The master of a pseudo-terminal as a ByteLine, for tests in which a program has the slave: the test then speaks to
 * the program as a tool speaks to a board.
 */
import { type ByteLine, LineLost } from '../../../host-tools/device/serial/byte-line.ts';
import type { Pty } from './pty.ts';

/** Closing the line closes the pseudo-terminal. */
export function lineOnPty(pty: Pty): ByteLine {
  let open = true;
  let ended = (): void => {};
  const closed = new Promise<void>((resolve) => (ended = resolve));
  return {
    path: pty.path,
    closed,
    write: (bytes) => {
      if (!open) return Promise.reject(new LineLost(pty.path));
      pty.write(bytes);
      return Promise.resolve();
    },
    onBytes: (listener) => pty.onBytes(listener),
    close: () => {
      open = false;
      pty.close();
      ended();
      return closed;
    },
    setSignals: () => Promise.resolve(false),
    setBaudRate: () => Promise.resolve(),
  };
}
