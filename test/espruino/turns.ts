/**
 * Interpreters take a core each: those of one test file wait here for a place.
 */
const places = 2;
let running = 0;
const waiting: (() => void)[] = [];

/** Runs `work` when one of the places is free. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= places) await new Promise<void>((go) => waiting.push(go));
  else running++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
