/**
 * Puts the bodies of functions tagged `@inline` in place of their calls: a call costs the interpreter as much as
 * several statements, and no minifier inlines what is used more than once. A tagged function is one `return`, and
 * every one of its calls is replaced or the build is refused; nothing is ever left half done, or done wrongly where
 * the order of evaluation could show.
 */
import type { NodePath, PluginObj, types } from '@babel/core';
import { substitute } from './inline-call.ts';

/** What the inliner is told, and whom it tells. */
export interface InlineOrders {
  /** Whether the function declared at a place of the bundle (1-based line, 0-based column) is tagged. */
  isTagged(at: { line: number; column: number }): boolean;
  /** Receives every reason why a tagged function could not be inlined, with a place of the bundle. */
  refuse(at: { line: number; column: number }, message: string): void;
  /** Told of each call replaced. */
  replaced(name: string): void;
}

type Tagged = Map<string, NodePath<types.FunctionDeclaration>>;

/** The plugin. */
export function inlineTagged(orders: InlineOrders): () => PluginObj {
  return () => ({
    name: 'hairpin-inline',
    visitor: {
      Program(program) {
        const tagged = taggedIn(program, orders);
        while (tagged.size > 0) {
          const ready = innermost(tagged);
          if (ready.size === 0) {
            const [[, fn]] = [...tagged];
            orders.refuse(
              fn.node.loc!.start,
              'It is tagged @inline and calls itself, directly or through another.',
            );
            return;
          }
          for (const name of ready.keys()) tagged.delete(name);
          inlineEverywhere(program, ready, orders);
        }
      },
    },
  });
}

function taggedIn(program: NodePath<types.Program>, orders: InlineOrders): Tagged {
  const tagged: Tagged = new Map();
  for (const [name, { path }] of Object.entries(program.scope.bindings)) {
    if (path.isFunctionDeclaration() && path.node.loc && orders.isTagged(path.node.loc.start))
      tagged.set(name, path);
  }
  return tagged;
}

/** The tagged functions that mention no tagged function: whoever is inlined last needs no second look. */
function innermost(tagged: Tagged): Tagged {
  const ready: Tagged = new Map();
  for (const [name, fn] of tagged) {
    let mentions = false;
    fn.get('body').traverse({
      Identifier(id) {
        if (tagged.has(id.node.name)) mentions = true;
      },
    });
    if (!mentions) ready.set(name, fn);
  }
  return ready;
}

/** A mention of a function that is being inlined. */
interface Use {
  name: string;
  path: NodePath;
  /** Nodes around it. */
  depth: number;
}

/**
 * Inlines functions none of which mentions another. All at once, because finding out who uses what takes a look at the
 * whole bundle, and there are some two hundred of them.
 */
function inlineEverywhere(program: NodePath<types.Program>, ready: Tagged, orders: InlineOrders): void {
  program.scope.crawl();
  const bodies = new Map<string, types.Expression>();
  const left = new Map<string, number>();
  const uses: Use[] = [];
  for (const [name, fn] of ready) {
    const body = bodyOf(fn, orders);
    if (!body) continue;
    const { constantViolations, referencePaths } = program.scope.getBinding(name)!;
    bodies.set(name, body);
    left.set(name, constantViolations.length);
    for (const path of referencePaths) uses.push({ name, path, depth: path.getAncestry().length });
  }
  // Inner calls first: a call among the arguments of another must be gone before those are moved.
  uses.reverse().sort((a, b) => b.depth - a.depth);
  for (const { name, path } of uses) {
    const fn = ready.get(name)!;
    const call = path.parentPath;
    const at = path.node.loc?.start ?? fn.node.loc!.start;
    const problem =
      call?.isCallExpression() && path.key === 'callee'
        ? substitute(call, fn, bodies.get(name)!)
        : 'is used as a value here, and only calls can be replaced';
    if (problem === undefined) orders.replaced(name);
    else {
      left.set(name, left.get(name)! + 1);
      orders.refuse(at, `'${name}' is tagged @inline, but it ${problem}.`);
    }
  }
  for (const [name, fn] of ready) if (left.get(name) === 0) fn.remove();
  program.scope.crawl();
}

/** The expression that a tagged function returns. */
function bodyOf(fn: NodePath<types.FunctionDeclaration>, orders: InlineOrders): types.Expression | undefined {
  const [only, ...more] = fn.node.body.body;
  if (only?.type === 'ReturnStatement' && only.argument && more.length === 0) return only.argument;
  orders.refuse(fn.node.loc!.start, 'It is tagged @inline, but its body is not one return of an expression.');
  return undefined;
}
