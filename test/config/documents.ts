/**
 * The documents that the tests of this room start from, and a way to change one thing in them.
 * Test support only: no tests here.
 */
import { readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);

export function readProjectFile(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

export const exampleText = readProjectFile('hairpin.example.json');
export const homeText = readProjectFile('hairpin.home.json');
export const boardText = readProjectFile('boards/esp32-shared-bus/board.json');
export const dualBoardText = readProjectFile('boards/esp32-dual-w5500/board.json');

/** The document in `text` with the value at `path` (`forwards.0.to`) replaced, or removed if undefined. */
export function change(text: string, path: string, value: unknown): string {
  const document = JSON.parse(text) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() as string;
  let place = document;
  for (const key of keys) place = (place[key] ??= {}) as Record<string, unknown>;
  if (value === undefined) delete place[last];
  else place[last] = value;
  return JSON.stringify(document);
}
