/* The log's ring: what is noted, folded and overwritten. */
import test from 'ava';
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
} from '../../firmware/layout/arena.ts';
import { chipMended, linkCameUp, linkWentDown, started } from '../../firmware/layout/events.ts';
import { lanPort, wanPort } from '../../firmware/layout/ports.ts';
import { logEvent } from '../../firmware/services/log.ts';

/** An entry as numbers: code, value, second, seconds it lasted, times. */
const entry = (n: number) =>
  [eventCode, eventValue, eventSecond, eventLasted, eventTimes].map((column) => column[n % eventSlots]);

function at(second: number, code: number, value: number): void {
  eventLog[logNow] = second;
  logEvent(code, value);
}

function forget(): void {
  for (const column of [eventCode, eventValue, eventSecond, eventLasted, eventTimes, eventLog])
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

test('a flapping link takes two places for an hour, and the rest of the log stays', (t) => {
  forget();
  at(0, started, 0);
  for (let second = 10; second < 3610; second += 2) {
    at(second, linkWentDown, wanPort);
    at(second + 1, linkCameUp, wanPort);
  }
  t.is(eventLog[logNext], 3);
  t.deepEqual(entry(0), [started, 0, 0, 0, 1]);
  t.deepEqual(entry(1), [linkWentDown, wanPort, 10, 3598, 255]);
  t.deepEqual(entry(2), [linkCameUp, wanPort, 11, 3598, 255]);
  t.is(eventLog[logFolds], 3598);
});

test('after a minute of quiet, or on the other side, it is another event', (t) => {
  forget();
  at(100, linkWentDown, wanPort);
  at(159, linkWentDown, wanPort);
  at(160, linkWentDown, lanPort);
  at(219, linkWentDown, wanPort);
  t.deepEqual(entry(0), [linkWentDown, wanPort, 100, 59, 2]);
  t.deepEqual(entry(2), [linkWentDown, wanPort, 219, 0, 1]);
  t.is(eventLog[logNext], 3);
});

test('counted events add their values up, whatever these are', (t) => {
  forget();
  at(5, chipMended, 1);
  at(6, chipMended, 3);
  at(7, chipMended, 3);
  t.is(eventLog[logNext], 1);
  t.deepEqual(entry(0), [chipMended, 7, 5, 2, 3]);
});

test('an entry never says less than it lasted: what goes on for longer than a column can say begins anew', (t) => {
  forget();
  for (let second = 0; second <= 65535 + 50; second += 50) at(second, linkWentDown, wanPort);
  t.deepEqual(entry(0), [linkWentDown, wanPort, 0, 65500, 255]);
  t.deepEqual(entry(1), [linkWentDown, wanPort, 65550, 0, 1]);
  t.is(eventLog[logNext], 2);
});

test('the oldest entry gives way', (t) => {
  forget();
  for (let i = 0; i <= eventSlots; i++) at(i, started, i);
  t.is(eventLog[logNext], eventSlots + 1);
  t.deepEqual(entry(0), [started, eventSlots, eventSlots, 0, 1]);
  t.deepEqual(entry(1), [started, 1, 1, 0, 1]);
});
