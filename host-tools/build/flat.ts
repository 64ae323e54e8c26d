/**
 * The flat subset: what a function on the packet path may consist of. Integer locals, if/while/for, calls, elements
 * of typed arrays - nothing the interpreter allocates for, and nothing that could not be compiled to machine code
 * later. Looks inside function bodies only; what a module does while it loads is free.
 */
import type { Finding } from './dialect.ts';
import { packetPath } from './hot-functions.ts';
import { type SyntaxNode, ancestorsOf, isFunction, memberOf, nameOf, walk } from './syntax-tree.ts';

/** Properties that may be read by name. */
const readableProperties = new Set(['buffer', 'length']);
/** Properties that may not be read in a loop, where they cost more than the rest of its head. */
const notInLoops = new Set(['length']);
/** What may be made with `new`, and only over a buffer that exists; `Words` is a name of layout/arena.ts for one. */
const views = new Set(['Uint8Array', 'Uint16Array', 'Uint32Array', 'Words']);

/** Node types with no place in a flat function, and what to say about them. */
const refused: Readonly<Record<string, string>> = {
  ObjectExpression: 'No object literals: each allocates. Use columns of the arena.',
  ArrayExpression: 'No array literals: each allocates. Use columns of the arena.',
  TemplateLiteral: 'No strings. Use a number and name it elsewhere.',
  TryStatement: 'No exceptions. Return a reason number.',
  ThrowStatement: 'No exceptions. Return a reason number.',
  SwitchStatement: 'No switch: every case is evaluated. Use if/else-if or an array of functions.',
  ForInStatement: 'No for..in. Use an index.',
  ForOfStatement: 'No for..of. Use an index.',
  ThisExpression: 'No this. Use the arena.',
  ObjectPattern: 'No destructuring. Use an index.',
  ArrayPattern: 'No destructuring. Use an index.',
  AssignmentPattern: 'No default values. Pass the argument.',
  RestElement: 'No rest parameters. Pass integers.',
  SpreadElement: 'No spread. Pass integers.',
  ChainExpression: 'No ?. on the packet path: nothing there is absent.',
  OptionalMemberExpression: 'No ?. on the packet path: nothing there is absent.',
  AwaitExpression: 'No waiting. Return, and let the loop call again.',
  YieldExpression: 'No waiting. Return, and let the loop call again.',
};

/** Whether a file is held to the subset: all of datapath, and wherever a function of the packet path is. */
export function isFlatFile(file: string): boolean {
  const inFirmware = /(?:^|\/)(firmware\/.*)/.exec(file)?.[1] ?? '';
  return inFirmware.startsWith('firmware/datapath/') || Object.hasOwn(packetPath, inFirmware);
}

/** What breaks the subset in a file's functions. */
export function checkFlat(program: SyntaxNode): Finding[] {
  const findings: Finding[] = [];
  walk(program, (node) => {
    if (![...ancestorsOf(node)].some(isFunction)) return;
    const message = complaintAbout(node);
    if (message) findings.push({ node, rule: 'flat', message });
  });
  return findings;
}

function complaintAbout(node: SyntaxNode): string | undefined {
  if (isFunction(node) || node.type.startsWith('Class')) {
    return 'No functions inside functions: each call would make a new one.';
  }
  switch (node.type) {
    case 'Literal':
      return complaintAboutLiteral(node);
    case 'MemberExpression':
      return complaintAboutMember(node);
    case 'NewExpression':
      return views.has(nameOf(node.callee) ?? '') &&
        memberOf((node.arguments as SyntaxNode[])[0]) === 'buffer'
        ? undefined
        : 'No new, except a view over the .buffer of an array that exists.';
    case 'CallExpression':
      return nameOf(node.callee) === undefined
        ? 'Calls go to functions by name. Bind methods once, at boot.'
        : undefined;
    case 'UnaryExpression':
      return /^[-+!~]$/.test(node.operator as string)
        ? undefined
        : `No ${String(node.operator)}. Use integers.`;
    case 'BinaryExpression':
      return /^in/.test(node.operator as string) ? `No ${String(node.operator)}. Use integers.` : undefined;
    default:
      return Object.hasOwn(refused, node.type) ? refused[node.type] : undefined;
  }
}

function complaintAboutLiteral({ value, raw }: SyntaxNode): string | undefined {
  if (typeof value === 'string') return 'No strings. Use a number and name it elsewhere.';
  if (typeof value === 'boolean' || Number.isInteger(value)) return undefined;
  return `No ${String(raw ?? value)}. Use integers.`;
}

function complaintAboutMember(node: SyntaxNode): string | undefined {
  if (node.computed === true) return undefined;
  const property = memberOf(node) ?? '?';
  if (!readableProperties.has(property)) return `No property .${property}. Use elements of typed arrays.`;
  if (!notInLoops.has(property) || !isInLoop(node)) return undefined;
  return `.${property} is looked up on every turn. Read it into a local before the loop.`;
}

function isInLoop(node: SyntaxNode): boolean {
  let below = node;
  for (const up of ancestorsOf(node)) {
    if (isFunction(up)) return false;
    if (/^(For|While|DoWhile)/.test(up.type) && below !== up.init) return true;
    below = up;
  }
  return false;
}
