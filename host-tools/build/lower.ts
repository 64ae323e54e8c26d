/**
 * Second step of the build: the bundle into ES5 by Babel, after the firmware's own transformations.
 * Each stage sees the finished tree of the one before it; code is printed once, at the end.
 */
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
import { inlineTagged } from './inline.ts';
import { originsIn } from './origin.ts';
import { exportToReturn } from './seam.ts';

/** ES5 and how many calls were replaced on the way there. */
export interface Lowered extends MappedCode {
  inlinedCalls: number;
}

/**
 * Lowers a bundle to ES5; what the interpreter would have to look up or call is replaced where that is cheaper.
 * `tagged` holds the functions to inline as `file:line`.
 */
export async function lower(input: MappedCode, tagged: ReadonlySet<string>): Promise<Lowered> {
  const origin = originsIn(input.map);
  const complaints: Complaint[] = [];
  let inlinedCalls = 0;
  const inliner = inlineTagged({
    isTagged: (at) => tagged.has(`${origin(at).file}:${origin(at).line}`),
    refuse: (at, message) => complaints.push({ ...origin(at), rule: 'inline', message }),
    replaced: () => inlinedCalls++,
  });
  const common: TransformOptions = { configFile: false, babelrc: false, sourceType: 'module', assumptions };
  let tree: types.File | null | undefined = await parseAsync(input.code, common);
  const stages: TransformOptions[] = [
    { plugins: [inliner] },
    { plugins: [inlineConstants] },
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
  return { code: result?.code ?? '', map: JSON.stringify(result?.map), inlinedCalls };
}

/**
 * Two passes of the preset, because `loose` is right for one thing and wrong for another: a loose `for..of` brings an
 * iterator helper with Symbol and Array.from, a class that is not loose brings one around Object.defineProperty.
 */
function preset(options: { loose: boolean; exclude: string[] }): PluginItem {
  // The typeof helper needs Symbol.
  const exclude = ['transform-typeof-symbol', ...options.exclude];
  return ['@babel/preset-env', { targets: 'ie 10', modules: false, loose: options.loose, exclude }];
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
