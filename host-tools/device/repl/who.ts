/*
 * Who is at the other end of the line: the firmware's console, Espruino's REPL, or nobody who can be understood. One
 * question tells them apart, and does no harm to either: `status` on a line that begins with DLE. The console answers
 * with one line of JSON, a REPL with a ReferenceError. Ctrl-C is not sent here: it would end a router that runs behind
 * the REPL.
 */
import { UserError } from '../../cli/user-error.ts';
import type { ByteLine } from '../serial/byte-line.ts';
import { type Time, pause, realTime } from '../serial/time.ts';
import { objectOf } from '../console/lines.ts';
import { Conversation } from './conversation.ts';
import { whatWasHeard } from './heard.ts';
import { Repl } from './repl.ts';

/** `status`: the seam's answer. `version`, `board`: "2v29", "ESP32". `heard`: what came instead, one character a byte. */
export type Who =
  | { who: 'console'; status: SeamAnswer }
  | { who: 'repl'; version: string; board: string }
  | { who: 'nobody'; heard: string };

/** An answer of the seam: the firmware's requests are answered by one object. */
export interface SeamAnswer {
  ok: boolean;
  error?: string;
  [field: string]: unknown;
}

/** How long both sides are waited for behind a restart, ms: a reset W5500 takes some two seconds to agree with the other end. */
export const linksWithin = 4000;

/** Whether a side is not up: its module is silent or has no link - or has only not come so far yet. */
export function stillComingUp(status: { ok: boolean; wan?: unknown; lan?: unknown }): boolean {
  const sides = [status.wan, status.lan] as ({ chip?: boolean; link?: boolean } | undefined)[];
  return status.ok && sides.some((side) => side?.chip === false || side?.link === false);
}

/** A program's line to the console. */
export const consoleLine = (request: string): string => `\x10${request}\n`;

/** Its answer: one line of JSON, which no other line looks like. */
export const consoleAnswer = /^(\{.*"ok":(?:true|false).*\})\r?\n/m;

/** What such a line says; null when bytes of it were lost on the way. */
export function answerIn(line: string): SeamAnswer | null {
  return objectOf(line) as SeamAnswer | null;
}

/** Clears a line half typed at the REPL; the console takes it for a cursor key, and leaves it alone. */
const clearLine = '\x1b[2H';
/** A key and what is typed next are told apart by the time between them, ms. */
const keyApart = 50;

/**
 * What is said in each round, and how long an answer may take, ms. First only the question. Then also what ends a
 * half-typed line of either. Together longer than a REPL waits for the rest of a packet that somebody began (5 s).
 */
const rounds: readonly (readonly [said: readonly string[], within: number])[] = [
  [[consoleLine('status')], 1500],
  [[clearLine, `\n${consoleLine('status')}`], 1500],
  [[clearLine, `\n${consoleLine('status')}`], 3000],
  [[clearLine, `\n${consoleLine('status')}`], 3000],
];

/** What a REPL says of the question. */
const replAnswer = /Uncaught ReferenceError: "?status"? is not defined/;
const anyAnswer = new RegExp(`${consoleAnswer.source}|${replAnswer.source}`, 'm');

/** Asks. Takes a moment when somebody answers, and nine seconds when nobody does. @throws LineLost */
export async function whoIsThere(line: ByteLine, time: Time = realTime): Promise<Who> {
  const talk = new Conversation(line, time);
  let heard = '';
  let status: SeamAnswer | null = null;
  try {
    for (const [said, within] of rounds) {
      for (const [index, text] of said.entries()) {
        if (index > 0) await pause(time, keyApart);
        await talk.sayText(text);
      }
      const found = await talk.said(anyAnswer, within);
      heard += talk.takeText();
      if (found && !found[1]) break;
      if (!found) continue;
      // A refusal may be the answer to the end of a line that somebody began: it counts when it comes again.
      const again = status !== null;
      status = answerIn(found[1]) ?? status;
      if (status && (status.ok || again)) break;
    }
  } finally {
    talk.end();
  }
  if (status) return { who: 'console', status };
  return replAnswer.test(heard) ? nameOfRepl(line, time) : { who: 'nobody', heard };
}

async function nameOfRepl(line: ByteLine, time: Time): Promise<Who> {
  const repl = new Repl(line, time);
  try {
    const [version, board] = await repl.settle();
    return { who: 'repl', version, board };
  } finally {
    repl.end();
  }
}

/** What to do when nobody answers. @param heard what came instead, one character a byte */
export function nobodyThere(path: string, heard: string): UserError {
  return new UserError(whatWasHeard(path, heard));
}
