/**
 * What a row of the table of the interpreter's peculiarities is, and the four answers the project has to one. Shapes
 * only; the rows are in fails.ts, differs.ts and traps.ts, and rules.test.ts checks every answer.
 */

/** A rule of the build refuses it. Each sample is a text that the rule fires on. */
export interface Refused {
  kind: 'refused';
  /** A dialect rule (which has a fixture of its own too), or `hoisting`, `flat`, `hot`: checks that are not rules. */
  rule: string;
  samples: readonly string[];
}

/** The build turns it into what runs. The sample is an expression of TypeScript. */
export interface Lowered {
  kind: 'lowered';
  sample: string;
  /** What the sample comes to, in the built script, under Node and on the interpreter. */
  value: unknown;
}

/** The firmware cannot meet it. */
export interface Harmless {
  kind: 'harmless';
  /** Why, as a sentence. */
  because: string;
  /** A file, relative to the project, whose tests or checks show it. */
  shownBy: string | undefined;
}

/** A bundle that depended on it turns conformance red: mutations.test.ts runs one that has the probe in it. */
export interface Caught {
  kind: 'caught';
  /** Row of a probe in test/espruino/mutations.ts. */
  probe: string;
}

export type Answer = Refused | Lowered | Harmless | Caught;

/** One peculiarity: a construct that fails, a difference without a word, or a trap. */
export interface Row {
  id: string;
  topic: string;
  answers: readonly [Answer, ...Answer[]];
}

export function refused(rule: string, ...samples: string[]): Refused {
  return { kind: 'refused', rule, samples };
}

export function lowered(sample: string, value: unknown): Lowered {
  return { kind: 'lowered', sample, value };
}

export function harmless(because: string, shownBy?: string): Harmless {
  return { kind: 'harmless', because, shownBy };
}

export function caught(probe: string): Caught {
  return { kind: 'caught', probe };
}

/** A row. It has an answer, or it does not compile. */
export function row(id: string, topic: string, ...answers: [Answer, ...Answer[]]): Row {
  return { id, topic, answers };
}
