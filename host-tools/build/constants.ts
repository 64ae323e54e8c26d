/**
 * Babel plugin: replaces module-level names whose value the build can compute (numbers, booleans and texts) by that
 * value and drops their declarations, across all modules of the bundle. A name costs the interpreter a search and
 * memory, a literal does not: its text lies in flash; and every name gone from the scope makes the search for the
 * others shorter. Whole numbers are written with all their digits.
 */
import type { NodePath, PluginObj, types } from '@babel/core';

/** The plugin; it must see the whole bundle, so it runs on the program before any lowering. */
export function inlineConstants(babel: { types: typeof types }): PluginObj {
  return {
    name: 'hairpin-constants',
    visitor: {
      Program(program) {
        for (const binding of Object.values(program.scope.bindings)) {
          const declarator = binding.path;
          if (!binding.constant || !declarator.isVariableDeclarator()) continue;
          const value = constantOf(declarator);
          if (value === undefined) continue;
          const exported = binding.referencePaths.some((use) => use.parentPath?.isExportSpecifier());
          if (exported) continue;
          for (const use of binding.referencePaths) use.replaceWith(babel.types.valueToNode(value));
          declarator.remove();
        }
      },
      NumericLiteral({ node }) {
        // esbuild writes 1000000 as 1e6, which the interpreter makes a floating point number: print the digits.
        delete node.extra;
      },
    },
  };
}

function constantOf(declarator: NodePath<types.VariableDeclarator>): number | boolean | string | undefined {
  const init = declarator.get('init');
  if (!init.isExpression()) return undefined;
  const { confident, value } = init.evaluate();
  if (!confident) return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'boolean' || typeof value === 'string' ? value : undefined;
}
