/**
 * Fragments in transit: what arrives in pieces leaves in pieces, translated, in whatever order it comes, and the router
 * never puts anything together. The receiver's view is test/wire/pieces.ts.
 */

import test from 'ava';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { heldNow } from '../../firmware/control/held.ts';
import { endFlow } from '../../firmware/control/sweep.ts';
import { icmpError, ping, pong, tcp, udp } from '../wire/packets.ts';
import { inPieces } from '../wire/pieces.ts';
import { seeded } from '../wire/random.ts';
import { filler, halves, identifications, packetsOf, received, thirds, through } from './datagrams.ts';
import {
  arp,
  dropped,
  fast,
  introduce,
  lan,
  lastLeft,
  moved,
  pause,
  router,
  say,
  told,
  wan,
} from './table.ts';
import type { Port } from './table.ts';

const ways: [name: string, port: Port, hairpin: string, from: string, to: string, seen: string][] = [
  ['out', 'lan', 'external', 'C:40000', 'I:9', 'wan G | udp P:40000 > I:9'],
  ['in', 'wan', 'external', 'I:40000', 'P:5000', 'lan S | udp I:40000 > S:5000'],
  ['around the hairpin', 'lan', 'external', 'C:40000', 'P:5000', 'lan S | udp P:40000 > S:5000'],
  ["in R's name", 'lan', 'lan', 'C:40000', 'P:5000', 'lan S | udp R:40000 > S:5000'],
  ['by the mistake', 'lan', 'dnat-only', 'C:40000', 'P:5000', 'lan S | udp C:40000 > S:5000'],
  ['the server to itself', 'lan', 'external', 'S:40000', 'P:5000', 'lan S | udp P:40000 > S:5000'],
  ['past the router within the LAN', 'lan', 'external', 'C:40000', 'S:5000', 'lan S | udp C:40000 > S:5000'],
];

for (const [name, port, hairpin, from, to, seen] of ways) {
  test(`fr-1, 4787-14: pieces in any order, ${name}`, (t) => {
    for (const order of ['12', '21', '123', '132', '213', '231', '312', '321', '3312']) {
      router({ hairpin });
      const pieces = (order.length === 2 ? halves : thirds)(from, to);
      const left = through(
        port,
        [...order].map((place) => pieces[Number(place) - 1]),
      );
      // A piece that came twice leaves twice, and its receiver does not mind.
      const once = order === '3312' ? left.slice(0, 2).concat(left.slice(3)) : left;
      t.deepEqual(received(once), [`${seen}, 2008 bytes`], order);
      t.is(left.length, order.length, order);
      t.is(heldNow(), 0, order);
    }
  });
}

test('answers in pieces find their way back, around the hairpin in both modes', (t) => {
  router();
  through('lan', halves('C:40000', 'I:9'));
  t.deepEqual(received(through('wan', thirds('I:9', 'P:40000'))), ['lan C | udp I:9 > C:40000, 2008 bytes']);
  for (const [hairpin, seen] of [
    ['external', 'P:40000'],
    ['lan', 'R:40000'],
  ]) {
    router({ hairpin });
    through('lan', halves('C:40000', 'P:5000'));
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
    ]) {
      const pieces = thirds('S:5000', seen);
      const left = through(
        'lan',
        order.map((i) => pieces[i]),
      );
      t.deepEqual(
        received(left),
        ['lan C | udp P:5000 > C:40000, 2008 bytes'],
        `${hairpin} ${order.join('')}`,
      );
    }
  }
});

test('hp-16: 2000 bytes around the hairpin, one flow, and whole datagrams of it take the fast path', (t) => {
  router();
  const there = () => through('lan', halves('C:40000', 'P:5000'));
  t.deepEqual(received(there()), ['lan S | udp P:40000 > S:5000, 2008 bytes']);
  t.deepEqual(received(through('lan', halves('S:5000', 'P:40000'))), [
    'lan C | udp P:5000 > C:40000, 2008 bytes',
  ]);
  there();
  t.is(flowsInUse, 1);
  lan(udp('C:40000', 'P:5000'));
  lan(udp('S:5000', 'P:40000'));
  lan(udp('C:40000', 'P:5000'));
  t.true(fast > 0);
  // And the pieces go on beside it.
  t.deepEqual(received(there()), ['lan S | udp P:40000 > S:5000, 2008 bytes']);
});

test('fr-2: a later piece changes in nothing but addresses, TTL, identification and checksum', (t) => {
  router();
  const [first, later] = thirds('C:40000', 'I:9', { tos: 0xb9, options: [148, 4, 0, 0] });
  const [, sent] = packetsOf(through('lan', [first, later]));
  const differs = Array.from(later, (byte, i) => (byte === sent[i] ? -1 : i)).filter((i) => i >= 0);
  t.is(sent.length, later.length);
  t.deepEqual(
    differs.filter((i) => ![4, 5, 8, 10, 11, 12, 13, 14, 15].includes(i)),
    [],
  );
  t.is(sent[8], 63);
});

test('fr-1: UDP without a checksum, TCP, and a datagram whose checksum is wrong stays wrong', (t) => {
  router();
  t.deepEqual(received(through('lan', halves('C:1', 'I:9', { unsummed: true }))), [
    'wan G | udp P:1 > I:9, 2008 bytes',
  ]);
  const segment = tcp('C:1', 'P:25', 'S', { data: filler(1200), fragment: 0 });
  t.deepEqual(received(through('lan', inPieces(segment, 400, 400).reverse())), [
    'lan S | tcp P:1 > S:25 S, 1220 bytes',
  ]);
  const [first, later] = halves('C:1', 'I:9');
  first[100] ^= 1;
  t.throws(() => received(through('lan', [first, later])), { message: 'the transport checksum is wrong' });
});

test('an ICMP echo in pieces passes by its identifier, and comes back', (t) => {
  router();
  const out = ping('C', 'I', 77, { data: filler(1800), fragment: 0 });
  t.deepEqual(received(through('lan', inPieces(out, 1480))), ['wan G | ping P > I id 77, 1808 bytes']);
  const back = pong('I', 'P', 77, { data: filler(1800), fragment: 0 });
  for (const pieces of [inPieces(back, 1480), inPieces(back, 800, 800).reverse()])
    t.deepEqual(received(through('wan', pieces)), ['lan C | pong I > C id 77, 1808 bytes']);
});

test('what is for the router itself is not put together: pings and ICMP errors in pieces end here', (t) => {
  router();
  for (const to of ['R', 'P']) {
    const pieces = inPieces(ping('C', to, 1, { data: filler(1600), fragment: 0 }), 1480);
    t.deepEqual(told(through('lan', pieces)), [], to);
    t.deepEqual(moved()['drop-fragment'], 1, to);
    t.deepEqual(pause(2), []);
    t.deepEqual(dropped(), 'drop-fragment', to);
  }
  lan(udp('C:1', 'I:9'));
  const error = icmpError('I', 'P', [3, 3], udp('P:1', 'I:9', { data: filler(100) }), 100);
  moved();
  t.deepEqual(told(through('wan', inPieces(error, 64))), []);
  t.is(dropped(), 'drop-fragment');
  t.deepEqual(wan(error).length, 1);
});

test('fr-8, 6864-NAT: two hosts use one identification towards one target, and leave with two', (t) => {
  router();
  const [c, s] = [thirds('C:1', 'I:9'), thirds('S:1', 'I:9')];
  const left = through('lan', [c[0], s[2], s[0], c[1], s[1], c[2]]);
  const [first, second] = received(left);
  t.is(first, 'wan G | udp P:1 > I:9, 2008 bytes');
  t.regex(second, /^wan G \| udp P:\d+ > I:9, 2008 bytes$/);
  t.not(second, first);
  t.is(new Set(identifications(left)).size, 2);
});

test('6864-NAT: each datagram in pieces has its own identification; whole ones keep theirs', (t) => {
  router();
  const seen = new Set<number>();
  for (let i = 0; i < 20; i++) {
    const ids = identifications(through('lan', halves('C:1', 'I:9', { id: 7 + i })));
    t.is(ids[0], ids[1]);
    seen.add(ids[0]);
  }
  t.is(seen.size, 20);
  t.deepEqual(identifications(through('lan', [udp('C:1', 'I:9', { id: 77, fragment: 0 })])), [77]);
  t.deepEqual(identifications(through('lan', [udp('C:1', 'I:9', { id: 77 })])), [77]);
  // DF does not make a piece whole.
  const [first, second] = identifications(through('lan', halves('C:1', 'I:9', { id: 77, fragment: 0x4000 })));
  t.is(first, second);
  t.false(first === 77 || seen.has(first));
});

test('a cold neighbour: the first piece waits for it, the others for the first, and all go on', (t) => {
  router({ strangers: true });
  introduce('C', 'G');
  t.deepEqual(told(through('wan', thirds('I:1', 'P:5000'))), ['lan * | arp who has S, tell R']);
  t.is(heldNow(), 3);
  say('lan', arp(2, 'S', 'R'));
  t.deepEqual(received(lastLeft), ['lan S | udp I:1 > S:5000, 2008 bytes']);
  t.deepEqual(
    lastLeft.map(({ frame }) => frame.length),
    [834, 834, 442],
  );
  t.is(heldNow(), 0);
});

test('later pieces need no flow: theirs may have ended', (t) => {
  router();
  const [first, later] = halves('C:1', 'I:9');
  const left = through('lan', [first]);
  endFlow(1);
  t.is(flowsInUse, 0);
  t.deepEqual(received([...left, ...through('lan', [later])]), ['wan G | udp P:1 > I:9, 2008 bytes']);
});

/** The numbers from 0 up to `count` less one, in an order of their own. */
function shuffled(count: number, random: (below: number) => number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

const seed = 64;

test(`any datagram, cut anywhere, in any order, over any MTU, every way (seed ${seed})`, (t) => {
  const random = seeded(seed);
  for (let round = 0; round < 400; round++) {
    const [name, port, hairpin, from, to, seen] = ways[random(ways.length)];
    const mtu = 576 + random(925);
    router({ hairpin, mtu });
    const data = filler(64 + random(4000)).map((byte) => byte ^ round);
    const packet = udp(from, to, { data, fragment: 0, id: random(65536) });
    // Pieces of eight bytes and more, none longer than a frame.
    const sizes: number[] = [];
    let left = 8 + data.length;
    while (left > 1480 || (left > 16 && sizes.length < 3)) {
      sizes.push(8 * (1 + random(Math.min(185, (left - 1) >> 3))));
      left -= sizes[sizes.length - 1];
    }
    const pieces = inPieces(packet, ...sizes);
    const order = shuffled(pieces.length, random);
    // No more than three of them wait.
    const first = order.indexOf(0);
    if (first > 3) [order[first], order[3]] = [order[3], 0];
    const sent = through(
      port,
      order.map((i) => pieces[i]),
    );
    const what = `round ${round}: ${name}, MTU ${mtu}, pieces ${sizes.join()}, order ${order.join()}`;
    t.deepEqual(received(sent), [`${seen}, ${8 + data.length} bytes`], what);
    t.true(
      port !== 'lan' || sent.every((one) => one.port !== 'wan' || one.frame.length <= Math.max(60, 14 + mtu)),
      what,
    );
    t.is(heldNow(), 0, what);
  }
});
