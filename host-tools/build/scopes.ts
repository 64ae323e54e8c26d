/**
 * Who declares which name in an ES5 script: functions are the only scopes. Declarations keep their place and the
 * blocks they stand in, because on the interpreter a name exists only after its declaration has run.
 */
import { type SyntaxNode, ancestorsOf, childrenOf, isFunction, isReference, nameOf } from './syntax-tree.ts';

/** One declaration of a name. */
export interface Declaration {
  kind: 'parameter' | 'var' | 'function' | 'catch';
  /** The declared Identifier. */
  id: SyntaxNode;
  /** What the name stands for from the start: a function, where that is written right there. */
  value?: SyntaxNode;
}

/** A function or the whole script. */
export interface Scope {
  node: SyntaxNode;
  outer: Scope | undefined;
  names: Map<string, Declaration[]>;
}

/** A use of a name. `home` is the scope that declares it, undefined for a global of the platform. */
export interface Use {
  id: SyntaxNode;
  name: string;
  scope: Scope;
  home: Scope | undefined;
}

/** All scopes and uses of a script, in source order. */
export interface ScopeTable {
  scopes: Map<SyntaxNode, Scope>;
  uses: Use[];
}

/** Reads a script's scopes. The tree gets its parents on the way. */
export function readScopes(program: SyntaxNode): ScopeTable {
  const table: ScopeTable = { scopes: new Map(), uses: [] };
  const references: { id: SyntaxNode; scope: Scope }[] = [];
  const enter = (node: SyntaxNode, outer: Scope | undefined) => {
    const scope: Scope = { node, outer, names: new Map() };
    table.scopes.set(node, scope);
    for (const p of (node.params as SyntaxNode[] | undefined) ?? [])
      declare(scope, { kind: 'parameter', id: p });
    if (node.type === 'FunctionExpression' && node.id) {
      declare(scope, { kind: 'parameter', id: node.id as SyntaxNode, value: node });
    }
    return scope;
  };
  const visit = (node: SyntaxNode, scope: Scope) => {
    if (node.type === 'FunctionDeclaration') {
      declare(scope, { kind: 'function', id: node.id as SyntaxNode, value: node });
    }
    if (node.type === 'VariableDeclarator') {
      const init = node.init as SyntaxNode | null;
      declare(scope, {
        kind: 'var',
        id: node.id as SyntaxNode,
        value: init && isFunction(init) ? init : undefined,
      });
    }
    if (node.type === 'CatchClause' && node.param)
      declare(scope, { kind: 'catch', id: node.param as SyntaxNode });
    if (isReference(node)) references.push({ id: node, scope });
    const inner = isFunction(node) ? enter(node, scope) : scope;
    for (const child of childrenOf(node)) {
      child.parent = node;
      visit(child, inner);
    }
  };
  const root = enter(program, undefined);
  for (const child of childrenOf(program)) {
    child.parent = program;
    visit(child, root);
  }
  for (const { id, scope } of references) {
    const name = nameOf(id)!;
    let home: Scope | undefined = scope;
    while (home && !home.names.has(name)) home = home.outer;
    table.uses.push({ id, name, scope, home });
  }
  return table;
}

function declare(scope: Scope, declaration: Declaration): void {
  const name = nameOf(declaration.id);
  if (name === undefined) return;
  const known = scope.names.get(name);
  if (known) known.push(declaration);
  else scope.names.set(name, [declaration]);
}

/** The nearest node around this one, within its own function, that may not run or may run again. */
export function conditionAround(node: SyntaxNode): SyntaxNode | undefined {
  let below = node;
  for (const up of ancestorsOf(node)) {
    if (isFunction(up)) return undefined;
    if (up.type === 'SwitchCase') return up;
    if (isConditionalPart(up, below)) return below;
    below = up;
  }
  return undefined;
}

function isConditionalPart(whole: SyntaxNode, part: SyntaxNode): boolean {
  switch (whole.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return part !== whole.test;
    case 'WhileStatement':
    case 'ForInStatement':
    case 'ForStatement':
      return part === whole.body;
    case 'TryStatement':
    case 'CatchClause':
      return true;
    default:
      return false;
  }
}
