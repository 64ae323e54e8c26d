/**
 * One call of an inlined function: may the body stand in its place, and if so, put it there. Arguments take the place
 * of parameters, so an argument may move and be copied; what must not move or be copied is refused with a reason.
 * Other names of the body mean the same at the call: esbuild has renamed every local that would hide one.
 */
import { type NodePath, types as t } from '@babel/core';

/**
 * How many names and numbers may be evaluated again rather than calling: a call with one argument costs the
 * interpreter about what four of them cost, element access and operators included.
 */
const WORTH_A_CALL = 4;

/** Replaces a call by the expression the function returns. @returns why not, to follow "it", or undefined when done */
export function substitute(
  call: NodePath<t.CallExpression>,
  fn: NodePath<t.FunctionDeclaration>,
  returned: t.Expression,
): string | undefined {
  const names: string[] = [];
  for (const p of fn.node.params) {
    if (!t.isIdentifier(p)) return 'has a parameter that is not a plain name';
    names.push(p.name);
  }
  const given = call.node.arguments;
  if (given.length !== names.length)
    return `takes ${names.length} arguments and is given ${given.length} here`;
  if (given.some((argument) => !t.isExpression(argument))) return 'is given a spread argument here';
  const order = leavesOf(returned);
  // The function that is called at the very end is named first, but its name means the same whenever it is looked up.
  if (t.isCallExpression(returned) && t.isIdentifier(returned.callee) && isFixed(call, returned.callee))
    order.shift();
  const problem = problemWith(call, names, given as t.Expression[], order, returned);
  if (problem !== undefined) return problem;

  const byName = new Map(names.map((name, index) => [name, given[index] as t.Expression]));
  call.replaceWith(fill(t.cloneNode(returned, true), byName));
  return undefined;
}

function problemWith(
  call: NodePath<t.CallExpression>,
  names: readonly string[],
  given: readonly t.Expression[],
  order: readonly string[],
  returned: t.Expression,
): string | undefined {
  if (order.includes('this') || order.includes('arguments')) return 'uses this or arguments';
  const body = effectOf(returned);
  const actsEarly = body.acts && !actsLast(returned);
  if (body.assigns.some((name) => names.includes(name))) return 'assigns to its parameter';
  for (const [index, argument] of given.entries()) {
    const uses = usesOf(returned, names[index]);
    const { acts } = effectOf(argument);
    if (acts && (uses !== 1 || order[0] !== names[index])) {
      return `is given an argument here that does something, and uses that more than once or late; put it into a variable first`;
    }
    if (!acts && !isPlain(argument) && (uses - 1) * sizeOf(argument) > WORTH_A_CALL) {
      return `would compute this argument ${uses} times; put it into a variable first`;
    }
    const othersAct = given.some((other) => other !== argument && effectOf(other).acts);
    if ((othersAct || (actsEarly && !acts)) && !isFixed(call, argument)) {
      return 'may change what this argument reads before that is used; put it into a variable first';
    }
  }
  return undefined;
}

/** How often one evaluation of an expression mentions a name at most: of two branches only one is taken. */
function usesOf(node: t.Node, name: string): number {
  if (t.isIdentifier(node)) return node.name === name ? 1 : 0;
  const inside = (child: Child) =>
    [child].flat().reduce((sum, each) => sum + (each ? usesOf(each, name) : 0), 0);
  if (t.isConditionalExpression(node)) {
    return inside(node.test) + Math.max(inside(node.consequent), inside(node.alternate));
  }
  return childrenOf(node).reduce((sum, [, child]) => sum + inside(child), 0);
}

/** Names in the order of evaluation, which in an expression without functions is the order of the text. */
function leavesOf(expression: t.Expression): string[] {
  const leaves: string[] = [];
  const visit = (node: t.Node) => {
    if (t.isThisExpression(node)) leaves.push('this');
    if (t.isIdentifier(node)) leaves.push(node.name);
    for (const [, child] of childrenOf(node)) for (const inner of [child].flat()) if (inner) visit(inner);
  };
  visit(expression);
  return leaves;
}

type Child = t.Node | null | undefined | (t.Node | null)[];

/** The fields of a node that are evaluated: the name after a dot or before a colon is no variable. */
function childrenOf(node: t.Node): [field: string, child: Child][] {
  const fields = node as unknown as Record<string, Child>;
  return (t.VISITOR_KEYS[node.type] ?? [])
    .filter((field) => !(field === 'property' && t.isMemberExpression(node) && !node.computed))
    .filter((field) => !(field === 'key' && t.isObjectProperty(node) && !node.computed))
    .map((field) => [field, fields[field]]);
}

/** Whether evaluating an expression can change anything, and the names it assigns. */
function effectOf(expression: t.Expression): { acts: boolean; assigns: string[] } {
  const effect = { acts: false, assigns: [] as string[] };
  t.traverseFast(expression, (node) => {
    if (t.isCallExpression(node) || t.isNewExpression(node) || t.isFunction(node)) effect.acts = true;
    if (!t.isAssignmentExpression(node) && !t.isUpdateExpression(node)) return;
    effect.acts = true;
    const target = t.isAssignmentExpression(node) ? node.left : node.argument;
    if (t.isIdentifier(target)) effect.assigns.push(target.name);
  });
  return effect;
}

/** Whether all that an expression changes it changes at its end, when everything in it has been evaluated. */
function actsLast(expression: t.Expression): boolean {
  if (t.isConditionalExpression(expression)) {
    const { test, consequent, alternate } = expression;
    return (
      !effectOf(test).acts && [consequent, alternate].every((way) => !effectOf(way).acts || actsLast(way))
    );
  }
  if (
    !t.isCallExpression(expression) &&
    !t.isAssignmentExpression(expression) &&
    !t.isUpdateExpression(expression)
  ) {
    return false;
  }
  return childrenOf(expression).every(([, child]) =>
    [child].flat().every((inner) => !inner || !effectOf(inner as t.Expression).acts),
  );
}

/** A name or a number: evaluating it again costs what a parameter costs. */
function isPlain(expression: t.Expression): boolean {
  return t.isIdentifier(expression) || t.isNumericLiteral(expression);
}

/** Names and numbers in an expression: what evaluating it costs, roughly. */
function sizeOf(expression: t.Expression): number {
  let size = 0;
  t.traverseFast(expression, (node) => {
    if (t.isIdentifier(node) || t.isLiteral(node)) size++;
  });
  return size;
}

/**
 * Whether the body cannot change what an expression is: a number or text, a name that nobody assigns to, a local of the
 * calling function (of a block in it only if it is never assigned), or made of these by an operator; or a function.
 */
function isFixed(call: NodePath<t.CallExpression>, argument: t.Expression): boolean {
  if (t.isNumericLiteral(argument) || t.isStringLiteral(argument) || t.isFunction(argument)) return true;
  if (t.isUnaryExpression(argument)) return argument.operator === '-' && isFixed(call, argument.argument);
  if (t.isBinaryExpression(argument) && !/^in/.test(argument.operator)) {
    return t.isExpression(argument.left) && isFixed(call, argument.left) && isFixed(call, argument.right);
  }
  if (!t.isIdentifier(argument)) return false;
  const binding = call.scope.getBinding(argument.name);
  if (binding === undefined || binding.constant) return true;
  return (
    binding.scope.path.isFunction() && binding.scope.getFunctionParent() === call.scope.getFunctionParent()
  );
}

/** Puts arguments in place of names. */
function fill(expression: t.Expression, byName: ReadonlyMap<string, t.Expression>): t.Expression {
  const replacement = <N extends t.Node | null | undefined>(node: N): N | t.Expression => {
    const argument = t.isIdentifier(node) ? byName.get(node.name) : undefined;
    if (argument) return t.cloneNode(argument, true);
    if (!node) return node;
    const fields = node as unknown as Record<string, Child>;
    for (const [field, child] of childrenOf(node)) {
      fields[field] = Array.isArray(child) ? child.map(replacement) : replacement(child);
    }
    return node;
  };
  return replacement(expression);
}
