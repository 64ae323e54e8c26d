/**
 * A loop that does not end, in the firmware, is a fault like any other: here it is one, instead of a test that never
 * ends either. Node can end code only if it is a script's, so the work is called by one.
 */
import { Script } from 'node:vm';

const caller = new Script('hairpinFuzzWork()');

/** Does something that must be done within some milliseconds. @throws an error with the code below if it is not */
export function bounded<Result>(milliseconds: number, work: () => Result): Result {
  const world = globalThis as { hairpinFuzzWork?: () => Result };
  world.hairpinFuzzWork = work;
  try {
    return caller.runInThisContext({ timeout: milliseconds }) as Result;
  } finally {
    delete world.hairpinFuzzWork;
  }
}

/** Whether an error says that the time was over. */
export function isOvertime(error: unknown): boolean {
  return (error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
