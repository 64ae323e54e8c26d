/**
 * Fuzzing with frames and time: story after story against the router in miniature until enough frames were fed. The
 * first that fails is made short and told in words and hex, with the seed that brings it back.
 */
import fc from 'fast-check';
import { counter } from '../../firmware/layout/arena.ts';
import { counterNames } from '../../firmware/layout/reasons.ts';
import { fast } from '../control/table.ts';
import { stories, type Story } from './grammar.ts';
import { inputs, play } from './play.ts';
import { shrunk } from './shrink.ts';

/** Steps of a story. */
const length = 200;
const arbitrary = stories(length);

export interface Outcome {
  /** Frames that were fed. */
  fed: number;
  /** The first story that failed, in words. */
  failure?: string;
  /** Counters that moved, by name, in all stories together; `fast` are the frames of the datapath alone. */
  counted: Record<string, number>;
}

/** The story of a seed. */
export function storyOf(seed: number): Story {
  return fc.sample(arbitrary, { seed, numRuns: 1 })[0];
}

function report(seed: number, story: Story): string {
  const short = shrunk(story, (other) => play(other));
  const told: string[] = [];
  const fault = play(short, told);
  const lines = told.map((line, i) => `  ${i + 1}. ${line}`);
  return [
    `SEED=${seed}: ${fault}`,
    `  router: ${JSON.stringify({ ...short.wish, forwards: undefined })}${short.trace ? ', trace on' : ''}`,
    ...(lines.length > 40 ? ['  ...', ...lines.slice(-40)] : lines),
    `  steps: ${JSON.stringify(short.steps)}`,
  ].join('\n');
}

/** @param seed of the first story; each has the next one  @param wanted frames */
export function fuzzFrames(seed: number, wanted: number): Outcome {
  const counted: Record<string, number> = { fast: 0 };
  const before = inputs;
  for (let at = seed; inputs - before < wanted; at++) {
    const story = storyOf(at);
    if (play(story)) return { fed: inputs - before, failure: report(at, story), counted };
    counted.fast += fast;
    counterNames.forEach((name, i) => {
      if (name && counter[i]) counted[name] = (counted[name] ?? 0) + counter[i];
    });
  }
  return { fed: inputs - before, counted };
}
