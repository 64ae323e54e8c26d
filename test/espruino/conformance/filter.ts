/**
 * Who gets in from the Internet without a forward, how many may, how much one host may have, the DMZ host, the counters of
 * forwards, what else the settings of nat change, and the clamp of segment sizes.
 */
import assert from 'node:assert/strict';
import { tcp, udp } from '../../wire/packets.ts';
import { configText } from './configs.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

/** Flows from the Internet that may wait for an answer, and flows one LAN host may have (firmware/control/sweep.ts). */
const strangers = 64;
const perHost = 307;

function addressDependent(router: Router): void {
  router.lan(udp('C:40000', 'I:1'));
  router.lan(tcp('C:40000', 'I:1', 'S'));
  router.lan(udp('C:40001', 'J:1'));
  assert.deepEqual(router.wan(udp('I:6', 'P:40000')), ['lan C | udp I:6 > C:40000']);
  assert.deepEqual(router.wan(tcp('I:6', 'P:40000', 'S')), ['lan C | tcp I:6 > C:40000 S']);
  assert.deepEqual(router.lan(tcp('C:40000', 'I:6', 'SA')), ['wan G | tcp P:40000 > I:6 SA']);
  router.wan(tcp('I:6', 'P:40000', 'R'));
  router.wan(tcp('I:6', 'P:40000', 'R'));
  router.wan(tcp('I:6', 'P:40000', 'S'));
  router.wan(udp('J:6', 'P:40000'));
  router.wan(tcp('J:6', 'P:40000', 'S'));
  router.wan(tcp('I:7', 'P:40000', 'A'));
  router.counts('drop-filtered', 'drop-filtered', 'drop-no-flow');
}

function endpointIndependent(router: Router): void {
  router.lan(udp('C:40000', 'I:1'));
  router.lan(tcp('C:40000', 'P:25', 'S'));
  assert.deepEqual(router.wan(udp('J:6', 'P:40000')), ['lan C | udp J:6 > C:40000']);
  assert.deepEqual(
    router.wan(tcp('J:6', 'P:40000', 'S')),
    ['lan C | tcp J:6 > C:40000 S'],
    'a mapping that only the hairpin uses',
  );
  router.ask('config');
  // More strangers than may wait: they replace each other, of either protocol.
  for (let i = 0; i < strangers; i++) router.wan(udp(`J:${100 + i}`, 'P:40000'));
  for (let i = 0; i < strangers + 2; i++) router.wan(tcp(`J:${100 + i}`, 'P:25', 'S'));
  assert.equal(router.ask('status').flows, 2 + strangers);
  router.counts();
  // An answered flow is no stranger any more: there is room for another.
  router.lan(tcp('S:25', `J:${100 + strangers}`, 'SA'));
  assert.ok(router.flows().some((words) => words.endsWith('accepted')));
  router.wan(tcp(`J:${100 + strangers}`, 'P:25', 'A'));
  router.wan(tcp('J:99', 'P:25', 'S'));
  assert.equal(router.ask('status').flows, 3 + strangers);
}

/** Packets that may come in but not go on: the mapping is as it was. */
function tooLate(router: Router): void {
  router.lan(udp('C:40000', 'I:1'));
  router.wan(udp('I:6', 'P:40000', { ttl: 1 }));
  router.lan(tcp('C:40000', 'P:25', 'S', { ttl: 1 }));
  router.counts('drop-ttl', 'drop-ttl');
  assert.equal(router.ask('status').endpoints, 1);
}

function oneHost(router: Router): void {
  for (let i = 0; i < perHost - 1; i++) {
    router.lan(tcp(`C:${2000 + i}`, 'I:80', 'S'));
    router.wan(tcp('I:80', `P:${2000 + i}`, 'SA'));
  }
  // The last may be traded for another, once the hand comes by.
  router.lan(udp('C:7', 'I:7'));
  router.counts();
  assert.match(router.lan(udp('C:9', 'I:9'))[0], /icmp 3\/13 R > C/);
  router.counts('drop-host-limit');
  const traded = () => router.lan(udp('C:9', 'I:9')).some((words) => words.startsWith('wan'));
  let tries = 0;
  while (!traded()) assert.ok(++tries < perHost / 16);
  router.count();
  router.lan(udp('S:9', 'I:9'));
  router.counts();
  // Silent for too long: the transitory time is left, and then nothing.
  router.leap(7441);
  router.turns(257);
  assert.match(router.flows(1, 1)[0], /transitory/);
  router.leap(241);
  router.turns(257);
  assert.equal(router.ask('status').flows, 0);
}

const dmz = '192.168.0.2';

function toTheDmz(router: Router): void {
  router.lan(udp('C:40000', 'I:1'));
  router.lan(udp('S:40000', 'I:1'));
  assert.deepEqual(router.wan(tcp('I:1', 'P:443', 'S')), ['lan S | tcp I:1 > S:443 S']);
  assert.deepEqual(router.wan(udp('J:1', 'P:9999')), ['lan S | udp J:1 > S:9999']);
  assert.deepEqual(router.lan(udp('S:9999', 'J:1')), ['wan G | udp P:9999 > J:1']);
  assert.deepEqual(router.lan(tcp('C:7', 'P:443', 'S')), ['lan S | tcp P:7 > S:443 S']);
  router.lan(tcp('C:8', 'P:443', 'R'));
  router.wan(udp('J:1', 'P:40000'));
  router.counts('drop-filtered', 'drop-no-flow');
  router.wan(tcp('I:1', 'P:25', 'S'));
  router.lan(tcp('C:1', 'P:25', 'S'));
  assert.deepEqual(router.ask('forwards'), {
    ok: true,
    dmz: 3,
    forwards: [
      { name: 'smtp', flows: 2 },
      ...['mail', 'echo', 'games', 'far', 'friends'].map((name) => ({ name, flows: 0 })),
    ],
    mapped: [],
  });
  router.ask('config');
  // C's mapping ends while the host's own goes on by another port: what it is sent to there has no way back.
  router.leap(70);
  router.lan(udp('S:40000', 'I:1'));
  router.leap(70);
  router.turns(257);
  router.wan(udp('J:1', 'P:40000'));
  router.counts('drop-no-port');
}

function segments(router: Router): void {
  const mss = (value: number) => [2, 4, value >> 8, value & 255];
  for (const [port, tcpOptions] of [
    [1, mss(1460)],
    [2, [1, ...mss(1460), 1, 1, 1]],
    [3, [3, 3, 7, ...mss(500), 0]],
    [4, [5, 0, 1, 1]],
    [5, [0, 0, 0, 0]],
  ] as const) {
    router.lan(tcp(`C:${port}`, 'I:80', 'S', { tcpOptions: [...tcpOptions] }));
    router.wan(tcp('I:80', `P:${port}`, 'SA', { tcpOptions: mss(1460) }));
    router.lan(tcp(`C:${port}`, 'P:25', 'S', { tcpOptions: mss(1460) }));
  }
  router.counts();
}

/** A server that does not answer: the Internet hears of it only if the config wants that. */
function telling(router: Router): void {
  router.arp('wan', 'G', 'P');
  router.wan(tcp('I:1', 'P:25', 'S'));
  assert.ok(router.turns(220).some((words) => /icmp 3\/1 P > I/.test(words)));
}

export const filter: Subject = {
  title: 'filter',
  play(stage) {
    addressDependent(stage.router());
    const open = { filterUdp: 'endpoint-independent', filterTcp: 'endpoint-independent' };
    endpointIndependent(stage.router({ config: configText({ nat: open }) }));
    tooLate(stage.router());
    oneHost(stage.router());
    const withDmz = stage.router({ config: configText({ dmz }) });
    toTheDmz(withDmz);
    segments(stage.router({ config: configText({ mtu: 1400 }) }));
    telling(stage.boot({ config: configText({ nat: { wanIcmpErrors: true } }) }));
  },
};
