/**
 * The scripts as they are in dist/, built first if they are not what their sources say. The only file that writes to
 * dist/. For everything that needs the bundle and not the build: the command line, the lab, tests. In the npm package
 * there are no sources and no compilers: its dist/ is what it was packed with.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuiltFirmware } from './build.ts';
import { type Product, router } from './products.ts';
import type { Report } from './report.ts';
import { fingerprint, upToDateReport } from './up-to-date.ts';

/** A script in dist/ and whether it had to be built for this. */
export interface CurrentFirmware extends BuiltFirmware {
  isNew: boolean;
}

/** Reads dist/ of a project directory, or builds and writes it. Throws BuildRefused as buildFirmware does. */
export async function currentFirmware(root: string, product: Product = router): Promise<CurrentFirmware> {
  const hasSources = existsSync(join(root, product.entry));
  const known = hasSources ? upToDateReport(root, product) : packedReport(root, product);
  const script = join(root, 'dist', product.file);
  if (known) {
    const [code, map] = await Promise.all([readFile(script, 'utf8'), readFile(`${script}.map`, 'utf8')]);
    return { code, map, report: known, isNew: false };
  }
  // Loaded only when there is work: Babel and terser take longer to load than all of the above.
  const { buildFirmware } = await import('./build.ts');
  const built = await buildFirmware({ root, product });
  const record = { ...built.report, fingerprint: fingerprint(root, built.report.inputs) };
  await mkdir(join(root, 'dist'), { recursive: true });
  // The report goes last: without it, or with an old one, the next run builds again.
  await replace(script, built.code);
  await replace(`${script}.map`, built.map);
  await replace(join(root, 'dist', product.report), `${JSON.stringify(record, null, 2)}\n`);
  return { ...built, isNew: true };
}

function packedReport(root: string, product: Product): Report {
  return JSON.parse(readFileSync(join(root, 'dist', product.report), 'utf8')) as Report;
}

/** Writes a file so that whoever reads it meanwhile sees the old text or the new one, whole. */
async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}-${performance.now()}`;
  await writeFile(draft, text);
  await rename(draft, path);
}
