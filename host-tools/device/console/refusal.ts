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
  return new UserError(String(answer.error), exitCode);
}
