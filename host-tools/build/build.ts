/**
 * The firmware build: TypeScript in, one ES5 script with a map and a report out. Runs the steps in order and times
 * them; each step lives in a file of its own. Writes nothing: see main.ts for the files in dist/.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundle } from './bundle.ts';
import { BuildRefused } from './complaint.ts';
import { checkSources } from './dialect.ts';
import { gate } from './gate.ts';
import { type HotFunctions, findHotFunctions } from './hot-functions.ts';
import { readTags } from './tags.ts';
import { lower } from './lower.ts';
import { minify } from './minify.ts';
import { type Product, router } from './products.ts';
import { type Report, measure } from './report.ts';
import { wrap } from './seam.ts';

/** What to build. */
export interface BuildOptions {
  /** Project directory: source maps and complaints name files relative to it. Default: the current directory. */
  root?: string;
  /** Which script. Default: the router. */
  product?: Product;
  /** Another entry module than the product's, and other functions whose names come first and next. */
  entry?: string;
  hot?: HotFunctions;
  warm?: HotFunctions;
}

/** A finished build. */
export interface BuiltFirmware {
  /** The script that is flashed, run in the lab and given to the interpreter. */
  code: string;
  /** Source map, version 3, JSON text, to lie beside the script in dist/. */
  map: string;
  report: Report;
}

/** Builds the firmware. Throws BuildRefused with file, line and reason where the source cannot become firmware. */
export async function buildFirmware(options: BuildOptions = {}): Promise<BuiltFirmware> {
  const root = resolve(options.root ?? '.');
  const { product = router } = options;
  const entry = resolve(root, options.entry ?? product.entry);
  const outfile = join(root, 'dist', product.file);
  const milliseconds: Record<string, number> = {};
  const timed = async <T>(step: string, run: () => T | Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await run();
    milliseconds[step] = Math.round(performance.now() - start);
    return result;
  };

  const bundled = await timed('bundle', () => bundle(root, entry, outfile, versionOf(root), product.global));
  const sources = bundled.inputs.filter((file) => file.endsWith('.ts'));
  const tags = readTags(root, sources);
  const hot = findHotFunctions(root, sources, options.hot ?? product.hot);
  const warm = findHotFunctions(root, sources, options.warm ?? product.warm);
  const written = await timed('dialect', () => [
    ...checkSources(root, sources),
    ...tags.complaints,
    ...hot.complaints,
    ...warm.complaints,
  ]);
  if (written.length > 0) throw new BuildRefused(written);
  const lowered = await timed('lower', () => lower(bundled, tags, hot.places, warm.places));
  const minified = await timed('minify', () => minify(lowered, product.file));
  const wrapped = wrap(minified, product.global);
  const complaints = await timed('gate', () => gate(wrapped));
  if (complaints.length > 0) throw new BuildRefused(complaints);
  return {
    ...wrapped,
    report: {
      ...measure(wrapped, lowered.hotNames),
      inlinedCalls: lowered.inlinedCalls,
      overlays: lowered.overlays,
      milliseconds,
      inputs: bundled.inputs,
    },
  };
}

function versionOf(root: string): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}
