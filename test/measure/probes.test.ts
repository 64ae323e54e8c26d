/**
 * The host's count of rows per lookup: it must look where the datapath looks, and count as the datapath walks.
 */
import test from 'ava';
import {
  flowBuckets,
  lanIndex,
  outerSource,
  rowHop,
  rowPorts,
  rowSource,
} from '../../firmware/layout/arena.ts';
import { translate } from '../../firmware/datapath/fast.ts';
import { lanPort } from '../../firmware/layout/ports.ts';
import { LoadedRouter } from '../../host-tools/measure/loaded-router.ts';
import { bucketOf, countProbes, probeBudget } from '../../host-tools/measure/probes.ts';
import { firmwareFiles } from '../../host-tools/lab/firmware-files.ts';
import { arrival } from '../router/traffic.ts';

test('a flow is looked for in the bucket that the host names', (t) => {
  // A frame of C to I as the firmware has it: six bytes before the Ethernet header.
  const bytes = new Uint8Array(6 + 60 + 2);
  bytes.set(arrival('lan', 60, 0), 6);
  const words = new Uint32Array(bytes.buffer);
  rowSource[1] = words[8];
  outerSource[1] = words[9];
  rowPorts[1] = words[10];
  rowHop[1] = 1;
  const bucket = bucketOf('lan', '192.168.0.3:4000>198.51.100.10:9');
  for (let elsewhere = 0; elsewhere < flowBuckets; elsewhere++)
    if (elsewhere !== bucket) lanIndex[elsewhere] = 0;
  lanIndex[bucket] = 1;
  t.is(translate(words, lanPort), 1);
});

test('chains of 1, 2 and 3 rows cost 1, 3 and 6 comparisons', (t) => {
  const port = (n: number) => ({ original: `10.0.0.1:${n}>10.0.0.2:80`, reply: `10.0.0.2:80>10.0.0.3:${n}` });
  const same = (n: number) => ({ original: '10.0.0.1:7>10.0.0.2:80', reply: `10.0.0.2:80>10.0.0.3:${n}` });
  const replyBuckets = new Set([1, 2, 3].map((n) => bucketOf('wan', port(n).reply)));
  t.is(replyBuckets.size, 3);
  t.deepEqual(countProbes([port(1)]), { flows: 1, mean: 1, worst: 1 });
  t.deepEqual(countProbes([same(1), same(2)]), { flows: 2, mean: (3 + 2) / 4, worst: 2 });
  t.deepEqual(countProbes([same(1), same(2), same(3)]), { flows: 3, mean: (6 + 3) / 6, worst: 3 });
});

test('512 seeded flows settle, and a lookup compares few rows', async (t) => {
  const router = new LoadedRouter(await firmwareFiles(), 512, 1);
  const { flows, mean, worst } = countProbes(router.flows());
  t.is(flows, 512);
  t.true(mean <= probeBudget.mean && worst <= probeBudget.worst, `mean ${mean}, worst ${worst}`);
});
