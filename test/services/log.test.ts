/* The log's ring: what is noted, folded and overwritten. */
import test from 'ava';
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
} from '../../firmware/layout/arena.ts';
import { chipMended, linkCameUp, linkWentDown, started } from '../../firmware/layout/events.ts';
import { lanPort, wanPort } from '../../firmware/layout/ports.ts';
import { logEvent } from '../../firmware/services/log.ts';

/** An entry as numbers: code, value, last second, seconds it lasted, times. */
const entry = (n: number) =>
  [eventCode, eventValue, eventSecond, eventLasted, eventTimes].map((column) => column[n % eventSlots]);

function at(second: number, code: number, value: number): void {
  eventLog[logNow] = second;
  logEvent(code, value);
}

function forget(): void {
  for (const column of [eventCode, eventValue, eventSecond, eventLasted, eventTimes, eventSent, eventLog])
    column.fill(0);
}

test('each event has its entry: second, code and value', (t) => {
  forget();
  at(0, started, 0);
  at(7, linkCameUp, wanPort);
  at(7, linkCameUp, lanPort);
  t.is(eventLog[logNext], 3);
  t.deepEqual(entry(0), [started, 0, 0, 0, 1]);
  t.deepEqual(entry(1), [linkCameUp, wanPort, 7, 0, 1]);
  t.deepEqual(entry(2), [linkCameUp, lanPort, 7, 0, 1]);
  t.is(eventLog[logFolds], 0);
});

test('a flapping link takes two places for a day, the rest of the log stays, and what was last is last', (t) => {
  forget();
  at(0, started, 0);
  at(20, linkCameUp, lanPort);
  for (let second = 30; second < 90_030; second += 2) {
    at(second, linkWentDown, wanPort);
    at(second + 1, linkCameUp, wanPort);
  }
  t.is(eventLog[logNext], 4);
  t.deepEqual(entry(0), [started, 0, 0, 0, 1]);
  t.deepEqual(entry(1), [linkCameUp, lanPort, 20, 0, 1]);
  t.deepEqual(entry(2), [linkWentDown, wanPort, 90_028, 65535, 255]);
  t.deepEqual(entry(3), [linkCameUp, wanPort, 90_029, 65535, 255]);
  t.is(eventLog[logFolds], 89_998);
});

test('after a minute and a half of quiet, or on the other side, it is another event', (t) => {
  forget();
  at(100, linkWentDown, wanPort);
  at(189, linkWentDown, wanPort);
  at(190, linkWentDown, lanPort);
  at(279, linkWentDown, wanPort);
  t.deepEqual(entry(0), [linkWentDown, wanPort, 189, 89, 2]);
  t.deepEqual(entry(2), [linkWentDown, wanPort, 279, 0, 1]);
  t.is(eventLog[logNext], 3);
});

test('counted events add their values up, whatever these are', (t) => {
  forget();
  at(5, chipMended, 1);
  at(6, chipMended, 3);
  at(7, chipMended, 3);
  t.is(eventLog[logNext], 1);
  t.deepEqual(entry(0), [chipMended, 7, 7, 2, 3]);
});

test('an entry that was folded is the newest, and those behind it move up, also around the end of the ring', (t) => {
  forget();
  for (let i = 0; i < eventSlots + 3; i++) at(i, started, i);
  // The oldest one that is left.
  at(40, started, 3);
  t.is(eventLog[logNext], eventSlots + 3);
  t.deepEqual(entry(3), [started, 4, 4, 0, 1]);
  t.deepEqual(entry(eventSlots + 1), [started, eventSlots + 2, eventSlots + 2, 0, 1]);
  t.deepEqual(entry(eventSlots + 2), [started, 3, 40, 37, 2]);
});

test('the oldest entry gives way', (t) => {
  forget();
  for (let i = 0; i <= eventSlots; i++) at(i, started, i);
  t.is(eventLog[logNext], eventSlots + 1);
  t.deepEqual(entry(0), [started, eventSlots, eventSlots, 0, 1]);
  t.deepEqual(entry(1), [started, 1, 1, 0, 1]);
  t.is(eventLog[logLost], 1, 'nobody was sent it');
  eventSent.fill(1);
  at(40, started, 40);
  t.is(eventLog[logLost], 1);
});
