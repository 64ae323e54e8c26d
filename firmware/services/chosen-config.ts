/**
 * Which text the router is configured with at a start, and how its owner is told when that is not the last one saved.
 */
import { slotBytes, storedEntry, storedFiles } from '../config/stored.ts';
import { checksum, readFile } from '../platform/system.ts';
import { placeOf, placesPerFile, plainPlace, readStored, textOf, wrongBehind } from './config-store.ts';
import type { Stored } from './config-store.ts';

/** The Storage file that a person may put there by hand: the config when nothing was ever saved. */
export const configFile = 'config.json';

/** The config's text, from `file`; with `error` there is none. `notice` is for the console. */
export interface Chosen {
  text: string;
  file: string;
  notice: string;
  error: string;
}

/** Place and checksum of the text that the router runs with: `checksum * placeRange + place`. */
let remembered = 0;
const placeRange = 512;

/** Notes which text the router runs with. */
export function rememberText(place: number, crc: number): void {
  remembered = crc * placeRange + place;
}

/** Where the text that the router runs with lies. */
export function usedPlace(): number {
  return remembered % placeRange;
}

/** Chooses, and remembers the choice. */
export function chooseConfig(): Chosen {
  const stored = readStored();
  const wrong = wrongBehind(stored);
  const best = stored.best;
  const chosen: Chosen = { text: '', file: configFile, notice: '', error: '' };
  let place = plainPlace;
  if (best) {
    chosen.file = stored.files[stored.file].name;
    chosen.text = textOf(chosen.file, best);
    place = placeOf(stored.file, best.at);
  } else if (stored.files[0].behind == 'damaged' || stored.files[1].behind == 'damaged') {
    chosen.error = allDamaged(stored);
    return chosen;
  } else {
    chosen.text = readFile(configFile) || '';
  }
  if (wrong.what == 'damaged')
    chosen.notice =
      'The last config saved, in ' +
      wrong.file +
      ', is damaged. The one before it is used: look at it with "show config", and save it again.';
  else if (wrong.what)
    chosen.notice =
      'The last save of the config, in ' +
      wrong.file +
      ', did not come to its end. The config from before it is used.';
  if (chosen.text) rememberText(place, checksum(chosen.text));
  return chosen;
}

function allDamaged(stored: Stored): string {
  let names = '';
  for (let i = 0; i < storedFiles.length; i++) {
    if (stored.files[i].behind == 'damaged') names += (names ? ' and ' : '') + storedFiles[i];
  }
  return (
    'The stored config is damaged (' +
    names +
    ') and there is no other copy. Store one with "hairpin config push", or type "factory-reset yes" to start over.'
  );
}

/** The text that the router runs with; empty when it is not there any more. */
export function usedText(): string {
  const place = usedPlace();
  let text: string | undefined = '';
  if (place == plainPlace) text = readFile(configFile);
  else {
    const name = storedFiles[Math.floor(place / placesPerFile)];
    const entry = storedEntry(readFile(name) || '', (place % placesPerFile) * slotBytes);
    if (entry && entry.state == 'whole') text = textOf(name, entry);
  }
  return text && checksum(text) * placeRange + place == remembered ? text : '';
}

/** The file that the router was configured from. */
export function usedFile(): string {
  const place = usedPlace();
  return place == plainPlace ? configFile : storedFiles[Math.floor(place / placesPerFile)];
}

/** Why nothing can be told or changed that needs the text. */
export function changedSince(): string {
  return (
    'The file ' + usedFile() + ' was changed since the router started. Restart it to run what is there now.'
  );
}
