// `make soak-espruino`: a soak in each interpreter, its figures as they come, and a verdict. SOAK is the number of
// frames, ESPRUINO the interpreters. Exit code 1 when memory grew.
import { readFileSync } from 'node:fs';
import { findInterpreters } from '../interpreters.ts';
import { growth, soak } from './soak.ts';

const frames = Number(process.env.SOAK || 100_000);
const laps = 20;
const seed = 20;

async function main(): Promise<number> {
  const { found, reason } = findInterpreters();
  if (found.length === 0) {
    console.log(`*** SKIPPED: soak-espruino. ${reason}, so nothing was tested.`);
    return 0;
  }
  if (!Number.isInteger(frames) || frames < laps) {
    console.error(`SOAK is ${process.env.SOAK}; expected a number of frames, ${laps} or more.`);
    return 2;
  }
  const bundle = readFileSync('dist/firmware.js', 'latin1');
  let grew = false;
  for (const interpreter of found) {
    const start = performance.now();
    console.log(`${interpreter}: ${frames} frames in ${laps} laps, seed ${seed}`);
    const onLap = (lap: number, usage: number) =>
      console.log(`  ${String((lap * frames) / laps).padStart(9)} frames: ${usage} variables in use`);
    const result = await soak(interpreter, bundle, { frames, laps, seed, onLap });
    const { counters, flows, sent } = result;
    const grown = growth(result);
    grew ||= grown > 0;
    const fast = counters['forwarded-fast'];
    console.log(`  forwarded by the datapath alone: ${fast}; looked at by control: ${counters['looked-at']}`);
    console.log(`  sent: ${sent[0]} by the WAN, ${sent[1]} by the LAN; flows in the table: ${flows}`);
    const verdict = grown > 0 ? `GREW by ${grown} variables` : 'no growth';
    console.log(`  ${verdict}, ${Math.round((performance.now() - start) / 1000)} s`);
  }
  return grew ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
