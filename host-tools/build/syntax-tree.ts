/**
 * One shape of syntax tree (ESTree with parents and places) for TypeScript sources and for the finished script, so
 * that a rule is written once. Parses and walks; judges nothing. Types are not part of the tree a walk sees: what
 * is erased before the interpreter runs cannot trouble it.
 */
import { parseSync } from '@babel/core';
import { parse as parseEs5 } from 'acorn';

/** A node of the tree. Field names are those of ESTree. */
export interface SyntaxNode {
  type: string;
  parent?: SyntaxNode;
  /** Offset in the text. */
  start: number;
  /** 1-based line, 0-based column. */
  loc: { start: { line: number; column: number } };
  [field: string]: unknown;
}

/** Parses the finished script, whose only syntax is ES5. Throws acorn's SyntaxError with `loc` otherwise. */
export function parseScript(code: string): SyntaxNode {
  return parseEs5(code, { ecmaVersion: 5, locations: true }) as unknown as SyntaxNode;
}

/** Parses a TypeScript module. Throws Babel's SyntaxError with `loc` when it does not parse. */
export function parseTypeScript(code: string): SyntaxNode {
  const file = parseSync(code, {
    configFile: false,
    babelrc: false,
    sourceType: 'module',
    // Comments are no part of what a walk sees, and attaching them takes half the time.
    parserOpts: { plugins: ['typescript', ['estree', { classFeatures: true }]], attachComment: false },
  });
  return (file as unknown as { program: SyntaxNode }).program;
}

/** Fields that lead to types, to places, or back up. */
const NOT_RUN = new Set([
  'parent',
  'loc',
  'range',
  'leadingComments',
  'trailingComments',
  'innerComments',
  'comments',
  'tokens',
  'typeAnnotation',
  'typeParameters',
  'typeArguments',
  'returnType',
  'superTypeParameters',
  'implements',
]);

/** Whether a node leaves nothing behind when types are erased. */
function isErased(node: SyntaxNode): boolean {
  if (node.declare === true || node.importKind === 'type' || node.exportKind === 'type') return true;
  return (
    node.type.startsWith('TS') &&
    /^TS(Interface|TypeAlias|Declare|AbstractMethod|IndexSignature|Module)/.test(node.type)
  );
}

/** The nodes directly below one that survive to run time. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (const field in node) {
    const value = node[field];
    if (typeof value !== 'object' || value === null || NOT_RUN.has(field)) continue;
    if (Array.isArray(value)) {
      for (const item of value as unknown[]) if (isNode(item) && !isErased(item)) found.push(item);
    } else if (isNode(value) && !isErased(value)) found.push(value);
  }
  return found;
}

/** Calls `look` for a node and everything below it, parents first, and notes each node's parent on the way. */
export function walk(node: SyntaxNode, look: (node: SyntaxNode) => void): void {
  look(node);
  for (const child of childrenOf(node)) {
    child.parent = node;
    walk(child, look);
  }
}

/** The nodes above one, nearest first. */
export function* ancestorsOf(node: SyntaxNode): Generator<SyntaxNode> {
  for (let up = node.parent; up; up = up.parent) yield up;
}

/** Whether a node is a function of any form. */
export function isFunction(node: SyntaxNode): boolean {
  return /^(Function(Declaration|Expression)|ArrowFunctionExpression)$/.test(node.type);
}

/** The name of an Identifier, otherwise undefined. */
export function nameOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Identifier' ? (node.name as string) : undefined;
}

/** The name after the dot in `object.name`, otherwise undefined. */
export function memberOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'MemberExpression' && node.computed !== true
    ? nameOf(node.property)
    : undefined;
}

/** Whether an Identifier stands for the value of a variable, not for a property, a label or a declaration. */
export function isReference(node: SyntaxNode): boolean {
  const { parent } = node;
  if (node.type !== 'Identifier' || !parent) return false;
  switch (parent.type) {
    case 'MemberExpression':
      return parent.object === node || parent.computed === true;
    case 'Property':
      return parent.value === node || parent.computed === true;
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return parent.value === node || (parent.computed === true && parent.key === node);
    case 'VariableDeclarator':
      return parent.init === node;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return parent.body === node;
    case 'ClassDeclaration':
    case 'ClassExpression':
      return parent.superClass === node;
    case 'ExportSpecifier':
      return parent.local === node;
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'CatchClause':
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'RestElement':
    case 'TSEnumMember':
    case 'TSEnumDeclaration':
      return false;
    default:
      return true;
  }
}

/** Whether an Identifier, seen from its parent, is what a declaration declares. */
export function declares(parent: SyntaxNode, id: SyntaxNode): boolean {
  return /^(VariableDeclarator|Function|ArrowFunction|Class|Import|CatchClause|RestElement|Array|Assignment)/.test(
    parent.type,
  )
    ? parent.type !== 'AssignmentExpression' && parent.type !== 'ArrayExpression'
    : parent.type === 'Property' && parent.value === id && parent.parent?.type === 'ObjectPattern';
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string';
}
