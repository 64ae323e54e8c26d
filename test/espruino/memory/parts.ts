// What each part of the firmware takes: the names of the bundle's scope in the interpreter's list of variables, each
// with everything that hangs on it alone, and what kind of thing in which room the source map says it is.
import { SourceMap } from 'node:module';
import { parse } from 'acorn';
import type { Dump } from './dump.ts';
import { reachable, sizeOf } from './dump.ts';

export interface Part {
  what: string;
  /** How many things of that kind. */
  count: number;
  variables: number;
}

interface Declared {
  name: string;
  kind: string;
}

interface Node {
  type: string;
  start: number;
  body?: Node[] | Node;
  declarations?: { id: Node & { name: string }; init?: Node & { callee?: Node & { name?: string } } }[];
  id?: Node & { name: string };
}

/** The names of the bundle's one scope with what they are. */
function declared(code: string, map: string): Declared[] {
  const program = parse(code, { ecmaVersion: 5 }) as unknown as { body: Node[] };
  // Behind the guard: `var hairpin = guard() || firmware()`.
  const { right: call } = program.body[0].declarations![0].init as unknown as {
    right: { callee: { body: { body: Node[] } } };
  };
  const source = new SourceMap(JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0]);
  const lines = code.split('\n');
  const roomAt = (at: number) => {
    let line = 0;
    for (; at > lines[line].length; line++) at -= lines[line].length + 1;
    const entry = source.findEntry(line, at) as { originalSource?: string };
    return /firmware\/(\w+)(\.ts)?/.exec(entry.originalSource ?? '')?.[1] ?? 'main';
  };
  return call.callee.body.body.flatMap((node): Declared[] => {
    if (node.type === 'FunctionDeclaration')
      return [{ name: node.id!.name, kind: `functions: ${roomAt(node.id!.start)}` }];
    return (node.declarations ?? []).map(({ id, init }) => ({ name: id.name, kind: kindOf(init) }));
  });
}

function kindOf(init: (Node & { callee?: Node & { name?: string } }) | undefined): string {
  if (init?.type === 'NewExpression' && /Array$|^DataView$/.test(init.callee?.name ?? '')) return 'views';
  if (init?.type === 'ArrayExpression') return 'lists';
  return 'single values';
}

/** The scope: the object that links to most of the names. */
function scopeIn(dump: Dump, names: ReadonlySet<string>, before: ReadonlySet<number>): number {
  let best = -1;
  let most = 0;
  for (const [ref, { links }] of dump) {
    if (before.has(ref)) continue;
    const known = links.filter((link) => names.has(dump.get(link)?.name ?? '')).length;
    if (known > most) [best, most] = [ref, known];
  }
  if (most < names.size / 2) throw new Error('The scope of the bundle was not found among the variables.');
  return best;
}

/**
 * Divides everything that was not there before the bundle.
 * @param before variables of the interpreter and the stage
 */
export function divide(code: string, map: string, dump: Dump, before: Dump): Part[] {
  const list = declared(code, map);
  const kinds = new Map(list.map(({ name, kind }) => [name, kind]));
  const old = new Set([...before.keys()].filter((ref) => dump.get(ref)?.name === before.get(ref)!.name));
  const scope = scopeIn(dump, new Set(kinds.keys()), old);
  const names = dump.get(scope)!.links.filter((link) => kinds.has(dump.get(link)?.name ?? ''));
  const values = new Set(names.flatMap((name) => dump.get(name)!.links));
  const parts = new Map<string, Part>();
  const taken = new Set([scope, ...old, ...names]);
  const add = (what: string, size: number) => {
    const part = parts.get(what) ?? { what, count: 0, variables: 0 };
    parts.set(what, { what, count: part.count + 1, variables: part.variables + size });
  };
  for (const name of names) {
    const [value] = dump.get(name)!.links;
    const closed = new Set([...taken, ...values]);
    closed.delete(value);
    if (taken.has(value)) closed.add(value);
    const own = value === undefined ? new Set<number>() : reachable(dump, [value], closed);
    for (const ref of own) taken.add(ref);
    const size = sizeOf(dump, own);
    const kind = size > 1000 ? 'arena' : kinds.get(dump.get(name)!.name!)!;
    add(kind, size + dump.get(name)!.size);
  }
  const rest = [...dump.keys()].filter((ref) => !taken.has(ref));
  add('closures', sizeOf(dump, rest) + dump.get(scope)!.size);
  return [...parts.values()];
}
