/**
 * First step of the build: all modules of the firmware into one list of statements.
 * Only esbuild is called here. The order of declarations is the order of imports, which decides how far the
 * interpreter searches for a name; nothing here may rename, reorder or shorten for size.
 *
 * `minifySyntax` stays off: it turns `if (x) {...}` into `x && (...)`, and skipping a bracketed expression costs
 * the interpreter about 40 % more than skipping a block (docs/decisions/0001-toolchain.md).
 */
import { relative, resolve } from 'node:path';
import * as esbuild from 'esbuild';
import { BuildRefused } from './complaint.ts';
import { router } from './products.ts';
import { checkExports } from './seam.ts';

/** JavaScript with the source map that leads back to the TypeScript. */
export interface MappedCode {
  code: string;
  /** Source map, version 3, as JSON text. */
  map: string;
}

/** What one bundle was made from. */
export interface Bundle extends MappedCode {
  /** Files read, relative to the project root, forward slashes. */
  inputs: string[];
}

/**
 * Bundles `entry` (absolute) as it would lie beside `outfile`; `version` becomes the constant HAIRPIN_VERSION. The entry
 * exports `global` and nothing else.
 */
export async function bundle(
  root: string,
  entry: string,
  outfile: string,
  version: string,
  global = router.global,
): Promise<Bundle> {
  const result = await esbuild
    .build({
      absWorkingDir: root,
      entryPoints: [entry],
      outfile,
      bundle: true,
      write: false,
      format: 'esm',
      target: 'es2015',
      charset: 'ascii',
      legalComments: 'none',
      sourcemap: 'external',
      metafile: true,
      logLevel: 'silent',
      define: { HAIRPIN_VERSION: JSON.stringify(version) },
      // Fields become plain assignments; the alternative is a helper around Object.defineProperty.
      tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    })
    .catch((error: unknown) => {
      throw refusalOf(error, root);
    });
  const script = Object.values(result.metafile.outputs).find((output) => output.entryPoint);
  checkExports(script?.entryPoint ?? '', script?.exports ?? [], global);
  const text = (ending: string) => result.outputFiles.find((f) => f.path.endsWith(ending))?.text ?? '';
  return {
    code: text('.js'),
    map: text('.js.map'),
    inputs: Object.keys(result.metafile.inputs)
      .map((path) => relative(root, resolve(root, path)))
      .sort(),
  };
}

function refusalOf(error: unknown, root: string): unknown {
  const messages = (error as { errors?: esbuild.Message[] }).errors;
  if (!messages) return error;
  return new BuildRefused(
    messages.map(({ text, location }) => ({
      file: location ? relative(root, resolve(root, location.file)) : 'firmware',
      line: location?.line ?? 1,
      column: (location?.column ?? 0) + 1,
      rule: 'bundle',
      message: `${text}.`,
    })),
  );
}
