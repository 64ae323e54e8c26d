// Which unit tests share a worker thread, and how their titles keep the names of their files. A worker of its own costs
// a file about a third of a second of processor time, before its first test: the runner's own modules, the firmware's
// and the rigs' are loaded and compiled anew (docs/decisions/0017-two-minutes.md).
//
// Files of one room share when all their tests run from beginning to end without waiting: then they follow one another
// in the order of their names, always, and none sees another half done. Hooks would run for the neighbours as well.
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';

const waits = /\b(async|await|Promise|setTimeout|setImmediate|setInterval|Worker|spawn|process\.env)\b/;
const hooks = /\btest(\.serial)?\.(before|after|beforeEach|afterEach|only)\b/;

/** A few seconds of work at most, so that the two cores end together. */
const mostInOne = 8;
/** The fuzzers work for seconds each; the seam's tests read what a service has read once for good. */
const alone = /^(fuzz\/|services\/seam)/;

/** @returns by the name of its output, the test files of each worker, as paths in test/ */
export function workersFor(tests) {
  const workers = new Map();
  const rooms = new Map();
  for (const file of tests.map((name) => name.replaceAll('\\', '/')).sort()) {
    const text = readFileSync(`test/${file}`, 'utf8');
    if (alone.test(file) || waits.test(text) || hooks.test(text)) {
      workers.set(file.replace(/\.ts$/, ''), [file]);
      continue;
    }
    const room = file.split('/')[0];
    rooms.set(room, [...(rooms.get(room) ?? []), file]);
  }
  for (const [room, files] of rooms) {
    for (let from = 0; from < files.length; from += mostInOne) {
      workers.set(`${room}/shared-${from / mostInOne + 1}.test`, files.slice(from, from + mostInOne));
    }
  }
  return workers;
}

/** esbuild's plugin: an entry `worker:NAME` is the files of that worker, one after the other. */
export function sharedWorkers(workers) {
  const root = process.cwd();
  const begin = resolve('test/begin-file.mjs');
  return {
    name: 'shared-workers',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^worker:/ }, ({ path }) => ({ path: path.slice(7), namespace: 'worker' }));
      onLoad({ filter: /.*/, namespace: 'worker' }, ({ path }) => {
        const files = workers.get(path);
        const lines = files.flatMap((file) => [`import 'begin:${file}';`, `import './test/${file}';`]);
        // Named after the worker, because what several entries import is moved before them.
        return { contents: [...lines, `import 'begin:end of ${path}';`].join('\n'), resolveDir: root };
      });
      onResolve({ filter: /^begin:/ }, ({ path }) => ({ path, namespace: 'begin' }));
      onLoad({ filter: /.*/, namespace: 'begin' }, ({ path }) => ({
        contents: `import { begin } from ${JSON.stringify(begin)}; begin(${JSON.stringify(nameOf(path))});`,
        resolveDir: root,
      }));
      // What declares tests, a file or a rig, declares them through begin-file.mjs.
      onResolve({ filter: /^ava$/ }, ({ importer }) =>
        resolve(importer) === begin ? { path: 'ava', external: true } : { path: begin },
      );
    },
  };

  /** As ava writes it: the folders below the one of the worker, and the file. Nothing for the end of the last file. */
  function nameOf(path) {
    const file = path.slice('begin:'.length);
    if (file.startsWith('end of ')) return '';
    const [name, files] = [...workers].find(([, inIt]) => inIt.includes(file));
    if (files.length === 1 && !name.includes('/shared-')) return '';
    return relative(dirname(name), file.replace(/\.test\.ts$/, ''))
      .replaceAll('\\', '/')
      .replaceAll('/', ' › ');
  }
}
