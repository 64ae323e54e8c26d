/**
 * Fragments have bounds: how long and how many wait and are remembered, what is no sound piece, what a flood may take, and
 * about what nobody is told.
 */
import test from 'ava';
import { clock, fragmentSlots } from '../../firmware/layout/arena.ts';
import { heldNow } from '../../firmware/control/held.ts';
import { ip, ping, tcp, udp } from '../wire/packets.ts';
import { inPieces, placeOf } from '../wire/pieces.ts';
import { filler, halves, identifications, large, packetsOf, received, thirds, through } from './datagrams.ts';
import { arp, dropped, introduce, lan, lastLeft, moved, pause, router, say, told, wan } from './table.ts';

/** Seconds that a piece waits for the first one, and that a first one is remembered. */
const fragmentSeconds = 2;
const memorySeconds = 15;

test('fr-3: three early pieces wait and follow the first in the order they came; a fourth is dropped', (t) => {
  router();
  const pieces = inPieces(large('C:1', 'I:9'), 400, 400, 400, 400);
  const early = [4, 2, 3, 1].map((i) => pieces[i]);
  t.deepEqual(told(through('lan', early)), []);
  t.is(heldNow(), 3);
  t.deepEqual(moved(), { 'held-fragment': 3, 'drop-fragment': 1 });
  const left = through('lan', [pieces[0]]);
  t.deepEqual(
    packetsOf(left).map((packet) => placeOf(packet).from),
    [0, 1600, 800, 1200],
  );
  t.is(heldNow(), 0);
  // The one that was lost is sent again by nobody; had it come now, all would be there.
  t.deepEqual(received([...left, ...through('lan', [pieces[1]])]), ['wan G | udp P:1 > I:9, 2008 bytes']);
});

test('fr-3: pieces of two datagrams wait together, and each follows its own first one', (t) => {
  router();
  const mine = thirds('C:1', 'I:9');
  const other = thirds('S:2', 'I:9');
  t.deepEqual(told(through('lan', [mine[2], other[1], mine[1]])), []);
  const second = through('lan', [other[0]]);
  t.deepEqual(told(second).length, 2);
  t.is(heldNow(), 2);
  // The place that is free now is the last one: arrival is the order.
  through('lan', [thirds('C:2', 'J:9')[1]]);
  const first = through('lan', [mine[0]]);
  t.deepEqual(
    packetsOf(first).map((packet) => placeOf(packet).from),
    [0, 1600, 800],
  );
  t.deepEqual(received(first), ['wan G | udp P:1 > I:9, 2008 bytes']);
  t.is(heldNow(), 1);
});

test('fr-3: a piece waits two seconds at most, also across the wrap of the clock', (t) => {
  for (const second of [1000, 65535]) {
    router({ second });
    introduce('C', 'G');
    const [first, later] = halves('C:1', 'I:9');
    lan(later);
    t.deepEqual(pause(fragmentSeconds - 1), []);
    t.is(heldNow(), 1);
    t.deepEqual(pause(1), []);
    t.is(heldNow(), 0);
    t.is(dropped(), 'drop-fragment');
    t.deepEqual(lan(first).length, 1, 'the first leaves alone');
    lan(later);
    lan(halves('C:1', 'I:9', { id: 8 })[1]);
    pause(1);
    lan(halves('C:1', 'I:9', { id: 9 })[1]);
    pause(1);
    t.is(heldNow(), 1, 'the younger one waits on');
  }
});

test('fr-1: a first piece is remembered for 15 s, also across the wrap of the clock', (t) => {
  for (const second of [1000, 65530]) {
    router({ second });
    const [first, later] = halves('C:1', 'I:9');
    lan(first);
    clock[0] += memorySeconds - 1;
    t.is(lan(later).length, 1, 'up to the end');
    clock[0]++;
    t.deepEqual(lan(later), []);
    t.is(moved()['held-fragment'], 1);
  }
});

test('fr-4: places are used in turn: of one datagram more than there are places, the oldest is forgotten', (t) => {
  router();
  const datagrams = Array.from({ length: fragmentSlots + 1 }, (_, i) =>
    halves('C:1', 'I:9', { id: 100 + i }),
  );
  through(
    'lan',
    datagrams.map(([first]) => first),
  );
  t.deepEqual(lan(datagrams[0][1]), []);
  for (const [, later] of datagrams.slice(1)) t.is(lan(later).length, 1);
  // A first piece that comes twice takes no place of its own, and keeps its identification.
  const [again] = identifications(through('lan', [datagrams[1][0]]));
  t.is(again, identifications(through('lan', [datagrams[1][1]]))[0]);
  t.is(lan(datagrams[2][1]).length, 1);
});

test('4787-14a, sec-7: a flood of lone pieces holds three frames and hurts nobody else', (t) => {
  router({ strangers: true });
  introduce('C', 'G');
  for (let i = 0; i < 500; i++) {
    const port = i % 2 ? 'lan' : 'wan';
    const lone = ip(17, i % 2 ? 'C' : 'I', i % 2 ? 'J' : 'P', filler(1000), { id: i, fragment: 0x0010 + i });
    t.deepEqual(told(through(port, [lone])), []);
  }
  t.is(heldNow(), 3);
  const { 'held-fragment': held, 'drop-fragment': drops } = moved();
  t.deepEqual([held, drops], [3, 497]);
  // A ping through, and a packet that has to wait for its neighbour.
  t.deepEqual(lan(ping('C', 'I', 1)), ['wan G | ping P > I id 1']);
  t.deepEqual(wan(udp('I:1', 'P:5000')), ['lan * | arp who has S, tell R']);
  t.is(heldNow(), 4);
  t.deepEqual(say('lan', arp(2, 'S', 'R')), ['lan S | udp I:1 > S:5000']);
  pause(fragmentSeconds);
  t.is(heldNow(), 0);
  t.is(moved()['drop-fragment'], 3);
  t.deepEqual(received(through('lan', halves('C:1', 'I:9').reverse())), [
    'wan G | udp P:1 > I:9, 2008 bytes',
  ]);
});

test('fr-5: first pieces without a whole transport header, and TCP at offset 1', (t) => {
  router();
  const segment = tcp('C:1', 'I:80', 'S', { data: filler(64), fragment: 0 });
  for (const [name, packet, bytes] of [
    ['TCP, 8 bytes', segment, 8],
    ['TCP, 16 bytes', segment, 16],
    ['TCP with options, 24 of 40 bytes', spoiltOffset(segment), 24],
  ] as const) {
    t.deepEqual(lan(inPieces(packet, bytes)[0]), [], name);
    t.is(dropped(), 'drop-transport-header', name);
  }
  for (const [protocol, bytes] of [
    [17, 7],
    [1, 7],
    [6, 19],
  ]) {
    t.deepEqual(lan(ip(protocol, 'C', 'I', filler(bytes), { fragment: 0x2000 })), [], `${protocol}`);
    t.is(dropped(), 'drop-transport-header', `${protocol}`);
  }
  // A sound first piece, and then one that would write over its flags.
  t.is(lan(inPieces(segment, 24)[0]).length, 1);
  t.deepEqual(lan(ip(6, 'C', 'I', filler(40), { id: 0x1111, fragment: 0x0001 })), []);
  t.is(dropped(), 'drop-fragment');
  t.is(lan(inPieces(segment, 24)[1]).length, 1);
  t.is(heldNow(), 0);
});

test('sec-7: a piece that ends beyond the longest datagram goes nowhere, and one that just fits passes', (t) => {
  router({ mtu: 1400 });
  lan(halves('C:1', 'I:9')[0]);
  const ending = (end: number) => ip(17, 'C', 'I', filler(end - 64_000), { id: 7, fragment: 8000 });
  t.deepEqual(lan(ending(65_535 - 19)), []);
  t.deepEqual(lan(ip(17, 'C', 'I', filler(1480), { id: 7, fragment: 0x1fff })), []);
  t.is(dropped(), 'drop-fragment x2');
  t.deepEqual(lan(ending(65_535 - 20)), [
    'wan G | udp P > I bytes 64000-65375, more',
    'wan G | udp P > I bytes 65376-65514',
  ]);
});

/** A segment that says it has a header of 40 bytes. */
function spoiltOffset(segment: Uint8Array): Uint8Array {
  const copy = segment.slice();
  copy[32] = 0xa0;
  return copy;
}

test('fr-6: nobody is told about a later piece, whatever is wrong with it', (t) => {
  router({ mtu: 1400 });
  const [first, later] = halves('C:1', 'I:9');
  const [dyingFirst, dyingLater] = halves('C:1', 'I:9', { ttl: 1 });
  t.deepEqual(lan(dyingFirst), ['lan C | icmp 11/0 R > C about udp C:1 > I:9']);
  lan(first);
  moved();
  t.deepEqual(lan(dyingLater), []);
  t.is(dropped(), 'drop-ttl');
  t.deepEqual(lan(ip(17, 'C', 'I', filler(1480), { id: 7, fragment: 0x4000 + 185 })), []);
  t.is(dropped(), 'drop-too-big');
  t.deepEqual(lan(ip(47, 'C', 'I', filler(100), { id: 7, fragment: 185 })), []);
  t.is(dropped(), 'drop-protocol');
  // One for nobody here does not even wait.
  t.deepEqual(wan(ip(17, 'I', 'S', filler(100), { id: 7, fragment: 185 })), []);
  t.is(dropped(), 'drop-wrong-side');
  t.is(heldNow(), 0);
  t.is(lan(later).length, 1);
});

test('pieces from the Internet that no first one admits go nowhere', (t) => {
  router();
  const pieces = thirds('I:1', 'P:6');
  t.deepEqual(told(through('wan', [pieces[1], pieces[0], pieces[2]])), []);
  t.is(dropped(), 'drop-no-forward');
  t.is(heldNow(), 2);
  pause(fragmentSeconds);
  t.is(dropped(), 'drop-fragment x2');
  // J has the same identification in use as I: the sender is part of the key, and so is the protocol.
  through('wan', [halves('I:1', 'P:5000')[0]]);
  t.deepEqual(wan(halves('J:1', 'P:5000')[1]), []);
  t.deepEqual(wan(ip(1, 'I', 'P', filler(100), { id: 7, fragment: 185 })), []);
  t.is(wan(halves('I:1', 'P:5000')[1]).length, 1);
});

test('a refused first piece is answered; a packet with only the reserved bit is whole', (t) => {
  router();
  t.deepEqual(lan(halves('C:1', 'P:9')[0]), ['lan C | icmp 3/3 P > C about udp C:1 > P:9']);
  t.deepEqual(lan(udp('C:1', 'I:9', { fragment: 0x8000, id: 99 })), ['wan G | udp P:1 > I:9']);
  t.deepEqual(identifications(lastLeft), [99]);
});
