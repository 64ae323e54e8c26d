/*
 * `hairpin log`: what has happened to the router since its start, with wall-clock times, and with --follow what happens
 * from now on. Texts are pure; only `runLog` asks.
 */
import { UserError } from '../../cli/user-error.ts';
import { eventSentence } from '../../explain/events.ts';
import { wrapped } from '../../explain/tell.ts';
import type { LogAnswer, LogEntry } from '../console/answers.ts';
import { refusal } from '../console/refusal.ts';
import type { Router } from '../console/router.ts';
import { type Edges, type PortOption, terminal, withRouter } from '../console/session.ts';
import { pause } from '../serial/time.ts';
import { counted, durationText } from './table.ts';

export interface LogOptions extends PortOption {
  follow: boolean;
  json: boolean;
}

/** An entry, and its wall-clock time, ms since 1970. */
type Told = LogEntry & { at: number };

/** What was told so far. `lost`: entries that the router's ring has overwritten. */
interface Seen {
  /** The log was read. */
  begun: boolean;
  entries: Told[];
  lost: number;
  uptime: number;
}

/** All that the ring has, in one piece. `next`: the number of the entry to come. */
interface Reading {
  entries: LogEntry[];
  lost: number;
  next: number;
  folds: number;
  uptime: number;
}

/** Between two looks with --follow, ms. */
const lookEvery = 2000;
/** Entries are moved while they are read in parts; so often they are read anew. */
const readings = 5;

/** Asks and prints; 0. With `follow` until Ctrl-C. @param wallClock ms since 1970 @throws UserError, Interrupted */
export async function runLog(
  options: LogOptions,
  edges: Edges = terminal,
  wallClock: () => number = Date.now,
): Promise<number> {
  const seen: Seen = { begun: false, entries: [], lost: 0, uptime: 0 };
  return withRouter(
    options,
    edges,
    async (router) => {
      await router.mustRun();
      const tell = (entries: readonly LogEntry[], uptime: number) => {
        const told = entries.map((entry) => ({
          ...entry,
          at: wallClock() - (uptime - entry.second) * 1000,
        }));
        seen.entries.push(...told);
        if (!options.json) for (const entry of told) edges.print(entryText(entry).join('\n'));
      };
      const first = await readWhole(router);
      Object.assign(seen, { begun: true, lost: first.lost, uptime: first.uptime });
      if (first.lost > 0 && !options.json) edges.print(`(${lostText(first.lost)})`);
      tell(first.entries, first.uptime);
      if (options.follow) await follow(router, edges, first, tell);
      else if (seen.entries.length === 0 && !options.json) edges.print('Nothing was noted since the start.');
      return 0;
    },
    async () => {
      if (options.json && seen.begun) edges.print(JSON.stringify(logJson(seen)));
    },
  );
}

/** Reads the ring from its oldest entry to its newest. @throws UserError */
async function readWhole(router: Router): Promise<Reading> {
  for (let reading = 1; ; reading++) {
    const first = await askFrom(router, 0);
    const entries = [...first.log];
    let last = first;
    while (last.next < last.end) {
      last = await askFrom(router, last.next);
      entries.push(...last.log);
    }
    // Something was moved or overwritten meanwhile: the parts do not fit together.
    const isWhole = last.folds === first.folds && last.end - entries.length === first.lost;
    if (isWhole || reading === readings)
      return { entries, lost: first.lost, next: last.end, folds: last.folds, uptime: last.uptime };
  }
}

async function askFrom(router: Router, from: number): Promise<LogAnswer> {
  const answer = await router.ask(`log ${from}`);
  if (!answer.ok) throw refusal(answer);
  return answer as LogAnswer;
}

/** What makes an entry the same one when it is read again: what happened, and when it began. */
const identity = ({ event, value, second, lasted }: LogEntry): string =>
  `${event} ${String(value)} ${second - lasted}`;

/** Looks again and again, and tells what is new or has happened again. */
async function follow(
  router: Router,
  edges: Edges,
  first: Reading,
  tell: (entries: readonly LogEntry[], uptime: number) => void,
): Promise<void> {
  let { next, folds, uptime } = first;
  const times = new Map(first.entries.map((entry) => [identity(entry), entry.times]));
  while (!edges.unread()) {
    await pause(edges.time, lookEvery);
    const look = await askFrom(router, next);
    if (look.uptime < uptime) throw new UserError('The router was restarted: its log begins anew.', 1);
    uptime = look.uptime;
    if (look.end === next && look.folds === folds) continue;
    const whole = await readWhole(router);
    const fresh = whole.entries.filter((entry) => times.get(identity(entry)) !== entry.times);
    for (const entry of fresh) times.set(identity(entry), entry.times);
    tell(fresh, whole.uptime);
    ({ next, folds } = whole);
  }
}

function lostText(lost: number): string {
  return `${counted(lost, 'older entry', 'older entries')} ${lost === 1 ? 'was' : 'were'} overwritten`;
}

/** "3 times in 20 s", or nothing of what happened once. */
function timesText({ times, lasted }: LogEntry): string {
  const atLeast = times === 255 ? 'at least ' : '';
  return times > 1 ? `, ${atLeast}${times} times in ${durationText(lasted)}` : '';
}

/** One entry, for people: wall-clock time, seconds since the start, severity, and what happened. */
export function entryText(entry: Told): string[] {
  const { at, second, severity, event, value } = entry;
  const head = `${wallClockText(at)}  ${second} s  ${severity}`;
  return [head, ...wrapped(`${eventSentence(event, value)} (${event}${timesText(entry)})`, 6)];
}

/** "2026-11-29 21:10:05", where this computer is. */
function wallClockText(at: number): string {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

/** All of them, for programs. */
export function logJson({ entries, lost, uptime }: Seen): object {
  const told = entries.map(({ at, ...entry }) => ({
    ...entry,
    time: new Date(at).toISOString(),
    sentence: eventSentence(entry.event, entry.value),
  }));
  return { schema: 'hairpin.log/1', uptime, lost, entries: told };
}
