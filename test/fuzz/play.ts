/**
 * Plays a story against the router in miniature (test/control/table.ts), and tells the first thing that is not as it
 * must be: an exception, a broken table, a frame that may not leave like that, counters that do not add up.
 */
import { clock, counter } from '../../firmware/layout/arena.ts';
import { sentIcmpError } from '../../firmware/layout/reasons.ts';
import { heldNow } from '../../firmware/control/held.ts';
import { setTrace } from '../../firmware/control/trace.ts';
import { arrive, elapse, fast, type Left } from '../control/table.ts';
import { get16, tell } from '../wire/packets.ts';
import { rememberStill, stillFault } from './hop-structure.ts';
import { bounded, isOvertime } from './bounded.ts';
import { damaged } from './damage.ts';
import { Egress } from './egress.ts';
import { freshRouter } from './fresh.ts';
import type { Step, Story } from './grammar.ts';
import { ledgerFault } from './ledger.ts';
import {
  arrivalOf,
  burstFrame,
  pieceFrames,
  shapeOf,
  talkFrame,
  type Arrival,
  type Memory,
} from './steps.ts';
import { structureFault } from './structure.ts';

/** Frames a story remembers, for steps that are about earlier ones. */
const remembered = 64;
/** Steps between two walks through the tables. */
const stepsPerWalk = 8;
/** Milliseconds a story may take; usually it takes a few, a busy machine may take its time. */
const storyTime = 4000;
/** ICMP errors a second (RFC 1812 section 4.3.2.8). */
const errorsPerSecond = 6;

/** Frames fed so far, in all stories: what is counted as inputs. */
export let inputs = 0;

/** A frame in words, as far as it has some, and in hex. */
function describe({ port, frame }: Arrival): string {
  let words = `type ${get16(frame, 12).toString(16)}`;
  try {
    if (get16(frame, 12) === 0x0800) words = tell(frame.subarray(14));
  } catch (error) {
    words = (error as Error).message;
  }
  return `${port}: ${words}: ${Buffer.from(frame).toString('hex')}`;
}

/** An answer to what left last, undamaged; `what` 0 accepts a connection, 1 goes on with it. */
const plainAnswer: Step = {
  kind: 'answer',
  from: 0,
  to: 0,
  fromPort: 0,
  toPort: 0,
  what: 0,
  shape: 0,
  which: 0,
  damage: 0,
  at: 0,
  value: 2,
};

class Play {
  private readonly memory: Memory = { left: [], arrived: [] };
  private readonly egress: Egress;
  private arrivals = 0;
  private left = 0;
  private errorSecond = -1;
  private errorsBefore = 0;

  constructor(
    story: Story,
    private readonly told?: string[],
  ) {
    const config = freshRouter(story.wish);
    setTrace(story.trace, 0);
    this.egress = new Egress(config);
    rememberStill();
    // What came and went before the first step is not for the ledger to know: so much did.
    const introduced = story.wish.strangers ? 0 : 3;
    this.arrivals = introduced;
    this.left = introduced;
  }

  /** @returns the fault, or undefined */
  step(step: Step): string | undefined {
    if (step.kind === 'pause') return this.pause(step);
    if (step.kind === 'burst') return this.burst(step);
    if (step.kind === 'talk') return this.talk(step);
    if (step.kind === 'pieces') return this.pieces(step);
    const arrival = arrivalOf(step, this.memory);
    return arrival && this.arrive(arrival);
  }

  /** A connection that is opened, answered and used, so that the datapath has something to do; damage comes last. */
  private talk(step: Step): string | undefined {
    const opening = talkFrame(step, 'S');
    let fault = this.arrive(opening) ?? this.answerLast({ ...step, what: 0 });
    const going = talkFrame(step, 'A');
    for (let i = 0; i < 2 + (step.what % 4) && !fault; i++) {
      fault = this.arrive(going) ?? this.answerLast({ ...step, what: 1 });
    }
    const last = talkFrame(step, 'PA', shapeOf(step));
    return (
      fault ??
      this.arrive({ ...last, frame: damaged(last.frame.subarray(0, 1514), step.damage, step.at, step.value) })
    );
  }

  private pause({ what, value }: Step): string | undefined {
    // Mostly moments, now and then as long as any timeout; the longer, the fewer turns.
    const seconds = value % 8 ? what % 4 : value % 3 ? what % 400 : what % 8000;
    const stride = Math.min(60, 1 + Math.floor(seconds / 30));
    this.told?.push(`${seconds} s pass`);
    const fault = this.check(undefined, elapse(Math.ceil(seconds / stride), stride));
    this.egress.passTime(Math.ceil(seconds / stride) * stride);
    return fault;
  }

  private burst(step: Step): string | undefined {
    for (let i = 0; i < 64 + (step.shape % 512); i++) {
      const arrival = burstFrame(step, i);
      const fault =
        this.arrive(arrival) ?? (step.which % 2 ? this.answerLast({ ...step, what: 0 }) : undefined);
      if (fault) return fault;
    }
    return undefined;
  }

  /** A datagram in pieces, one of them damaged. */
  private pieces(step: Step): string | undefined {
    let fault: string | undefined;
    pieceFrames(step).forEach(({ port, frame }, i) => {
      const how = i === step.what % 8 ? step.damage : 0;
      fault ??= this.arrive({ port, frame: damaged(frame, how, step.at, step.value) });
    });
    return fault;
  }

  private answerLast(step: Step): string | undefined {
    const arrival = arrivalOf({ ...plainAnswer, what: step.what }, this.memory);
    return arrival && this.arrive(arrival);
  }

  arrive(arrival: Arrival): string | undefined {
    inputs++;
    this.arrivals++;
    this.told?.push(describe(arrival));
    this.remember(this.memory.arrived, arrival);
    return this.check(arrival, arrive(arrival.port, arrival.frame));
  }

  private remember<Frame>(frames: Frame[], frame: Frame): void {
    frames.push(frame);
    if (frames.length > remembered) frames.shift();
  }

  private check(arrival: Arrival | undefined, left: Left[]): string | undefined {
    this.left += left.length;
    for (const one of left) this.remember(this.memory.left, one);
    return this.egress.fault(arrival, left) ?? this.errorsFault();
  }

  private errorsFault(): string | undefined {
    if (clock[0] !== this.errorSecond) {
      this.errorSecond = clock[0];
      this.errorsBefore = counter[sentIcmpError];
    }
    return counter[sentIcmpError] - this.errorsBefore > errorsPerSecond
      ? 'more ICMP errors in a second than may be'
      : undefined;
  }

  /** The tables and the counters. */
  audit(): string | undefined {
    return (
      structureFault() ??
      stillFault() ??
      ledgerFault({ arrived: this.arrivals, fast, left: this.left, held: heldNow() })
    );
  }
}

function playSteps(game: Play, steps: Step[], walksAlways: boolean): string | undefined {
  for (let step = 0; step < steps.length; step++) {
    let fault = game.step(steps[step]);
    const walks = walksAlways || step % stepsPerWalk === 0 || step === steps.length - 1;
    if (!fault && walks) fault = game.audit();
    if (fault) return fault;
  }
  return undefined;
}

/**
 * Plays a story.
 * @param told gets every step in words, if given; then the tables are walked through after every step
 * @returns the first thing that is wrong, or undefined
 */
export function play(story: Story, told?: string[]): string | undefined {
  const game = new Play(story, told);
  try {
    return bounded(storyTime, () => playSteps(game, story.steps, told !== undefined));
  } catch (error) {
    return isOvertime(error)
      ? 'the firmware does not come to an end'
      : `an exception: ${(error as Error).stack}`;
  } finally {
    setTrace(false, 0);
  }
}
