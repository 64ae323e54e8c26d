/**
 * The dialect: what the interpreter refuses, or takes differently from Node without a word. This file applies the
 * rules and collects what they find; the rules stand in three tables by subject. Used by the build (sources and
 * finished script), by the tests and by ESLint, so that the editor says the same as the build.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Complaint } from './complaint.ts';
import { builtinRules } from './dialect-builtins.ts';
import { meaningRules } from './dialect-meaning.ts';
import { syntaxRules } from './dialect-syntax.ts';
import { type SyntaxNode, declares, isReference, nameOf, parseTypeScript, walk } from './syntax-tree.ts';

/** What a rule may look at: the TypeScript as written, or the finished script. */
export type Stage = 'source' | 'script';

/** What is known of the whole file when a rule looks at one node. */
export interface FileFacts {
  /** Names the file declares itself, in any scope: they are not the platform's. */
  declared: ReadonlySet<string>;
  /** Variables and properties that hold typed arrays, as far as the file itself says so. */
  typedArrays: ReadonlySet<string>;
}

/** One row of the dialect. */
export interface Rule {
  id: string;
  /** What the interpreter does with it. */
  why: string;
  /** What to write. */
  instead: string;
  /** `source` for what the build lowers away or what only types show; the rest is looked for in both. */
  stages: readonly Stage[];
  fires(node: SyntaxNode, facts: FileFacts): boolean;
}

/** A rule that fired. */
export interface Finding {
  node: SyntaxNode;
  rule: string;
  message: string;
}

/** Every rule there is. */
export const dialectRules: readonly Rule[] = [...syntaxRules, ...builtinRules, ...meaningRules];

/** Applies the rules of one stage to a file's tree. */
export function checkDialect(program: SyntaxNode, stage: Stage): Finding[] {
  const rules = dialectRules.filter(({ stages }) => stages.includes(stage));
  const findings: Finding[] = [];
  const facts = factsOf(program);
  walk(program, (node) => {
    for (const rule of rules) {
      if (!rule.fires(node, facts)) continue;
      findings.push({ node, rule: rule.id, message: `${rule.why} ${rule.instead}` });
    }
  });
  return findings;
}

/** Applies the rules to TypeScript files, named relative to `root`. */
export function checkSources(root: string, files: readonly string[]): Complaint[] {
  return files.flatMap((file) => checkSource(file, readFileSync(join(root, file), 'utf8')));
}

/** Applies the rules to one TypeScript text. */
export function checkSource(file: string, text: string): Complaint[] {
  return checkDialect(parseTypeScript(text), 'source').map(({ node, rule, message }) => ({
    file,
    line: node.loc.start.line,
    column: node.loc.start.column + 1,
    rule,
    message,
  }));
}

function factsOf(program: SyntaxNode): FileFacts {
  const declared = new Set<string>();
  const typedArrays = new Set<string>();
  walk(program, (node) => {
    if (node.type === 'Identifier' && !isReference(node) && node.parent && declares(node.parent, node)) {
      declared.add(node.name as string);
    }
    const holder = holderOf(node);
    if (holder && (isTypedArrayType(node) || isTypedArrayType(holder.id) || makesTypedArray(holder.init))) {
      typedArrays.add(holder.name);
    }
  });
  return { declared, typedArrays };
}

/** A variable, parameter, field or property together with what it is made from. */
function holderOf(node: SyntaxNode): { id: SyntaxNode; name: string; init: unknown } | undefined {
  let id: unknown;
  let init: unknown;
  if (node.type === 'VariableDeclarator') [id, init] = [node.id, node.init];
  else if (node.type === 'PropertyDefinition' || node.type === 'Property')
    [id, init] = [node.key, node.value];
  else if (node.type === 'Identifier' && node.typeAnnotation) id = node;
  const name = nameOf(id);
  return name === undefined ? undefined : { id: id as SyntaxNode, name, init };
}

/** Buffers count: what holds of typed arrays holds of them, or worse. */
const TYPED_ARRAY = /^((Uint|Int|Float)(8|16|24|32|64)(Clamped)?Array|ArrayBuffer)$/;

function isTypedArrayType(node: SyntaxNode): boolean {
  const annotation = (node.typeAnnotation as SyntaxNode | undefined)?.typeAnnotation as
    SyntaxNode | undefined;
  return annotation?.type === 'TSTypeReference' && TYPED_ARRAY.test(nameOf(annotation.typeName) ?? '');
}

function makesTypedArray(init: unknown): boolean {
  const node = init as SyntaxNode | null | undefined;
  if (node?.type === 'NewExpression') return TYPED_ARRAY.test(nameOf(node.callee) ?? '');
  if (node?.type !== 'CallExpression') return false;
  const callee = node.callee as SyntaxNode;
  return callee.type === 'MemberExpression' && nameOf(callee.property) === 'subarray';
}
