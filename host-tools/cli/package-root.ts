/*
 * Where the project's own files lie that are not modules: dist/firmware.js, boards/, package.json. A module must not
 * count folders upwards from itself: in the npm package it lies two folders deeper, compiled, under dist/js. Reads only.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of package.json: of the clone, or of the installed package. */
export const packageRoot = nearestPackage(import.meta.dirname);

/** What a person types: in a clone npx finds the command, elsewhere it would ask the registry for somebody's. */
export const hairpinCommand = existsSync(join(packageRoot, 'firmware/main.ts')) ? 'npx hairpin' : 'hairpin';

/** A file of the clone or the package, named relative to its root. */
export function packageFile(name: string): string {
  return join(packageRoot, name);
}

function nearestPackage(folder: string): string {
  let here = folder;
  while (!existsSync(join(here, 'package.json')) && here !== dirname(here)) here = dirname(here);
  return here;
}
