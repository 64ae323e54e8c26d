// The tests that need network namespaces or a browser: one at a time, since each has the machine's cores and its clock
// to itself.
import base from './ava.config.mjs';

export default { ...base, files: ['test/lab/**/*.test.ts', 'test/browser/**/*.test.ts'], concurrency: 1 };
