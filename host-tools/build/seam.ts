/**
 * The one way in: the entry module exports `hairpin` and nothing else, and the finished script defines that one
 * global. Holds both ends of it: the export becomes a `return`, and one function is put around all statements
 * (the interpreter searches the root scope for prototypes as well, so a crowded root slows every `.buffer`).
 */
import type { PluginObj, types } from '@babel/core';
import { BuildRefused } from './complaint.ts';
import type { MappedCode } from './bundle.ts';

/** The global the finished script defines. */
const GLOBAL_NAME = 'hairpin';

/** Refuses an entry module that exports anything else. */
export function checkExports(file: string, exported: readonly string[]): void {
  const others = exported.filter((name) => name !== GLOBAL_NAME);
  if (others.length === 0 && exported.length === 1) return;
  const but = others.length > 0 ? `exports '${others.join("', '")}'` : 'does not export it';
  const message = `The entry module must export '${GLOBAL_NAME}' and nothing else, but it ${but}.`;
  throw new BuildRefused([{ file, line: 1, column: 1, rule: 'seam', message }]);
}

/** Babel plugin: `export { hairpin }` becomes `return hairpin`. */
export function exportToReturn(babel: { types: typeof types }): PluginObj {
  const t = babel.types;
  return {
    name: 'hairpin-seam',
    visitor: {
      Program(program) {
        for (const statement of program.get('body')) {
          if (!statement.isExportNamedDeclaration()) continue;
          const [specifier] = statement.node.specifiers;
          if (!t.isExportSpecifier(specifier)) throw new Error('The bundle has an export of unknown form.');
          program.pushContainer('body', t.returnStatement(specifier.local));
          statement.remove();
        }
      },
    },
  };
}

/** Puts the one function around a list of statements that ends in `return`; the map moves with it. */
export function wrap(input: MappedCode): MappedCode {
  const map = JSON.parse(input.map) as { mappings: string };
  // The statements start on a line of their own, so their map only needs one more empty line in front.
  map.mappings = `;${map.mappings}`;
  return { code: `var ${GLOBAL_NAME}=function(){\n${input.code}\n}();\n`, map: JSON.stringify(map) };
}
