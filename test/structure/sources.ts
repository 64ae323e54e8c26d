/** The TypeScript of the project, for checks that read all of it. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A source file, named relative to the project with forward slashes. */
export interface Source {
  file: string;
  text: string;
}

/** Sources below a folder of the project, without type declarations and fixtures. */
export function sourcesBelow(folder: string): Source[] {
  const root = join(import.meta.dirname, '../..');
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.includes('/fixtures/'))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
}
