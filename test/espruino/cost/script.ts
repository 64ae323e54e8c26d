// Puts together what the interpreter runs: files and plan, the stubs, the unchanged bundle, the loops. Pure.
import { readFileSync } from 'node:fs';
import { minify } from 'terser';
import type { Plan } from './plan.ts';

/**
 * A script of this folder without comments and blanks: they cost the interpreter time, in the measured loops too.
 */
async function read(name: string): Promise<string> {
  const text = readFileSync(new URL(name, import.meta.url), 'utf8');
  return (await minify(text, { ecma: 5, compress: false, mangle: false })).code ?? '';
}

/** @param rehearsal the run in which stubs count their calls, instead of being counted */
export async function scriptFor(
  bundle: string,
  files: Record<string, string>,
  plan: Plan,
  rehearsal: boolean,
): Promise<string> {
  const given = `var rehearsal=${String(rehearsal)},files=${JSON.stringify(files)},plan=${JSON.stringify(plan.steps)};`;
  return [given, await read('./stage.js'), bundle, await read('./play.js')].join('\n');
}
