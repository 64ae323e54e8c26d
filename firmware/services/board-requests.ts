/**
 * Requests about the board itself: its memory, and restarting it.
 */
import { requestMark, skipOnceMark } from '../layout/start-mark.ts';
import { writeMark } from '../platform/start.ts';
import { after, freeStorage, restart, variables } from '../platform/system.ts';

/** Milliseconds between the answer and the restart, so that the answer still leaves. */
const untilRestart = 300;

/** The answer to `memory`. */
export function memoryText(): string {
  const { usage, free, total } = variables();
  return JSON.stringify({
    ok: true,
    memory: { used: usage, free: free, total: total, storageFree: freeStorage() },
  });
}

/** Restarts the board a little later. @param repl without the router, once */
export function restartSoon(repl: boolean): void {
  writeMark(repl ? skipOnceMark : requestMark);
  after(untilRestart, restart);
}
