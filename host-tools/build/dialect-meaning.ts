/**
 * Dialect, part three: what runs on both and means something else. Only rows that can be seen in the text are here;
 * what depends on values is left to running the bundle on the interpreter.
 */
import type { FileFacts, Rule } from './dialect.ts';
import { findUnsupportedRegex } from './dialect-regex.ts';
import { type SyntaxNode, ancestorsOf, memberOf, nameOf } from './syntax-tree.ts';

const SOURCE = ['source'] as const;
const SCRIPT = ['script'] as const;
const BOTH = ['source', 'script'] as const;

/** Rules about differences of meaning. */
export const meaningRules: readonly Rule[] = [
  {
    id: 'regex',
    why: 'The regular expressions know no ?, {n}, lookahead, \\b, named group, back reference and no flags but g and i, and their dot matches a newline; what they do not know silently fails to match.',
    instead: 'Use + * [..] (..) (?:a|b) \\d \\w \\s ^ $, or go through the string.',
    stages: BOTH,
    fires: (node) => {
      const regex = node.regex as { pattern: string; flags: string } | undefined;
      if (regex) return findUnsupportedRegex(regex.pattern, regex.flags) !== undefined;
      return node.type === 'NewExpression' && nameOf(node.callee) === 'RegExp';
    },
  },
  {
    id: 'typed-slice',
    why: 'slice of a typed array gives a plain Array, 80 times as dear, and a buffer has no slice.',
    instead: 'Use subarray, or a new typed array and set.',
    stages: SOURCE,
    fires: (node, facts) => {
      const callee = node.callee as SyntaxNode | undefined;
      return node.type === 'CallExpression' && memberOf(callee) === 'slice' && isTyped(callee!.object, facts);
    },
  },
  {
    id: 'typed-compare',
    why: 'Typed arrays are compared by content, by way of decimal strings.',
    instead: 'Compare an index or a number that says which array it is.',
    stages: SOURCE,
    fires: (node, facts) =>
      node.type === 'BinaryExpression' &&
      /^[!=]==?$/.test(node.operator as string) &&
      isTyped(node.left, facts) &&
      isTyped(node.right, facts),
  },
  {
    id: 'empty-view',
    why: 'A view of length 0 reaches to the end of the buffer, and an empty subarray is a plain array.',
    instead: 'Handle the empty case without a view.',
    stages: BOTH,
    fires: (node) => {
      const args = (node.arguments as SyntaxNode[] | undefined) ?? [];
      if (node.type === 'NewExpression' && isTypedArrayName(node.callee)) return numberOf(args[2]) === 0;
      if (node.type !== 'CallExpression' || memberOf(node.callee) !== 'subarray') return false;
      return numberOf(args[0]) !== undefined && numberOf(args[0]) === numberOf(args[1]);
    },
  },
  {
    id: 'far-view',
    why: 'A view cannot start beyond byte 65535 of its buffer.',
    instead: 'Use a view of the start and a larger index.',
    stages: BOTH,
    fires: (node) => {
      const args = (node.arguments as SyntaxNode[] | undefined) ?? [];
      return (
        node.type === 'NewExpression' && isTypedArrayName(node.callee) && (numberOf(args[1]) ?? 0) > 65535
      );
    },
  },
  {
    id: 'length-write',
    why: 'The length of an array cannot be assigned.',
    instead: 'Use splice, or start a new array.',
    stages: BOTH,
    fires: (node) => node.type === 'AssignmentExpression' && memberOf(node.left) === 'length',
  },
  {
    id: 'power',
    why: 'Powers are inexact: Math.pow(2, 32) is 4294967295.99999666.',
    instead: 'Write the number, or multiply.',
    stages: BOTH,
    fires: (node) =>
      (node.type === 'BinaryExpression' && node.operator === '**') ||
      (node.type === 'AssignmentExpression' && node.operator === '**=') ||
      (memberOf(node) === 'pow' && nameOf(node.object) === 'Math'),
  },
  {
    id: 'to-fixed',
    why: 'toFixed rounds differently.',
    instead: 'Scale to an integer and print that.',
    stages: BOTH,
    fires: (node) => node.type === 'CallExpression' && memberOf(node.callee) === 'toFixed',
  },
  {
    id: 'fractional-now',
    why: 'Date.now() has a fraction, and |0 overflows.',
    instead: 'Use the time the loop keeps, or Math.floor(Date.now()).',
    stages: BOTH,
    fires: (node) => {
      if (memberOf(node) !== 'now' || nameOf(node.object) !== 'Date') return false;
      const [call, floor] = ancestorsOf(node);
      return !(
        floor?.type === 'CallExpression' &&
        memberOf(floor.callee) === 'floor' &&
        call !== floor.callee
      );
    },
  },
  {
    id: 'split-limit',
    why: 'split ignores its limit.',
    instead: 'Split at all places, or cut at indexOf.',
    stages: BOTH,
    fires: (node) =>
      node.type === 'CallExpression' &&
      memberOf(node.callee) === 'split' &&
      (node.arguments as []).length > 1,
  },
  {
    id: 'instanceof-error',
    why: 'A TypeError or ReferenceError is no instance of Error, and 5 is one of Number.',
    instead: 'Look at what was caught, not at its class.',
    stages: BOTH,
    fires: (node) =>
      node.type === 'BinaryExpression' &&
      node.operator === 'instanceof' &&
      /^(Error|Number|String|Boolean)$/.test(nameOf(node.right) ?? ''),
  },
  {
    id: 'error-name',
    why: 'The name of an error is undefined.',
    instead: 'Use its message.',
    stages: BOTH,
    fires: (node) => {
      if (memberOf(node) !== 'name') return false;
      const caught = nameOf(node.object);
      return caught !== undefined && [...ancestorsOf(node)].some((up) => nameOf(up.param) === caught);
    },
  },
  {
    id: 'ascii',
    why: 'Strings are bytes, and on the board other characters are cut to one byte.',
    instead: 'Keep texts ASCII.',
    stages: SOURCE,
    fires: (node) => {
      const text = node.type === 'TemplateElement' ? (node.value as { cooked: string }).cooked : node.value;
      return typeof text === 'string' && /[^\0-\xff]/.test(text);
    },
  },
  {
    id: 'float-literal',
    why: 'A number written with an exponent is floating point even when it is whole.',
    instead: 'Write its digits.',
    stages: SCRIPT,
    fires: (node) =>
      typeof node.value === 'number' && /^[\d.]+e/i.test(String(node.raw)) && Number.isInteger(node.value),
  },
];

function isTyped(node: unknown, { typedArrays }: FileFacts): boolean {
  const name = nameOf(node) ?? memberOf(node);
  return name !== undefined && typedArrays.has(name);
}

function isTypedArrayName(node: unknown): boolean {
  return /^(Uint|Int|Float)\d+Array$/.test(nameOf(node) ?? '');
}

function numberOf(node: SyntaxNode | undefined): number | undefined {
  return node?.type === 'Literal' && typeof node.value === 'number' ? node.value : undefined;
}
