/*
 * The configuration as it lies in the router's Storage, character by character as somebody wrote it: read and written in
 * pieces through the seam, while the router goes on running. What is written counts from the next start on, and only when
 * the board has checked all of it (firmware/services/stored-requests.ts).
 */
import { crc32 } from 'node:zlib';
import { crcText } from '../../../firmware/config/stored.ts';
import type { Progress } from '../../cli/progress.ts';
import { UserError } from '../../cli/user-error.ts';
import type { Answer } from '../console/answers.ts';
import { refusal } from '../console/refusal.ts';
import type { Router } from '../console/router.ts';

/** Characters of a piece as a JSON string: with the words before it, a line stays below the console's 240. */
const pieceCharacters = 190;

interface PieceAnswer extends Answer {
  piece: string;
  /** The offset to go on from, or null at the end. */
  next: number | null;
  bytes: number;
  /** CRC-32 of the whole, 8 hex digits. */
  crc: string;
}

/** The whole text. @throws UserError when there is none, or it changes while it is read */
export async function readStored(router: Router): Promise<string> {
  let text = '';
  let at: number | null = 0;
  while (at !== null) {
    const answer = await piece(router, at);
    text += answer.piece;
    at = answer.next;
    if (at === null && (text.length !== answer.bytes || crcOf(text) !== answer.crc))
      throw new UserError('The configuration on the board changed while it was read. Try again.');
  }
  return text;
}

async function piece(router: Router, at: number): Promise<PieceAnswer> {
  const answer = await router.ask(`stored read ${at}`);
  if (!answer.ok) throw refusal(answer);
  return answer as PieceAnswer;
}

/** Whether the next start uses exactly this text already. */
export async function isStored(router: Router, text: string): Promise<boolean> {
  const answer = (await router.ask('stored read 0')) as PieceAnswer;
  return answer.ok && answer.bytes === text.length && answer.crc === crcOf(text);
}

/** Writes a text that has passed the check. @throws UserError when the board refuses it, or has no room */
export async function writeStored(router: Router, text: string, progress: Progress): Promise<void> {
  progress.begin('writing the configuration', text.length);
  for (const { at, part } of piecesOf(text)) {
    // A piece whose answer is lost may be sent again, except that the last one is not open any more then.
    const request = `stored write ${at} ${text.length} ${crcOf(text)} ${JSON.stringify(part)}`;
    // With the last piece there the board checks the whole.
    const isLast = at + part.length === text.length;
    const answer = await (isLast ? router.askSlow(request) : router.ask(request));
    if (!answer.ok && !(await isStored(router, text))) throw refusal(answer, 2);
    progress.at(at + part.length);
  }
  if (!(await isStored(router, text)))
    throw new UserError(
      'The board took the configuration, but does not have it. Try again, or use hairpin upload.',
    );
  progress.end();
}

/** A text in pieces of whole words of flash, four bytes each, as long as a line allows. */
export function piecesOf(text: string): { at: number; part: string }[] {
  const pieces: { at: number; part: string }[] = [];
  for (let at = 0; at < text.length;) {
    let length = pieceCharacters & ~3;
    while (JSON.stringify(text.slice(at, at + length)).length > pieceCharacters) length -= 4;
    pieces.push({ at, part: text.slice(at, at + length) });
    at += length;
  }
  return pieces;
}

function crcOf(text: string): string {
  return crcText(crc32(Buffer.from(text, 'latin1')));
}
