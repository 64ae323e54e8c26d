/*
 * A router's "no" as the error that a command ends with.
 */
import { UserError } from '../../cli/user-error.ts';
import type { Answer } from './answers.ts';

/** The sentence of an answer that is not ok, with exit code 1: the router was asked, and its answer is no. */
export function refusal(answer: Answer): UserError {
  return new UserError(String(answer.error), 1);
}
