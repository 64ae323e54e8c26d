/**
 * Who may move into which overlay. Looks at the functions and constants of the bundle's one scope and at who mentions
 * whom; changes nothing.
 *
 * A function belongs to an overlay when every way to it leads through the overlay's entry; what several overlays need
 * and nothing else is declared in each, since its text lies in flash and is free. It moves only if it is called and
 * nothing else: a function that is handed on as a value, or that is mentioned in a function inside another, may be
 * called when the entry has returned and its overlay is gone. Such a function stays where it is, and so does everything
 * it needs.
 */
import type { NodePath, types as t } from '@babel/core';
import { type Binding, isReadOnlyLiteral } from './read-only.ts';

/** What moves into one entry, by the names of the bundle's scope, in the order in which they stood. */
export interface Overlay {
  entry: string;
  /** Functions, entries of inner overlays among them. */
  functions: string[];
  /** Texts, lists and tables that nobody writes to. */
  constants: string[];
}

/** Who mentions a function or constant: names of functions, and `outside` for everything that always stays. */
type Mentions = ReadonlyMap<string, ReadonlySet<string>>;
const outside = '';

/** Plans the overlays of a program whose scope has just been crawled. */
export function planOverlays(program: NodePath<t.Program>, entries: ReadonlySet<string>): Overlay[] {
  const all = Object.entries(program.scope.bindings);
  const functions = new Map(all.filter(([, b]) => b.constant && b.path.isFunctionDeclaration()));
  const constants = new Map(all.filter(([, binding]) => isReadOnlyLiteral(binding)));
  const byFunction = mentionsOf(functions, functions, mayRunLater);
  const byConstant = mentionsOf(constants, functions, () => false);
  const homes = homesOf(byFunction, entries);
  const overlays = [...entries].map((entry): Overlay => ({ entry, functions: [], constants: [] }));
  for (const overlay of overlays) {
    const isHere = (name: string) => homes.within(name).has(overlay.entry);
    overlay.functions = [...functions.keys()].filter(isHere);
  }
  for (const [name, by] of byConstant) {
    const around = homes.around(by);
    for (const overlay of overlays) if (around.has(overlay.entry)) overlay.constants.push(name);
  }
  return overlays;
}

/** Entries of overlays, in which something is; `outside` among them: it stays. */
type Homes = ReadonlySet<string>;

/** Finds out where functions are to be. */
function homesOf(mentions: Mentions, entries: ReadonlySet<string>) {
  const reached = reachedWithout(new Set(), mentions);
  const reachedOutside = reachedWithout(entries, mentions);
  const members = new Map(
    [...entries].map((entry) => {
      const rest = reachedWithout(new Set([entry]), mentions);
      return [entry, new Set([...reached].filter((name) => name !== entry && !rest.has(name)))] as const;
    }),
  );
  // Overlays around one function lie inside one another: the smallest is the innermost.
  const byDepth = [...members].sort(([, a], [, b]) => a.size - b.size);
  const single = new Map<string, string>([[outside, outside]]);
  for (const name of mentions.keys()) {
    const innermost = byDepth.find(([, inside]) => inside.has(name))?.[0];
    const stays = entries.has(name) || reachedOutside.has(name) || !reached.has(name);
    if (innermost !== undefined || stays) single.set(name, innermost ?? outside);
  }
  /** Where code of these runs; through those that several overlays need, as far as it takes. */
  const placesOf = (by: Iterable<string>, seen = new Set<string>()): string[] =>
    [...by].flatMap((name) => {
      if (entries.has(name)) return [name];
      const home = single.get(name);
      if (home !== undefined) return [home];
      return seen.has(name) ? [] : placesOf(mentions.get(name)!, seen.add(name));
    });
  /** Where something must be that these mention. */
  const around = (by: Iterable<string>): Homes => {
    const places = new Set(placesOf(by));
    if (places.has(outside)) return new Set([outside]);
    // What an outer overlay has, the inner one sees.
    return new Set(
      [...places].filter((place) => ![...places].some((other) => members.get(other)!.has(place))),
    );
  };
  const within = (name: string): Homes => {
    const home = single.get(name);
    return home === undefined ? around(mentions.get(name)!) : new Set([home]);
  };
  return { within, around };
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
