/**
 * Whether the counters add up: every frame that came in was passed on, consumed, dropped or is held, and every frame
 * that left was passed on, made, or is one piece more of one that was cut.
 */
import { counter } from '../../firmware/layout/arena.ts';
import {
  answeredArp,
  answeredEcho,
  consumedArp,
  consumedDatagram,
  consumedIcmp,
  counterNames,
  dropException,
  dropOutFull,
  isDrop,
  sentArpRequest,
  sentDatagram,
  sentEcho,
  sentIcmpError,
  sentReset,
  slowForwarded,
} from '../../firmware/layout/reasons.ts';

/** `drop-out-full` counts answers that found no room: no received frame ends there. */
function drops(): number {
  let sum = 0;
  for (let reason = 0; reason < counterNames.length; reason++)
    if (isDrop(reason) && reason !== dropOutFull) sum += counter[reason];
  return sum;
}

/** Extra pieces of packets that were cut. */
function pieces(): number {
  const at = counterNames.indexOf('sent-fragment');
  return at < 0 ? 0 : counter[at];
}

/** What a router's counters and frames came to at one moment. */
export interface Balance {
  /** Frames that arrived, were passed on by the datapath alone, left, and wait. */
  arrived: number;
  fast: number;
  left: number;
  held: number;
}

/** A sentence when the counters and these numbers, all since the router started, do not add up. */
export function ledgerFault({ arrived, fast, left, held }: Balance): string | undefined {
  const passed = fast + counter[slowForwarded];
  const consumed =
    counter[answeredEcho] +
    counter[answeredArp] +
    counter[consumedArp] +
    counter[consumedIcmp] +
    counter[consumedDatagram];
  const ended = passed + consumed + drops() + held;
  if (counter[dropException]) return `${counter[dropException]} exceptions were counted`;
  if (ended !== arrived) {
    return `${arrived} frames arrived, but ${passed} were passed on, ${consumed} consumed, ${drops()} dropped and ${held} are held: ${ended}`;
  }
  const made =
    counter[answeredArp] +
    counter[sentArpRequest] +
    counter[sentIcmpError] +
    counter[sentReset] +
    counter[sentEcho] +
    counter[sentDatagram];
  const sent = passed + counter[answeredEcho] + made + pieces();
  return sent === left ? undefined : `${left} frames left, but ${sent} are counted`;
}
