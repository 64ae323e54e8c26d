/*
 * TCP through the lab beside the same ports with the router left out, as far as this machine can make a lab.
 * Everything that needs Linux is loaded only here.
 */
import type { FirmwareFiles } from '../lab/firmware-files.ts';

/** Mbit/s the lab has to carry: the chip's own line rate. */
export const labBudget = 100;

/** Mbit/s of TCP payload: every run, and the median. */
interface Runs {
  runs: number[];
  median: number;
}

export type LabThroughput =
  { measured: true; router: Runs; copy: Runs; ratio: number } | { measured: false; reason: string };

export async function measureLab(firmware: FirmwareFiles): Promise<LabThroughput> {
  const { kernelLabPossible } = await import('../lab/kernel/possible.ts');
  const possible = kernelLabPossible();
  if (!possible.ok) return { measured: false, reason: possible.reason };
  const { measureLabThroughput } = await import('../lab/kernel/throughput.ts');
  const { router, copy } = await measureLabThroughput(firmware);
  const through = { runs: router.map(round), median: round(median(router)) };
  const beside = { runs: copy.map(round), median: round(median(copy)) };
  return { measured: true, router: through, copy: beside, ratio: round(through.median / beside.median) };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The middle one; of an even number the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1];
}
