/**
 * UDP: one way and two, with and without checksums, forwards by range and by source, and the end of ports.
 */
import assert from 'node:assert/strict';
import { bytes } from '../../scenes/cast.ts';
import { udpCorners } from '../../scenes/examples.ts';
import { ip, ping, udp as datagram } from '../../wire/packets.ts';
import { configText } from './configs.ts';
import { spoilt } from './packets.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

function bothWays(router: Router): void {
  assert.deepEqual(router.lan(datagram('C:4000', 'I:53')), ['wan G | udp P:4000 > I:53']);
  assert.match(router.flows()[0], /one-way/);
  assert.deepEqual(router.wan(datagram('I:53', 'P:4000')), ['lan C | udp I:53 > C:4000']);
  assert.match(router.flows()[0], /answered-dns/);
  router.count();
  router.lan(datagram('C:4000', 'I:53'));
  router.wan(datagram('I:53', 'P:4000'));
  router.lan(datagram('C:4000', 'I:53', { unsummed: true }));
  router.wan(datagram('I:53', 'P:4000', { unsummed: true }));
  assert.equal(router.count()['forwarded-fast'], 4);
  router.lan(datagram('C:4002', 'I:9'));
  router.wan(datagram('I:9', 'P:4002'));
  assert.match(router.flows(2, 2)[0], /answered/);
  router.lan(datagram('C:4002', 'I:9'));
  assert.match(router.flows(2, 2)[0], /two-way/);
  router.lan(datagram('C:123', 'I:123'));
  router.wan(datagram('I:123', 'P:123'));
  assert.match(router.flows(3, 3)[0], /answered-ntp/);
  // A checksum that comes to nothing is sent as all ones, by the slow path and by the fast one.
  const nothing = bytes(udpCorners.becomesZero);
  assert.equal(router.lan(nothing).length, 1);
  router.wan(datagram('I:9', 'P:40300'));
  assert.equal(router.lan(nothing).length, 1);
  assert.deepEqual(router.lan(datagram('C:4000', '12.0.0.9:53')), ['wan * | arp who has 12.0.0.9, tell P']);
  router.counts();
}

function forwards(router: Router): void {
  assert.deepEqual(router.wan(datagram('I:9', 'P:6003')), ['lan S | udp I:9 > S:7003']);
  assert.deepEqual(router.wan(datagram('I:9', 'P:256')), ['lan S | udp I:9 > S:65535']);
  assert.deepEqual(router.lan(datagram('S:65535', 'I:9')), ['wan G | udp P:256 > I:9']);
  assert.deepEqual(router.wan(datagram('I:9', 'P:1194')), ['lan S | udp I:9 > S:1194']);
  assert.deepEqual(
    router.lan(datagram('S:7001', 'I:53')),
    ['wan G | udp P:6001 > I:53'],
    'its own public port',
  );
  router.wan(datagram('J:9', 'P:1194'));
  router.wan(datagram('I:9', 'P:6004'));
  router.counts('drop-no-forward', 'drop-no-forward');
  assert.deepEqual(
    router.lan(datagram('C:4001', 'S:80')),
    ['lan S | udp C:4001 > S:80'],
    'a host that goes through us',
  );
}

/** Forwards own every port: nothing is left for a client's datagram, and the client hears of it. */
function noPort(router: Router): void {
  assert.match(router.lan(datagram('C:4000', 'I:53'))[0], /icmp 3\/13 R > C/);
  assert.match(router.lan(datagram('C:80', 'I:53'))[0], /icmp 3\/13 R > C/);
  router.counts('drop-no-port', 'drop-no-port');
  router.lan(ping('C', 'I', 4000));
  router.counts();
}

export const udp: Subject = {
  title: 'udp',
  play(stage) {
    const router = stage.router();
    bothWays(router);
    forwards(router);
    router.lan(spoilt(ip(17, 'C', 'I', Uint8Array.of(0, 9, 0, 9, 0, 0, 0, 0)), {}));
    router.leap(130);
    router.turns(257);
    router.ask('flows');
    const all = { name: 'all', proto: 'udp', port: '1-65535', to: '192.168.0.2:1' };
    noPort(stage.router({ config: configText({ rules: [all] }) }));
  },
};
