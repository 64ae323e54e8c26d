/**
 * NAT-PMP: the public address, mappings and their ends, every result code, announcements, and a mapped port from both sides.
 */
import assert from 'node:assert/strict';
import { tcp, udp } from '../../wire/packets.ts';
import { config, configText } from './configs.ts';
import type { Router } from './router.ts';
import type { Stage, Subject } from './subject.ts';

const half = (value: number) => [value >> 8, value & 255];

/** A request, as its bytes. @returns what was sent back */
function ask(router: Router, bytes: number[], from = 'C'): string[] {
  return router.lan(udp(`${from}:50000`, 'R:5351', { data: Uint8Array.from(bytes) }));
}

/** A request for a port. @param op 1 UDP, 2 TCP */
function map(router: Router, op: number, inner: number, outer: number, life: number, from = 'C'): void {
  const bytes = [0, op, 0, 0, ...half(inner), ...half(outer), ...half(life >>> 16), ...half(life & 65535)];
  assert.deepEqual(ask(router, bytes, from), [`lan ${from} | udp R:5351 > ${from}:50000`]);
}

const mappedPorts = (router: Router) =>
  (router.ask('forwards') as unknown as { mapped: { port: number }[] }).mapped.map(({ port }) => port);

/** Told to all hosts of the LAN: after a start, less and less often. */
function announced(router: Router): void {
  const announcements = (left: string[]) => left.filter((words) => words.endsWith('224.0.0.1:5350')).length;
  assert.equal(announcements(router.pass(10)), 5);
  assert.equal(announcements(router.pass(200)), 4);
}

/** Some end in time, others because the config wants their port; the others make way. */
function ended(router: Router): void {
  router.pass(2);
  map(router, 2, 6100, 6100, 3600);
  map(router, 1, 6200, 6200, 60);
  map(router, 2, 6300, 6300, 3600);
  router.pass(2);
  router.ask('forward add late both 6100 192.168.0.2');
  assert.deepEqual(mappedPorts(router).sort(), [6200, 6300]);
  assert.deepEqual(router.wan(tcp('I:2', 'P:6100', 'S')), ['lan S | tcp I:2 > S:6100 S']);
  router.leap(61);
  router.leap(1);
  assert.deepEqual(mappedPorts(router), [6300]);
  router.ask('forward add later tcp 7400 192.168.0.2');
  map(router, 2, 6300, 6300, 3600);
  assert.deepEqual(mappedPorts(router), [6300]);
}

/** The ISP has leased nothing yet: there is no public address to map ports of. */
function withoutAddress(stage: Stage): void {
  const { wan, ...rest } = config({ nat: { natPmp: true } });
  const router = stage.boot({
    config: JSON.stringify({ ...rest, wan: { ...wan, address: 'dhcp', gateway: undefined } }),
  });
  router.pass(2);
  router.arp('lan', 'C', 'R');
  map(router, 2, 6100, 6100, 3600);
  assert.equal(ask(router, [0, 0]).length, 1);
  assert.deepEqual(mappedPorts(router), []);
}

export const natPmp: Subject = {
  title: 'NAT-PMP',
  play(stage) {
    const router = stage.router({ config: configText({ nat: { natPmp: true } }) });
    for (const bytes of [
      [0, 0],
      [2, 1, 0, 0],
      [0, 9],
    ])
      assert.equal(ask(router, bytes).length, 1);
    for (const bytes of [[], [0, 1, 0, 0], [0, 128]]) assert.equal(ask(router, bytes).length, 0);
    map(router, 2, 6100, 6100, 3600);
    map(router, 2, 6100, 7000, 9000);
    map(router, 2, 0, 7000, 60);
    map(router, 1, 6200, 0, 60);
    map(router, 2, 6100, 6100, 60, 'S');
    map(router, 2, 25, 25, 60, 'S');
    map(router, 2, 25, 0, 0, 'S');
    const ports = mappedPorts(router);
    assert.deepEqual(ports.slice(0, 2), [6100, 6200]);
    assert.equal(ports.length, 3);
    assert.deepEqual(router.wan(tcp('I:1', 'P:6100', 'S')), ['lan C | tcp I:1 > C:6100 S']);
    assert.deepEqual(router.lan(tcp('S:7', 'P:6100', 'S')), ['lan C | tcp P:7 > C:6100 S']);
    map(router, 2, 0, 0, 0);
    assert.equal(mappedPorts(router).length, 2);
    for (let port = 1; port < 8; port++) map(router, 1, 6200 + port, 0, 600);
    map(router, 1, 6300, 0, 600);
    router.ask('set nat.natPmp false');
    router.pass(2);
    assert.deepEqual(mappedPorts(router), []);
    router.counts(...Array<string>(3).fill('drop-datagram'));
    router.ask('set nat.natPmp true');
    announced(router);
    ended(router);
    withoutAddress(stage);
  },
};
