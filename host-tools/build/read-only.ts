/**
 * Whether a constant of the module is a text, list or table that nobody ever writes to: then it may be made anew
 * wherever it is needed. `const` says only that the name keeps its list, so each use is looked at, through the
 * functions it is passed to and the names it is given there. What cannot be followed counts as written.
 */
import { type NodePath, types as t } from '@babel/core';

/** What Babel knows of one name: where it is declared and used. */
export type Binding = NodePath['scope']['bindings'][string];

/** Methods of texts and lists that change neither the list nor what they are given. */
const readers = new Set(['charAt', 'charCodeAt', 'concat', 'indexOf', 'join', 'slice', 'split', 'substring']);

/** Whether a name stands for a literal that is only read. */
export function isReadOnlyLiteral(binding: Binding): boolean {
  const { path } = binding;
  if (!binding.constant || !path.isVariableDeclarator() || !t.isIdentifier(path.node.id)) return false;
  const depth = depthOf(path.node.init ?? null);
  return depth !== undefined && isOnlyRead(binding, depth, new Set());
}

/** Lists and objects inside one another: 0 for a number or text; undefined for what is not written out. */
function depthOf(node: t.Node | null): number | undefined {
  if (t.isArrayExpression(node)) return depthAround(node.elements);
  if (t.isObjectExpression(node)) {
    return depthAround(node.properties.map((p) => (t.isObjectProperty(p) && !p.computed ? p.value : null)));
  }
  if (t.isUnaryExpression(node)) return depthOf(node.argument) === 0 ? 0 : undefined;
  if (t.isBinaryExpression(node))
    return depthOf(node.left) === 0 && depthOf(node.right) === 0 ? 0 : undefined;
  return t.isLiteral(node) && !t.isTemplateLiteral(node) && !t.isRegExpLiteral(node) ? 0 : undefined;
}

function depthAround(items: readonly (t.Node | null)[]): number | undefined {
  const depths = items.map(depthOf);
  return depths.includes(undefined) ? undefined : 1 + Math.max(0, ...(depths as number[]));
}

/** @param seen names that are being looked at already: a function may pass its list to itself */
function isOnlyRead(binding: Binding, depth: number, seen: Set<Binding>): boolean {
  if (seen.has(binding)) return true;
  seen.add(binding);
  return binding.referencePaths.every((use) => isRead(use, depth, seen));
}

/** @param depth of what stands here; numbers and texts nobody can write to */
function isRead(use: NodePath, depth: number, seen: Set<Binding>): boolean {
  if (depth === 0) return true;
  const parent = use.parentPath;
  if (parent?.isMemberExpression() && use.key === 'object') return isMemberRead(parent, depth, seen);
  if (parent?.isCallExpression() && use.listKey === 'arguments') {
    return isArgumentRead(parent, use.key as number, depth, seen);
  }
  if (!parent?.isVariableDeclarator() || use.key !== 'init' || !t.isIdentifier(parent.node.id)) return false;
  const alias = parent.scope.getBinding(parent.node.id.name);
  return alias !== undefined && isOnlyRead(alias, depth, seen);
}

function isMemberRead(member: NodePath<t.MemberExpression>, depth: number, seen: Set<Binding>): boolean {
  const parent = member.parentPath;
  if (parent.isAssignmentExpression() && member.key === 'left') return false;
  if (parent.isForXStatement() && member.key === 'left') return false;
  if (parent.isUpdateExpression() || parent.isUnaryExpression({ operator: 'delete' })) return false;
  if (parent.isCallExpression() && member.key === 'callee') return depth === 1 && isReader(member.node);
  if (!member.node.computed && t.isIdentifier(member.node.property, { name: 'length' })) return true;
  return isRead(member, depth - 1, seen);
}

function isReader(callee: t.MemberExpression): boolean {
  return !callee.computed && t.isIdentifier(callee.property) && readers.has(callee.property.name);
}

function isArgumentRead(
  call: NodePath<t.CallExpression>,
  index: number,
  depth: number,
  seen: Set<Binding>,
): boolean {
  const { callee } = call.node;
  if (t.isMemberExpression(callee)) return depth === 1 && isReader(callee);
  if (!t.isIdentifier(callee)) return false;
  const called = call.scope.getBinding(callee.name);
  if (!called?.constant || !called.path.isFunctionDeclaration()) return false;
  const parameter = called.path.node.params[index];
  if (!t.isIdentifier(parameter)) return false;
  const inside = called.path.scope.getBinding(parameter.name);
  return inside !== undefined && isOnlyRead(inside, depth, seen);
}
