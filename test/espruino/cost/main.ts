// `make bench-espruino`: what the bundle costs on real interpreters, in turns. Prints tables, leaves
// out/bench-espruino.json, holds the figures against test/ratchet.json. With UPDATE_RATCHET=1 takes them over there and
// into docs/performance.md. Exit status: 0 no regression, or nothing to measure with; 1 a regression; 2 an error.
import { mkdirSync, writeFileSync } from 'node:fs';
import { LoadedRouter } from '../../../host-tools/measure/loaded-router.ts';
import { measureSpi } from '../../../host-tools/measure/spi.ts';
import { firmwareFiles } from '../../../host-tools/lab/firmware-files.ts';
import { findInterpreters } from '../interpreters.ts';
import { hasValgrind } from './callgrind.ts';
import { holdAgainstRatchet, parts, update } from './keeping.ts';
import { plainTable } from './page.ts';
import type { CostResult, SpiLine } from './report.ts';
import { countAll, interpretersByVersion } from './runs.ts';

const resultFile = 'out/bench-espruino.json';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** SPI of frames from the LAN, as the models count it: forwarding and interrupt clears together. */
async function spiLines(): Promise<SpiLine[]> {
  const lines = measureSpi(new LoadedRouter(await firmwareFiles(), 1, 1), 'lan');
  return lines
    .filter(({ length }) => length !== 512)
    .map(({ length, burst, forwarding, housekeeping }) => ({
      length,
      burst,
      transactions: forwarding.frames + housekeeping.frames,
      bytes: forwarding.bytes + housekeeping.bytes,
    }));
}

async function main(): Promise<number> {
  const { found, reason } = findInterpreters();
  const missing = found.length === 0 ? reason : hasValgrind() ? '' : 'valgrind cannot be started';
  if (missing) {
    say(`*** SKIPPED: bench-espruino. Nothing was measured: ${missing}.`);
    say(
      '*** It needs valgrind, and ESPRUINO set to one or more binaries (colon-separated) or espruino on PATH.',
    );
    return 0;
  }
  const { bundle, files } = await firmwareFiles();
  const result: CostResult = {
    schema: 'hairpin.bench-espruino/1',
    bytes: bundle.length,
    interpreters: await countAll(process.cwd(), interpretersByVersion(found), files),
    spi: await spiLines(),
  };
  mkdirSync('out', { recursive: true });
  writeFileSync(resultFile, `${JSON.stringify(result, null, 2)}\n`);
  for (const [name, rows] of Object.entries(parts(result))) say(`\n${name}\n\n${plainTable(rows)}`);
  say(`\nWritten to ${resultFile}.`);
  if (process.env.UPDATE_RATCHET === '1') {
    await update(result);
    return 0;
  }
  return holdAgainstRatchet(result) ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
