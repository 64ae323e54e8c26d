/**
 * Babel plugin: puts rarely needed code into *overlays*. A function costs the interpreter 5 variables and one for each
 * parameter for as long as its name exists, while its text lies in flash and is free. So everything that only
 * rare functions need is declared inside them, the entries, tagged `@overlay`: it exists while an entry runs.
 *
 *     function entry(a) {
 *       var list = [...];              constants that only overlays read
 *       function one() {...}           functions that only overlays call
 *       try { ... } finally { one = 0; }
 *     }
 *
 * A function refers to the scope it was made in, and that scope to the function: a circle that reference counting
 * cannot free. Hence the `finally`, which breaks it on every way out.
 */
import { type NodePath, type PluginObj, types as t } from '@babel/core';
import { type Overlay, planOverlays } from './overlay-plan.ts';

type Start = { line: number; column: number };

/** What the plugin is told, and whom it tells. Places are of the bundle: 1-based line, 0-based column. */
export interface OverlayOrders {
  /** Whether the function declared at a place is tagged. */
  isEntry(at: Start): boolean;
  /** Whether the function that begins at a place runs for every packet. */
  isHot(at: Start): boolean;
  /** Receives every reason why the tags cannot be honoured. */
  refuse(at: Start, message: string): void;
  /** Receives what was moved where. */
  planned(overlays: Overlay[]): void;
}

/** The plugin; it must see the whole bundle, with what can be inlined gone, and before names are put in order. */
export function makeOverlays(orders: OverlayOrders): () => PluginObj {
  return () => ({
    name: 'hairpin-overlay',
    visitor: {
      Program(program) {
        program.scope.crawl();
        const entries = entriesIn(program, orders);
        const overlays = planOverlays(program, entries);
        if (!refuseWrong(program, overlays, orders)) return;
        for (const overlay of overlays) fill(program, overlay, (name) => entries.has(name));
        removeMoved(program, overlays);
        program.scope.crawl();
        orders.planned(overlays);
      },
    },
  });
}

function entriesIn(program: NodePath<t.Program>, orders: OverlayOrders): Set<string> {
  const entries = new Set<string>();
  for (const [name, { path, constant }] of Object.entries(program.scope.bindings)) {
    const start = path.isFunctionDeclaration() ? path.node.loc?.start : undefined;
    if (!start || !orders.isEntry(start)) continue;
    if (constant) entries.add(name);
    else orders.refuse(start, `'${name}' is tagged @overlay, but another function is assigned to it.`);
  }
  return entries;
}

/** @returns whether everything can be done as planned */
function refuseWrong(
  program: NodePath<t.Program>,
  overlays: readonly Overlay[],
  orders: OverlayOrders,
): boolean {
  let right = true;
  const refuse = (name: string, message: string) => {
    right = false;
    orders.refuse(functionOf(program, name).node.loc!.start, message);
  };
  for (const { entry, functions, constants } of overlays) {
    if (functions.length + constants.length === 0) {
      refuse(
        entry,
        `It is tagged @overlay, but nothing is needed by it alone, so that saves nothing. Remove the tag.`,
      );
    }
    for (const name of [entry, ...functions]) {
      if (!holdsHot(functionOf(program, name), orders)) continue;
      const what = name === entry ? 'It is tagged @overlay' : `It is needed by the overlay '${entry}' only`;
      refuse(name, `${what}, but is or makes a function that runs for every packet. Tag a smaller part.`);
    }
  }
  return right;
}

function functionOf(program: NodePath<t.Program>, name: string): NodePath<t.FunctionDeclaration> {
  return program.scope.getBinding(name)!.path as NodePath<t.FunctionDeclaration>;
}

function holdsHot(path: NodePath<t.FunctionDeclaration>, { isHot }: OverlayOrders): boolean {
  let found = path.node.loc !== undefined && path.node.loc !== null && isHot(path.node.loc.start);
  path.traverse({
    Function({ node }) {
      if (node.loc && isHot(node.loc.start)) found = true;
    },
  });
  return found;
}

/** A local of the entry cannot hide what they mean from those who move in: esbuild has given it a name of its own. */
function fill(
  program: NodePath<t.Program>,
  { entry, functions, constants }: Overlay,
  isEntry: (name: string) => boolean,
): void {
  const { body } = functionOf(program, entry).node;
  const declared = constants.map((name) => {
    const { node } = program.scope.getBinding(name)!.path as NodePath<t.VariableDeclarator>;
    return t.inherits(t.variableDeclaration('var', [t.cloneNode(node, true)]), node);
  });
  // Another one for each overlay that needs it. Entries are needed in one, and must stay what they are: they are filled.
  const moved = functions.map((name) => {
    const { node } = functionOf(program, name);
    return isEntry(name) ? node : t.cloneNode(node, true);
  });
  const cleared = functions.map((name) =>
    t.expressionStatement(t.assignmentExpression('=', t.identifier(name), t.numericLiteral(0))),
  );
  const rest =
    functions.length > 0
      ? [t.tryStatement(t.blockStatement(body.body), null, t.blockStatement(cleared))]
      : body.body;
  body.body = [...declared, ...moved, ...rest];
}

function removeMoved(program: NodePath<t.Program>, overlays: readonly Overlay[]): void {
  const bindings = overlays
    .flatMap(({ functions, constants }) => [...functions, ...constants])
    .map((name) => program.scope.getBinding(name)!.path.node);
  const gone = new Set<t.Node>(bindings);
  program.node.body = program.node.body.flatMap((statement): t.Statement[] => {
    if (gone.has(statement)) return [];
    if (!t.isVariableDeclaration(statement)) return [statement];
    statement.declarations = statement.declarations.filter((one) => !gone.has(one));
    return statement.declarations.length > 0 ? [statement] : [];
  });
}
