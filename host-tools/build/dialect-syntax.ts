/**
 * Dialect, part one: syntax. Rows are constructs the interpreter cannot run and that the build either passes on or
 * lowers into something it should not have to. A table; the walking is done in dialect.ts.
 */
import type { Rule } from './dialect.ts';
import {
  type SyntaxNode,
  ancestorsOf,
  declares,
  isFunction,
  isReference,
  nameOf,
  walk,
} from './syntax-tree.ts';

const SOURCE = ['source'] as const;
const BOTH = ['source', 'script'] as const;

/** Rules about constructs. */
export const syntaxRules: readonly Rule[] = [
  {
    id: 'label',
    why: 'A label is a ReferenceError on the interpreter.',
    instead: 'Use a flag, or a function that returns.',
    stages: BOTH,
    fires: (node) => node.type === 'LabeledStatement',
  },
  {
    id: 'case-after-default',
    why: 'A case after default is a SyntaxError when the switch runs.',
    instead: 'Put default last.',
    stages: BOTH,
    fires: (node) => {
      if (node.type !== 'SwitchCase' || node.test) return false;
      const cases = node.parent!.cases as SyntaxNode[];
      return cases.indexOf(node) < cases.length - 1;
    },
  },
  {
    id: 'return-at-end',
    why: 'A return of nothing as the last word of a function, without a semicolon, is a SyntaxError when it is reached.',
    instead: 'Turn the condition before it round, so that the function just ends.',
    stages: ['script'],
    fires: (node) => {
      if (node.type !== 'ReturnStatement' || node.argument) return false;
      const block = node.parent!;
      const statements = block.body as SyntaxNode[];
      const isLast =
        statements.length > 1 &&
        statements[statements.length - 1] === node &&
        (node.end as number) - node.start === 'return'.length;
      return isLast && !!block.parent && isFunction(block.parent);
    },
  },
  {
    id: 'debugger',
    why: 'debugger stops the interpreter and waits for a console.',
    instead: 'Remove it.',
    stages: BOTH,
    fires: (node) => node.type === 'DebuggerStatement',
  },
  {
    id: 'reserved-name',
    why: 'The interpreter reserves this word everywhere: a variable of that name is a SyntaxError.',
    instead: 'Choose another name.',
    stages: BOTH,
    fires: (node) =>
      /^(of|let|static)$/.test(nameOf(node) ?? '') && (isReference(node) || declares(node.parent!, node)),
  },
  {
    id: 'with',
    why: 'There is no with.',
    instead: 'Name the object.',
    stages: ['script'],
    fires: (node) => node.type === 'WithStatement',
  },
  {
    id: 'async',
    why: 'There are no async functions.',
    instead: 'Use a callback, or a state that the loop looks at.',
    stages: SOURCE,
    fires: (node) => node.type === 'AwaitExpression' || (isFunction(node) && node.async === true),
  },
  {
    id: 'generator',
    why: 'There are no generators and no iterators.',
    instead: 'Fill an array, or call a function for each item.',
    stages: SOURCE,
    fires: (node) => isFunction(node) && node.generator === true,
  },
  {
    id: 'tagged-template',
    why: 'A tagged template gives undefined.',
    instead: 'Call the function with ordinary arguments.',
    stages: SOURCE,
    fires: (node) => node.type === 'TaggedTemplateExpression',
  },
  {
    id: 'bigint',
    why: 'There are no big integers; the literal 1n is silently the number 1.',
    instead: 'Use numbers: integers are exact up to 2^53.',
    stages: SOURCE,
    fires: (node) => node.type === 'Literal' && typeof node.bigint === 'string',
  },
  {
    id: 'extends',
    why: 'Inheritance breaks: lowered classes need Object.setPrototypeOf on functions, statics are not inherited, and a subclass of Error is not an instance of it.',
    instead: 'Hold the other object in a field.',
    stages: SOURCE,
    fires: (node) => /^Class(Declaration|Expression)$/.test(node.type) && Boolean(node.superClass),
  },
  {
    id: 'private-name',
    why: 'A #private name is a SyntaxError, and lowering it adds a lookup to every access.',
    instead: 'Use the TypeScript keyword private.',
    stages: SOURCE,
    fires: (node) => node.type === 'PrivateIdentifier',
  },
  {
    id: 'new-target',
    why: 'new.target is a function even in a plain call.',
    instead: 'Do without.',
    stages: SOURCE,
    fires: (node) => node.type === 'MetaProperty' && nameOf(node.property) === 'target',
  },
  {
    id: 'spread-call',
    why: 'Spread is a SyntaxError; lowered, it copies the list and calls through apply.',
    instead: 'Pass the arguments one by one, or concat the arrays.',
    stages: SOURCE,
    fires: (node) => node.type === 'SpreadElement' && node.parent!.type !== 'ObjectExpression',
  },
  {
    id: 'object-spread',
    why: 'Spread is a SyntaxError; lowered, it needs functions of Object that are not there.',
    instead: 'Name the keys, or loop over Object.keys(...).',
    stages: SOURCE,
    fires: (node) => node.type === 'SpreadElement' && node.parent!.type === 'ObjectExpression',
  },
  {
    id: 'computed-key',
    why: 'A computed key is a SyntaxError; lowered, it needs Symbol.',
    instead: 'Assign it: o[key] = value.',
    stages: SOURCE,
    fires: (node) =>
      /^(Property|MethodDefinition|PropertyDefinition)$/.test(node.type) &&
      node.computed === true &&
      node.parent!.type !== 'ObjectPattern',
  },
  {
    id: 'loop-closure',
    why: 'for (let ...) has one binding for all turns; lowering makes each turn a function call.',
    instead: 'Move the function out of the loop and pass it what it needs.',
    stages: SOURCE,
    fires: capturesLoopVariable,
  },
  {
    id: 'delete-in-for-in',
    why: 'Deleting the current key ends a for..in loop.',
    instead: 'Loop over Object.keys(...).',
    stages: BOTH,
    fires: (node) =>
      node.type === 'UnaryExpression' &&
      node.operator === 'delete' &&
      [...ancestorsOf(node)].some(({ type }) => type === 'ForInStatement'),
  },
  {
    id: 'arguments-write',
    why: 'Writing arguments[i] does not change the parameter.',
    instead: 'Assign to the parameter.',
    stages: BOTH,
    fires: (node) =>
      node.type === 'AssignmentExpression' &&
      (node.left as SyntaxNode).type === 'MemberExpression' &&
      nameOf((node.left as SyntaxNode).object) === 'arguments',
  },
];

/** A function made inside a loop that uses a let or const of that loop. */
function capturesLoopVariable(node: SyntaxNode): boolean {
  if (!isFunction(node)) return false;
  const used = new Set<string>();
  const parent = node.parent;
  walk(node, (inner) => {
    if (isReference(inner)) used.add(inner.name as string);
  });
  node.parent = parent;
  let below = node;
  for (const up of ancestorsOf(node)) {
    if (isFunction(up)) return false;
    if (/^(For|While|DoWhile)/.test(up.type)) {
      for (const name of bindingsOf(up, below)) if (used.has(name)) return true;
    }
    below = up;
  }
  return false;
}

function bindingsOf(loop: SyntaxNode, body: SyntaxNode): string[] {
  const heads = [loop.init, loop.left] as (SyntaxNode | null | undefined)[];
  const statements = body.type === 'BlockStatement' ? (body.body as SyntaxNode[]) : [];
  return [...heads, ...statements]
    .filter((d) => d?.type === 'VariableDeclaration' && d.kind !== 'var')
    .flatMap((d) => d!.declarations as SyntaxNode[])
    .map((d) => nameOf(d.id) ?? '');
}
