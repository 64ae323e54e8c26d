/*
 * Two configurations key by key, by what they mean: a default that is written out is no difference, and the order of
 * forwards is none. Pure.
 */
import { describeConfig } from '../../../firmware/config/describe.ts';
import type { Config } from '../../../firmware/config/schema.ts';
import { table } from '../watch/table.ts';
import { flatten, plain } from './keys.ts';

/** One key. Null: not there. */
export interface Difference {
  key: string;
  router: string | number | boolean | null;
  file: string | number | boolean | null;
}

/** What differs, in the order of the document. */
export function differences(router: Config, file: Config): Difference[] {
  const ours = new Map(flatten(JSON.parse(describeConfig(router))));
  const theirs = new Map(flatten(JSON.parse(describeConfig(file))));
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])];
  return keys
    .map((key) => ({ key, router: ours.get(key) ?? null, file: theirs.get(key) ?? null }))
    .filter((one) => one.router !== one.file);
}

/** For people. @param file its name */
export function differenceText(found: readonly Difference[], file: string): string[] {
  if (found.length === 0) return [`The router has what ${file} says.`];
  const cell = (value: Difference['file']) => (value === null ? '-' : plain(value));
  const rows = found.map(({ key, router, file: there }) => [key, cell(router), cell(there)]);
  return table(['key', 'on the router', `in ${file}`], rows);
}
