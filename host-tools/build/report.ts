/**
 * What a build came to: size, names, scopes, time. Reads the finished script; decides nothing.
 */
import { SourceMap } from 'node:module';
import { type Function as FunctionNode, type Program, parse } from 'acorn';
import { ancestor } from 'acorn-walk';
import type { MappedCode } from './bundle.ts';
import { type Place, originsIn } from './origin.ts';
import type { Overlay } from './overlay-plan.ts';

/** dist/build.json. */
export interface Report {
  schema: 'hairpin.build/1';
  /** Bytes of the script. */
  bytes: number;
  names: {
    /** Names in the one scope around everything, in the order in which the interpreter searches them. */
    shared: string[];
    /** Position among those, from 0, of each name that a function of the packet path uses. */
    hot: Record<string, number>;
    /** Other names in front of the last of those, which searches for hot names pass. */
    coldInFront: string[];
    /** Names of all scopes together, parameters included. */
    total: number;
  };
  scopes: {
    /** Functions in the script. */
    functions: number;
    /** Deepest nesting of functions, the one around everything included. */
    depth: number;
  };
  /** Calls of functions tagged @inline that were replaced. */
  inlinedCalls: number;
  /** Functions and constants that exist only while the entry of their overlay runs. */
  overlays: Overlay[];
  /** Milliseconds each step took. */
  milliseconds: Record<string, number>;
  /** Files the bundle was made from. */
  inputs: string[];
}

/** Measures a finished script; `hotNames` says where the names of the packet path are declared. */
export function measure(
  script: MappedCode,
  hotNames: readonly Place[],
): Pick<Report, 'schema' | 'bytes' | 'names' | 'scopes'> {
  const tree = parse(script.code, { ecmaVersion: 5, locations: true });
  const map = new SourceMap(JSON.parse(script.map));
  const origin = originsIn(script.map);
  const keyOf = ({ file, line, column }: Place) => `${file}:${line}:${column}`;
  const hot = new Set(hotNames.map(keyOf));
  const report: ReturnType<typeof measure> = {
    schema: 'hairpin.build/1',
    bytes: Buffer.byteLength(script.code),
    names: { shared: [], hot: {}, coldInFront: [], total: 0 },
    scopes: { functions: 0, depth: 0 },
  };
  // The guard in front has a scope of its own, which is gone when the firmware's is made.
  const firmware = lineOfFirmware(tree);
  const declare = (name: string, at: { line: number; column: number }, depth: number) => {
    report.names.total++;
    if (depth !== 1 || at.line < firmware) return;
    // terser keeps the name as written beside the place it was written at.
    const entry = map.findEntry(at.line - 1, at.column) as { name?: string };
    const shown = entry.name ?? name;
    if (hot.has(keyOf(origin(at)))) report.names.hot[shown] = report.names.shared.length;
    else if (Object.keys(report.names.hot).length < hot.size) report.names.coldInFront.push(shown);
    report.names.shared.push(shown);
  };
  walkNames(tree, declare, (depth) => {
    report.scopes.functions++;
    report.scopes.depth = Math.max(report.scopes.depth, depth);
  });
  return report;
}

/** The line on which the firmware's function begins: `var name = guard() || firmware()`, or without a guard. */
function lineOfFirmware(tree: Program): number {
  const [statement] = tree.body;
  const init = statement.type === 'VariableDeclaration' ? statement.declarations[0].init : undefined;
  return (init?.type === 'LogicalExpression' ? init.right : tree).loc!.start.line;
}

type Declare = (name: string, at: { line: number; column: number }, depth: number) => void;

function walkNames(tree: Program, declare: Declare, enter: (depth: number) => void): void {
  const depthOf = (ancestors: readonly { type: string }[]) =>
    ancestors.filter(({ type }) => type === 'FunctionDeclaration' || type === 'FunctionExpression').length;
  ancestor(tree, {
    Function(node: FunctionNode, _state, ancestors) {
      const depth = depthOf(ancestors);
      enter(depth);
      if (node.type === 'FunctionDeclaration' && node.id)
        declare(node.id.name, node.id.loc!.start, depth - 1);
      for (const p of node.params) if (p.type === 'Identifier') declare(p.name, p.loc!.start, depth);
    },
    VariableDeclarator(node, _state, ancestors) {
      if (node.id.type === 'Identifier') declare(node.id.name, node.id.loc!.start, depthOf(ancestors));
    },
  });
}
