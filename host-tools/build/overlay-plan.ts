/**
 * Who may move into which overlay. Looks at the functions and constants of the bundle's one scope and at who mentions
 * whom; changes nothing.
 *
 * A function belongs to an overlay when every way to it leads through the overlay's entry, and moves only if it is
 * called and nothing else: a function that is handed on as a value, or that is mentioned in a function inside
 * another, may be called when the entry has returned and its overlay is gone. Such a function stays where it is, and
 * so does everything it needs.
 */
import type { NodePath, types as t } from '@babel/core';
import { type Binding, isReadOnlyLiteral } from './read-only.ts';

/** What moves into one entry, by the names of the bundle's scope, in the order in which they stood. */
export interface Overlay {
  entry: string;
  /** Functions, entries of inner overlays among them. */
  functions: string[];
  /** Constant texts, lists and tables. One that several overlays read is made in each. */
  constants: string[];
}

/** What moves, and what does not although only overlays need it. */
export interface OverlayPlan {
  overlays: Overlay[];
  /** Functions that no code outside overlays calls, but more than one overlay does. */
  shared: string[];
}

/** Who mentions a function or constant: names of functions, and `outside` for everything that always stays. */
type Mentions = ReadonlyMap<string, ReadonlySet<string>>;
const outside = '';

/** Plans the overlays of a program whose scope has just been crawled. */
export function planOverlays(program: NodePath<t.Program>, entries: ReadonlySet<string>): OverlayPlan {
  const all = Object.entries(program.scope.bindings);
  const functions = new Map(all.filter(([, b]) => b.constant && b.path.isFunctionDeclaration()));
  const constants = new Map(all.filter(([, binding]) => isReadOnlyLiteral(binding)));
  const byFunction = mentionsOf(functions, functions, mayRunLater);
  const byConstant = mentionsOf(constants, functions, () => false);

  const reached = reachedWithout(new Set(), byFunction);
  const members = new Map(
    [...entries].map((entry) => {
      const rest = reachedWithout(new Set([entry]), byFunction);
      return [entry, new Set([...reached].filter((name) => name !== entry && !rest.has(name)))] as const;
    }),
  );
  // Overlays around one function lie inside one another: the smallest is the innermost.
  const byDepth = [...members].sort(([, a], [, b]) => a.size - b.size);
  const homeOf = (name: string) => byDepth.find(([, inside]) => inside.has(name))?.[0];
  /** The overlay in which code of a function runs. */
  const around = (name: string) => (entries.has(name) ? name : homeOf(name));

  const overlays = new Map(
    [...entries].map((entry) => [entry, { entry, functions: [], constants: [] } as Overlay]),
  );
  for (const name of functions.keys()) overlays.get(homeOf(name) ?? outside)?.functions.push(name);
  for (const name of constants.keys()) {
    const homes = new Set([...byConstant.get(name)!].map((by) => (by === outside ? undefined : around(by))));
    if (homes.has(undefined)) continue;
    for (const home of homes) {
      const isInAnother = [...homes].some((other) => members.get(other!)!.has(home!));
      if (!isInAnother) overlays.get(home!)!.constants.push(name);
    }
  }
  const withoutAny = reachedWithout(entries, byFunction);
  const isShared = (name: string) =>
    reached.has(name) && !withoutAny.has(name) && !homeOf(name) && !entries.has(name);
  return { overlays: [...overlays.values()], shared: [...functions.keys()].filter(isShared) };
}

/** @param staysOutside whether a mention is as good as one from outside, wherever it stands */
function mentionsOf(
  mentioned: ReadonlyMap<string, Binding>,
  functions: ReadonlyMap<string, Binding>,
  staysOutside: (use: NodePath, by: NodePath) => boolean,
): Mentions {
  const holder = (use: NodePath): [name: string, path: NodePath] | undefined => {
    const path = use.find((up) => up.parentPath?.isProgram() ?? false);
    const name = path?.isFunctionDeclaration() ? path.node.id!.name : undefined;
    return name !== undefined && functions.get(name)?.path.node === path!.node ? [name, path!] : undefined;
  };
  return new Map(
    [...mentioned].map(([name, { referencePaths }]) => {
      const by = referencePaths.map((use) => {
        const found = holder(use);
        return !found || staysOutside(use, found[1]) ? outside : found[0];
      });
      return [name, new Set(by)];
    }),
  );
}

/** Whether a function is mentioned here otherwise than by calling it at once. */
function mayRunLater(use: NodePath, by: NodePath): boolean {
  const isCalled = use.parentPath?.isCallExpression() === true && use.key === 'callee';
  return !isCalled || use.getFunctionParent()?.node !== by.node;
}

/** Functions that can be reached from outside on ways that avoid some. */
function reachedWithout(avoided: ReadonlySet<string>, mentions: Mentions): Set<string> {
  const reached = new Set<string>([outside]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [name, by] of mentions) {
      if (reached.has(name) || avoided.has(name) || ![...by].some((one) => reached.has(one))) continue;
      reached.add(name);
      grown = true;
    }
  }
  reached.delete(outside);
  return reached;
}
