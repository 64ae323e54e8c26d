/**
 * ICMP the router makes: echo replies, and every error it owes, up to the limit.
 */
import assert from 'node:assert/strict';
import { icmp as message, icmpError, ip, ping, pong, tcp, udp } from '../../wire/packets.ts';
import { configText } from './configs.ts';
import { filler, spoilt } from './packets.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

function echo(router: Router): void {
  assert.deepEqual(router.lan(ping('C', 'R', 7, { ttl: 1 })), ['lan C | pong R > C id 7']);
  assert.deepEqual(router.lan(ping('C', 'P', 8, { ttl: 255 })), ['lan C | pong P > C id 8']);
  assert.deepEqual(router.wan(ping('I', 'P', 9, { data: filler(1000) })), ['wan G | pong P > I id 9']);
  // The sender is not known yet: its question is held until it is.
  router.lan(ping('192.168.0.60', 'R', 1));
  assert.equal(router.arp('lan', '192.168.0.60', 'R').length, 2);
  router.counts();
}

function unwanted(router: Router): void {
  router.lan(pong('C', 'R', 7));
  router.lan(pong('C', 'P', 7));
  router.lan(message('C', 'R', 13, 0, 0x70001, { data: filler(12) }));
  router.lan(pong('C', 'I', 7));
  router.lan(message('C', 'I', 5, 0, 1, { data: filler(28) }));
  router.counts(...Array<string>(5).fill('drop-icmp'));
  router.wan(pong('I', 'P', 7));
  router.counts('drop-no-flow');
}

/** Queries through the router: the identifier is translated. */
function queries(router: Router): void {
  assert.deepEqual(router.lan(ping('C', 'I', 7)), ['wan G | ping P > I id 7']);
  assert.deepEqual(router.wan(pong('I', 'P', 7)), ['lan C | pong I > C id 7']);
  const [second] = router.lan(ping('S', 'I', 7));
  const id = Number(second.split(' ').at(-1));
  assert.notEqual(id, 7, 'taken by C');
  assert.deepEqual(router.wan(pong('I', 'P', id)), ['lan S | pong I > S id 7']);
  router.lan(message('C', 'J', 13, 0, 0x70001, { data: filler(12) }));
  router.wan(message('J', 'P', 14, 0, 0x70001, { data: filler(12) }));
  assert.deepEqual(router.lan(ping('C', 'S', 3)), ['lan S | ping C > S id 3'], 'a host that goes through us');
  router.ask('flows');
  router.counts();
}

function errors(router: Router): void {
  const answers = [
    router.lan(udp('C:4000', 'I:53', { ttl: 1 })),
    router.lan(udp('C:4000', 'R:53')),
    router.lan(udp('C:4000', 'P:53', { data: filler(100) })),
    router.lan(ip(47, 'C', 'I', filler(4))),
    router.wan(udp('I:4000', 'P:5000', { ttl: 1 })),
  ];
  assert.deepEqual(
    answers.flat().map((words) => words.split(' about ')[0]),
    [
      'lan C | icmp 11/0 R > C',
      'lan C | icmp 3/3 R > C',
      'lan C | icmp 3/3 P > C',
      'lan C | icmp 3/13 R > C',
      'wan G | icmp 11/0 P > I',
    ],
  );
  router.count();
  assert.deepEqual(router.lan(udp('C:4000', 'R:53')), [], 'five a second');
  router.counts('drop-refused', 'icmp-error-rate-limited');
  router.leap(1);
  assert.match(router.lan(ping('C', 'I', 1, { ttl: 1 }))[0], /icmp 11\/0 R > C/);
  // About an error, a fragment or a martian nothing is said; the Internet hears of TTL and MTU only.
  router.wan(udp('I:4001', 'P:5000'));
  router.lan(spoilt(icmpError('S', 'I', [3, 3], udp('I:4001', 'S:5000')), { 8: 1 }));
  router.wan(udp('I:4000', 'P:53'));
  router.wan(ip(47, 'I', 'P', filler(4)));
  router.counts('drop-ttl', 'drop-no-forward', 'drop-protocol');
}

/** A closed port of the router: a reset, or its absence when a reset is what came. */
function resets(router: Router): void {
  assert.deepEqual(router.lan(tcp('C:4000', 'R:80', 'S')), ['lan C | tcp R:80 > C:4000 RA']);
  assert.deepEqual(router.lan(tcp('C:4000', 'P:81', 'A')), ['lan C | tcp P:81 > C:4000 R']);
  assert.deepEqual(router.lan(tcp('C:4000', 'R:80', 'F', { seq: 0xfffffffe, data: 'abc' })).length, 1);
  assert.deepEqual(router.lan(tcp('C:4000', 'R:80', 'R')), []);
  router.counts(...Array<string>(4).fill('drop-refused'));
  router.wan(tcp('I:4000', 'P:81', 'S'));
  router.counts('drop-no-forward');
}

function tooBig(router: Router): void {
  assert.match(router.lan(udp('C:4000', 'I:53', { data: filler(900) }))[0], /icmp 3\/4 mtu 576 R > C/);
  router.counts('drop-too-big');
}

export const icmp: Subject = {
  title: 'icmp',
  play(stage) {
    const router = stage.router();
    echo(router);
    unwanted(router);
    queries(router);
    router.leap(1);
    errors(router);
    resets(router);
    tooBig(stage.router({ config: configText({ mtu: 576 }) }));
  },
};
