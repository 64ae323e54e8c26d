/**
 * What the checklist says in one row. The checklist itself is not part of this project; rows/ transcribes each of its
 * rows once, the demand and the notes in our own words. A type and nothing else.
 */
export interface Cells {
  /** First cell of the row, to the letter: tests and docs/conformance.md name the row by it. */
  id: string;
  /** M must, S should, m may, - a rule of engineering or none given; `M,S` where a row has several. */
  level: string;
  /**
   * First word of the decision. DO; DIFF, differently for want of memory or time; POL, a choice of policy; OPT, perhaps
   * later; NA, does not apply; - where the table has none.
   */
  decision: string;
  demand: string;
  /** What else the decision says. */
  note?: string;
  /** The checklist was not sure of this row: it was derived again from the RFC, and `why` says what came of it. */
  dagger?: boolean;
  why?: string;
}
