/**
 * Requests about the stored config as text: what there is, reading it in pieces, and writing another one in pieces, for
 * host tools on a line whose requests are short. A text that is written lies in flash from the first piece on, and counts
 * only when it is whole, its checksum is right and the router could run with it; it does so from the next start on.
 */
import { maxDocumentLength } from '../config/json.ts';
import { crcText, headBytes, markBytes, storedEntry } from '../config/stored.ts';
import type { StoredEntry } from '../config/stored.ts';
import { checksum, eraseFile, freeStorage, readFile, readPiece } from '../platform/system.ts';
import { configFile, usedPlace } from './chosen-config.ts';
import {
  beginCopy,
  dropCopy,
  placeOf,
  plainPlace,
  readStored,
  textOf,
  wrongBehind,
  writeText,
} from './config-store.ts';
import type { Opened, Stored, StoredFile } from './config-store.ts';
import { failure, success } from './replies.ts';
import { finishCopy } from './save.ts';

/** Characters of the text in one answer. */
const readBytes = 160;
/** A piece begins behind `stored write OFFSET TOTAL CRC `. */
const wordsBefore = 5;

/** The answer to `stored`, `stored read OFFSET` and `stored write OFFSET TOTAL CRC PIECE`. */
export function storedText(line: string, words: string[]): string {
  const stored = readStored();
  if (words[1] == 'read') return readText(stored, words);
  if (words[1] == 'write') {
    try {
      return write(stored, line, words);
    } catch (error) {
      return failure('stored write: Storage did not take it: ' + error);
    }
  }
  if (words[1])
    return failure(
      'stored: expected "stored", "stored read OFFSET" or "stored write OFFSET TOTAL CRC PIECE".',
    );
  return overview(stored);
}

function overview(stored: Stored): string {
  const best = stored.best;
  const files = [];
  for (let i = 0; i < stored.files.length; i++) {
    const file = stored.files[i];
    if (file.size)
      files.push({
        file: file.name,
        copies: file.copies,
        sequence: file.sequence,
        behind: file.behind || 'nothing',
      });
  }
  const newest = best ? placeOf(stored.file, best.at) : plainPlace;
  return success({
    file: best ? stored.files[stored.file].name : configFile,
    sequence: best ? best.sequence : 0,
    running: usedPlace() == newest,
    damaged: wrongBehind(stored).what,
    files: files,
    storageFree: freeStorage(),
  });
}

/** The text that the next start will use, from an offset on. */
function readText(stored: Stored, words: string[]): string {
  const offset = Number(words[2]);
  const text = stored.best ? textOf(stored.files[stored.file].name, stored.best) : readFile(configFile) || '';
  const bytes = text.length;
  if (!bytes) return failure('stored read: there is no stored config and no ' + configFile + '.');
  if (!(offset >= 0 && offset < bytes && offset == Math.floor(offset)))
    return failure('stored read: expected an offset from 0 to ' + (bytes - 1) + '.');
  return success({
    piece: text.substring(offset, offset + readBytes),
    next: offset + readBytes < bytes ? offset + readBytes : null,
    bytes: bytes,
    crc: crcText(checksum(text)),
  });
}

function write(stored: Stored, line: string, words: string[]): string {
  const offset = Number(words[2]);
  const total = Number(words[3]);
  const piece = pieceIn(line);
  if (!piece || !(offset >= 0 && offset + piece.length <= total && total <= maxDocumentLength))
    return failure(
      'stored write: expected OFFSET, TOTAL (at most ' +
        maxDocumentLength +
        '), the CRC-32 of the whole and a piece as a JSON string.',
    );
  if (!offset) forgetUnfinished(stored);
  const opened = offset ? findOpened(stored, offset, piece) : beginCopy(stored, total);
  if (typeof opened == 'string') return failure(opened);
  // A piece whose answer was lost is sent again.
  const at = opened.at + headBytes + offset;
  const error =
    readPiece(opened.name, at, piece.length) == piece
      ? ''
      : writeText(opened, offset, piece, 0, piece.length);
  if (error) return failure(error);
  if (offset + piece.length < total) return success({ next: offset + piece.length });
  return finish(stored, opened, total, words[4]);
}

/** Behind the fifth blank, or empty. */
function pieceIn(line: string): string {
  let at = 0;
  for (let i = 0; i < wordsBefore; i++) at = line.indexOf(' ', at) + 1;
  try {
    return '' + JSON.parse(line.substr(at));
  } catch (error) {
    return '';
  }
}

/** The copy that a piece goes on with: the last one that is not finished and is filled to that offset, or with the same. */
function findOpened(stored: Stored, offset: number, piece: string): Opened | string {
  for (let i = 0; i < stored.files.length; i++) {
    const name = stored.files[i].name;
    const content = readFile(name) || '';
    const entry = lastUnfinished(content, stored.files[i]);
    const next = entry ? entry.at + headBytes + offset : 0;
    if (
      entry &&
      isWritten(content, next - 1) &&
      (!isWritten(content, next) || content.substr(next, piece.length) == piece)
    )
      return { file: i, name: name, at: entry.at };
  }
  return 'stored write: there is nothing that offset ' + offset + ' goes on with. Begin at offset 0 again.';
}

/** Gives up what earlier texts left unfinished, or the pieces of this one might go on with one of those. */
function forgetUnfinished(stored: Stored): void {
  for (let i = 0; i < stored.files.length; i++) {
    const name = stored.files[i].name;
    const content = readFile(name) || '';
    const entry = lastUnfinished(content, stored.files[i]);
    // A head that was cut short itself is left as it is.
    if (entry && !isWritten(content, entry.at + markBytes))
      dropCopy({ file: i, name: name, at: entry.at }, entry.next - entry.at - headBytes);
  }
}

function lastUnfinished(content: string, file: StoredFile): StoredEntry | null {
  let last = null;
  let entry = file.behind == 'unfinished' ? storedEntry(content, 0) : null;
  while (entry) {
    last = entry;
    entry = storedEntry(content, entry.next);
  }
  return last;
}

/** Whether there is a byte at that place that is not blank. */
function isWritten(content: string, at: number): boolean {
  const byte = content.substr(at, 1);
  return byte != '' && byte != '\xff';
}

function finish(stored: Stored, opened: Opened, total: number, crc: string): string {
  const text = readPiece(opened.name, opened.at + headBytes, total) as string;
  if (crcText(checksum(text)) != crc) {
    dropCopy(opened, total);
    return failure(
      'stored write: the whole text has the checksum ' +
        crcText(checksum(text)) +
        ', not ' +
        crc +
        '. Nothing was changed; send it again.',
    );
  }
  const saved = finishCopy(stored, opened, total, 'config');
  if (typeof saved == 'string') return failure(saved);
  return success({ stored: opened.name, restart: true, warnings: saved.warnings });
}

/** Forgets every stored copy; the one that is used goes last, so that a lost supply leaves no older one. */
export function forgetStored(): void {
  const stored = readStored();
  eraseFile(stored.files[1 - stored.file].name);
  eraseFile(stored.files[stored.file].name);
}
