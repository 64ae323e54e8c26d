/**
 * A change to the configuration, from the text that runs to a stored copy that counts. What the change does to the router
 * is the caller's; nothing has changed anywhere when the answer is a sentence.
 *
 * The changed text is put together in flash, where the copy will be, and checked there: in memory it would take a variable
 * for every ten characters. So a text that is refused has used up its place.
 */
import type { Edit } from '../config/edit.ts';
import { maxDocumentLength } from '../config/json.ts';
import type { Config } from '../config/schema.ts';
import { headBytes } from '../config/stored.ts';
import { parseConfig } from '../config/validate.ts';
import { checksum, readPiece, watchdogFunction } from '../platform/system.ts';
import {
  beginCopy,
  commitCopy,
  dropCopy,
  placeOf,
  plainPlace,
  readStored,
  writeText,
} from './config-store.ts';
import type { Opened, Stored } from './config-store.ts';
import { changedSince, rememberText, usedPlace } from './chosen-config.ts';

/** A configuration that counts from now on, and what its owner should know of it. */
export interface Saved {
  config: Config;
  warnings: string[];
  place: number;
  crc: number;
}

/**
 * Saves the text that runs, changed.
 * @param text that text @param what the sentence of an error begins with
 */
export function saveEdited(text: string, edit: Edit, what: string): Saved | string {
  const stored = readStored();
  const newest = stored.best ? placeOf(stored.file, stored.best.at) : plainPlace;
  if (newest != usedPlace()) return changedSince();
  let saved: Saved | string;
  try {
    saved = writeEdited(stored, text, edit, what);
  } catch (error) {
    saved = what + ': Storage did not take the config: ' + error;
  }
  if (typeof saved != 'string') rememberText(saved.place, saved.crc);
  return saved;
}

function writeEdited(stored: Stored, text: string, edit: Edit, what: string): Saved | string {
  const length = text.length;
  const inserted = edit.insert.length;
  const bytes = length - edit.to + edit.from + inserted;
  if (bytes > maxDocumentLength)
    return (
      what +
      ': the config would have ' +
      bytes +
      ' characters, and at most ' +
      maxDocumentLength +
      ' are allowed.'
    );
  const opened = beginCopy(stored, bytes);
  if (typeof opened == 'string') return what + ': ' + opened;
  const error =
    writeText(opened, 0, text, 0, edit.from) ||
    writeText(opened, edit.from, edit.insert, 0, inserted) ||
    writeText(opened, edit.from + inserted, text, edit.to, length);
  return error ? what + ': ' + error : finishCopy(stored, opened, bytes, what);
}

/** Checks the text of a copy that is all written, and makes it the config. @param what the sentence of an error begins with */
export function finishCopy(stored: Stored, opened: Opened, bytes: number, what: string): Saved | string {
  const text = readPiece(opened.name, opened.at + headBytes, bytes) as string;
  const parsed = parseConfig(text, what, watchdogFunction());
  if ('error' in parsed) {
    dropCopy(opened, bytes);
    return parsed.error;
  }
  const crc = checksum(text);
  const error = commitCopy(stored, opened, bytes, crc);
  if (error) return what + ': ' + error;
  return {
    config: parsed.config,
    warnings: parsed.warnings,
    place: placeOf(opened.file, opened.at),
    crc: crc,
  };
}
