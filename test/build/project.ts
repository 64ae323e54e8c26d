/** A project directory for one test, made of the given files and removed when the test ends. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';

/** Writes the files (path to text) under a new directory, with a package.json. Returns the directory. */
export async function projectOf(t: ExecutionContext, files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'hairpin-build-'));
  t.teardown(() => rm(root, { recursive: true }));
  for (const [file, text] of Object.entries({ 'package.json': '{ "version": "1.2.3" }', ...files })) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  return root;
}
