/**
 * Packets in pieces: those that arrive so, in and out of order, and those that are cut because the WAN takes no more.
 * What leaves is put together as its receiver does, in the order in which the chips sent it.
 */
import assert from 'node:assert/strict';
import { arp, macOf } from '../../control/table.ts';
import { icmpError, ip, ping, tcp, udp } from '../../wire/packets.ts';
import { inPieces } from '../../wire/pieces.ts';
import { configText } from './configs.ts';
import { filler } from './packets.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

const data = filler(1600);
/** 1,608 bytes of UDP in three pieces. */
const thirds = (from: string, to: string, shape = {}) =>
  inPieces(udp(from, to, { data, fragment: 0, ...shape }), 800, 400);

/** What leaves when pieces arrive one after the other, in words without the way. */
function after(router: Router, port: 'lan' | 'wan', pieces: Uint8Array[]): string[] {
  return pieces.flatMap((piece) => router[port](piece));
}

const bytesOf = (way: string) => [
  `${way} bytes 0-799, more`,
  `${way} bytes 800-1199, more`,
  `${way} bytes 1200-1607`,
];

function inTransit(router: Router): void {
  const out = bytesOf('wan G | udp P > I');
  const around = bytesOf('lan S | udp P > S');
  assert.deepEqual(after(router, 'lan', thirds('C:1', 'I:9')), out);
  assert.deepEqual(after(router, 'lan', thirds('C:1', 'P:5000')), around);
  const [first, second, third] = thirds('I:1', 'P:5000', { id: 8 });
  const [a, b, c] = bytesOf('lan S | udp I > S');
  assert.deepEqual(after(router, 'wan', [third, second, first]), [a, c, b], 'early pieces follow');
  assert.deepEqual(after(router, 'wan', [first, third]), [a, c], 'the first again');
  assert.equal(router.count()['held-fragment'], 2);
  assert.deepEqual(router.lan(udp('C:1', 'I:9', { fragment: 0x8000 })), ['wan G | udp P:1 > I:9']);
  // DF: the identification stays. Two that wait for different first ones, and one that has its own.
  const mine = thirds('C:1', 'I:9', { id: 9, fragment: 0x4000 });
  const other = thirds('C:1', 'J:9', { id: 10 });
  const next = thirds('C:1', 'I:9', { id: 11 });
  assert.deepEqual(after(router, 'lan', [other[1], next[1], mine[2], mine[0]]), [out[0], out[2]]);
  assert.deepEqual(after(router, 'lan', [next[0]]), out.slice(0, 2));
  assert.deepEqual(after(router, 'lan', [other[0]]), [
    'wan G | udp P > J bytes 0-799, more',
    'wan G | udp P > J bytes 800-1199, more',
  ]);
  // The sender, the target, the protocol and the identification tell datagrams apart; 15 s they are remembered.
  for (const stranger of [
    ip(17, 'S', 'I', data.subarray(0, 100), { id: 9, fragment: 100 }),
    ip(1, 'C', 'I', data.subarray(0, 100), { id: 9, fragment: 100 }),
  ])
    assert.deepEqual(router.lan(stranger), []);
  router.pass(2);
  router.counts('drop-fragment', 'drop-fragment');
  router.leap(15);
  assert.deepEqual(router.lan(mine[1]), []);
}

function refused(router: Router): void {
  router.pass(3);
  router.count();
  after(router, 'lan', inPieces(ping('C', 'R', 1, { data, fragment: 0 }), 800).slice(0, 1));
  const error = icmpError('I', 'P', [3, 3], udp('P:1', 'I:9', { data: filler(100) }), 100);
  after(router, 'wan', inPieces(error, 64).slice(0, 1));
  const lone = (protocol: number, offset: number, id = 1) =>
    ip(protocol, 'C', 'I', filler(200), { id, fragment: offset });
  router.lan(lone(6, 1));
  router.counts('drop-fragment', 'drop-fragment', 'drop-fragment');
  router.lan(lone(47, 100));
  router.wan(ip(17, 'I', 'S', filler(200), { fragment: 100 }));
  router.counts('drop-protocol', 'drop-wrong-side');
  for (let id = 2; id < 6; id++) router.lan(lone(17, 100, id));
  router.counts('drop-fragment');
  assert.equal(router.ask('status').held, 3);
  assert.deepEqual(router.lan(ping('C', 'I', 1)), ['wan G | ping P > I id 1']);
  router.pass(2);
  router.counts('drop-fragment', 'drop-fragment', 'drop-fragment');
  // A TTL that ends at a later piece: silence.
  const [first] = thirds('C:1', 'I:9', { id: 20 });
  router.lan(first);
  assert.deepEqual(router.lan(thirds('C:1', 'I:9', { id: 20, ttl: 1 })[1]), []);
  router.counts('drop-ttl');
}

/** The neighbour is asked for, and the pieces wait for it and for each other. */
function cold(router: Router): void {
  assert.deepEqual(after(router, 'lan', thirds('C:1', '12.0.0.9:9')), [
    'wan * | arp who has 12.0.0.9, tell P',
  ]);
  const answer = arp(2, '12.0.0.9', 'P', [2, 0, 0, 0, 12, 9]);
  assert.deepEqual(router.arpPacket('wan', answer, macOf('P')), bytesOf('wan ..9 | udp P > 12.0.0.9'));
}

function cutToSize(router: Router): void {
  const sized = (bytes: number, shape = {}) =>
    udp('C:4001', 'I:53', { data: filler(bytes - 28), fragment: 0, ...shape });
  assert.deepEqual(router.lan(sized(1500)), [
    'wan G | udp P > I bytes 0-551, more',
    'wan G | udp P > I bytes 552-1103, more',
    'wan G | udp P > I bytes 1104-1479',
  ]);
  assert.equal(router.count()['sent-fragment'], 2);
  // Options: an alert, which all pieces have, and a route that only the first records; and a last piece of 8 bytes.
  const options = [1, 7, 7, 4, 0, 0, 0, 0, 148, 4, 0, 0];
  assert.deepEqual(router.lan(udp('C:4001', 'I:53', { data: filler(544), fragment: 0, options })), [
    'wan G | udp P > I bytes 0-543, more',
    'wan G | udp P > I bytes 544-551',
  ]);
  // A piece that is too long itself, behind its first one.
  const pieces = inPieces(udp('C:4001', 'I:53', { data: filler(1400), fragment: 0, id: 30 }), 552);
  assert.deepEqual(after(router, 'lan', pieces.reverse()), [
    'wan G | udp P > I bytes 0-551, more',
    'wan G | udp P > I bytes 552-1103, more',
    'wan G | udp P > I bytes 1104-1407',
  ]);
  const [, held] = router.lan(sized(1500, { fragment: 0x4000 }));
  assert.equal(held, undefined, 'one error, nothing else');
  assert.equal(router.lan(tcp('C:4002', 'I:80', 'S', { data: filler(1000), fragment: 0 })).length, 2);
  router.counts('drop-too-big');
}

function traced(router: Router): void {
  router.ask('trace on');
  after(router, 'lan', thirds('C:1', 'I:9', { id: 40 }));
  const { trace } = router.ask('trace read') as { trace: Record<string, unknown>[] };
  assert.deepEqual(
    trace.map(({ received, sent }) => [received, sent]),
    [
      ['192.168.0.3:1>198.51.100.10:9', '12.0.0.1:1>198.51.100.10:9'],
      ...Array<string[]>(2).fill(['192.168.0.3:0>198.51.100.10:0', '12.0.0.1:0>198.51.100.10:0']),
    ],
  );
  assert.equal(router.lan(udp('C:2', 'I:9', { data: filler(1000), fragment: 0 })).length, 2, 'cut as well');
  router.ask('trace off');
}

export const fragments: Subject = {
  title: 'fragments',
  play(stage) {
    const router = stage.router();
    inTransit(router);
    refused(router);
    cold(router);
    const narrow = stage.router({ config: configText({ mtu: 576 }) });
    cutToSize(narrow);
    traced(narrow);
  },
};
