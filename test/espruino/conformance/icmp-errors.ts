/**
 * Other people's ICMP errors, translated through the packet they quote, from every side, and those that are not.
 */
import assert from 'node:assert/strict';
import { icmp, icmpError, ip, ping, tcp, udp } from '../../wire/packets.ts';
import { filler, spoilt } from './packets.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

const unreachable: [number, number] = [3, 1];

/** From the Internet about what C sent, for each protocol and length of quote. */
function aboutOutbound(router: Router): void {
  router.lan(tcp('C:40100', 'I:80', 'S'));
  router.lan(udp('C:40100', 'I:53'));
  router.lan(udp('C:40101', 'I:53', { unsummed: true }));
  router.lan(ping('C', 'I', 77));
  router.lan(icmp('C', 'I', 13, 0, 0x4e0001, { data: filler(12) }));
  const seen = [
    tcp('P:40100', 'I:80', 'S'),
    udp('P:40100', 'I:53'),
    udp('P:40101', 'I:53', { unsummed: true }),
    ping('P', 'I', 77),
    icmp('P', 'I', 13, 0, 0x4e0001, { data: filler(12) }),
  ];
  for (const about of seen) {
    for (const quoted of [8, 9, 20, 28]) {
      const [left] = router.wan(icmpError('J', 'P', unreachable, about, quoted));
      assert.match(left, /^lan C \| icmp 3\/1 J > C about (tcp|udp|icmp|ping|timestamp) C/);
    }
  }
  router.wan(icmpError('J', 'P', [11, 0], seen[0]));
  router.wan(icmpError('J', 'P', [12, 0, 0x14000000], seen[1]));
  router.wan(icmpError('G', 'P', [3, 4, 1400], seen[0]));
  router.counts();
}

/** From the LAN: about what came in by a forward, around the hairpin, and out. */
function fromLan(router: Router): void {
  router.wan(udp('I:5555', 'P:5000'));
  router.lan(udp('C:6666', 'P:5000'));
  assert.match(
    router.lan(icmpError('S', 'I', [3, 3], udp('I:5555', 'S:5000')))[0],
    /^wan G \| icmp 3\/3 P > I about udp I:5555 > P:5000/,
  );
  assert.match(
    router.lan(icmpError('S', 'P', [3, 3], udp('P:6666', 'S:5000')))[0],
    /^lan C \| icmp 3\/3 P > C about udp C:6666 > P:5000/,
  );
  assert.match(
    router.lan(icmpError('C', 'P', [3, 3], udp('P:5000', 'C:6666')))[0],
    /^lan S \| icmp 3\/3 P > S about udp S:5000 > P:6666/,
  );
  router.wan(icmpError('J', 'P', [3, 1], udp('P:5000', 'I:5555')));
  router.counts();
}

function notTranslated(router: Router): void {
  const about = udp('P:40100', 'I:53');
  const good = icmpError('J', 'P', unreachable, about);
  router.wan(spoilt(good, { 30: 9 }, false));
  router.wan(icmpError('J', 'P', unreachable, spoilt(about, { 8: 9 }, false)));
  router.counts('drop-icmp-checksum', 'drop-icmp-checksum');
  router.wan(icmpError('J', 'P', unreachable, about.subarray(0, 24)));
  router.wan(icmpError('J', 'P', unreachable, spoilt(about, { 0: 0x65 }, false)));
  router.wan(icmpError('J', 'P', unreachable, spoilt(about, { 0: 0x44 }, false), 32));
  router.wan(icmpError('J', 'P', unreachable, ip(47, 'P', 'I', filler(28))));
  router.wan(icmpError('J', 'P', unreachable, icmp('P', 'I', 3, 1, 0, { data: filler(28) })));
  router.counts(...Array<string>(5).fill('drop-icmp'));
  router.lan(icmpError('S', 'J', [3, 3], udp('I:5555', 'S:5000')));
  router.counts('drop-icmp');
  router.wan(icmpError('J', 'P', unreachable, udp('P:1', 'I:2')));
  router.counts('drop-no-flow');
  router.wan(spoilt(good, { 8: 1 }));
  router.counts('drop-ttl');
}

export const icmpErrors: Subject = {
  title: 'icmp errors of others',
  play(stage) {
    const router = stage.router();
    aboutOutbound(router);
    fromLan(router);
    notTranslated(router);
    // Towards somebody who has to be asked for first.
    const strangers = stage.boot();
    strangers.arp('wan', 'G', 'P');
    strangers.wan(udp('I:1', 'P:5000'));
    strangers.wan(icmpError('J', 'P', unreachable, udp('P:5000', 'I:1')));
    assert.match(strangers.arp('lan', 'S', 'R')[1], /^lan S \| icmp 3\/1 J > S/);
  },
};
