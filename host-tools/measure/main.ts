/*
 * `make bench`: measures the forwarding path of our own firmware, its SPI traffic and the lab, prints a table and
 * leaves out/bench.json. What is counted decides the exit code; what is timed depends on the machine and is only shown.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { explain } from '../cli/main.ts';
import { firmwareFiles, type FirmwareFiles } from '../lab/firmware-files.ts';
import { measureLab } from './lab.ts';
import { LoadedRouter } from './loaded-router.ts';
import { countProbes, probeBudget, type Probes } from './probes.ts';
import { flowPathText, labText, spiText, type MeasureResult, type Speed } from './report.ts';
import { speedLength, throughBundle, throughModels } from './speed.ts';
import { measureIdle, measureSpi, withinSpiBudget } from './spi.ts';

const directory = 'out';
const exitCodes = { withinBudget: 0, overBudget: 1 };
const flowCounts = [1, 64, 512];
const seed = 1;
/** Length of each timed run, ms. */
const runTime = 300;

/** Measures everything. Resolves with 0, or with 1 if something counted is over its budget. */
async function measure(): Promise<number> {
  const say = (text: string) => process.stdout.write(`${text}\n\n`);
  const firmware = await firmwareFiles();
  const { speed, probes } = measureFlowPath(firmware);
  const flowPath = { length: speedLength, speed, probes };
  say(flowPathText(flowPath));
  const router = new LoadedRouter(firmware, 1, seed);
  const spi = measureSpi(router, 'lan');
  const idle = measureIdle(router);
  say(spiText(spi, idle));
  const lab = await measureLab(firmware);
  say(labText(lab));
  const withinBudget =
    spi.every(withinSpiBudget) && probes.mean <= probeBudget.mean && probes.worst <= probeBudget.worst;
  const result: MeasureResult = {
    schema: 'hairpin.measure/1',
    version: versionOf(router),
    node: process.version,
    flowPath,
    spi,
    idle,
    lab,
    withinBudget,
  };
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${directory}/bench.json`, `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`Written to ${directory}/bench.json.\n`);
  return withinBudget ? exitCodes.withinBudget : exitCodes.overBudget;
}

function measureFlowPath(firmware: FirmwareFiles): { speed: Speed[]; probes: Probes } {
  let probes: Probes = { flows: 0, mean: 0, worst: 0 };
  const speed = flowCounts.map((flows) => {
    const router = new LoadedRouter(firmware, flows, seed);
    probes = countProbes(router.flows());
    return {
      flows,
      throughModels: throughModels(router, runTime),
      throughBundle: throughBundle(router, runTime),
    };
  });
  return { speed, probes };
}

function versionOf({ world }: LoadedRouter): string {
  return (JSON.parse(world.board.hairpin('version')) as { version: string }).version;
}

try {
  process.exitCode = await measure();
} catch (error) {
  process.exitCode = explain(error);
}
