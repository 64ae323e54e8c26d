/**
 * Where a place in generated text was written. Reads source maps; knows that the script lies in dist/.
 */
import { SourceMap } from 'node:module';
import { posix } from 'node:path';

/** A place a person can open: 1-based line and column. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** Looks places of generated text (1-based line, 0-based column) up in a map given as JSON text. */
export function originsIn(map: string): (at: { line: number; column: number }) => Place {
  const parsed = JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0];
  const entries = new SourceMap(parsed);
  return (at) => {
    const entry = entries.findEntry(at.line - 1, at.column);
    // Helpers that the build adds were written nowhere.
    if (!('originalSource' in entry))
      return { file: `dist/${parsed.file}`, line: at.line, column: at.column + 1 };
    const file = posix.normalize(posix.join('dist', entry.originalSource));
    return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  };
}
