/**
 * `make build`: brings the scripts in dist/, their source maps and reports up to date and says so in a line for each.
 * Prints and sets the exit code; the work is done in current.ts and build.ts.
 */
import { existsSync } from 'node:fs';
import { BuildRefused } from './complaint.ts';
import { currentFirmware } from './current.ts';
import { type Product, probe, router } from './products.ts';

async function main(): Promise<number> {
  if (!existsSync('firmware/main.ts')) {
    console.error('There is no firmware/main.ts here. Run the build in the project directory.');
    return 2;
  }
  try {
    for (const product of [router, probe]) await bringUpToDate(product);
    return 0;
  } catch (error) {
    if (!(error instanceof BuildRefused)) throw error;
    console.error(`${error.message}\n\nThe firmware was not built.`);
    return 2;
  }
}

async function bringUpToDate(product: Product): Promise<void> {
  const { isNew, report } = await currentFirmware(process.cwd(), product);
  if (!isNew) {
    console.log(`dist/${product.file} is up to date (${report.bytes} bytes).`);
    return;
  }
  const { bytes, names, scopes, milliseconds } = report;
  const total = Object.values(milliseconds).reduce((sum, ms) => sum + ms, 0);
  console.log(
    `dist/${product.file}: ${bytes} bytes, ${names.shared.length} shared names, ${scopes.functions} functions, ${total} ms.`,
  );
}

process.exitCode = await main();
