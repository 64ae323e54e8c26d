/**
 * The firmware build: TypeScript in, one ES5 script with a map and a report out. Runs the steps in order and times
 * them; each step lives in a file of its own. Writes nothing: see main.ts for the files in dist/.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type MappedCode, bundle } from './bundle.ts';
import { BuildRefused } from './complaint.ts';
import { checkSources } from './dialect.ts';
import { gate } from './gate.ts';
import { findHotFunctions } from './find-hot-functions.ts';
import type { HotFunctions } from './hot-functions.ts';
import { readTags } from './tags.ts';
import { type Lowered, lower } from './lower.ts';
import { minify } from './minify.ts';
import { type Product, router } from './products.ts';
import { type Report, measure } from './report.ts';
import { wrap, wrapBehind } from './seam.ts';

/** What to build. */
export interface BuildOptions {
  /** Project directory: source maps and complaints name files relative to it. Default: the current directory. */
  root?: string;
  /** Which script. Default: the router, without its guard. */
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

/** Builds a script. Throws BuildRefused with file, line and reason where the source cannot become firmware. */
export async function buildFirmware(options: BuildOptions = {}): Promise<BuiltFirmware> {
  const root = resolve(options.root ?? '.');
  const product = options.product ?? { ...router, guard: undefined };
  const { entry, guard, global } = { ...product, entry: options.entry ?? product.entry };
  const { time, milliseconds } = stopwatch();
  const names = { hot: options.hot ?? product.hot, warm: options.warm ?? product.warm };
  const main = await compile(root, product, entry, names, time);
  const before = guard === undefined ? undefined : await compile(root, product, guard, nothingHot, time);
  const script = before ? wrapBehind(before.script, main.script, global) : wrap(main.script, global);
  // Each part for itself: the finished script's map knows only the main one.
  const parts = before ? [before.script, main.script].map((part) => wrap(part, global)) : [script];
  const complaints = await time('gate', () => parts.flatMap(gate));
  if (complaints.length > 0) throw new BuildRefused(complaints);
  return {
    ...script,
    report: {
      ...measure(script, main.hotNames),
      inlinedCalls: main.inlinedCalls,
      overlays: main.overlays,
      milliseconds,
      inputs: [...new Set([...main.inputs, ...(before?.inputs ?? [])])].sort(),
    },
  };
}

const nothingHot = { hot: {}, warm: {} };

/** One entry with everything it imports, as statements that end in `return`. */
async function compile(
  root: string,
  { file, global }: Product,
  entry: string,
  names: Pick<Product, 'hot' | 'warm'>,
  time: Time,
): Promise<Lowered & { script: MappedCode; inputs: string[] }> {
  const outfile = join(root, 'dist', file);
  const version = versionOf(root);
  const bundled = await time('bundle', () => bundle(root, resolve(root, entry), outfile, version, global));
  const sources = bundled.inputs.filter((input) => input.endsWith('.ts'));
  const tags = readTags(root, sources);
  const hot = findHotFunctions(root, sources, names.hot);
  const warm = findHotFunctions(root, sources, names.warm);
  const written = await time('dialect', () => [
    ...checkSources(root, sources),
    ...tags.complaints,
    ...hot.complaints,
    ...warm.complaints,
  ]);
  if (written.length > 0) throw new BuildRefused(written);
  const lowered = await time('lower', () => lower(bundled, tags, hot.places, warm.places));
  const script = await time('minify', () => minify(lowered, file));
  return { ...lowered, script, inputs: bundled.inputs };
}

type Time = <T>(step: string, run: () => T | Promise<T>) => Promise<T>;

/** Adds up the milliseconds of each step. */
function stopwatch(): { time: Time; milliseconds: Record<string, number> } {
  const milliseconds: Record<string, number> = {};
  const time: Time = async (step, run) => {
    const start = performance.now();
    const result = await run();
    milliseconds[step] = (milliseconds[step] ?? 0) + Math.round(performance.now() - start);
    return result;
  };
  return { time, milliseconds };
}

function versionOf(root: string): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}
