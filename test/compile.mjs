// Compiles the unit tests to dist/unit, with the code they import, so that a run needs no loader: half the time of a
// run through tsx (docs/decisions/0001-toolchain.md). Types are tsc's business. A test finds its fixtures as before,
// because a file's own name keeps leading to its source.
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { sharedWorkers, workersFor } from './shared-workers.mjs';

/** What needs a namespace, a browser, an interpreter or much time has a target of its own. */
const elsewhere =
  /^(appliance|lab|lab-appliance|lab-bench|lab-differential|lab-judges|browser|espruino|coverage|build|dialect|device-line|package)[\\/]/;
const tests = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.test.ts') && !elsewhere.test(file),
);

const workers = workersFor(tests);

const ownNames = {
  name: 'own-names',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8')
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
    }));
  },
};

/** Removes what an earlier run wrote and this one did not; shared pieces only when no run can still be using them. */
function removeStale(outputs) {
  const hour = 3_600_000;
  for (const name of readdirSync('dist/unit', { recursive: true, encoding: 'utf8' })) {
    const file = join('dist/unit', name);
    if (outputs.has(file) || !/\.mjs(\.map)?$/.test(name)) continue;
    if (name.includes('.test.mjs') || Date.now() - statSync(file).mtimeMs > hour) rmSync(file);
  }
}

try {
  const { metafile } = await build({
    metafile: true,
    entryPoints: [...workers.keys()].map((name) => ({ in: `worker:${name}`, out: name })),
    outdir: 'dist/unit',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    // Places in failures are those of the TypeScript.
    banner: { js: 'process.setSourceMapsEnabled(true);' },
    plugins: [sharedWorkers(workers), ownNames],
    logLevel: 'error',
  });
  removeStale(new Set(Object.keys(metafile.outputs).map((name) => join(name))));
} catch (error) {
  // esbuild has said what and where.
  if (!error.errors) throw error;
  process.exitCode = 1;
}
