/**
 * Whether dist/ still matches what it was made from. Compares contents, not times: a fresh clone, a checkout of
 * another branch and a touched file all give the right answer. Reads only.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Product } from './products.ts';
import type { Report } from './report.ts';

/** File name, relative to the project, to a hash of its content. */
export type Fingerprint = Record<string, string>;

/** Hashes of the given firmware files and of the build's own: a change of the tools is a change of the result. */
export function fingerprint(root: string, inputs: readonly string[]): Fingerprint {
  const files = [...inputs, 'package.json', 'package-lock.json'].sort();
  const tools = readdirSync(import.meta.dirname).sort();
  return {
    ...Object.fromEntries(files.map((file) => [file, hashOf(join(root, file))])),
    ...Object.fromEntries(tools.map((name) => [`build/${name}`, hashOf(join(import.meta.dirname, name))])),
  };
}

/** The report of the last build when nothing it was made from has changed since, otherwise undefined. */
export function upToDateReport(root: string, product: Product): Report | undefined {
  const results = [product.file, `${product.file}.map`, product.report];
  if (!results.every((file) => existsSync(join(root, 'dist', file)))) return undefined;
  let last: Report & { fingerprint?: Fingerprint };
  try {
    last = JSON.parse(readFileSync(join(root, 'dist', product.report), 'utf8')) as typeof last;
  } catch {
    return undefined;
  }
  if (!Array.isArray(last.inputs)) return undefined;
  const now = fingerprint(root, last.inputs);
  return JSON.stringify(now) === JSON.stringify(last.fingerprint) ? last : undefined;
}

function hashOf(path: string): string {
  return existsSync(path)
    ? createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16)
    : 'missing';
}
