/* What is noted of chips, links and counters, second by second; and the request `log`. */
import test from 'ava';
import './stub-version.ts';
import './stub-board.ts';
import {
  chipLan,
  chipWan,
  counter,
  eventCode,
  eventLog,
  eventSlots,
  eventTimes,
  linkLan,
  linkWan,
  logNext,
  switches,
} from '../../firmware/layout/arena.ts';
import { countedEvents, firstDistinct, started } from '../../firmware/layout/events.ts';
import { chipDown, chipStuck, running } from '../../firmware/layout/ports.ts';
import * as reasons from '../../firmware/layout/reasons.ts';
import { logEvent } from '../../firmware/services/log.ts';
import { answer, openSeam } from '../../firmware/services/seam.ts';
import { serveSecond } from '../../firmware/services/second.ts';
import { router } from '../control/table.ts';

let now = 0;

/** A router whose chips and cables are in this state at its first second. */
function start(chips = running, links = 1): void {
  router();
  for (const column of [eventCode, eventTimes, eventLog]) column.fill(0);
  wires(chips, links);
  now = 0;
  openSeam(
    '',
    () => now,
    () => {},
    () => {},
  );
}

function wires(chips: number, links: number): void {
  switches[chipWan] = switches[chipLan] = chips;
  switches[linkWan] = switches[linkLan] = links;
}

function pass(seconds = 1): void {
  for (let i = 0; i < seconds; i++) serveSecond(++now);
}

interface LogAnswer {
  log: { event: string; value: unknown; second: number; times: number; lasted: number; severity: string }[];
  next: number;
  end: number;
  lost: number;
  folds: number;
  uptime: number;
  ok: boolean;
  error: string;
}
const ask = (from: number | string = '') => JSON.parse(answer(`log ${from}`).trim()) as LogAnswer;

/** The log as `second event value`, and how often if not once. */
function told(from = 0): string[] {
  const lines: string[] = [];
  for (let next = from, end = from + 1; next < end;) {
    const part = ask(next);
    for (const { second, event, value, times } of part.log)
      lines.push(`${second} ${event} ${String(value)}${times > 1 ? ` x${times}` : ''}`);
    ({ next, end } = part);
  }
  return lines;
}

test('chips and links that come up at the start, and then nothing', (t) => {
  start(chipDown, 0);
  wires(running, 1);
  pass(60);
  t.deepEqual(told(), [
    '1 chip-came-up wan',
    '1 link-came-up wan',
    '1 chip-came-up lan',
    '1 link-came-up lan',
  ]);
});

test('what never came up is noted once, some seconds after the start', (t) => {
  start(running, 0);
  switches[chipLan] = chipDown;
  pass(60);
  t.deepEqual(told(), ['1 chip-came-up wan', '6 link-went-down wan', '6 chip-went-down lan']);
});

test('each side of its own, there and back', (t) => {
  start();
  pass(100);
  const before = eventLog[logNext];
  switches[linkLan] = 0;
  pass();
  switches[chipWan] = chipDown;
  switches[linkWan] = 0;
  pass();
  switches[linkLan] = 1;
  pass();
  wires(running, 1);
  pass();
  t.deepEqual(told(before), [
    '101 link-went-down lan',
    '102 chip-went-down wan',
    '103 link-came-up lan',
    '104 chip-came-up wan',
    '104 link-came-up wan',
  ]);
});

test('a chip that is opened anew has not gone', (t) => {
  start();
  pass(100);
  const before = eventLog[logNext];
  switches[chipLan] = chipStuck;
  pass();
  wires(running, 1);
  pass();
  t.deepEqual(told(before), []);
});

/** The counter of each counted event that a driver or the loop causes. */
const counters: Record<string, number> = {
  'dropped-by-exception': reasons.dropException,
  'table-filled': reasons.dropTableFull,
  'chip-mended': reasons.chipRestarted,
  'receive-desynchronised': reasons.desynchronised,
  'transmitter-stuck': reasons.transmitStuck,
  'command-unanswered': reasons.commandTimeout,
  'interrupt-lost': reasons.interruptMissed,
  'settings-were-lost': reasons.settingsLost,
  'chip-was-silent': reasons.chipSilent,
  'chip-was-reset': reasons.chipReset,
};

for (const [event, number] of Object.entries(counters))
  test(`${event}: how often, when it grows and only then`, (t) => {
    start();
    pass(100);
    const before = eventLog[logNext];
    counter[number] += 3;
    pass(3);
    t.deepEqual(told(before), [`101 ${event} 3`]);
    counter[number]++;
    pass(1);
    t.deepEqual(told(before), [`104 ${event} 4 x2`]);
    // What was counted once is not counted again when something else happens.
    switches[linkWan] = 0;
    pass(1);
    t.deepEqual(told(before), [`104 ${event} 4 x2`, '105 link-went-down wan']);
  });

test('every counter that is watched is one of these', (t) => {
  start();
  pass(100);
  const before = eventLog[logNext];
  for (let number = 0; number < counter.length; number++) counter[number]++;
  pass(1);
  const events = told(before).map((line) => line.split(' ')[1]);
  t.deepEqual(events.sort(), Object.keys(counters).sort());
});

test('log: all that is known of an entry', (t) => {
  start();
  pass(100);
  const before = eventLog[logNext];
  switches[linkWan] = 0;
  pass();
  switches[linkWan] = 1;
  pass(4);
  switches[linkWan] = 0;
  pass();
  const entry = {
    second: 106,
    lasted: 5,
    times: 2,
    severity: 'warning',
    event: 'link-went-down',
    value: 'wan',
  };
  // It is behind the link's return now.
  t.deepEqual(ask(before).log[1], entry);
  t.is(ask().folds, 1);
  t.is(ask().uptime, 106);
});

test('log: in parts, and what the ring has lost', (t) => {
  start();
  for (let i = 0; i < eventSlots + 5; i++) logEvent(started, i % 3 === 0 ? 256 + i : 512 + i);
  const first = ask();
  t.is(first.log.length, 8);
  t.like(first, { lost: 5, next: 13, end: eventSlots + 5, ok: true });
  t.is(ask(5).lost, 0);
  t.is(ask(20).lost, 0);
  t.is(ask(36).next, 37);
  t.like(ask(37), { next: 37, end: 37, lost: 0 });
  t.deepEqual(ask(37).log, []);
  // The router was started anew: fewer than somebody has read.
  t.like(ask(99), { next: 99, end: 37, lost: 0 });
  for (const wrong of ['-1', '1.5', 'x']) t.regex(ask(wrong).error, /^log: expected a running number/);
});

test('log: a row for each code can be told', (t) => {
  start();
  for (let i = 0; i < countedEvents.length; i++) logEvent(i + 1, 2);
  for (let cause = 0; cause < 3; cause++) logEvent(started, cause);
  t.is(told().length, countedEvents.length + 3);
  t.true(firstDistinct > countedEvents.length);
  t.deepEqual(told().slice(-3), ['0 started power-on', '0 started request', '0 started reset']);
});

test('log: a router that stands still has none', (t) => {
  start();
  openSeam(
    'There is no config.json.',
    () => 0,
    () => {},
    () => {},
  );
  t.regex(ask().error, /^The router is not running\. There is no config/);
});
