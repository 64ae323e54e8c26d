/**
 * How P comes and goes with its lease (rows dc-8, dc-13, dc-14, 5227-probe, 5227-defend), and what that does to the router
 * (hp-13, hp-14).
 */
import { LeasedRouter, leasedFor } from '../services/leased.ts';
import { board } from '../services/stub-board.ts';
import { publicAddress } from '../../firmware/control/addresses.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { arp, dropped, introduce, lan, moved, say, wan } from '../control/table.ts';
import { tcp, udp } from '../wire/packets.ts';
import { stranger } from '../services/isp.ts';
import { row } from './row.ts';

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
    const router = leasedFor();
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

row(['5227-defend'], 'one claim right after P was announced is defended, and costs no lease', (t) => {
  for (const seconds of [0, 1, 2, 4, 9]) {
    const router = leasedFor();
    router.pass(seconds);
    t.is(say('wan', arp(1, 'P', 'G', stranger)).length, 1, `defended ${seconds} s after it was taken`);
    router.pass(3);
    t.is(router.address, '12.0.0.1');
    say('wan', arp(1, 'P', 'G', stranger));
    router.pass(1);
    t.is(router.address, '');
  }
});

row(
  ['dc-13'],
  'after a restart the address of before is asked for first; flash is written when it changes',
  (t) => {
    let router = leasedFor(1000);
    const { storage } = board;
    const write = storage.write.bind(storage);
    let writes = 0;
    storage.write = (...args) => {
      writes++;
      return write(...args);
    };
    const restart = (silent = false) => {
      router = new LeasedRouter({}, 2, true);
      router.isp.silent = silent;
      router.until(() => router.isp.heard.length > 0);
      const [{ type, options, ciaddr }] = router.isp.heard;
      return [type, options[50]?.join('.'), options[54], ciaddr];
    };
    t.deepEqual(restart(), ['request', '12.0.0.1', undefined, '0.0.0.0']);
    router.bind();
    t.deepEqual(router.isp.take().length, 1);
    t.is(router.address, '12.0.0.1');
    t.is(router.isp.questions.length, 3, 'and it is probed for');
    router.pass(5000);
    t.is(writes, 0);
    // Another address, which the next start asks for.
    router.plug(false);
    router.pass(1);
    router.isp.terms.address = '12.0.0.8';
    router.plug(true);
    router.until(() => router.address === '12.0.0.8', 10);
    t.is(writes, 1);
    t.deepEqual(restart(), ['request', '12.0.0.8', undefined, '0.0.0.0']);
    // This ISP leases .1, and refuses at once; one that says nothing is asked anew after three times.
    router.bind();
    t.is(router.address, '12.0.0.1');
    restart(true);
    router.until(() => router.phase === 'selecting', 40);
    t.deepEqual(
      router.isp.heard.map(({ type }) => type),
      ['request', 'request', 'request', 'discover'],
    );
  },
);

row(
  ['dc-13'],
  'after a restart more time is asked of the server of before, if the answer names none',
  (t) => {
    leasedFor(1000);
    const router = new LeasedRouter({}, 2, true);
    router.isp.terms.lease = 1000;
    router.isp.change = (answer) => ({
      ...answer,
      options: Object.fromEntries(Object.entries(answer.options).filter(([code]) => code !== '54')),
    });
    router.pass(600);
    t.deepEqual(router.isp.take(), ['request 0.0.0.0>255.255.255.255', 'request 12.0.0.1>12.0.0.254']);
  },
);

row(['dc-14'], 'a renewal and a loose cable keep flows; another address ends them', (t) => {
  const router = leasedFor(200);
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
    const router = leasedFor(86400);
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

row(['hp-13'], 'P works on, around the hairpin as well, until its lease ends; then the LAN is told', (t) => {
  const router = leasedFor(200);
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
  const router = leasedFor();
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
