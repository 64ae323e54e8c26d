/**
 * Pings of the router's own: to the LAN, by the gateway, to nobody, about which somebody complains; every answer of the
 * requests and every sentence of theirs.
 */
import assert from 'node:assert/strict';
import { icmp, icmpError, ping as echo } from '../../wire/packets.ts';
import { filler, spoilt } from './packets.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

const refusals = [
  ['ping read', 'nothing was pinged yet'],
  ['ping', 'expected the address'],
  ['ping 192.168.0.300', 'expected the address'],
  ['ping 192.168.0.1', 'of the router itself'],
  ['ping 192.168.0.255', 'not the address of one host'],
  ['ping 127.0.0.1', 'not the address of one host'],
];

interface Answer {
  sent: number;
  received: number;
  milliseconds: (number | null)[];
  done: boolean;
  trouble: string | null;
}
const read = (router: Router) => router.ask('ping read') as unknown as Answer;

/** A second passes. @returns the identifier of the request that left */
function request(router: Router, way: string): number {
  const left = router.leap(1).find((frame) => frame.startsWith(way));
  assert.ok(left, `${way} leaves`);
  return Number(left.split(' ').at(-1));
}

const reply = (from: string, to: string, id: number, number: number) =>
  icmp(from, to, 0, 0, id * 65536 + number, { data: filler(18) });

function toTheLan(router: Router): void {
  router.ask('ping 192.168.0.2');
  assert.deepEqual(read(router).milliseconds, []);
  for (let number = 1; number <= 4; number++) {
    const id = request(router, 'lan S | ping R > S id');
    if (number === 2) {
      router.lan(spoilt(reply('S', 'R', id, number), { 40: 1 }));
      continue;
    }
    router.turns(number);
    router.lan(reply('S', 'R', id, number));
    router.lan(reply('S', 'R', id, number));
  }
  router.pass(4);
  const { sent, received, milliseconds, done } = read(router);
  assert.deepEqual([sent, received, done], [4, 3, true]);
  assert.equal(milliseconds[1], null);
  assert.ok(milliseconds[0]! > 10 && milliseconds[3]! > milliseconds[0]!);
  router.counts('drop-icmp-checksum');
}

function byTheGateway(router: Router): void {
  router.ask('ping 198.51.100.10');
  const id = request(router, 'wan G | ping P > I id');
  // A LAN host's ping with this very identifier gets another one, and its answer.
  const [left] = router.lan(echo('C', 'I', id));
  const other = Number(left.split(' ').at(-1));
  assert.notEqual(other, id);
  router.wan(reply('I', 'P', id, 1));
  assert.deepEqual(router.wan(reply('I', 'P', other, 1)), [`lan C | pong I > C id ${id}`]);
  router.wan(reply('I', 'P', id, 2));
  router.counts('drop-no-flow');
  router.wan(icmpError('G', 'P', [3, 1], echo('P', 'I', id)));
  assert.match(read(router).trouble!, /^12\.0\.0\.254 .* cannot be reached \(type 3, code 1\)/);
  router.wan(icmpError('J', 'P', [11, 0], echo('P', 'I', id)));
  assert.match(read(router).trouble!, /too long/);
  router.counts();
}

export const ping: Subject = {
  title: 'ping',
  play(stage) {
    const router = stage.router();
    for (const [line, sentence] of refusals) assert.ok(router.refused(line).includes(sentence), line);
    toTheLan(router);
    byTheGateway(router);
    router.ask('ping 192.168.0.77');
    router.pass(6);
    assert.match(read(router).trouble!, /^192\.168\.0\.77 does not answer ARP/);
    assert.ok(read(router).done);
    router.world.lan.setLink(false);
    router.turns(45);
    assert.match(router.refused('ping 192.168.0.2'), /no cable is plugged in on the LAN side/);
    const silent = stage.boot({ config: null });
    silent.refused('ping 192.168.0.2');
    silent.refused('ping read');
  },
};
