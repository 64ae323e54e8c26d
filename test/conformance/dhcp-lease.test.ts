/** The DHCP client on the WAN over time (rows dc-4 to dc-7, dc-15): when it asks, and what an answer or none leads to. */
import { LeasedRouter, leasedFor } from '../services/leased.ts';
import { publicAddress } from '../../firmware/control/addresses.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { lan } from '../control/table.ts';
import { udp } from '../wire/packets.ts';
import { row } from './row.ts';

/** Seconds between the messages of a type. */
function gaps(router: LeasedRouter, type: string): number[] {
  const times = router.isp.heard.filter((message) => message.type === type).map(({ at }) => at);
  return times.slice(1).map((at, i) => at - times[i]);
}

const near = (gap: number, wanted: number) => Math.abs(gap - wanted) <= 1;

row(
  ['dc-4'],
  'a silent server is asked again after 4, 8, 16, 32 and then every 64 s, give or take one',
  (t) => {
    const first = new Set<number>();
    const seen = new Set<number>();
    for (let seed = 1; seed <= 20; seed++) {
      const router = new LeasedRouter({}, seed);
      router.isp.silent = true;
      router.pass(400);
      const [discover] = router.isp.heard;
      first.add(discover.at);
      gaps(router, 'discover').forEach((gap, i) => {
        const wanted = Math.min(4 << i, 64);
        t.true(near(gap, wanted), `${gap} for ${wanted}`);
        seen.add(gap - wanted);
      });
      t.is(new Set(router.isp.heard.map(({ xid }) => xid)).size, 1);
    }
    t.deepEqual([...first].sort(), [1, 2], 'within a second of the start');
    t.deepEqual([...seen].sort(), [-1, 0, 1]);
  },
);

row(['dc-4'], 'an offer that is not given is asked for four times, then everybody is asked anew', (t) => {
  const router = new LeasedRouter();
  router.until(() => router.phase === 'selecting');
  router.isp.silent = true;
  router.pass(70);
  const types = router.isp.heard.map(({ type }) => type);
  t.deepEqual(types.slice(0, 6), ['discover', 'request', 'request', 'request', 'request', 'discover']);
  gaps(router, 'request').forEach((gap, i) => t.true(near(gap, 4 << i), `${gap}`));
  t.not(router.isp.heard[5].xid, router.isp.heard[0].xid);
  t.is(publicAddress, 0);
});

row(
  ['dc-5', 'dc-6'],
  'a lease of 120 s is renewed at 60 s and rebound at 105 s, and P and its flows end at 120 s',
  (t) => {
    const router = leasedFor(120);
    const begun = router.now - 3;
    router.isp.silent = true;
    lan(udp('C:4444', 'I:53'));
    t.is(flowsInUse, 1);
    router.pass(116);
    t.is(router.address, '12.0.0.1');
    t.is(flowsInUse, 1);
    router.pass(1);
    t.is(router.now - begun, 120);
    t.is(router.address, '');
    t.is(flowsInUse, 0);
    const asked = router.isp.heard.map(({ at, to }) => `${at - begun} ${to}`);
    t.deepEqual(asked, [
      '60 12.0.0.254',
      '82 12.0.0.254',
      '93 12.0.0.254',
      '99 12.0.0.254',
      '103 12.0.0.254',
      '105 255.255.255.255',
      '112 255.255.255.255',
      '116 255.255.255.255',
      '120 255.255.255.255',
    ]);
    t.deepEqual(
      router.isp.heard.map(({ type }) => type),
      [...Array<string>(8).fill('request'), 'discover'],
    );
    router.isp.silent = false;
    router.bind();
    t.is(router.address, '12.0.0.1');
  },
);

row(
  ['dc-6'],
  'a lease of a day is asked for again after half of what is left each time, but not within a minute',
  (t) => {
    const router = leasedFor(86400);
    router.isp.silent = true;
    router.until(() => router.phase === 'renewing', 50000);
    const from = router.now;
    router.until(() => router.phase === 'rebinding', 50000);
    router.pass(10800);
    t.is(router.address, '');
    const times = router.isp.heard.filter(({ from: source }) => source === '12.0.0.1').map(({ at }) => at);
    const t2 = from + 32400;
    const end = from + 43200;
    times.slice(1).forEach((at, i) => {
      const limit = at <= t2 ? t2 : end;
      // The first one after T2 comes at T2 itself.
      const wanted = Math.min(times[i] + Math.max((limit - times[i]) / 2, 60), limit);
      t.true(Math.abs(at - wanted) <= 2, `${at - from} after ${times[i] - from}`);
    });
    t.true(times.length < 25);
  },
);

row(['dc-6'], 'a server that answers again renews at once, however late', (t) => {
  for (const phase of ['renewing', 'rebinding']) {
    const router = leasedFor(1000);
    router.isp.silent = true;
    router.until(() => router.phase === phase, 1000);
    router.isp.silent = false;
    router.until(() => router.phase === 'bound', 300);
    const { at } = router.isp.heard.at(-1)!;
    router.until(() => router.phase === 'renewing', 600);
    t.is(router.now - at, 500, 'half of the lease from the request on');
  }
});

row(['dc-7'], 'a refusal ends the lease and leads to a new question, whichever request is refused', (t) => {
  const router = leasedFor(1000);
  lan(udp('C:4444', 'I:53'));
  router.isp.terms.address = '12.0.0.9';
  router.until(() => router.phase === 'renewing', 600);
  router.until(() => router.phase !== 'renewing', 5);
  t.is(publicAddress, 0);
  t.is(flowsInUse, 0);
  router.bind();
  t.is(router.address, '12.0.0.9');
  t.deepEqual(
    router.isp.take().map((line) => line.split(' ')[0]),
    ['request', 'discover', 'request'],
  );
  // One that refuses what it has offered is not asked in a circle.
  router.isp.refuses = true;
  router.pass(600);
  const { length } = router.isp.heard;
  router.pass(100);
  t.is(publicAddress, 0);
  const more = router.isp.heard.length - length;
  t.true(more > 10 && more <= 2 * (100 / 4 + 1), `${more} messages in 100 s`);
  router.isp.refuses = false;
  router.until(() => router.phase === 'bound');
  t.is(router.address, '12.0.0.9');
});

row(['dc-15'], 'a lease for ever has no timers', (t) => {
  const router = leasedFor(0xffffffff);
  router.pass(50000);
  t.deepEqual(router.isp.take(), []);
  t.is(router.address, '12.0.0.1');
  // One that is nearly as long has sums that stay whole.
  const long = leasedFor(0xfffffffe);
  long.pass(1000);
  t.is(long.address, '12.0.0.1');
  t.deepEqual(long.isp.take(), []);
});

row(
  ['dc-6'],
  'no LAN host speaks by the port of the answers: with a flow from it, P is renewed as ever',
  (t) => {
    const router = leasedFor(1000);
    for (let i = 0; i < 18; i++) {
      const [left] = lan(udp('C:68', 'G:67', {}));
      t.regex(left, /^wan G \| udp P:(?!68 )\d+ > G:67/);
      router.pass(50);
    }
    t.is(router.address, '12.0.0.1');
    t.deepEqual(
      router.isp.heard.map(({ type }) => type),
      ['request'],
    );
  },
);
