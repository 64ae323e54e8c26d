/* A router that refuses is there; what no neighbour answers is test/lab-bench's, with a router that is switched off. */
import test from 'ava';
import { isRouterThere } from '../../host-tools/bench/probe/router-there.ts';

test('an answer of any kind, a refusal too, comes from a router that is there', async (t) => {
  t.true(await isRouterThere('127.0.0.1'));
});
