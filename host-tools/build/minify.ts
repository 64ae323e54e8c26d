/**
 * Third step of the build: short names and folded expressions by terser. Every option away from terser's default
 * is one that cost the interpreter more than it saved bytes (docs/decisions/0001-toolchain.md has the counts).
 */
import { minify as terser } from 'terser';
import type { MappedCode } from './bundle.ts';

/** Shortens ES5 statements that may end in a top-level `return`. */
export async function minify(input: MappedCode, file: string): Promise<MappedCode> {
  const result = await terser(input.code, {
    ecma: 5,
    toplevel: true,
    parse: { bare_returns: true },
    compress: {
      passes: 3,
      // Never move a function into another one: the interpreter would create it anew on every call.
      inline: 1,
      reduce_funcs: false,
      hoist_funs: false,
      hoist_props: false,
      // A skipped `{...}` is only scanned for its end, a skipped `&&(...,...)` is parsed.
      conditionals: false,
      sequences: false,
      if_return: false,
      // `!0` and `1/0` are one operation more than `true` and `Infinity`.
      booleans: false,
      keep_infinity: true,
    },
    // A word of the interpreter wherever it stands; terser would come to it after some 400 names.
    mangle: { toplevel: true, reserved: ['of'] },
    format: {
      // Some builds pad each line of a stack trace to the column it names: 45,000 columns were memory lost for good.
      max_line_len: 400,
      // Braces are found faster than the end of a statement.
      braces: true,
      // 1000 is an integer, 1e3 a floating point number.
      keep_numbers: true,
      ascii_only: true,
      comments: false,
    },
    sourceMap: { content: input.map, filename: file, includeSources: true },
  });
  if (typeof result.map !== 'string') throw new Error('terser gave no source map.');
  return { code: result.code ?? '', map: result.map };
}
