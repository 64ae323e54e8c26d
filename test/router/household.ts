/**
 * A household that never rests: every 10 ms a frame of the settled flow in each direction and on both sides a question
 * for the router itself. It knows every frame by its number, so it can tell for how long nothing came through, whether
 * one came twice or changed, and whether the router went on answering on a side.
 */
import { Random } from '../../host-tools/emulator/random.ts';
import { address, arpFrame, mac } from '../scenes/cast.ts';
import type { Rig, RigOptions, Side } from '../w5500/rig.ts';
import { inService, otherSide } from '../w5500/rig.ts';
import { arrival, departure, longest, numberOf, settleFlow, shortest } from './traffic.ts';

/** Microseconds between two frames of a direction. */
export const beat = 10_000;
export const sides: readonly Side[] = ['wan', 'lan'];

interface Sent {
  frame: Uint8Array;
  at: number;
  /** When it left the other port; NaN while it has not. */
  left: number;
}

const questions = {
  wan: arpFrame(1, mac.gateway, address.G, mac.routerWan, address.P),
  lan: arpFrame(1, mac.client, address.C, mac.routerLan, address.R),
};

export class Household {
  /** By the side where they arrived. */
  private sent: Record<Side, Sent[]> = { wan: [], lan: [] };
  private asked: Record<Side, number> = { wan: NaN, lan: NaN };
  private number = 0;
  private readonly random: Random;
  /** What must not happen: frames that came twice, changed, or from nowhere. */
  readonly wrong: string[] = [];
  /** Slowest answer to a question of each side since the last `forget`, microseconds; Infinity: none came. */
  slowest: Record<Side, number> = { wan: 0, lan: 0 };

  constructor(
    readonly rig: Rig,
    seed: number,
  ) {
    this.random = new Random(seed);
    for (const side of sides) rig.chips[side].onTransmit = (frame) => this.left(side, frame);
  }

  /** A frame left a port. */
  private left(side: Side, frame: Uint8Array): void {
    const now = this.rig.clock.now();
    if (frame[12] === 8 && frame[13] === 6) {
      const isAnswer = frame[21] === 2;
      if (isAnswer && !isNaN(this.asked[side])) {
        this.slowest[side] = Math.max(this.slowest[side], now - this.asked[side]);
        this.asked[side] = NaN;
      }
      return;
    }
    const from = otherSide[side];
    const sent = this.sent[from].find((one) => numberOf(one.frame) === numberOf(frame));
    if (!sent || Buffer.compare(frame, departure(from, sent.frame)) !== 0)
      this.wrong.push(`a changed frame left the ${side}'s port`);
    else if (!isNaN(sent.left)) this.wrong.push(`frame ${numberOf(frame)} left the ${side}'s port twice`);
    else sent.left = now;
  }

  /** Lets that much time pass with traffic. */
  live(us: number): void {
    for (let passed = 0; passed < us; passed += beat) {
      for (const side of sides) {
        this.number++;
        const length = shortest + this.random.below(longest - shortest + 1);
        const frame = arrival(side, length, this.number);
        this.sent[side].push({ frame, at: this.rig.clock.now(), left: NaN });
        this.rig.chips[side].deliver(frame);
        this.ask(side);
      }
      this.rig.run(beat);
    }
  }

  /** One question at a time: one that has no answer at the next beat was not answered. */
  private ask(side: Side): void {
    if (!isNaN(this.asked[side])) this.slowest[side] = Infinity;
    this.asked[side] = this.rig.clock.now();
    this.rig.chips[side].deliver(questions[side]);
  }

  /**
   * From a moment until everything came through again, both ways, in milliseconds: up to the frame behind the last one
   * that was lost; or, if none was, the longest time that one took.
   */
  outage(since: number): number {
    const affected = sides.flatMap((side) => this.sent[side].filter(({ at }) => at >= since));
    const lost = affected.filter(({ left }) => isNaN(left)).map(({ at }) => at + beat - since);
    const delays = affected.filter(({ left }) => !isNaN(left)).map(({ at, left }) => left - at);
    return Math.max(...(lost.length > 0 ? lost : delays)) / 1000;
  }

  /** Frames lost since a moment, both ways. */
  lostSince(since: number): number {
    return sides.flatMap((side) => this.sent[side]).filter(({ at, left }) => at >= since && isNaN(left))
      .length;
  }

  /** A new page: what was sent, answered and seen so far is forgotten. */
  forget(): void {
    this.sent = { wan: [], lan: [] };
    this.asked = { wan: NaN, lan: NaN };
    this.slowest = { wan: 0, lan: 0 };
    this.wrong.length = 0;
  }

  /** Time without traffic. */
  rest(us: number): void {
    this.rig.run(us);
    this.forget();
  }
}

/**
 * A household behind a router that is well, for so long that its troubles of the past are forgotten. Buses and wires
 * take their time; a link is up at once, so that what is measured is the router's own.
 */
export async function household(seed: number, options: RigOptions = {}): Promise<Household> {
  const behaviour = { negotiation: 0, ...options.behaviour };
  const rig = await inService({ timed: true, seed, ...options, behaviour });
  settleFlow(rig);
  const home = new Household(rig, seed);
  home.rest(12_000_000);
  return home;
}
