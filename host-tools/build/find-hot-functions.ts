/**
 * Finds the functions of hot-functions.ts in the TypeScript, and says so when one is gone.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Complaint } from './complaint.ts';
import type { HotFunctions } from './hot-functions.ts';
import { isFunction, nameOf, parseTypeScript, walk } from './syntax-tree.ts';

/** Where the hot functions of the bundled files begin, as `file:line`; and the names that no longer lead anywhere. */
export interface FoundHotFunctions {
  places: Set<string>;
  complaints: Complaint[];
}

/** Looks the functions up in those of the files that are part of the bundle. */
export function findHotFunctions(
  root: string,
  files: readonly string[],
  wanted: HotFunctions,
): FoundHotFunctions {
  const found: FoundHotFunctions = { places: new Set(), complaints: [] };
  for (const file of files) {
    const missing = new Set(wanted[file] ?? []);
    if (missing.size === 0) continue;
    walk(parseTypeScript(readFileSync(join(root, file), 'utf8')), (node) => {
      const name = isFunction(node) ? nameOf(node.id) : undefined;
      if (name === undefined || !missing.delete(name)) return;
      found.places.add(`${file}:${node.loc.start.line}`);
    });
    for (const name of missing) {
      const message = `There is no function '${name}' here, but host-tools/build/hot-functions.ts lists it as hot. Correct that list.`;
      found.complaints.push({ file, line: 1, column: 1, rule: 'hot', message });
    }
  }
  return found;
}
