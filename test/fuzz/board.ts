/**
 * The same frames to two routers: the bundle on the emulated board, over both chips' models, and the one in miniature
 * that frames.ts watches. What leaves must be the same, byte by byte, and the board's counters must add up. Between the
 * frames the seam is asked, sensibly and not: every answer is one line of JSON. Time stands still.
 */
import fc from 'fast-check';
import { World } from '../../host-tools/emulator/world.ts';
import { Random } from '../../host-tools/emulator/random.ts';
import { describeConfig } from '../../firmware/config/validate.ts';
import { counterNames, isDrop } from '../../firmware/layout/reasons.ts';
import { arrive, macOf, type Left } from '../control/table.ts';
import { get16 } from '../wire/packets.ts';
import { freshRouter } from './fresh.ts';
import { stories, type Story } from './grammar.ts';
import { arrivalOf, type Arrival, type Memory } from './steps.ts';

/** Microseconds in which the chips come up. */
const bringUp = 500_000;
/** Microseconds after which the board defends its addresses as its like does: it has announced them, and 10 s are over. */
const announced = 14_000_000;
/** A request after every so many steps. */
const stepsPerRequest = 4;
/** Seed of the board's `E.hwRand`. */
const boardSeed = 1;

/** Requests, the words of requests, and what no request is. */
const lines: fc.Arbitrary<string> = fc.noBias(
  fc.oneof(
    fc.constantFrom(
      'status',
      'counters',
      'flows',
      'forwards',
      'neighbours',
      'config',
      'version',
      'trace read',
    ),
    fc
      .array(
        fc.constantFrom(
          ...[
            'set',
            'forward',
            'smtp',
            'games',
            'hairpin',
            'external',
            'lan',
            'none',
            'trace',
            'capture',
            'on',
            'off',
            'read',
          ],
          ...[
            'flows',
            '1',
            '512',
            '513',
            '0',
            '-1',
            '1e3',
            'NaN',
            '',
            ' ',
            'status',
            '__proto__',
            'constructor',
          ],
        ),
        { maxLength: 6 },
      )
      .map((words) => words.join(' ')),
    fc.string({ maxLength: 40 }),
    fc.string({ maxLength: 40, unit: 'binary' }),
  ),
);

type Fault = string | undefined;

/** What is wrong with an answer of the seam. */
function answerFault(line: string, answer: string): Fault {
  // What is not ASCII in a request comes back as it was; what would end the line does not.
  if ([...answer].some((letter) => letter < ' '))
    return `${JSON.stringify(line)} was answered by ${JSON.stringify(answer)}`;
  const { ok, error } = JSON.parse(answer) as { ok: unknown; error?: unknown };
  if (ok === true) return error === undefined ? undefined : `${line}: both ok and an error`;
  const isSentence = ok === false && typeof error === 'string' && error.endsWith('.');
  return isSentence ? undefined : `${JSON.stringify(line)} was answered by ${answer}, which is no sentence`;
}

/** Requests that change what the router does are not for the comparison with its like. */
function changes(line: string): boolean {
  return line.startsWith('set ') || line.startsWith('trace on');
}

/** What the chips do not let through: frames to other stations or groups, and IPv6. */
export function isFiltered({ port, frame }: Arrival): boolean {
  const own = macOf(port === 'lan' ? 'R' : 'P');
  const isForAll = frame.subarray(0, 6).every((byte) => byte === 255);
  return get16(frame, 12) === 0x86dd || (!isForAll && own.some((byte, i) => frame[i] !== byte));
}

class Pair {
  private readonly memory: Memory = { left: [], arrived: [] };
  private readonly board: World;
  private out: Left[] = [];
  private left = 0;
  arrived = 0;

  constructor(bundle: string, boardText: string, story: Story) {
    const random = new Random(boardSeed);
    const config = freshRouter({ ...story.wish, strangers: true, random: () => random.below(2 ** 32) });
    this.board = new World({
      bundle,
      files: { 'board.json': boardText, 'config.json': describeConfig(config) },
      seed: boardSeed,
      print: (line) => this.said.push(line),
    });
    for (const port of ['wan', 'lan'] as const) {
      this.board[port].onTransmit = (frame) => this.out.push({ port, frame });
      this.board[port].setLink(true);
    }
    this.board.board.boot();
    this.board.run(bringUp + announced);
    this.left = this.out.length;
    this.out = [];
    // Warnings about the config are no trouble.
    this.said.length = 0;
  }

  private readonly said: string[] = [];

  /** Lets a step's frame arrive at both. */
  step(step: Story['steps'][number]): Fault {
    const arrival = arrivalOf(step, this.memory);
    if (!arrival || isFiltered(arrival)) return undefined;
    this.arrived++;
    this.memory.arrived.push(arrival);
    const expected = arrive(arrival.port, arrival.frame);
    this.memory.left.push(...expected);
    this.board[arrival.port].deliver(arrival.frame);
    this.board.settle();
    this.left += this.out.length;
    const hex = (left: Left[]) =>
      left.map(({ port, frame }) => `${port} ${Buffer.from(frame).toString('hex')}`);
    const [here, there] = [hex(expected).sort().join('\n'), hex(this.out).sort().join('\n')];
    this.out = [];
    return here === there
      ? undefined
      : `${arrival.port} ${Buffer.from(arrival.frame).toString('hex')}\n  became on the board\n${there}\n  and not\n${here}`;
  }

  ask(line: string): Fault {
    return answerFault(line, this.board.board.hairpin(line));
  }

  private request<Answer>(line: string): Answer {
    return JSON.parse(this.board.board.hairpin(line)) as Answer;
  }

  /** Whether the board's own counters add up, and it had nothing to say. */
  ledger(): Fault {
    const { counters } = this.request<{ counters: Record<string, number> }>('counters');
    const { held } = this.request<{ held: number }>('status');
    const sum = (names: string[]) => names.reduce((all, name) => all + (counters[name] ?? 0), 0);
    const drops = sum(
      counterNames.filter(
        (name, reason) => isDrop(reason) && name !== 'drop-out-full' && name !== 'drop-oversize',
      ),
    );
    const passed = sum(['forwarded-fast', 'forwarded-slow']);
    const ended =
      passed +
      sum(['answered-arp', 'answered-echo', 'consumed-arp', 'consumed-icmp', 'consumed-datagram']) +
      drops +
      held;
    const made = sum([
      'answered-arp',
      'answered-echo',
      'sent-arp-request',
      'sent-icmp-error',
      'sent-tcp-reset',
      'sent-echo',
      'sent-datagram',
    ]);
    const received = sum(['received-wan', 'received-lan']);
    if (this.said.length) return `the board said: ${this.said.join(' ')}`;
    if (received !== this.arrived) return `${this.arrived} frames were delivered, ${received} are counted`;
    if (ended !== received)
      return `${received} frames arrived, ${ended} are accounted for: ${JSON.stringify(counters)}`;
    const sent = passed + made + sum(['sent-fragment']);
    return sent === this.left
      ? undefined
      : `${this.left} frames left, ${sent} are counted: ${JSON.stringify(counters)}`;
  }
}

export interface BoardOutcome {
  frames: number;
  requests: number;
  failure?: string;
}

/** @param wanted frames and requests together */
export function fuzzBoard(seed: number, wanted: number, bundle: string, boardText: string): BoardOutcome {
  const outcome: BoardOutcome = { frames: 0, requests: 0 };
  for (let at = seed; outcome.frames + outcome.requests < wanted && !outcome.failure; at++) {
    const [story] = fc.sample(stories(100), { seed: at, numRuns: 1 });
    const asked = fc.sample(lines, { seed: at, numRuns: Math.ceil(story.steps.length / stepsPerRequest) });
    const pair = new Pair(bundle, boardText, story);
    let fault: Fault;
    for (let i = 0; i < story.steps.length && !fault; i++) {
      if (!['pause', 'burst', 'talk', 'pieces'].includes(story.steps[i].kind))
        fault = pair.step(story.steps[i]);
      const line = asked[i / stepsPerRequest];
      if (!fault && line !== undefined && !changes(line)) fault = pair.ask(line);
    }
    // What changes the router comes last.
    fault ??=
      pair.ledger() ??
      asked
        .filter(changes)
        .map((line) => pair.ask(line))
        .find(Boolean);
    outcome.frames += pair.arrived;
    outcome.requests += asked.length;
    if (fault) outcome.failure = `SEED=${at}: ${fault}`;
  }
  return outcome;
}
