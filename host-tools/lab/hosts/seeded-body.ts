/*
 * The body the HTTP servers send and the clients compare with: pseudo-random bytes that both sides compute from
 * the offset alone, so that a frame lost, doubled or moved shows, and where.
 */

/** xorshift32, a period of 2^32 - 1 words: no two parts of a body are alike. */
const SEED = 0x9e3779b9;

/** The first `length` bytes of the body. */
export function seededBody(length: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = SEED;
  for (let index = 0; index < words.length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
}

/** Compares a body as it arrives, in pieces. */
export class BodyCheck {
  private readonly expected: Uint8Array;
  private received = 0;
  private difference: number | null = null;

  constructor(length: number) {
    this.expected = seededBody(length);
  }

  get bytes(): number {
    return this.received;
  }

  add(piece: Uint8Array): void {
    if (this.difference === null) {
      const wanted = this.expected.subarray(this.received, this.received + piece.length);
      if (Buffer.compare(wanted, piece) !== 0) {
        let at = 0;
        while (at < wanted.length && wanted[at] === piece[at]) at++;
        this.difference = this.received + at;
      }
    }
    this.received += piece.length;
  }

  /** Offset of the first byte that differs, or of the first that is missing at the end; null if the body is right. */
  firstDifference(): number | null {
    if (this.difference !== null) return this.difference;
    return this.received < this.expected.length ? this.received : null;
  }
}
