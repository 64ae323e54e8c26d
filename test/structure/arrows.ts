/**
 * Checks imports against the table of rooms. Reads the text of import statements only.
 */
import { posix } from 'node:path';
import { type Room, rooms } from './rooms.ts';

/** An import that has no arrow in the table, as a sentence that begins with file:line. */
export type ForbiddenImport = string;

/** Checks one file, named relative to the project with forward slashes. */
export function checkImports(file: string, text: string): ForbiddenImport[] {
  const from = roomOf(file);
  if (!from)
    return [`${file}:1 belongs to no room. Add the room to test/structure/rooms.ts, or move the file.`];
  return importsOf(text).flatMap(({ line, target }) => {
    const problem = problemWith(from, file, target);
    return problem ? [`${file}:${line} ${problem}`] : [];
  });
}

function problemWith(from: Room, file: string, target: string): string | undefined {
  if (!target.startsWith('.')) {
    return from.room.startsWith('firmware/')
      ? `imports the package '${target}', but firmware has none: it runs where there are no packages.`
      : undefined;
  }
  const path = posix.join(posix.dirname(file), target);
  if (from.mayImport.includes('*')) return undefined;
  const to = roomOf(path);
  if (to === from || (to && from.mayImport.includes(to.room))) return undefined;
  const allowed = from.mayImport.length > 0 ? from.mayImport.join(', ') : 'nothing outside itself';
  return `imports ${path}, but ${from.room} may import ${allowed}.`;
}

function roomOf(path: string): Room | undefined {
  return rooms
    .filter(({ room }) => path === room || path.startsWith(`${room}/`))
    .sort((a, b) => b.room.length - a.room.length)[0];
}

/**
 * Static imports and re-exports begin a line (prettier sees to that) and say `from` or only name a module; types
 * count like values. Dynamic imports stand anywhere.
 */
const importForms = [
  /^import\s+'([^']+)'/gm,
  /^(?:import|export)\s[^;'"`=]*\sfrom\s+'([^']+)'/gm,
  /\bimport\(\s*'([^']+)'/g,
];

function importsOf(text: string): { line: number; target: string }[] {
  return importForms
    .flatMap((form) => [...text.matchAll(form)])
    .map((found) => ({ line: text.slice(0, found.index).split('\n').length, target: found[1]! }));
}
