// How `make unit` runs the tests that test/compile.mjs has compiled: plain JavaScript in worker threads.
export default {
  files: ['dist/unit/**/*.test.mjs'],
  concurrency: 2,
  timeout: '60s',
};
