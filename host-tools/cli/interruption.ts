/*
 * Ctrl-C in the middle of something that has to be tidied up: the work is left where it is, the tidying is done, and
 * the command ends with the exit code that says so.
 */

/** Ctrl-C, or a polite request to end, came. The command says so and exits with 130. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
    this.name = 'Interrupted';
  }
}

const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A listener keeps the signal from ending the program. */
function ignore(): void {}

/**
 * Does `work`, then `afterwards`, then in any case `tidy`; resolves with what `work` resolved with.
 * A signal during `work` rejects with Interrupted. During `afterwards`, which may have the terminal and with it
 * Ctrl-C, only SIGTERM and SIGHUP do; during `tidy` signals are ignored.
 */
export async function untilInterrupted<T>(
  work: () => Promise<T>,
  afterwards: () => Promise<void>,
  tidy: () => Promise<void>,
): Promise<T> {
  let interrupt = (): void => {};
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = () => reject(new Interrupted());
  });
  // It is awaited in a race that may be over when the signal comes.
  interrupted.catch(() => {});
  for (const signal of signals) process.on(signal, interrupt);
  try {
    const result = await Promise.race([work(), interrupted]);
    process.off('SIGINT', interrupt);
    process.on('SIGINT', ignore);
    await Promise.race([afterwards(), interrupted]);
    return result;
  } finally {
    await tidy();
    for (const signal of signals) process.off(signal, interrupt);
    process.off('SIGINT', ignore);
  }
}
