/**
 * The host's count of rows per lookup: it must look where the datapath looks, and count as the datapath walks.
 */
import test from 'ava';
import {
  flowBuckets,
  flowClass,
  lanIndex,
  rowHop,
  rowPorts,
  rowSource,
  rowTarget,
} from '../../firmware/layout/arena.ts';
import { translate, udpClass } from '../../firmware/datapath/translate.ts';
import { LoadedRouter } from '../../host-tools/bench/loaded-router.ts';
import { bucketOf, countProbes, probeBudget } from '../../host-tools/bench/probes.ts';
import { firmwareFiles } from '../../host-tools/lab/firmware-files.ts';
import { arrival } from '../router/traffic.ts';

test('a flow is looked for in the bucket that the host names', (t) => {
  // A frame of C to I as the firmware has it: six bytes before the Ethernet header.
  const bytes = new Uint8Array(6 + 60 + 2);
  bytes.set(arrival('lan', 60, 0), 6);
  const words = new Uint32Array(bytes.buffer);
  rowSource[2] = words[8];
  rowTarget[2] = words[9];
  rowPorts[2] = words[10];
  rowHop[2] = 1;
  flowClass[1] = udpClass;
  const bucket = bucketOf('192.168.0.3:4000>198.51.100.10:9');
  for (let elsewhere = 0; elsewhere < flowBuckets; elsewhere++)
    if (elsewhere !== bucket) lanIndex[elsewhere] = 0;
  lanIndex[bucket] = 2;
  t.is(translate(words, lanIndex), 1);
});

test('chains of 1, 2 and 3 rows cost 1, 3 and 6 comparisons', (t) => {
  const port = (n: number) => ({ original: `10.0.0.1:${n}>10.0.0.2:80`, reply: `10.0.0.2:80>10.0.0.3:${n}` });
  const same = (n: number) => ({ original: '10.0.0.1:7>10.0.0.2:80', reply: `10.0.0.2:80>10.0.0.3:${n}` });
  const replyBuckets = new Set([1, 2, 3].map((n) => bucketOf(port(n).reply)));
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
