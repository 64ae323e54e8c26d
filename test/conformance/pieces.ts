/**
 * Datagrams in pieces as the tests of the rows speak of them, by the plain code of test/wire/pieces.ts.
 */
import { identification, placeOf, reassemble } from '../wire/pieces.ts';

export { inPieces as cut } from '../wire/pieces.ts';

/** A fragment as a receiver sees it. Offset and lengths are of the IP payload, in bytes. */
export interface Piece {
  offset: number;
  length: number;
  more: boolean;
  id: number;
}

/** What the header of a piece says. */
export function pieceOf(packet: Uint8Array): Piece {
  const { from, to, more } = placeOf(packet);
  return { offset: from, length: to - from, more, id: identification(packet) };
}

/**
 * Puts the pieces of one packet together, in whatever order they come.
 * @throws when they are not exactly the pieces of one packet
 */
export function together(pieces: Uint8Array[]): Uint8Array {
  const [whole, ...others] = reassemble(pieces);
  if (others.length > 0) throw new Error('pieces of different packets');
  return whole;
}
