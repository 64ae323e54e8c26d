/*
 * A router at the end of a serial line, whoever has the line: the firmware's console, or the interpreter's REPL with
 * the firmware running behind it. Requests of the seam in, checked answers out. Opens and closes no port.
 */
import { stillComingUp, linksWithin, nobodyThere } from '../repl/who.ts';
import type { ByteLine } from '../serial/byte-line.ts';
import { type Time, pause, realTime } from '../serial/time.ts';
import type { Answer, StatusAnswer } from './answers.ts';
import { BehindRepl } from './behind-repl.ts';
import { type Answerer, Console } from './console.ts';
import { afterReboot } from './patience.ts';
import { refusal } from './refusal.ts';

/** Between two looks at the links, ms. */
const lookForLinksEvery = 1000;

/** How a request is made: `quick` and `slow` may be repeated, `once` not; a `slow` one takes as long as a change. */
export type Asking = 'quick' | 'slow' | 'once';

/** Whoever passes requests on to the firmware. */
export interface Voice {
  /** @throws UserError when no whole answer comes */
  ask(text: string, asking: Asking): Promise<Answer>;
  /** Asks for a restart; the board does it a moment later. @throws UserError */
  reboot(): Promise<void>;
  /** Listens no more. */
  end(): void;
}

/** Asks one thing of the router on a line. @throws UserError when there is none, or no whole answer comes */
export async function requestOf(line: ByteLine, text: string, time: Time = realTime): Promise<Answer> {
  const router = await reachRouter(line, time);
  try {
    return await router.ask(text);
  } finally {
    router.end();
  }
}

/** Finds the router on a line. @throws UserError with the likely remedy when there is none */
export async function reachRouter(line: ByteLine, time: Time = realTime): Promise<Router> {
  return new Router(line, time, await findVoice(line, time));
}

async function findVoice(line: ByteLine, time: Time): Promise<Voice> {
  const console = new Console(line, time);
  let who: Answerer | undefined;
  try {
    who = await console.greet();
  } finally {
    if (who !== 'console') console.end();
  }
  if (who === 'console') return console;
  if (who === 'repl') return BehindRepl.find(line, time);
  throw nobodyThere(line.path, console.heard);
}

/** A router that can be asked. Requests go one after the other, whoever makes them. */
export class Router {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly line: ByteLine,
    private readonly time: Time,
    private voice: Voice,
  ) {}

  /** The port, for sentences. */
  get path(): string {
    return this.line.path;
  }

  /** Makes a request that changes nothing. @throws UserError when no whole answer comes */
  ask(text: string): Promise<Answer> {
    return this.inTurn(() => this.voice.ask(text, 'quick'));
  }

  /** The same, for what the board is busy with for seconds. @throws UserError when no whole answer comes */
  askSlow(text: string): Promise<Answer> {
    return this.inTurn(() => this.voice.ask(text, 'slow'));
  }

  /** For what only a router that runs can answer. @throws UserError, exit code 1, with its reason when it stands still */
  async mustRun(): Promise<void> {
    const status = await this.ask('status');
    if (!status.ok) throw refusal(status);
  }

  /** Makes a request that changes something: never twice. @throws UserError, exit code 3 when it may be done or not */
  change(text: string): Promise<Answer> {
    return this.inTurn(() => this.voice.ask(text, 'once'));
  }

  /**
   * Restarts the board and waits until somebody answers for the router again, and a little for its links.
   * @returns what that says to `status`
   * @throws UserError when nobody does
   */
  async restart(): Promise<StatusAnswer | Answer> {
    await this.inTurn(async () => {
      await this.voice.reboot();
      this.voice.end();
      await pause(this.time, afterReboot);
      this.voice = await findVoice(this.line, this.time);
    });
    const end = this.time.now() + linksWithin;
    let status = await this.ask('status');
    while (stillComingUp(status) && this.time.now() < end) {
      await pause(this.time, lookForLinksEvery);
      status = await this.ask('status');
    }
    return status;
  }

  /** Listens no more; the line stays open. */
  end(): void {
    this.voice.end();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.last.then(work, work);
    this.last = mine.catch(() => {});
    return mine;
  }
}
