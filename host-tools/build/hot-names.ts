/**
 * Babel plugin: names that hot functions use stand first in the one scope, most used first, variables before
 * functions; behind them, likewise, those that warm functions use. The interpreter searches a scope name by name, so
 * what stands behind 40 others costs as much again as the access itself; a built-in stands behind all names there are,
 * so a hot function may not name one. Nothing is evaluated earlier than before: a variable is declared first and gets
 * its value where it did.
 */
import type { NodePath, PluginObj, types } from '@babel/core';

/** What the plugin is told, and whom it tells. Places are of the bundle: 1-based line, 0-based column. */
export interface HotOrders {
  /** Whether the function that begins at a place is hot. */
  isHot(at: { line: number; column: number }): boolean;
  /** Whether it is warm: the same, but behind the hot ones, and it may name a global of the platform. */
  isWarm(at: { line: number; column: number }): boolean;
  /** Receives every global of the platform that a hot function names. */
  refuse(at: { line: number; column: number }, message: string): void;
  /** Receives where each name that was put first is declared, in their order. */
  put(at: { line: number; column: number }): void;
}

/** The plugin; it must see the program before lowering and after everything that removes names. */
export function hotNamesFirst(orders: HotOrders): (babel: { types: typeof types }) => PluginObj {
  return ({ types: t }) => ({
    name: 'hairpin-hot-names',
    visitor: {
      Program(program) {
        const hot = new Set<types.Node>();
        const warm = new Set<types.Node>();
        program.traverse({
          Function({ node }) {
            if (node.loc && orders.isHot(node.loc.start)) hot.add(node);
            if (node.loc && orders.isWarm(node.loc.start)) warm.add(node);
          },
        });
        if (hot.size + warm.size === 0) return;
        const isIn = (functions: ReadonlySet<types.Node>) => (path: NodePath) =>
          path.findParent(({ node }) => functions.has(node)) !== null;
        program.scope.crawl();
        refuseGlobals(program, isIn(hot), orders.refuse);
        const hotUses = usesOf(program, isIn(hot));
        const warmUses = usesOf(program, isIn(warm));
        for (const name of hotUses.keys()) warmUses.delete(name);
        // Last what shall be first.
        putFirst(t, program, warmUses);
        for (const at of putFirst(t, program, hotUses)) orders.put(at);
        program.scope.crawl();
      },
    },
  });
}

/** A built-in stands behind every name of the firmware, and is looked for in all of them first. */
function refuseGlobals(
  program: NodePath<types.Program>,
  isHot: (p: NodePath) => boolean,
  refuse: HotOrders['refuse'],
): void {
  program.traverse({
    ReferencedIdentifier(path: NodePath<types.Identifier | types.JSXIdentifier>) {
      const { name, loc } = path.node;
      if (name === 'undefined' || !loc || path.scope.hasBinding(name, true) || !isHot(path)) return;
      const message = `'${name}' is found behind all names of the firmware, here for every packet. Give it a name of the module: const own = ${name}.`;
      refuse(loc.start, message);
    },
  });
}

/** How often hot functions mention each name of the program's own scope. */
function usesOf(program: NodePath<types.Program>, isHot: (p: NodePath) => boolean): Map<string, number> {
  const uses = new Map<string, number>();
  for (const [name, binding] of Object.entries(program.scope.bindings)) {
    const count = [...binding.referencePaths, ...binding.constantViolations].filter(isHot).length;
    if (count > 0) uses.set(name, count);
  }
  return uses;
}

/** Moves names to the front. @returns where they are declared, in their new order */
function putFirst(
  t: typeof types,
  program: NodePath<types.Program>,
  uses: ReadonlyMap<string, number>,
): types.SourceLocation['start'][] {
  const names: types.Identifier[] = [];
  const functions: types.FunctionDeclaration[] = [];
  const rest: types.Statement[] = [];
  for (const statement of program.node.body) {
    if (t.isFunctionDeclaration(statement) && statement.id && uses.has(statement.id.name)) {
      functions.push(statement);
    } else if (t.isVariableDeclaration(statement)) {
      for (const one of statement.declarations) {
        const first = t.isIdentifier(one.id) && uses.has(one.id.name) ? one.id : undefined;
        if (first) names.push(first);
        if (!first) rest.push(t.inherits(t.variableDeclaration(statement.kind, [one]), one));
        else if (one.init) rest.push(assignment(t, first, one.init));
      }
    } else rest.push(statement);
  }
  const byUse = (a: types.Identifier, b: types.Identifier) => uses.get(b.name)! - uses.get(a.name)!;
  names.sort(byUse);
  functions.sort((a, b) => byUse(a.id!, b.id!));
  // With a value, because the minifier moves declarations without one up to those before the functions.
  const declarators = names.map((id) => t.inherits(t.variableDeclarator(id, t.numericLiteral(0)), id));
  program.node.body = [
    ...(declarators.length > 0 ? [t.variableDeclaration('let', declarators)] : []),
    ...functions,
    ...rest,
  ];
  return [...names, ...functions.map((f) => f.id!)].map((id) => id.loc!.start);
}

function assignment(t: typeof types, id: types.Identifier, value: types.Expression): types.Statement {
  const assigned = t.assignmentExpression('=', t.cloneNode(id), value);
  return t.inherits(t.expressionStatement(t.inherits(assigned, value)), value);
}
