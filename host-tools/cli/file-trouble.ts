/*
 * What the system says about a file that cannot be read or written, in words, and a place checked before the work whose
 * result is to go there.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** By error code; Node's own names mean nothing to most people. */
const WORDS: Record<string, string> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of the way there is a file, not a folder',
  EISDIR: 'it is a folder; name a file',
  EACCES: 'that is not permitted to this user',
  EPERM: 'that is not permitted to this user',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};

/** The end of a sentence: "there is no such folder". */
export function fileTrouble(error: unknown): string {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return WORDS[code] ?? code;
}

/** Why nothing can be written to `file`, as `fileTrouble` says it; null if it can. Writes nothing. */
export function unwritable(file: string): string | null {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isDirectory()) return WORDS.EISDIR;
    accessSync(found ? file : dirname(file), constants.W_OK);
    return null;
  } catch (error) {
    return fileTrouble(error);
  }
}
