/**
 * Second step of the build: the bundle into ES5 by Babel, after the firmware's own transformations.
 * Each stage sees the finished tree of the one before it; code is printed once, at the end.
 */
import { fileURLToPath } from 'node:url';
import {
  parseAsync,
  type PluginItem,
  transformFromAstAsync,
  type TransformOptions,
  type types,
} from '@babel/core';
import type { MappedCode } from './bundle.ts';
import { BuildRefused, type Complaint } from './complaint.ts';
import { inlineConstants } from './constants.ts';
import { hotNamesFirst } from './hot-names.ts';
import { inlineTagged } from './inline.ts';
import { type Place, originsIn } from './origin.ts';
import type { Overlay } from './overlay-plan.ts';
import { makeOverlays } from './overlay.ts';
import { exportToReturn } from './seam.ts';
import type { Tag } from './tags.ts';

/** ES5 and what was done on the way there. */
export interface Lowered extends MappedCode {
  /** How many calls were replaced. */
  inlinedCalls: number;
  /** Where the names that were put first are declared, in their order. */
  hotNames: Place[];
  /** What was moved into overlays. */
  overlays: Overlay[];
}

/**
 * Lowers a bundle to ES5; what the interpreter would have to look up or call is replaced where that is cheaper.
 * `tagged` holds the functions to inline and the entries of overlays, `hot` and `warm` those whose names come first, as
 * `file:line`.
 */
export async function lower(
  input: MappedCode,
  tagged: Readonly<Record<Tag, ReadonlySet<string>>>,
  hot: ReadonlySet<string> = new Set(),
  warm: ReadonlySet<string> = new Set(),
): Promise<Lowered> {
  const origin = originsIn(input.map);
  const isIn = (places: ReadonlySet<string>) => (at: { line: number; column: number }) =>
    places.has(`${origin(at).file}:${origin(at).line}`);
  const complaints: Complaint[] = [];
  let inlinedCalls = 0;
  const inliner = inlineTagged({
    isTagged: isIn(tagged.inline),
    refuse: (at, message) => complaints.push({ ...origin(at), rule: 'inline', message }),
    replaced: () => inlinedCalls++,
  });
  let overlays: Overlay[] = [];
  const overlayer = makeOverlays({
    isEntry: isIn(tagged.overlay),
    isHot: isIn(hot),
    refuse: (at, message) => complaints.push({ ...origin(at), rule: 'overlay', message }),
    planned: (planned) => (overlays = planned),
  });
  const hotNames: Lowered['hotNames'] = [];
  const sorter = hotNamesFirst({
    isHot: isIn(hot),
    isWarm: isIn(warm),
    refuse: (at, message) => complaints.push({ ...origin(at), rule: 'hot', message }),
    put: (at) => hotNames.push(origin(at)),
  });
  const common: TransformOptions = { configFile: false, babelrc: false, sourceType: 'module', assumptions };
  let tree: types.File | null | undefined = await parseAsync(input.code, common);
  const stages: TransformOptions[] = [
    { plugins: [inliner] },
    { plugins: [inlineConstants] },
    { plugins: [overlayer] },
    { plugins: [sorter] },
    { plugins: [exportToReturn] },
    { presets: [allButClasses] },
  ];
  for (const stage of stages) {
    if (!tree) throw new Error('Babel gave no tree.');
    const options = { ...common, ...stage, code: false, ast: true, cloneInputAst: false };
    tree = (await transformFromAstAsync(tree, input.code, options))?.ast;
    if (complaints.length > 0) throw new BuildRefused(complaints);
  }
  if (!tree) throw new Error('Babel gave no tree.');
  const result = await transformFromAstAsync(tree, input.code, {
    ...common,
    presets: [classes],
    inputSourceMap: JSON.parse(input.map) as TransformOptions['inputSourceMap'],
    sourceMaps: true,
    compact: false,
  });
  return { code: result?.code ?? '', map: JSON.stringify(result?.map), inlinedCalls, hotNames, overlays };
}

// By its place: Babel would look for the name from the current directory, which may be anywhere.
const presetEnv = fileURLToPath(import.meta.resolve('@babel/preset-env'));

/**
 * Two passes of the preset, because `loose` is right for one thing and wrong for another: a loose `for..of` brings an
 * iterator helper with Symbol and Array.from, a class that is not loose brings one around Object.defineProperty.
 */
function preset(options: { loose: boolean; exclude: string[] }): PluginItem {
  // The typeof helper needs Symbol.
  const exclude = ['transform-typeof-symbol', ...options.exclude];
  return [presetEnv, { targets: 'ie 10', modules: false, loose: options.loose, exclude }];
}
const allButClasses = preset({ loose: false, exclude: ['transform-classes'] });
const classes = preset({ loose: true, exclude: [] });

/** What Babel may take for granted about the firmware, so that it adds no helpers for cases that cannot occur. */
const assumptions = {
  ignoreFunctionLength: true,
  ignoreToPrimitiveHint: true,
  iterableIsArray: true,
  noClassCalls: true,
  noDocumentAll: true,
  setClassMethods: true,
  setPublicClassFields: true,
};
