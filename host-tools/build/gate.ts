/**
 * Last look at the finished script: is it ES5, does it run without hoisting, does it keep the dialect? What it finds
 * is reported where it was written, in the TypeScript. Changes nothing.
 */
import type { MappedCode } from './bundle.ts';
import type { Complaint } from './complaint.ts';
import { checkDialect } from './dialect.ts';
import { findDisorder } from './order.ts';
import { originsIn } from './origin.ts';
import { readScopes } from './scopes.ts';
import { type SyntaxNode, parseScript } from './syntax-tree.ts';

/** Everything about the script that the interpreter would refuse or take differently. */
export function gate(script: MappedCode): Complaint[] {
  const origin = originsIn(script.map);
  let tree: SyntaxNode;
  try {
    tree = parseScript(script.code);
  } catch (error) {
    const { loc, message } = error as { loc?: { line: number; column: number }; message: string };
    if (!loc) throw error;
    const found = `The build produced what is not ES5 (${message}); write this line with plainer syntax.`;
    return [{ ...origin(loc), rule: 'es5', message: found }];
  }
  const disorder = findDisorder(readScopes(tree));
  return [
    ...disorder.map(({ id, message }) => ({ ...origin(id.loc.start), rule: 'hoisting', message })),
    ...checkDialect(tree, 'script').map(({ node, rule, message }) => ({
      ...origin(node.loc.start),
      rule,
      message,
    })),
  ];
}
