/*
 * The host tools as JavaScript, for the npm package: one file for each of TypeScript, under the same name, so that
 * threads, processes and stack traces find what they name. Only what the command line can reach, and not the build of
 * the firmware, which needs compilers that the package does without. Writes dist/js and nothing else.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** Where the command line begins, and what it starts in threads and processes (host-tools/lab/kernel/own-module.ts). */
const beginnings = [
  'host-tools/cli/main.ts',
  'host-tools/lab/kernel/lab-process.ts',
  'host-tools/lab/kernel/router-thread.ts',
  'host-tools/lab/kernel/copy-thread.ts',
  'host-tools/lab/kernel/switch-thread.ts',
  'host-tools/lab/hosts/client.ts',
  'host-tools/lab/hosts/server.ts',
];

/** The build itself is asked only where there are sources, by host-tools/build/current.ts. */
const leftOut = { file: './build.ts', from: join('host-tools', 'build') };

const common = {
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  logLevel: 'error',
} as const;

/** Compiles into dist/js of a project directory. Returns the sources, relative to it. Throws what esbuild throws. */
export async function compileHostTools(root: string): Promise<string[]> {
  const folder = join(root, 'dist/js');
  await rm(folder, { recursive: true, force: true });
  const sources = await reachable(root);
  await build({
    ...common,
    absWorkingDir: root,
    entryPoints: sources,
    outdir: folder,
    outbase: '.',
    plugins: [compiledNames],
  });
  return sources;
}

async function reachable(root: string): Promise<string[]> {
  const { metafile } = await build({
    ...common,
    absWorkingDir: root,
    entryPoints: beginnings,
    outdir: 'dist/js',
    write: false,
    metafile: true,
    plugins: [withoutBuild],
  });
  return Object.keys(metafile.inputs).sort();
}

const withoutBuild: Plugin = {
  name: 'without-build',
  setup({ onResolve }) {
    onResolve({ filter: /\.ts$/ }, ({ path, resolveDir }) =>
      path === leftOut.file && resolveDir.endsWith(leftOut.from) ? { path, external: true } : undefined,
    );
  },
};

/** Joins nothing: an import stays an import, of the compiled file. */
const compiledNames: Plugin = {
  name: 'compiled-names',
  setup({ onResolve }) {
    onResolve({ filter: /^\..*\.ts$/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
    );
  },
};
