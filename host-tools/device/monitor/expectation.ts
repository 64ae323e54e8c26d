/* Waits for a text in what comes in pieces. Pure. */

/** Says of each piece whether the text has come, also across pieces. */
export class Expectation {
  private tail = '';

  constructor(private readonly text: string) {}

  /** True from the piece on with which the text is complete. @param piece one character a byte */
  meets(piece: string): boolean {
    const seen = this.tail + piece;
    if (seen.includes(this.text)) return true;
    // What may be the beginning of it.
    this.tail = this.text.length > 1 ? seen.slice(1 - this.text.length) : '';
    return false;
  }
}
