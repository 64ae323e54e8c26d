/**
 * The log: what happened, in a ring of `eventSlots` entries. Anybody among the services may note an event of
 * layout/events.ts; nothing is sent and no text made here. May touch: the log's columns. Must not: take memory.
 */
import {
  eventCode,
  eventLasted,
  eventLog,
  eventSecond,
  eventSlots,
  eventTimes,
  eventValue,
  logFolds,
  logNext,
  logNow,
} from '../layout/arena.ts';
import { firstDistinct } from '../layout/events.ts';

/** An event that comes again within so many seconds is folded into its entry: what flaps takes one place, not all. */
const foldSeconds = 60;
/** The most that an entry's columns can say: how often, and for how long. */
const mostTimes = 255;
const mostSeconds = 65535;

/**
 * Notes an event. Never throws.
 * @param code of layout/events.ts  @param value as its row there says; of a counted event, how often
 */
export function logEvent(code: number, value: number): void {
  const now = eventLog[logNow];
  for (let i = 0; i < eventSlots; i++) {
    if (
      eventCode[i] == code &&
      (code < firstDistinct || eventValue[i] == value) &&
      now - eventSecond[i] - eventLasted[i] < foldSeconds &&
      now - eventSecond[i] <= mostSeconds
    ) {
      eventLasted[i] = now - eventSecond[i];
      if (eventTimes[i] < mostTimes) eventTimes[i]++;
      if (code < firstDistinct) eventValue[i] += value;
      eventLog[logFolds]++;
      return;
    }
  }
  const at = eventLog[logNext] % eventSlots;
  eventLog[logNext]++;
  eventSecond[at] = now;
  eventValue[at] = value;
  eventLasted[at] = 0;
  eventCode[at] = code;
  eventTimes[at] = 1;
}
