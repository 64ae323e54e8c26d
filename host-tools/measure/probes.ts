/*
 * How many rows of the flow table a lookup compares until it has its row, from the flows a router lists: which bucket
 * a row is in follows from its words, and a chain of n rows costs 1 to n comparisons.
 */
import { flowBuckets } from '../../firmware/layout/arena.ts';
import { udpOffset } from '../../firmware/layout/flow.ts';

/** The budget, with 512 seeded flows. */
export const probeBudget = { mean: 1.5, worst: 6 };

export interface Probes {
  flows: number;
  /** Over all rows, each looked up once. */
  mean: number;
  worst: number;
}

/** A tuple as the `flows` request tells it: "192.168.0.3:33333>12.0.0.1:25". */
interface Tuple {
  source: number;
  target: number;
  ports: number;
}

/** Words as the firmware reads them from a packet: little-endian. */
function tupleOf(text: string): Tuple {
  const [source, sourcePort, target, targetPort] = text.split(/[:>]/);
  const word = (address: string) => Buffer.from(address.split('.').map(Number)).readUInt32LE();
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(Number(sourcePort), 0);
  ports.writeUInt16BE(Number(targetPort), 2);
  return { source: word(source), target: word(target), ports: ports.readUInt32LE() };
}

/** The bucket in which the datapath looks for a UDP packet with this tuple on a port (firmware/datapath/udp.ts). */
export function bucketOf(port: 'lan' | 'wan', text: string): number {
  const { source, target, ports } = tupleOf(text);
  // What arrives on the WAN is always for P, so its target is left out.
  return (source + ports + (port === 'lan' ? target : 0) + udpOffset) % flowBuckets;
}

/** @param flows UDP, of LAN hosts with the Internet: originals arrive on the LAN, replies on the WAN */
export function countProbes(flows: readonly { original: string; reply: string }[]): Probes {
  const chains = new Map<string, number>();
  for (const { original, reply } of flows) {
    for (const key of [`lan ${bucketOf('lan', original)}`, `wan ${bucketOf('wan', reply)}`])
      chains.set(key, (chains.get(key) ?? 0) + 1);
  }
  let comparisons = 0;
  let worst = 0;
  for (const rows of chains.values()) {
    comparisons += (rows * (rows + 1)) / 2;
    worst = Math.max(worst, rows);
  }
  return { flows: flows.length, mean: comparisons / (2 * flows.length), worst };
}
