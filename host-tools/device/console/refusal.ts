/*
 * A router's "no" as the error that a command ends with.
 */
import { UserError } from '../../cli/user-error.ts';
import type { Answer } from './answers.ts';

/**
 * The sentence of an answer that is not ok.
 * @param exitCode 1: the router was asked, and its answer is no; 2: it was told something that cannot be
 */
export function refusal(answer: Answer, exitCode: 1 | 2 = 1): UserError {
  return new UserError(standstillText(String(answer.error)), exitCode);
}

/** What to do about a router that does not run, where its own sentence does not say so: how that begins, and the rest. */
const remedies: readonly [begins: RegExp, remedy: string][] = [
  [
    /^The router is not running\. There is no config\.json /,
    'Write a hairpin.json (docs/configuration.md; hairpin.example.json is one to start from), then: hairpin config push hairpin.json.',
  ],
  [/^The router is left out: /, 'Tap EN on the board, or run hairpin upload, which restarts it.'],
];

/** A sentence of the router, with what to do where that is known here. */
export function standstillText(error: string): string {
  const found = remedies.find(([begins]) => begins.test(error));
  return found ? `${error} ${found[1]}` : error;
}
