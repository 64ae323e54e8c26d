/*
 * Puts files into a board's Storage, so that whatever happens the next run finishes it: what is there already is left
 * alone, what is written is held against the original, the firmware comes last. Needs a quiet REPL; which files, and
 * what for, is the caller's business.
 *
 * A file is replaced by removing the old one and writing the new one behind everything else. When there is no room left
 * behind everything else, Storage is compacted: here, while somebody watches, and never by a board that routes.
 */
import { crc32 } from 'node:zlib';
import type { Progress } from '../../cli/progress.ts';
import { UserError } from '../../cli/user-error.ts';
import type { FileDigest, Repl } from '../repl/repl.ts';

export interface InstallFile {
  /** In Storage, at most 28 characters. */
  name: string;
  bytes: Uint8Array;
}

/** What became of a file. `written`: it was not there, or it was another. */
export interface Installed {
  name: string;
  bytes: number;
  written: boolean;
}

/** What Espruino runs when it starts. */
export const firmwareName = '.boot0';

/** Of every file in Storage, bytes (JsfFileHeader of Espruino); files begin at multiples of four. */
const headerBytes = 32;
/** Compacting reads, erases and writes up to 896 kB, a page of 4 kB in some 100 ms; ms. */
const compactWithin = 180_000;

/**
 * Installs `files`; the result is in the order in which they were dealt with.
 * @throws UserError when there is no room, LineLost when the cable is pulled: then another run finishes it
 */
export async function installFiles(
  repl: Repl,
  files: readonly InstallFile[],
  progress: Progress,
): Promise<Installed[]> {
  const ordered = [...files].sort(
    (one, other) => Number(one.name === firmwareName) - Number(other.name === firmwareName),
  );
  const missing = new Set<InstallFile>();
  for (const file of ordered) if (!isSame(await repl.crcOf(file.name), file.bytes)) missing.add(file);
  await makeRoom(repl, [...missing], progress);
  for (const file of ordered) {
    progress.begin(`${missing.has(file) ? 'writing' : 'checking'} ${file.name}`, file.bytes.length);
    if (missing.has(file)) await repl.writeFile(file.name, file.bytes, (done) => progress.at(done));
    progress.end(missing.has(file) ? undefined : 'already there');
  }
  return ordered.map((file) => ({
    name: file.name,
    bytes: file.bytes.length,
    written: missing.has(file),
  }));
}

function isSame(there: FileDigest | null, bytes: Uint8Array): boolean {
  return there !== null && there.size === bytes.length && there.crc === crc32(bytes);
}

/** Bytes that files take in Storage. */
export function roomFor(files: readonly InstallFile[]): number {
  return files.reduce((sum, { bytes }) => sum + roomOf(bytes.length), 0);
}

function roomOf(size: number): number {
  return headerBytes + ((size + 3) & ~3);
}

async function makeRoom(repl: Repl, files: readonly InstallFile[], progress: Progress): Promise<void> {
  const needed = roomFor(files);
  if (files.length === 0 || (await repl.free()) >= needed) return;
  progress.begin('making room in the Storage of the board: leave it plugged in');
  const others = (await repl.listFiles()).filter((name) => !files.some((file) => file.name === name));
  const before = await digests(repl, others);
  await refuseIfFull(repl, needed, others, before);
  // Their place is to be free, too. The firmware is among them: better none than half of one.
  for (const { name } of files) await repl.evaluate(`require("Storage").erase(${JSON.stringify(name)})`);
  await repl.evaluate('require("Storage").compact()', compactWithin);
  const after = await digests(repl, others);
  const lost = others.filter((_, index) => !isSameDigest(after[index], before[index]));
  if (lost.length > 0)
    throw new UserError(
      `While room was made in the board's Storage, ${lost.join(' and ')} changed. Run hairpin upload again, with --config if it is the configuration.`,
    );
  progress.end();
}

/** Before anything is erased: compacted, Storage has only `others`, as `found` there. @throws UserError */
async function refuseIfFull(
  repl: Repl,
  needed: number,
  others: readonly string[],
  found: readonly (FileDigest | null)[],
): Promise<void> {
  const taken = found.reduce((sum, digest) => sum + (digest ? roomOf(digest.size) : 0), 0);
  const free = (await repl.storageBytes()) - taken;
  if (free < needed)
    throw new UserError(
      `The board's Storage is full: ${needed} bytes are needed, and ${free} are free, beside ${others.join(', ') || 'no other file'}. Nothing was changed. Erase files of other programs at Espruino's prompt: require("Storage").erase("NAME").`,
    );
}

async function digests(repl: Repl, names: readonly string[]): Promise<(FileDigest | null)[]> {
  const all: (FileDigest | null)[] = [];
  for (const name of names) all.push(await repl.crcOf(name));
  return all;
}

function isSameDigest(one: FileDigest | null, other: FileDigest | null): boolean {
  return one?.size === other?.size && one?.crc === other?.crc;
}
