/**
 * What the build says when it refuses firmware: a sentence with a place in the TypeScript.
 * Holds the shape and the error only; knows nothing of rules, bundles or files.
 */

/** One reason to refuse, at a place a person can open. */
export interface Complaint {
  /** Path relative to the project, forward slashes. */
  file: string;
  /** 1-based. */
  line: number;
  /** 1-based. */
  column: number;
  /** Id of the rule that fired. */
  rule: string;
  /** What is wrong and what to write instead, as a sentence. */
  message: string;
}

/** A build that was refused for reasons its author can mend; its message is the whole output, no stack needed. */
export class BuildRefused extends Error {
  readonly complaints: readonly Complaint[];

  constructor(complaints: readonly Complaint[]) {
    super(complaints.map(describeComplaint).join('\n'));
    this.name = 'BuildRefused';
    this.complaints = complaints;
  }
}

/** `file:line:column rule: message`, the form editors and terminals turn into a link. */
export function describeComplaint(c: Complaint): string {
  return `${c.file}:${c.line}:${c.column} ${c.rule}: ${c.message}`;
}
