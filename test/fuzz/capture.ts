/**
 * A story played to the bundle on the emulated board while its live capture is on: what the host makes of the capture
 * must be what crossed both wires, frame by frame, byte by byte, in the order in which it did.
 */
import { World } from '../../host-tools/emulator/world.ts';
import { type CapturedFrame, FrameReader } from '../../host-tools/device/watch/captured.ts';
import { describeConfig } from '../../firmware/config/validate.ts';
import { arp, ethernet, macOf, type Port } from '../control/table.ts';
import { seeded } from '../wire/random.ts';
import { freshRouter } from './fresh.ts';
import { isFiltered } from './board.ts';
import type { Step, Story } from './grammar.ts';
import { arrivalOf, pieceFrames, talkFrame, type Arrival, type Memory } from './steps.ts';

const bringUp = 500_000;

/** A frame on a wire. */
interface Crossing {
  side: 'wan' | 'lan';
  direction: 'in' | 'out';
  frame: Uint8Array;
}

export interface CaptureOutcome {
  frames: number;
  /** Of those that left, by the fast path. */
  fast: number;
  lost: number;
  /** How many of each kind. */
  kinds: Record<CapturedFrame['kind'], number>;
  failure?: string;
}

/** What can be told of a frame from either. */
function line(side: string, direction: string, length: number, bytes: Uint8Array): string {
  return `${side} ${direction} ${length} ${Buffer.from(bytes).toString('hex')}`;
}

class Watched {
  readonly world: World;
  readonly kinds: CaptureOutcome['kinds'] = { arrived: 0, left: 0, 'left-later': 0, own: 0, ended: 0 };
  frames = 0;
  fast = 0;
  private readonly memory: Memory = { left: [], arrived: [] };
  private crossings: Crossing[] = [];
  private readonly reader: FrameReader;
  private got = 0;
  lost = 0;
  private lostNow = 0;
  private readonly said: string[] = [];

  constructor(
    bundle: string,
    boardText: string,
    story: Story,
    private readonly snap: number,
  ) {
    this.reader = new FrameReader(snap);
    const config = describeConfig(freshRouter(story.wish));
    this.world = new World({
      bundle,
      files: { 'board.json': boardText, 'config.json': config },
      print: (text) => this.said.push(text),
    });
    for (const side of ['wan', 'lan'] as const) {
      this.world[side].onTransmit = (frame) => {
        this.crossings.push({ side, direction: 'out', frame });
        this.memory.left.push({ port: side, frame });
      };
      this.world[side].setLink(true);
    }
    this.world.board.boot();
    this.world.run(bringUp);
    if (story.trace) this.ask('trace on');
    if (!story.wish.strangers) for (const host of ['G', 'S', 'C']) this.introduce(host);
    this.ask(`capture on ${snap}`);
    this.crossings = [];
    // Warnings about the configuration are no trouble.
    this.said.length = 0;
  }

  private introduce(host: string): void {
    const [port, target]: [Port, string] = host === 'G' ? ['wan', 'P'] : ['lan', 'R'];
    this.world[port].deliver(ethernet(macOf(target), macOf(host), 0x0806, arp(1, host, target)));
    this.world.settle();
  }

  /** @returns what is wrong, or undefined */
  step(step: Step): string | undefined {
    if (step.kind === 'pause') return this.pause(step.what % 6);
    if (step.kind === 'talk') return this.talk(step);
    return this.all(this.arrivals(step));
  }

  private pause(seconds: number): string | undefined {
    for (let second = 0; second < seconds; second++) {
      this.world.run(1_000_000);
      const fault = this.compare();
      if (fault) return fault;
    }
    return undefined;
  }

  /** A connection that is opened, answered and used, so that the datapath has something to do. */
  private talk(step: Step): string | undefined {
    const answer: Step = { ...step, kind: 'answer', what: 0, shape: 0, which: 0, damage: 0, value: 2 };
    for (const [flags, what] of [
      ['S', 0],
      ['A', 1],
      ['PA', 1],
    ] as const) {
      const asked = this.arrive(talkFrame(step, flags));
      const answered = arrivalOf({ ...answer, what }, this.memory);
      const fault = asked ?? (answered && this.arrive(answered));
      if (fault) return fault;
    }
    return undefined;
  }

  private all(arrivals: readonly Arrival[]): string | undefined {
    for (const arrival of arrivals) {
      const fault = this.arrive(arrival);
      if (fault) return fault;
    }
    return undefined;
  }

  private arrivals(step: Step): Arrival[] {
    if (step.kind === 'pieces') return pieceFrames(step);
    const arrival = arrivalOf(step, this.memory);
    return arrival ? [arrival] : [];
  }

  private arrive(arrival: Arrival): string | undefined {
    if (isFiltered(arrival)) return undefined;
    this.memory.arrived.push(arrival);
    this.crossings.push({ side: arrival.port, direction: 'in', frame: arrival.frame });
    this.world[arrival.port].deliver(arrival.frame);
    this.world.settle();
    return this.compare();
  }

  /** What was lost, because it is more than the buffer holds, is missing and nothing else. */
  private compare(): string | undefined {
    const read = this.read();
    for (const { kind, reason } of read) {
      this.kinds[kind]++;
      if (kind === 'left' && reason === 'forwarded-fast') this.fast++;
    }
    const captured = read
      .filter(({ kind }) => kind !== 'ended')
      .map(({ kind, side, length, bytes }) => line(side, kind === 'arrived' ? 'in' : 'out', length, bytes));
    const crossed = this.crossings.map(({ side, direction, frame }) =>
      line(side, direction, frame.length, frame.subarray(0, this.snap)),
    );
    this.crossings = [];
    this.frames += crossed.length;
    let found = 0;
    for (const one of crossed) if (one === captured[found]) found++;
    if (this.said.length > 0) return `the board said: ${this.said.join(' ')}`;
    if (found === captured.length && crossed.length - found <= this.lostNow) return undefined;
    return `on the wires was\n${crossed.join('\n')}\nand captured, ${this.lostNow} lost,\n${captured.join('\n')}`;
  }

  private read(): CapturedFrame[] {
    const frames: CapturedFrame[] = [];
    for (;;) {
      const { capture, left, lost } = this.ask(`capture read ${this.got}`) as Record<string, unknown>;
      const piece = Buffer.from(String(capture), 'base64');
      this.got += piece.length;
      frames.push(...this.reader.push(piece));
      this.lostNow = Number(lost) - this.lost;
      if (left !== 0) continue;
      this.lost = Number(lost);
      return frames;
    }
  }

  private ask(request: string): object {
    const answer = JSON.parse(this.world.board.hairpin(request)) as { ok: boolean; error?: string };
    if (!answer.ok) throw new Error(answer.error);
    return answer;
  }
}

/** @param stories what to play, each with another number of bytes kept */
export function fuzzCapture(
  seed: number,
  stories: readonly Story[],
  bundle: string,
  boardText: string,
): CaptureOutcome {
  const random = seeded(seed);
  const outcome: CaptureOutcome = {
    frames: 0,
    fast: 0,
    lost: 0,
    kinds: { arrived: 0, left: 0, 'left-later': 0, own: 0, ended: 0 },
  };
  for (const story of stories) {
    const snap = [34, 96, 1514, 34 + random(200)][random(4)];
    const watched = new Watched(bundle, boardText, story, snap);
    for (const step of story.steps) {
      const fault = watched.step(step);
      if (fault) return { ...outcome, failure: `SEED=${seed}, ${snap} bytes kept, ${step.kind}: ${fault}` };
    }
    outcome.frames += watched.frames;
    outcome.fast += watched.fast;
    outcome.lost += watched.lost;
    for (const [kind, times] of Object.entries(watched.kinds))
      outcome.kinds[kind as CapturedFrame['kind']] += times;
  }
  return outcome;
}
