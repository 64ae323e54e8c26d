/*
 * Getting a quiet REPL to work in - the router left out, all memory free - whoever is at the other end of the line, and
 * getting the router back afterwards. What is done in the REPL is not its business.
 */
import { UserError } from '../../cli/user-error.ts';
import type { ByteLine } from '../serial/byte-line.ts';
import { type Time, pause, realTime } from '../serial/time.ts';
import { Conversation } from './conversation.ts';
import { Repl } from './repl.ts';
import {
  type SeamAnswer,
  type Who,
  answerIn,
  consoleAnswer,
  consoleLine,
  stillComingUp,
  linksWithin,
  nobodyThere,
  whoIsThere,
} from './who.ts';

/** From the request to the prompt or console behind the restart, ms, with a margin: some three seconds are usual. */
const startWithin = 30_000;
/** Between two questions to a board that is starting, ms. */
const askEvery = 1000;
/** An answer of the console, ms: it is paced, and a busy router comes first. */
const answerWithin = 5000;

/** For a person: a start without the router by hand. BOOT held while EN is tapped would be the boot loader's. */
export const byHand =
  'Tap EN on the board and right after that hold BOOT for three seconds: it then starts without the router. Then try again.';

/** What the guard answers in the router's place (firmware/services/guard.ts). */
const leftOut = /^The router is left out/;

/** Ends code that runs. Only sent where it is the last resort. */
const ctrlC = Uint8Array.of(0x03);

/**
 * A quiet REPL. A router that runs is restarted without itself; the packets of its hosts stop until `restartIntoRouter`.
 * @throws UserError when nobody answers, or the router does not step aside
 */
export async function enterQuietRepl(line: ByteLine, time: Time = realTime): Promise<Repl> {
  const who = await somebody(line, time);
  if (who.who === 'console') await askConsoleToStepAside(line, time);
  const repl = new Repl(line, time);
  try {
    await waitForQuiet(repl, who.who === 'console');
    return repl;
  } catch (error) {
    repl.end();
    throw error;
  }
}

/** On a real port whose board is silent, code that runs without end is ended: nothing else can be lost there. */
async function somebody(line: ByteLine, time: Time): Promise<Exclude<Who, { who: 'nobody' }>> {
  let who = await whoIsThere(line, time);
  // Pseudo-terminals have no modem lines, and Espruino's Linux build behind one would end.
  if (who.who === 'nobody' && who.heard === '' && (await line.setSignals({}))) {
    await line.write(ctrlC);
    who = await whoIsThere(line, time);
  }
  if (who.who === 'nobody') throw nobodyThere(line.path, who.heard);
  return who;
}

async function askConsoleToStepAside(line: ByteLine, time: Time): Promise<void> {
  const talk = new Conversation(line, time);
  try {
    await talk.sayText(consoleLine('reboot repl'));
    const answer = await talk.said(consoleAnswer, answerWithin);
    // One that lost bytes was given all the same: whether the board restarts is seen by waiting for it.
    if (!answer || answerIn(answer[1])?.ok === false) throw doesNotStepAside(answer?.[1]);
  } finally {
    talk.end();
  }
}

/** Waits for a REPL without a router behind it; asks a router that is there to step aside. */
async function waitForQuiet(repl: Repl, restarting: boolean): Promise<void> {
  const end = repl.time.now() + startWithin;
  let asked = restarting;
  if (restarting) await pause(repl.time, askEvery);
  for (;;) {
    const there = await repl.isThere();
    if (there && (await routerBehind(repl)) !== 'runs') return;
    if (there && !asked) {
      asked = true;
      const answer = await repl.ask(`hairpin("reboot repl")`);
      if (!(JSON.parse(answer) as SeamAnswer).ok) throw doesNotStepAside(answer);
    }
    if (repl.time.now() > end) throw doesNotStepAside();
    await pause(repl.time, askEvery);
  }
}

/** Whether the firmware runs behind the REPL, was left out at this start, or is not there. */
async function routerBehind(repl: Repl): Promise<'runs' | 'left out' | 'none'> {
  const status = await repl.ask('typeof hairpin=="function"?hairpin("status"):""');
  if (status === '') return 'none';
  return leftOut.test((JSON.parse(status) as SeamAnswer).error ?? '') ? 'left out' : 'runs';
}

function doesNotStepAside(said = ''): UserError {
  return new UserError(
    `The router on the board does not step aside${said ? ` (it says ${said})` : ''}. ${byHand}`,
  );
}

/**
 * Restarts the chip and waits for the router, and a little for its links. Ends `repl`, and leaves the line open.
 * @returns the router's status
 * @throws UserError with what the board says instead
 */
export async function restartIntoRouter(repl: Repl): Promise<SeamAnswer> {
  const { line, time } = repl;
  await repl.send('E.reboot()');
  repl.end();
  let end = time.now() + startWithin;
  let status: SeamAnswer | null = null;
  const talk = new Conversation(line, time);
  try {
    while (time.now() < end) {
      await talk.sayText(consoleLine('status'));
      const answer = await talk.said(consoleAnswer, askEvery);
      if (!answer) continue;
      const whole = answerIn(answer[1]);
      if (whole && !status) end = time.now() + linksWithin;
      status = whole ?? status;
      if (whole && !stillComingUp(whole)) break;
      await pause(time, askEvery);
      talk.takeText();
    }
    if (status) return status;
    throw await whyNotThere(line, time, talk.takeText());
  } finally {
    talk.end();
  }
}

/** The firmware's console did not come: what is there instead. */
async function whyNotThere(line: ByteLine, time: Time, said: string): Promise<UserError> {
  const who = await whoIsThere(line, time);
  if (who.who === 'nobody') return nobodyThere(line.path, said + who.heard);
  const notice = /(The router is left out[^\r\n]*|Uncaught (?!ReferenceError: "?status)[^\r\n]*)/.exec(
    said,
  )?.[1];
  return new UserError(
    `The board has restarted, but the router does not answer${notice ? `; the board says: ${notice}` : ''}. See hairpin doctor.`,
  );
}
