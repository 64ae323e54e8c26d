/**
 * What a build came to: size, names, scopes, time. Reads the finished script; decides nothing.
 */
import { SourceMap } from 'node:module';
import { type Function as FunctionNode, type Program, parse } from 'acorn';
import { ancestor } from 'acorn-walk';
import type { MappedCode } from './bundle.ts';

/** dist/build.json. */
export interface Report {
  schema: 'hairpin.build/1';
  /** Bytes of the script. */
  bytes: number;
  names: {
    /** Names in the one scope around everything, in the order in which the interpreter searches them. */
    shared: string[];
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
  /** Milliseconds each step took. */
  milliseconds: Record<string, number>;
  /** Files the bundle was made from. */
  inputs: string[];
}

/** Measures a finished script. */
export function measure(script: MappedCode): Pick<Report, 'schema' | 'bytes' | 'names' | 'scopes'> {
  const tree = parse(script.code, { ecmaVersion: 5, locations: true });
  const map = new SourceMap(JSON.parse(script.map));
  const report: ReturnType<typeof measure> = {
    schema: 'hairpin.build/1',
    bytes: Buffer.byteLength(script.code),
    names: { shared: [], total: 0 },
    scopes: { functions: 0, depth: 0 },
  };
  const declare = (name: string, at: { line: number; column: number }, depth: number) => {
    report.names.total++;
    if (depth !== 1) return;
    // terser keeps the name as written beside the place it was written at.
    const entry = map.findEntry(at.line - 1, at.column) as { name?: string };
    report.names.shared.push(entry.name ?? name);
  };
  walkNames(tree, declare, (depth) => {
    report.scopes.functions++;
    report.scopes.depth = Math.max(report.scopes.depth, depth);
  });
  return report;
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
