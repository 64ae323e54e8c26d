/*
 * How much TCP the lab carries: from I to C through both models and the firmware, beside the same ports, switch and
 * hosts when frames are only copied between the router's two ports. The difference is what models and firmware cost.
 */
import type { Direction } from '../hosts/bulk.ts';
import { CAST } from '../lab.ts';
import { openKernelLab, type KernelLab } from './kernel-lab.ts';

export interface ThroughputOptions {
  /** Text of dist/firmware.js. */
  bundle: string;
  /** The board's Storage: 'board.json' and 'config.json'. */
  files: Record<string, string>;
  /** Runs of each kind, alternating. Default 5. */
  runs?: number;
  /** Length of a run, ms. Default 1000. */
  milliseconds?: number;
  /** Default `down`, from I to C. */
  direction?: Direction;
}

/** Mbit/s of TCP payload, in the order measured. */
export interface Throughput {
  router: number[];
  copy: number[];
}

async function measure(lab: KernelLab, direction: Direction, milliseconds: number): Promise<number> {
  const { bytes, milliseconds: took } = await lab.client.bulk(CAST.I.address, direction, milliseconds);
  return (bytes * 8) / took / 1000;
}

/** Rejects with a sentence where a kernel lab is impossible. */
export async function measureLabThroughput(options: ThroughputOptions): Promise<Throughput> {
  const { bundle, files, runs = 5, milliseconds = 1000, direction = 'down' } = options;
  const throughput: Throughput = { router: [], copy: [] };
  const labs: KernelLab[] = [];
  try {
    for (const forward of ['copy', 'router'] as const)
      labs.push(await openKernelLab({ bundle, files, forward, capture: false }));
    const [copy, router] = labs;
    for (let run = 0; run < runs; run++) {
      throughput.copy.push(await measure(copy, direction, milliseconds));
      throughput.router.push(await measure(router, direction, milliseconds));
    }
  } finally {
    await Promise.all(labs.map((lab) => lab.close()));
  }
  return throughput;
}
