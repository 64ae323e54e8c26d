/**
 * Dialect, part two: what the interpreter's library lacks. The compiler refuses most of it through `lib: ["es5"]`;
 * these rows also catch it in helpers that the build adds and behind casts. Lists were probed on the interpreter.
 */
import type { Rule } from './dialect.ts';
import { type SyntaxNode, isReference, memberOf, nameOf } from './syntax-tree.ts';

const BOTH = ['source', 'script'] as const;

const words = (list: string) => new Set(list.trim().split(/\s+/));

const missingGlobals = words(`
  AbortController AggregateError Atomics BigInt BigInt64Array BigUint64Array Buffer EvalError Event FinalizationRegistry
  Intl Iterator Map Proxy RangeError Reflect Set SharedArrayBuffer Symbol TextDecoder TextEncoder URIError URL WeakMap
  WeakRef WeakSet WebAssembly decodeURI encodeURI escape fetch performance queueMicrotask setImmediate structuredClone
  unescape
`);

const missingMembers: Readonly<Record<string, ReadonlySet<string>>> = {
  Array: words('from of'),
  ArrayBuffer: words('isView'),
  Date: words('UTC'),
  Error: words('captureStackTrace'),
  Math: words('acosh asinh atanh cbrt clz32 cosh expm1 fround hypot imul log10 log1p log2 sinh tanh trunc'),
  Number: words(
    'isInteger isNaN isFinite isSafeInteger parseInt parseFloat MAX_SAFE_INTEGER MIN_SAFE_INTEGER EPSILON',
  ),
  Object: words(
    'freeze getOwnPropertySymbols groupBy hasOwn is isExtensible isFrozen isSealed preventExtensions seal',
  ),
  Promise: words('allSettled any race'),
  String: words('fromCodePoint raw'),
};

const typedArrayStatics = words('BYTES_PER_ELEMENT from of');

const missingMethods = words(`
  at codePointAt copyWithin entries findLast findLastIndex flat flatMap isPrototypeOf isWellFormed keys lastIndexOf
  localeCompare matchAll normalize propertyIsEnumerable reduceRight search toExponential toLocaleLowerCase
  toLocaleString toLocaleUpperCase toPrecision toReversed toSorted toSpliced trimEnd trimStart values
`);
/** Objects of the platform that do have methods of these names. */
const ownersOfMethods = words('Object');

/** Rules about names that are not there. */
export const builtinRules: readonly Rule[] = [
  {
    id: 'missing-global',
    why: 'The interpreter has no such object.',
    instead: 'Use plain objects, arrays and typed arrays.',
    stages: BOTH,
    fires: (node, { declared }) =>
      isReference(node) && missingGlobals.has(node.name as string) && !declared.has(node.name as string),
  },
  {
    id: 'missing-member',
    why: 'This built-in object lacks that member on the interpreter.',
    instead: 'Write the arithmetic or the loop out.',
    stages: BOTH,
    fires: (node, { declared }) => {
      const owner = nameOf(node.object);
      const member = memberOf(node);
      if (owner === undefined || member === undefined || declared.has(owner)) return false;
      if (/^(Uint|Int|Float)\d+(Clamped)?Array$/.test(owner)) return typedArrayStatics.has(member);
      return Object.hasOwn(missingMembers, owner) && missingMembers[owner]!.has(member);
    },
  },
  {
    id: 'missing-method',
    why: 'Arrays, strings, numbers and typed arrays lack this method on the interpreter (or lack it on one of them).',
    instead: 'Write the loop out, or give your own method another name.',
    stages: BOTH,
    fires: (node) => {
      if (node.type !== 'CallExpression') return false;
      const callee = node.callee as SyntaxNode;
      const method = memberOf(callee);
      return (
        method !== undefined &&
        missingMethods.has(method) &&
        !ownersOfMethods.has(nameOf(callee.object) ?? '')
      );
    },
  },
  {
    id: 'prototype-method-value',
    why: 'Methods of Array.prototype are undefined as values.',
    instead: 'Use [].slice.call(x) and the like.',
    stages: BOTH,
    fires: (node) =>
      node.type === 'MemberExpression' &&
      memberOf(node.object) === 'prototype' &&
      nameOf((node.object as SyntaxNode).object) === 'Array',
  },
  {
    id: 'clamped-array',
    why: 'Uint8ClampedArray does not round.',
    instead: 'Use Uint8Array and limit the value yourself.',
    stages: BOTH,
    fires: (node) => isReference(node) && node.name === 'Uint8ClampedArray',
  },
];
