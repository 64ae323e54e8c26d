/*
 * One examination of a board, from the port to its cables: who answers decides what is looked at. A router that runs is
 * only asked; anything else, and any board with --probe, is brought to a quiet REPL, given the probe, and restarted
 * into what it was. Whatever fails on the way becomes a finding, and what was found before it stands.
 */
import { Interrupted } from '../../cli/interruption.ts';
import { UserError } from '../../cli/user-error.ts';
import { bluetoothOf } from '../flash/radios.ts';
import { objectOf } from '../console/lines.ts';
import { Conversation } from '../repl/conversation.ts';
import { enterQuietRepl, restartIntoRouter } from '../repl/enter.ts';
import { Repl } from '../repl/repl.ts';
import { consoleLine, type Who, whoIsThere } from '../repl/who.ts';
import type { ByteLine } from '../serial/byte-line.ts';
import { LineLost } from '../serial/byte-line.ts';
import { pause, type Time } from '../serial/time.ts';
import { judgePins, wiringToGoBy } from './board-file.ts';
import type { Finding, Step } from './findings.ts';
import { gather } from './gather.ts';
import { judgeInterpreter, judgeMemory, judgeRadios } from './judge-board.ts';
import { judgeChips } from './judge-chips.ts';
import { judgeRouter, type RouterFacts, routerRequests } from './judge-router.ts';
import { judgeLine } from './line-facts.ts';
import type { Examination } from './report.ts';
import { wiringOf } from './wiring.ts';

export interface ExamineOptions {
  port: string | undefined;
  /** Look at the wires although a router runs. */
  probe: boolean;
  /** Go by this board, by name or path, and not by the file on the board. */
  board: string | undefined;
}

/** What an examination touches outside itself. */
export interface Edges {
  /** @throws UserError when there is no port, or it does not open */
  open(port: string | undefined): Promise<ByteLine>;
  time: Time;
  /** Text of dist/probe.js. */
  probeCode(): Promise<string>;
  /** Told what is done, for a person who waits. */
  say(sentence: string): void;
}

/** Answer of the console, ms: it is paced, and a busy router comes first. */
const answerWithin = 5000;
/** Times a request is made whose answer does not come whole. */
const attempts = 3;
/** A router that has started has its links by then, s: 1.5 to 3 s after the reset of its modules. */
const linksAfter = 6;
/** A request is at the board by then, ms. */
const sendTakes = 200;
/** EN is held down so long, ms; what a start says is listened to for so long, several starts where it loops. */
const resetHeld = 100;
const startHeard = 3000;

/** Examines. Never throws a UserError: that becomes a finding. */
export class Examiner {
  readonly result: Examination = { findings: [] };
  private step: Step = 'port';
  private line: ByteLine | undefined;
  private repl: Repl | undefined;
  /** A quiet REPL that is being entered: the router steps aside for it. */
  private entering: Promise<Repl> | undefined;
  /** There is firmware, which is to run again afterwards. */
  private hasRouter = false;
  private restarted = true;
  /** It is being tidied up: whatever is still under way asks no more. */
  private over = false;

  constructor(
    private readonly options: ExamineOptions,
    private readonly edges: Edges,
  ) {}

  async run(): Promise<void> {
    await this.guarded(() => this.examine());
  }

  /** The board back to what it was, and the port closed; also after Ctrl-C. */
  async tidy(): Promise<void> {
    this.over = true;
    await this.guarded(() => this.restore());
    this.repl?.end();
    await this.line?.close();
  }

  private add(...findings: Finding[]): void {
    this.result.findings.push(...findings);
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const step = error instanceof LineLost ? 'port' : this.step;
      if (error instanceof LineLost) this.restarted = true;
      this.add({ step, verdict: 'bad', id: `${step}-trouble`, sentence: error.message });
    }
  }

  private async examine(): Promise<void> {
    const { edges, options } = this;
    this.line = await edges.open(options.port);
    this.add({ step: 'port', verdict: 'ok', sentence: `${this.line.path} is there and can be opened.` });
    this.step = 'answer';
    edges.say(`Asking who is at ${this.line.path} ...`);
    const who = await whoIsThere(this.line, edges.time);
    if (who.who === 'nobody') return this.judgeSilence(this.line, who.heard);
    if (who.who === 'console') return this.lookAtConsole(this.line);
    return this.lookAtRepl(this.line, who);
  }

  /** Nobody can be understood: what the board says when it starts may tell why. */
  private async judgeSilence(line: ByteLine, before: string): Promise<void> {
    let heard = before;
    const stop = line.onBytes((bytes) => (heard += Buffer.from(bytes).toString('latin1')));
    try {
      if (await line.setSignals({ dtr: false, rts: true })) {
        await pause(this.edges.time, resetHeld);
        await line.setSignals({ dtr: false, rts: false });
      }
      await pause(this.edges.time, startHeard);
    } finally {
      stop();
    }
    this.heard('none', line, heard);
  }

  private heard(
    answering: 'none' | 'console' | 'repl',
    line: ByteLine,
    heard: string,
    skipped?: string,
  ): void {
    this.result.line = { port: line.path, answering, heard, ...(skipped !== undefined && { skipped }) };
    this.add(judgeLine(this.result.line));
  }

  private async lookAtConsole(line: ByteLine): Promise<void> {
    this.heard('console', line, '');
    this.hasRouter = true;
    if (this.options.probe) return this.lookWithProbe(line);
    const talk = new Conversation(line, this.edges.time);
    try {
      await this.askRouter(async (request) => {
        talk.forget();
        await talk.sayText(consoleLine(request));
        return (await talk.said(/^(\{.*\})\r?\n/m, answerWithin))?.[1];
      });
    } finally {
      talk.end();
    }
  }

  private async lookAtRepl(line: ByteLine, who: Who & { who: 'repl' }): Promise<void> {
    const repl = (this.repl = new Repl(line, this.edges.time));
    const status = await repl.ask('typeof hairpin=="function"?hairpin("status"):""');
    this.hasRouter = status !== '';
    const { error = '' } = this.hasRouter ? (JSON.parse(status) as { error?: string }) : {};
    const skipped = /^The router is left out/.test(error) ? error : undefined;
    this.heard('repl', line, '', skipped);
    if (this.hasRouter && skipped === undefined && !this.options.probe) {
      this.add(judgeInterpreter(who));
      return this.askRouter((request) => repl.ask(`hairpin(${JSON.stringify(request)})`));
    }
    this.repl.end();
    this.repl = undefined;
    return this.lookWithProbe(line);
  }

  private async askRouter(ask: (request: string) => Promise<string | undefined>): Promise<void> {
    this.step = 'router';
    const facts: RouterFacts = {};
    this.result.router = facts;
    const take = async (request: keyof RouterFacts): Promise<void> => {
      // An answer that lost bytes on the line is no fact; another one will come.
      for (let n = 0; n < attempts && !facts[request]; n++) {
        const answer = await ask(request);
        if (answer === undefined) return;
        facts[request] = objectOf(answer) ?? undefined;
      }
    };
    for (const request of routerRequests) await take(request);
    const uptime = Number(facts.status?.uptime ?? linksAfter);
    if (uptime < linksAfter) {
      await pause(this.edges.time, (linksAfter - uptime) * 1000);
      delete facts.status;
      await take('status');
    }
    this.add(...judgeRouter(facts));
  }

  private async lookWithProbe(line: ByteLine): Promise<void> {
    const { edges } = this;
    if (this.hasRouter) edges.say('Restarting the board without its router ...');
    this.restarted = false;
    this.entering = enterQuietRepl(line, edges.time);
    const repl = (this.repl = await this.entering);
    if (this.over) throw new Interrupted();
    this.step = 'interpreter';
    const [version, board] = await repl.settle();
    const interpreter = judgeInterpreter({ version, board });
    this.add(interpreter);
    if (interpreter.id === 'old-interpreter') return;
    this.step = 'board file';
    const { file, source, findings } = await wiringToGoBy(repl, this.options.board);
    this.result.boardFile = source;
    this.add(...findings);
    if (!file) return;
    this.add(...judgePins(file));
    this.step = 'wires';
    const bluetooth = await bluetoothOf(repl);
    await repl.evaluate(probeExpression(await edges.probeCode()));
    const wiring = wiringOf(file.board);
    const probe = await gather(
      async (request) => {
        if (this.over) throw new Interrupted();
        return JSON.parse(await repl.ask(`probe(${JSON.stringify(request)})`)) as unknown;
      },
      {
        wiring,
        pause: (milliseconds) => pause(edges.time, milliseconds),
        begin: (what) => edges.say(`Looking at ${what} ...`),
      },
    );
    probe.identity.bluetooth = bluetooth;
    this.result.probe = probe;
    this.add(judgeMemory(probe.identity), judgeRadios(probe.identity), ...judgeChips(probe, wiring));
  }

  /** Restarts the board, whose memory holds the probe and whose router, if it has one, stands still. */
  private async restore(): Promise<void> {
    const { edges } = this;
    if (this.restarted) return;
    // Interrupted on the way into the REPL: the router has been asked to step aside, and cannot be asked to stay.
    const repl = this.repl ?? (this.hasRouter ? await this.entering : undefined);
    if (!repl) return;
    this.repl = repl;
    this.restarted = true;
    this.step = 'router';
    if (!this.hasRouter) {
      await repl.send('E.reboot()');
      // Bytes may still be on their way when the port is closed.
      return pause(edges.time, sendTakes);
    }
    edges.say('Restarting the board into its router ...');
    const status = await restartIntoRouter(repl);
    this.add(
      status.ok
        ? { step: 'router', verdict: 'ok', sentence: 'The router runs again.' }
        : {
            step: 'router',
            verdict: 'bad',
            id: 'standstill',
            sentence: String(status.error),
            cause: 'The board is back, but its router does not start.',
            remedy: 'Mend what is named above and what the sentence names, then tap EN.',
          },
    );
  }
}

/** The script as one expression that makes the global. */
export function probeExpression(code: string): string {
  return `(function(){global.${code.replace(/^var /, '').trimEnd()}})()`;
}
