/*
 * How a module of ours runs in another process or thread: through tsx in a clone, as it is in the npm package, where
 * JavaScript lies under the same names. Modules are named by their TypeScript either way. Starts nothing.
 */
import { fileURLToPath } from 'node:url';

/** True in the package. */
const compiled = !import.meta.url.endsWith('.ts');

/** Arguments that make Node run a module, with arguments of its own. */
export function nodeArguments(module: URL, ...rest: string[]): string[] {
  const file = fileURLToPath(fileOf(module));
  return compiled ? [file, ...rest] : ['--import', import.meta.resolve('tsx'), file, ...rest];
}

/** Text of a program for a worker thread that loads a module. */
export function threadProgram(module: URL): string {
  const load = `import(${JSON.stringify(fileOf(module).href)})`;
  if (compiled) return load;
  // A worker does not inherit the loader that lets Node read TypeScript.
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `import(${loader}).then((tsx) => (tsx.register(), ${load}))`;
}

function fileOf(module: URL): URL {
  return compiled ? new URL(module.href.replace(/\.ts$/, '.js')) : module;
}
