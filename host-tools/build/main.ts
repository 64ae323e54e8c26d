/**
 * `make build`: brings dist/firmware.js, its source map and dist/build.json up to date and says so in one line.
 * Prints and sets the exit code; the work is done in current.ts and build.ts.
 */
import { existsSync } from 'node:fs';
import { BuildRefused } from './complaint.ts';
import { currentFirmware } from './current.ts';

async function main(): Promise<number> {
  if (!existsSync('firmware/main.ts')) {
    console.error('There is no firmware/main.ts here. Run the build in the project directory.');
    return 2;
  }
  try {
    const { isNew, report } = await currentFirmware(process.cwd());
    if (!isNew) {
      console.log(`dist/firmware.js is up to date (${report.bytes} bytes).`);
      return 0;
    }
    const { bytes, names, scopes, milliseconds } = report;
    const total = Object.values(milliseconds).reduce((sum, ms) => sum + ms, 0);
    console.log(
      `dist/firmware.js: ${bytes} bytes, ${names.shared.length} shared names, ${scopes.functions} functions, ${total} ms.`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof BuildRefused)) throw error;
    console.error(`${error.message}\n\nThe firmware was not built.`);
    return 2;
  }
}

process.exitCode = await main();
