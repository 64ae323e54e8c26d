/**
 * Refuses a script that relies on hoisting. On the interpreter a name exists only once its declaration has run:
 * earlier calls fail, earlier reads throw, and an earlier assignment makes a global. Works on the finished script,
 * because minifiers move declarations; calls from a function's body to functions further down are fine.
 */
import { type Declaration, type Scope, type ScopeTable, type Use, conditionAround } from './scopes.ts';
import { type SyntaxNode, ancestorsOf, isFunction, nameOf } from './syntax-tree.ts';

/** A use that comes too early. */
export interface Disorder {
  id: SyntaxNode;
  message: string;
}

/** Every use that the interpreter would reach before the declaration it needs. */
export function findDisorder(table: ScopeTable): Disorder[] {
  moveNamesToValues(moduleScope(table));
  return [...usedTooEarly(table), ...calledTooEarly(table), ...undeclaredWrites(table)];
}

/**
 * `var a; ... a = 1;` among the outermost statements is `var a = 1;` whose name was put first (hot-names.ts): such a
 * name counts as declared where it gets its value, because before that there is nothing to use.
 */
function moveNamesToValues({ node, names }: Scope): void {
  const { body } = isFunction(node) ? (node.body as SyntaxNode) : node;
  for (const statement of body as SyntaxNode[]) {
    const { type, operator, left } = (statement.expression ?? {}) as Partial<SyntaxNode>;
    if (type !== 'AssignmentExpression' || operator !== '=') continue;
    const [declared, ...more] = names.get(nameOf(left) ?? '') ?? [];
    if (declared?.kind !== 'var' || more.length > 0) continue;
    if (declared.id.parent!.init === null) declared.id = left as SyntaxNode;
  }
}

function usedTooEarly({ uses }: ScopeTable): Disorder[] {
  const found: Disorder[] = [];
  for (const { id, name, scope, home } of uses) {
    const declarations = home?.names.get(name);
    if (!declarations) continue;
    // In another function the order of lines says nothing; the block it stands in still does.
    const inPlace = scope === home;
    if (declarations.some((d) => (!inPlace || comesBefore(d, id)) && hasRunFor(d, id))) continue;
    const [first] = declarations;
    const early = first !== undefined && !comesBefore(first, id);
    found.push({
      id,
      message: early
        ? `It is used before the line that declares it; the interpreter does not hoist. Move the declaration up.`
        : `It is declared in a block that may not have run when this line does. Declare it outside the block.`,
    });
  }
  return found;
}

function comesBefore(d: Declaration, use: SyntaxNode): boolean {
  return d.kind === 'parameter' || d.kind === 'catch' || d.id.start <= use.start;
}

function hasRunFor(d: Declaration, use: SyntaxNode): boolean {
  if (d.kind === 'parameter' || d.kind === 'catch') return true;
  const block = conditionAround(d.kind === 'function' ? d.value! : d.id);
  return !block || [...ancestorsOf(use)].includes(block);
}

/**
 * Follows what runs while the script loads: the calls among the outermost statements, the functions they call, and
 * so on; a function handed to a call counts as called. Everything those bodies name must be declared by then.
 */
function calledTooEarly(table: ScopeTable): Disorder[] {
  const module = moduleScope(table);
  const usesIn = new Map<SyntaxNode, Use[]>();
  for (const use of table.uses) {
    for (const up of ancestorsOf(use.id)) {
      if (isFunction(up)) usesIn.set(up, [...(usesIn.get(up) ?? []), use]);
    }
  }
  const found: Disorder[] = [];
  const seen = new Set<SyntaxNode>();
  const run = (body: SyntaxNode, at: SyntaxNode) => {
    if (seen.has(body)) return;
    seen.add(body);
    for (const { id, name, home } of usesIn.get(body) ?? []) {
      if (home !== module) continue;
      const declarations = home.names.get(name)!;
      if (!declarations.some((d) => d.id.start < at.start)) {
        const message = `It is needed by a call made while the firmware loads, before the line that declares it.`;
        found.push({ id, message });
      }
      if (mayBeCalled(id)) for (const { value } of declarations) if (value) run(value, at);
    }
  };
  for (const { id, name, scope, home } of table.uses) {
    if (scope !== module || home !== module || !mayBeCalled(id)) continue;
    for (const { value } of module.names.get(name)!) if (value) run(value, id);
  }
  for (const scope of table.scopes.values()) {
    if (scope.outer === module && scope.node.type === 'FunctionExpression' && mayBeCalled(scope.node)) {
      run(scope.node, scope.node);
    }
  }
  return found;
}

function mayBeCalled(node: SyntaxNode): boolean {
  const call = node.parent;
  if (call?.type !== 'CallExpression' && call?.type !== 'NewExpression') return false;
  return call.callee === node || (call.arguments as SyntaxNode[]).includes(node);
}

/** The function around all statements, or the script itself where there is none. */
function moduleScope({ scopes }: ScopeTable): Scope {
  const [root, ...rest] = scopes.values();
  return (
    rest.find((s) => s.outer === root && s.node.type === 'FunctionExpression' && mayBeCalled(s.node)) ?? root!
  );
}

function undeclaredWrites({ uses }: ScopeTable): Disorder[] {
  const isWritten = ({ id: { parent }, id }: Use) =>
    (parent?.type === 'AssignmentExpression' && parent.left === id) || parent?.type === 'UpdateExpression';
  return uses
    .filter((use) => use.home === undefined && isWritten(use))
    .map(({ id }) => ({
      id,
      message: `'${nameOf(id)}' is assigned but declared nowhere; that makes a global.`,
    }));
}
