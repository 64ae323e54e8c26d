/*
 * The error a person can do something about: its message is one sentence that says what is wrong, where, and what
 * to do. The command prints the message and nothing else, and exits with the code.
 */
export class UserError extends Error {
  readonly exitCode: number;

  /** @param exitCode 2 usage, configuration or tool error; 3 inconclusive. */
  constructor(message: string, exitCode = 2) {
    super(message);
    this.name = 'UserError';
    this.exitCode = exitCode;
  }
}
