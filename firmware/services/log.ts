/**
 * The log: what happened, in a ring of `eventSlots` entries, in the order in which they happened last. Anybody among the
 * services may note an event of layout/events.ts; nothing is sent and no text made here. May touch: the log's columns.
 * Must not: take memory.
 */
import {
  eventCode,
  eventLasted,
  eventLog,
  eventSecond,
  eventSent,
  eventSlots,
  eventTimes,
  eventValue,
  logFolds,
  logLost,
  logNext,
  logNow,
  logUnsent,
} from '../layout/arena.ts';
import { firstDistinct } from '../layout/events.ts';

/**
 * An event that comes again within so many seconds is folded into its entry: what flaps takes one place, not all. Longer
 * than the 64 s after which DHCP messages are sent again at the latest (RFC 2131 section 4.1).
 */
export const foldSeconds = 90;
/** The most that an entry's columns can say: how often, and for how long. */
const mostTimes = 255;
const mostSeconds = 65535;

/**
 * Notes an event. Never throws.
 * @param code of layout/events.ts  @param value as its row there says; of a counted event, how often
 */
export function logEvent(code: number, value: number): void {
  const now = eventLog[logNow];
  const end = eventLog[logNext];
  let n = end > eventSlots ? end - eventSlots : 0;
  let lasted = 0;
  let times = 1;
  let sent = 0;
  let at = 0;
  while (n < end) {
    at = n % eventSlots;
    if (
      eventCode[at] == code &&
      (code < firstDistinct || eventValue[at] == value) &&
      now - eventSecond[at] < foldSeconds
    )
      break;
    n++;
  }
  if (n < end) {
    if (code < firstDistinct) value += eventValue[at];
    lasted = Math.min(mostSeconds, eventLasted[at] + now - eventSecond[at]);
    times = Math.min(mostTimes, eventTimes[at] + 1);
    sent = eventSent[at];
    eventLog[logFolds]++;
    // It has happened last now: those behind it move up.
    while (++n < end) {
      const from = n % eventSlots;
      eventSecond[at] = eventSecond[from];
      eventValue[at] = eventValue[from];
      eventLasted[at] = eventLasted[from];
      eventCode[at] = eventCode[from];
      eventTimes[at] = eventTimes[from];
      eventSent[at] = eventSent[from];
      at = from;
    }
  } else {
    at = end % eventSlots;
    if (end >= eventSlots && !eventSent[at]) eventLog[logLost]++;
    eventLog[logNext]++;
  }
  eventSecond[at] = now;
  eventValue[at] = value;
  eventLasted[at] = lasted;
  eventCode[at] = code;
  eventTimes[at] = times;
  eventSent[at] = sent;
  eventLog[logUnsent] = 1;
}
