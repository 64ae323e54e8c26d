/*
 * Time as everything on a serial line sees it: a clock and an alarm. The real one, and the interface that lets tests
 * have minutes pass at once.
 */

export interface Time {
  /** Milliseconds since some moment. */
  now(): number;
  /** Calls `action` once, `ms` from now; the returned function cancels that. */
  after(ms: number, action: () => void): () => void;
}

export const realTime: Time = {
  now: () => performance.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves `ms` from now. */
export async function pause(time: Time, ms: number): Promise<void> {
  await new Promise<void>((resolve) => void time.after(ms, resolve));
}
