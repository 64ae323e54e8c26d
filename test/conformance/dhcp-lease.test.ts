/**
 * The DHCP client on the WAN over time (rows dc-4 to dc-8, dc-13 to dc-15) and what P's coming and going does to the router
 * (5227-probe, 5227-defend, hp-13, hp-14).
 */
import { LeasedRouter } from '../services/leased.ts';
import { publicAddress } from '../../firmware/control/addresses.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { arp, dropped, introduce, lan, moved, say, wan } from '../control/table.ts';
import { tcp, udp } from '../wire/packets.ts';
import { stranger } from '../services/isp.ts';
import { row } from './row.ts';

/** Seconds between the messages of a type. */
function gaps(router: LeasedRouter, type: string): number[] {
  const times = router.isp.heard.filter((message) => message.type === type).map(({ at }) => at);
  return times.slice(1).map((at, i) => at - times[i]);
}

/** Bound for so many seconds a lease; what led there is not listed. */
function bound(lease = 3600, wish = {}): LeasedRouter {
  const router = new LeasedRouter(wish);
  router.isp.terms.lease = lease;
  router.bind();
  introduce('G', 'S', 'C');
  router.isp.take();
  router.isp.questions.length = 0;
  moved();
  return router;
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
    const router = bound(120);
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
    const router = bound(86400);
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
    const router = bound(1000);
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
  const router = bound(1000);
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

row(
  ['dc-8', '5227-probe'],
  'an address is asked for twice within 2 s before it is P; one that somebody has is declined, and there is a rest of 10 s',
  (t) => {
    const router = new LeasedRouter();
    router.isp.taken.add('12.0.0.1');
    router.until(() => router.isp.heard.some(({ type }) => type === 'decline'));
    const declined = router.isp.heard.at(-1)!;
    t.deepEqual(
      [
        declined.from,
        declined.to,
        declined.ciaddr,
        declined.options[50].join('.'),
        declined.options[54].join('.'),
      ],
      ['0.0.0.0', '255.255.255.255', '0.0.0.0', '12.0.0.1', '12.0.0.254'],
    );
    t.is(publicAddress, 0);
    router.isp.terms.address = '12.0.0.2';
    router.bind();
    const again = router.isp.heard.find(({ at }) => at > declined.at)!;
    t.is(again.type, 'discover');
    t.is(again.at - declined.at, 10);
    t.is(router.address, '12.0.0.2');
    const probes = router.isp.questions.filter((question) => question.for === '12.0.0.2');
    const asked = router.isp.heard.at(-1)!.at;
    t.deepEqual(
      probes.map(({ at, sender }) => [at - asked, sender]),
      [
        [1, '0.0.0.0'],
        [2, '0.0.0.0'],
        [3, '12.0.0.2'],
      ],
    );
  },
);

row(['5227-probe'], 'somebody else who is about to take the address has it first', (t) => {
  const router = new LeasedRouter();
  router.until(() => router.phase === 'probing');
  say('wan', arp(1, '0.0.0.0', '12.0.0.1', stranger));
  router.pass(1);
  t.is(router.isp.heard.at(-1)!.type, 'decline');
  t.is(publicAddress, 0);
});

row(
  ['5227-defend'],
  'a leased P that is claimed twice in 10 s is declined, and another one is asked for',
  (t) => {
    const router = bound();
    router.pass(20);
    lan(udp('C:4444', 'I:53'));
    t.is(say('wan', arp(1, 'P', 'G', stranger)).length, 1, 'defended');
    router.pass(3);
    t.is(router.address, '12.0.0.1');
    t.deepEqual(say('wan', arp(1, 'P', 'G', stranger)), []);
    router.pass(1);
    t.is(router.address, '');
    t.is(flowsInUse, 0);
    const declined = router.isp.heard.at(-1)!;
    t.deepEqual(
      [declined.type, declined.options[50].join('.'), declined.ciaddr],
      ['decline', '12.0.0.1', '0.0.0.0'],
    );
    router.isp.terms.address = '12.0.0.3';
    t.true(router.until(() => router.phase === 'bound') >= 10);
    t.is(router.address, '12.0.0.3');
    router.pass(100);
    t.is(router.address, '12.0.0.3', 'the old claims are forgotten');
  },
);

row(['dc-14'], 'a renewal and a loose cable keep flows; another address ends them', (t) => {
  const router = bound(200);
  lan(udp('C:4444', 'I:7777'));
  router.until(() => router.phase === 'renewing', 600);
  router.until(() => router.phase === 'bound', 5);
  t.deepEqual(wan(udp('I:7777', 'P:4444')), ['lan C | udp I:7777 > C:4444']);
  for (let i = 0; i < 5; i++) {
    router.plug(false);
    router.pass(i);
    router.plug(true);
    router.pass(1);
    t.is(router.phase, i ? 'rebooting' : 'bound', 'asked at once');
    router.pass(1);
    t.is(router.phase, 'bound');
  }
  t.deepEqual(wan(udp('I:7777', 'P:4444')), ['lan C | udp I:7777 > C:4444']);
  t.is(router.isp.heard.filter(({ type }) => type === 'discover').length, 0);
  router.plug(false);
  router.pass(5);
  router.isp.terms.address = '12.0.0.9';
  router.plug(true);
  router.until(() => router.address === '12.0.0.9', 10);
  t.is(flowsInUse, 0);
});

row(
  ['dc-14'],
  'in another network that says nothing to the old address, a new one is had within a minute',
  (t) => {
    const router = bound(86400);
    router.plug(false);
    router.pass(100);
    Object.assign(router.isp.terms, { address: '10.20.0.5', gateway: '10.20.0.1', server: '10.20.0.1' });
    router.isp.authoritative = false;
    router.plug(true);
    router.pass(3);
    t.is(router.address, '12.0.0.1', 'not given up for a silence of seconds');
    t.true(router.until(() => router.address === '10.20.0.5', 60) > 20);
    t.deepEqual(
      router.isp.take().map((line) => line.split(' ')[0]),
      ['request', 'request', 'request', 'discover', 'request'],
    );
  },
);

row(['dc-15'], 'a lease for ever has no timers', (t) => {
  const router = bound(0xffffffff);
  router.pass(50000);
  t.deepEqual(router.isp.take(), []);
  t.is(router.address, '12.0.0.1');
  // One that is nearly as long has sums that stay whole.
  const long = bound(0xfffffffe);
  long.pass(1000);
  t.is(long.address, '12.0.0.1');
  t.deepEqual(long.isp.take(), []);
});

row(['hp-13'], 'P works on, around the hairpin as well, until its lease ends; then the LAN is told', (t) => {
  const router = bound(200);
  router.isp.silent = true;
  router.plug(false);
  router.until(() => router.now >= 190, 300);
  t.deepEqual(lan(tcp('C:33333', 'P:25', 'S')), ['lan S | tcp P:33333 > S:25 S']);
  router.until(() => !publicAddress, 20);
  introduce('S', 'C');
  moved();
  t.deepEqual(lan(tcp('C:33334', 'P:25', 'S')), ['lan C | icmp 3/0 R > C about tcp C:33334 > P:25 S']);
  t.deepEqual(lan(udp('C:4444', 'I:53')), ['lan C | icmp 3/0 R > C about udp C:4444 > I:53']);
  t.is(dropped(), 'drop-no-address x2');
  t.deepEqual(wan(tcp('I:33333', 'P:25', 'S')), []);
  router.isp.silent = false;
  router.plug(true);
  router.bind();
  introduce('G', 'S', 'C');
  t.deepEqual(lan(tcp('C:33333', 'P:25', 'S')), ['lan S | tcp P:33333 > S:25 S']);
});

row(['hp-14'], 'forwards follow a leased P to its next address, and the old one leads nowhere', (t) => {
  const router = bound();
  lan(tcp('C:33333', 'P:25', 'S'));
  lan(udp('C:4444', 'I:53'));
  router.plug(false);
  router.pass(1);
  router.isp.terms.address = '12.0.0.7';
  router.plug(true);
  router.until(() => router.address === '12.0.0.7', 10);
  t.is(flowsInUse, 0);
  introduce('S', 'C');
  say('wan', arp(1, 'G', '12.0.0.7'));
  t.deepEqual(wan(tcp('I:44444', '12.0.0.7:25', 'S')), ['lan S | tcp I:44444 > S:25 S']);
  t.deepEqual(lan(tcp('C:33333', '12.0.0.7:25', 'S')), ['lan S | tcp 12.0.0.7:33333 > S:25 S']);
  t.deepEqual(wan(tcp('I:44445', 'P:25', 'S')), []);
  t.deepEqual(wan(udp('I:53', 'P:4444')), []);
});
