// One interpreter, all variants: rehearses every plan, checks that each step did what its name says, counts, and turns
// instructions into figures. Starts processes through callgrind.ts, two at a time; prints nothing.
import { countInstructions, run } from './callgrind.ts';
import { callsOf, checkStep, type Rehearsed } from './check.ts';
import type { Measured, Plan } from './plan.ts';
import { planOfFullTable, planOfPaths, planOfTranslation } from './plans.ts';
import { scriptFor } from './script.ts';
import { figure, perCall, stubTurns, type Figure } from './statistics.ts';
import { variants, type Entry, type Variant } from './variants.ts';

/** Figures by name. */
export type Figures = Record<string, Figure>;

/** What one run measures. */
export interface Job {
  interpreter: string;
  name: string;
  variant: Variant;
  entry: Entry;
  plan: Plan;
}

/** What a run came to. */
export interface Counted {
  /** Instructions of an empty turn. */
  turn: number;
  /** Turns of one call of each kind of stub. */
  stubs: Record<string, number>;
  figures: Figures;
}

/** The runs for one interpreter. The full table is for the bundle as built only: it takes longest. */
export function jobsFor(interpreter: string): Job[] {
  const jobs = variants.flatMap((variant): Job[] => [
    { interpreter, variant, name: 'paths', entry: 'firmware', plan: planOfPaths() },
    { interpreter, variant, name: 'translation', entry: 'datapath', plan: planOfTranslation() },
  ]);
  const full = { name: 'full table', entry: 'firmware', plan: planOfFullTable() } as const;
  return [{ interpreter, variant: 'built', ...full }, ...jobs];
}

/** Each measured step has four stretches with a mark on either side. */
const marksOf = (plan: Plan): number => 2 * 4 * plan.measured.length;

/** Does one job. Throws a sentence when a step did something else than its name says. */
export async function count(job: Job, bundle: string, files: Record<string, string>): Promise<Counted> {
  const { interpreter, plan } = job;
  const given = { frames: plan.frames(), marks: marksOf(plan) };
  const rehearsal = (await run(interpreter, {
    script: await scriptFor(bundle, files, plan, true),
    ...given,
  })) as { results: Rehearsed[] };
  plan.measured.forEach((step, i) => checkStep(step, rehearsal.results[i]));
  const instructions = await countInstructions(interpreter, {
    script: await scriptFor(bundle, files, plan, false),
    ...given,
  });
  if (instructions.length !== 4 * plan.measured.length) {
    throw new Error(
      `callgrind gave ${instructions.length} counts instead of ${4 * plan.measured.length}: does this interpreter's fs.unlink call unlink?`,
    );
  }
  return inTurns(plan.measured, rehearsal.results, instructions);
}

function inTurns(
  steps: readonly Measured[],
  rehearsed: readonly Rehearsed[],
  counts: readonly number[],
): Counted {
  const cost = (step: Measured, i: number) => {
    const [short, long, twinShort, twinLong] = counts.slice(4 * i, 4 * i + 4);
    return perCall({ loop: [short, long], twin: [twinShort, twinLong] }, step.lengths);
  };
  const costs = steps.map(cost);
  const turn = costs[steps.findIndex(({ what }) => what === 'turn')];
  const stubs: Record<string, number> = {};
  steps.forEach(({ what }, i) => {
    if (what.startsWith('stub-')) stubs[what.slice('stub-'.length)] = costs[i] / turn;
  });
  // A read with nothing bound takes a native of the same kind with two arguments.
  stubs.loose = stubs.exchange;
  const figures: Figures = {};
  steps.forEach((step, i) => {
    if (step.moves === undefined) return;
    const perStep = stubTurns(rehearsed[i].calls, stubs) / callsOf(step);
    figures[step.name] = figure(costs[i], turn, perStep, step.batch);
  });
  return { turn, stubs, figures };
}
