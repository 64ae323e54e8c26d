/**
 * Every known peculiarity of the interpreter, each with an answer: refused by the build, harmless for a reason, or
 * caught by conformance. The rows are transcribed from the notes of probing the interpreter; whoever finds another
 * adds it here, and rules.test.ts wants an answer.
 */
import type { Row } from './answers.ts';
import { differs } from './differs.ts';
import { fails } from './fails.ts';
import { traps } from './traps.ts';

/** The three tables, in the order of the notes. */
export const rules = { fails, differs, traps } satisfies Record<string, readonly Row[]>;
