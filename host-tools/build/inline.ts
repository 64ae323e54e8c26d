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
          const name = innermost(tagged);
          const fn = tagged.get(name ?? [...tagged.keys()][0]!)!;
          if (name === undefined) {
            orders.refuse(
              fn.node.loc!.start,
              'It is tagged @inline and calls itself, directly or through another.',
            );
            return;
          }
          tagged.delete(name);
          inlineEverywhere(program, name, fn, orders);
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

/** A tagged function that mentions no tagged function: whoever is inlined last needs no second look. */
function innermost(tagged: Tagged): string | undefined {
  for (const [name, fn] of tagged) {
    let mentions = false;
    fn.get('body').traverse({
      Identifier(id) {
        if (tagged.has(id.node.name)) mentions = true;
      },
    });
    if (!mentions) return name;
  }
  return undefined;
}

function inlineEverywhere(
  program: NodePath<types.Program>,
  name: string,
  fn: NodePath<types.FunctionDeclaration>,
  orders: InlineOrders,
): void {
  const [only, ...more] = fn.node.body.body;
  if (only?.type !== 'ReturnStatement' || !only.argument || more.length > 0) {
    orders.refuse(
      fn.node.loc!.start,
      'It is tagged @inline, but its body is not one return of an expression.',
    );
    return;
  }
  program.scope.crawl();
  const binding = program.scope.getBinding(name)!;
  let left = binding.constantViolations.length;
  // Inner calls first: a call among the arguments of another must be gone before those are moved.
  for (const use of [...binding.referencePaths].reverse()) {
    const call = use.parentPath;
    const at = use.node.loc?.start ?? fn.node.loc!.start;
    const problem =
      call?.isCallExpression() && use.key === 'callee'
        ? substitute(call, fn, only.argument)
        : 'is used as a value here, and only calls can be replaced';
    if (problem === undefined) orders.replaced(name);
    else {
      left++;
      orders.refuse(at, `'${name}' is tagged @inline, but it ${problem}.`);
    }
  }
  if (left === 0) fn.remove();
  program.scope.crawl();
}
