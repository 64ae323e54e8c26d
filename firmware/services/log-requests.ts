/**
 * The request `log [FROM]`: the log's entries from a running number on, oldest first, counted from 0 since the start.
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
} from '../layout/arena.ts';
import { severityNames } from '../layout/events.ts';
import { valueOf, wordsOf } from './event-text.ts';
import { failure } from './replies.ts';

/** Entries told in one answer, some 110 characters each: a long line costs memory that a busy board may not have. */
const entriesPerAnswer = 8;

/** `second` of the last time, since the start; `lasted`, seconds from the first until then; `times` 255: at least so often. */
export interface LogEntry {
  second: number;
  lasted: number;
  times: number;
  severity: string;
  event: string;
  value: string | number | null;
}

/**
 * How many entries from FROM on the ring has lost, the others, the number to go on from, the one that the next entry will
 * have, and how often an event was folded into an entry: when that grows, an entry that was told already may have more
 * to say and another number, so that all of them have to be asked for again.
 */
export function logText(words: string[], uptime: number): string {
  const from = Number(words[1] || 0);
  const end = eventLog[logNext];
  if (!(from >= 0 && from == Math.floor(from))) return failure('log: expected a running number, 0 or more.');
  const first = Math.max(from, end - eventSlots);
  let text = '{"lost":' + (first - from) + ',"log":[';
  let n = first;
  for (; n < end && n < first + entriesPerAnswer; n++)
    text += (n > first ? ',' : '') + JSON.stringify(entryAt(n % eventSlots));
  text += '],"next":' + n + ',"end":' + end + ',"folds":' + eventLog[logFolds];
  text += ',"uptime":' + uptime + ',"ok":true}';
  return text;
}

function entryAt(i: number): LogEntry {
  const words = wordsOf(eventCode[i]);
  return {
    second: eventSecond[i],
    lasted: eventLasted[i],
    times: eventTimes[i],
    severity: severityNames[Number(words[1])],
    event: words[0],
    value: valueOf(words[2], eventValue[i]),
  };
}
