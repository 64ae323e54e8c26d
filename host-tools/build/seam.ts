/**
 * The one way in: the entry module exports one function (`hairpin`, or `probe`) and nothing else, and the finished
 * script defines that one global. Holds both ends of it: the export becomes a `return`, and one function is put around all statements
 * (the interpreter searches the root scope for prototypes as well, so a crowded root slows every `.buffer`).
 */
import type { PluginObj, types } from '@babel/core';
import { BuildRefused } from './complaint.ts';
import type { MappedCode } from './bundle.ts';
import { router } from './products.ts';

/** Refuses an entry module that exports anything else than `global`. */
export function checkExports(file: string, exported: readonly string[], global: string): void {
  const others = exported.filter((name) => name !== global);
  if (others.length === 0 && exported.length === 1) return;
  const but = others.length > 0 ? `exports '${others.join("', '")}'` : 'does not export it';
  const message = `The entry module must export '${global}' and nothing else, but it ${but}.`;
  throw new BuildRefused([{ file, line: 1, column: 1, rule: 'seam', message }]);
}

/** Babel plugin: `export { hairpin }` at the end becomes `return hairpin`. */
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
export function wrap(input: MappedCode, global = router.global): MappedCode {
  return between(`var ${global}=function(){\n`, input);
}

/** The same behind a guard, a list of statements too: only when that returns nothing, the other function is run. */
export function wrapBehind(guard: MappedCode, input: MappedCode, global = router.global): MappedCode {
  return between(`var ${global}=function(){\n${guard.code}\n}()||function(){\n`, input);
}

/** The statements start on a line of their own, so their map only needs more empty lines in front. */
function between(head: string, input: MappedCode): MappedCode {
  const map = JSON.parse(input.map) as { mappings: string };
  map.mappings = ';'.repeat(head.split('\n').length - 1) + map.mappings;
  return { code: `${head}${input.code}\n}();\n`, map: JSON.stringify(map) };
}
