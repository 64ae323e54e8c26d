/**
 * The build puts the version in; tests that import the seam's TypeScript put one in by importing this file first.
 */
(globalThis as unknown as { HAIRPIN_VERSION: string }).HAIRPIN_VERSION = '1.2.3';
