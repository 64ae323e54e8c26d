/**
 * Serving both ports: drains whichever has something, until nothing waits or the turn is over.
 */
import { counter } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { receivedLan, receivedWan } from '../layout/reasons.ts';
import { largestFrame } from '../control/addresses.ts';
import type { Port } from '../w5500/port.ts';
import { makeDrain } from './drain.ts';

/** Batches of each port in one turn: some 130 ms of full work on a board, then console and watchdog have a say. */
const rounds = 4;

/** Ways to serve the ports. */
export interface Service {
  /** Drains the ports whose lines say that something waits. */
  serve: () => void;
  /** Drains a port whose line says that nothing waits. @returns whether something was waiting all the same */
  lookAt: (port: number) => boolean;
  /** Sends every frame the long way, where it is written down, or back the short one. */
  trace: (on: boolean) => void;
}

/** Makes the service of two opened ports. */
export function makeService(wan: Port, lan: Port): Service {
  const wanQuiet = wan.interruptHigh;
  const lanQuiet = lan.interruptHigh;
  const fromWan = makeDrain(wan, largestFrame());
  const fromLan = makeDrain(lan, largestFrame());
  const drainWan = fromWan.drain;
  const drainLan = fromLan.drain;
  /** 1 while the last batch left something; the line may be high then. */
  let wanMore = 0;
  let lanMore = 0;

  function serve(): void {
    let left = rounds;
    do {
      if (wanMore || !wanQuiet()) wanMore = drainWan();
      if (lanMore || !lanQuiet()) lanMore = drainLan();
    } while ((wanMore || lanMore) && left--);
  }

  function lookAt(port: number): boolean {
    const received = port == lanPort ? receivedLan : receivedWan;
    const before = counter[received];
    if (port == lanPort) {
      if (!lanMore && lanQuiet()) lanMore = drainLan();
    } else if (!wanMore && wanQuiet()) wanMore = drainWan();
    return counter[received] != before;
  }

  function trace(on: boolean): void {
    fromWan.trace(on);
    fromLan.trace(on);
  }

  return { serve: serve, lookAt: lookAt, trace: trace };
}
