/**
 * The stored configuration: which copy is the config, and how a new one is written (format: config/stored.ts; what a lost
 * supply does at each step: docs/config-store.md). Writes nothing but blank bytes of a file that exists, or a new file
 * where Storage has room for it; never makes room, for that can lose everything.
 */
import {
  headBytes,
  markBytes,
  slotBytes,
  storedEntry,
  storedFields,
  storedFileBytes,
  storedFiles,
  storedMark,
  crcText,
} from '../config/stored.ts';
import type { StoredEntry } from '../config/stored.ts';
import { checksum, freeStorage, readFile, readPiece, writePiece } from '../platform/system.ts';

/** What Storage takes for a new file: its bytes, filled up, and their header. */
const newFileBytes = storedFileBytes + 1 + 32;

/** Characters written at once, a multiple of 4: such a piece takes some 50 variables. */
const pieceBytes = 512;

/** Slots that a place has room for, in `placeOf`. */
export const placesPerFile = 128;
/** The place of a config that is no copy: the file `config.json`. */
export const plainPlace = storedFiles.length * placesPerFile;

/** What the stored files hold. */
export interface Stored {
  /** The config: the valid copy with the highest sequence; null when there is none. */
  best: StoredEntry | null;
  /** Of both files, in their order. */
  files: StoredFile[];
  /** Which of them has `best`. */
  file: number;
}

export interface StoredFile {
  name: string;
  /** Bytes of it; 0 when it does not exist. */
  size: number;
  /** Where the next copy would begin. */
  end: number;
  /** Valid copies, and the highest sequence. */
  copies: number;
  sequence: number;
  /** What lies behind its last valid copy: `unfinished` or `damaged` if anything that should not, else empty. */
  behind: string;
}

/** Looks through both files. */
export function readStored(): Stored {
  const stored: Stored = { best: null, files: [], file: 0 };
  for (let i = 0; i < storedFiles.length; i++) readStoredFile(stored, i);
  return stored;
}

function readStoredFile(stored: Stored, index: number): void {
  const name = storedFiles[index];
  const content = readFile(name) || '';
  const file: StoredFile = { name: name, size: content.length, end: 0, copies: 0, sequence: 0, behind: '' };
  let entry = storedEntry(content, 0);
  while (entry) {
    file.end = entry.next;
    if (isValid(name, file.size, entry)) {
      file.copies++;
      file.sequence = entry.sequence;
      file.behind = '';
      if (!stored.best || entry.sequence > stored.best.sequence) {
        stored.best = entry;
        stored.file = index;
      }
    } else if (entry.state != 'void' && file.behind != 'damaged') {
      file.behind = entry.state == 'unfinished' ? 'unfinished' : 'damaged';
    }
    entry = storedEntry(content, entry.next);
  }
  stored.files.push(file);
}

function isValid(name: string, size: number, entry: StoredEntry): boolean {
  return (
    entry.state == 'whole' &&
    entry.at + headBytes + entry.bytes <= size &&
    crcText(checksum(textOf(name, entry))) == entry.crc
  );
}

/** The text of a copy. It lies in flash. */
export function textOf(name: string, entry: StoredEntry): string {
  return readPiece(name, entry.at + headBytes, entry.bytes) as string;
}

/** What is wrong behind the config that is used: `unfinished`, `damaged` or empty, and in which file. */
export function wrongBehind(stored: Stored): { what: string; file: string } {
  const used = stored.files[stored.file];
  const other = stored.files[1 - stored.file];
  // What lies behind old copies was told when it was new.
  if (used.behind) return { what: used.behind, file: used.name };
  return { what: other.copies ? '' : other.behind, file: other.name };
}

/** A place in the stored files as one small number, to be remembered. */
export function placeOf(file: number, at: number): number {
  return file * placesPerFile + at / slotBytes;
}

/** A copy that is being written. */
export interface Opened {
  file: number;
  name: string;
  at: number;
}

/**
 * Begins a copy: behind the config that is used, else in the other file, which is made anew when it is full too.
 * @param bytes of its text @returns it, or why there is none
 */
export function beginCopy(stored: Stored, bytes: number): Opened | string {
  let file = stored.file;
  // The file that is used is never made anew.
  if (!hasRoom(stored.files[file], bytes) && (stored.best || hasRoom(stored.files[1 - file], bytes)))
    file = 1 - file;
  let at = stored.files[file].end;
  let size = stored.files[file].size;
  if (!hasRoom(stored.files[file], bytes)) {
    const free = freeStorage();
    if (free < newFileBytes)
      return (
        'There is no room left to save: Storage has ' +
        free +
        ' free bytes behind its last file, and ' +
        newFileBytes +
        ' are needed. "hairpin upload" makes room; until then the config stays as it is.'
      );
    at = 0;
    size = storedFileBytes;
  }
  const name = storedFiles[file];
  writePiece(name, storedMark, at, at ? 0 : size);
  return { file: file, name: name, at: at };
}

function hasRoom(file: StoredFile, bytes: number): boolean {
  return file.end + headBytes + bytes <= file.size;
}

/**
 * Writes characters `from` to `to` of a text to an offset of the copy's own, and reads them back.
 * @returns why it could not, or empty
 */
export function writeText(opened: Opened, offset: number, text: string, from: number, to: number): string {
  let error = '';
  for (let i = from; i < to && !error; i += pieceBytes) {
    const piece = text.substring(i, i + pieceBytes < to ? i + pieceBytes : to);
    error = writeChecked(opened, piece, headBytes + offset + i - from);
  }
  return error;
}

function writeChecked(opened: Opened, piece: string, offset: number): string {
  const at = opened.at + offset;
  writePiece(opened.name, piece, at, 0);
  return readPiece(opened.name, at, piece.length) == piece
    ? ''
    : 'The flash did not keep what was written to ' + opened.name + '; the config stays as it was.';
}

/** Ends a copy: from now on it is the config. @returns why it is not, or empty */
export function commitCopy(stored: Stored, opened: Opened, bytes: number, crc: number): string {
  const sequence = stored.best ? stored.best.sequence + 1 : 1;
  return writeChecked(opened, storedFields(sequence, bytes, crc), markBytes);
}

/** Gives a copy up: what it holds was refused, and the next start need not speak of it. */
export function dropCopy(opened: Opened, bytes: number): void {
  writeChecked(opened, storedFields(0, bytes, 0), markBytes);
}
