/*
 * What the doctor says: one finding for each thing looked at, and what a whole list of them comes to. Shapes and
 * arithmetic only.
 */
import type { ChipName } from './facts.ts';

/** The steps, in the order in which they are taken and told. */
export const steps = [
  'port',
  'answer',
  'interpreter',
  'memory',
  'radios',
  'board file',
  'pins',
  'wires',
  'chips',
  'clock',
  'reset',
  'interrupt',
  'links',
  'router',
] as const;
export type Step = (typeof steps)[number];

/** `unknown`: it could not be looked at, or what was seen does not tell. */
export type Verdict = 'ok' | 'warn' | 'bad' | 'unknown';

export interface Finding {
  step: Step;
  /** Whose; undefined: the board's, or both modules'. */
  chip?: ChipName;
  verdict: Verdict;
  /** What was seen. */
  sentence: string;
  /** Of the signature table, for programs: `miso-open`. */
  id?: string;
  /** Why, as far as it is known; only with bad or warn. */
  cause?: string;
  /** What to do. */
  remedy?: string;
}

/** 0 all well, 1 something is wrong, 3 cannot tell. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 | 3 {
  if (findings.some(({ verdict }) => verdict === 'bad')) return 1;
  return findings.some(({ verdict }) => verdict === 'unknown') ? 3 : 0;
}

/** In the order of the steps; within a step as they were found. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((one, other) => steps.indexOf(one.step) - steps.indexOf(other.step));
}
