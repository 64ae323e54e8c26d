// How ava runs tests from their TypeScript, in worker threads with tsx as loader: for one file by hand
// (`npx ava test/wire/x.test.ts`), for the lab and for the interpreter. `make unit` compiles first, see
// ava.unit.config.mjs.
export default {
  extensions: { ts: 'module' },
  files: ['test/**/*.test.ts'],
  require: ['./test/tsx.mjs'],
  concurrency: 2,
  timeout: '60s',
};
