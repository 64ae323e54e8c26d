/**
 * Packets longer than the WAN's MTU: cut after translation where the sender allows it, refused with 3/4 where not.
 */
import test from 'ava';
import { heldNow } from '../../firmware/control/held.ts';
import { icmpError, ping, tcp, udp } from '../wire/packets.ts';
import { inPieces, placeOf } from '../wire/pieces.ts';
import { filler, identifications, packetsOf, received, through } from './datagrams.ts';
import { dropped, fast, introduce, lan, lastLeft, moved, router, told, wan } from './table.ts';

/** A UDP packet of so many bytes in all, which may be cut. */
const sized = (bytes: number, shape = {}) =>
  udp('C:1', 'I:9', { data: filler(bytes - 28), fragment: 0, id: 7, ...shape });

/** Offset of the first byte and of the one behind the last of each piece that left. */
const ranges = (packets: Uint8Array[]) =>
  packets.map((packet) => {
    const { from, to, more } = placeOf(packet);
    return `${from}-${to}${more ? '+' : ''}`;
  });

test('4787-13a: 1500 bytes over an MTU of 1400 leave as two pieces in order, first the larger', (t) => {
  router({ mtu: 1400 });
  const left = through('lan', [sized(1500)]);
  t.deepEqual(told(left), ['wan G | udp P > I bytes 0-1375, more', 'wan G | udp P > I bytes 1376-1479']);
  t.deepEqual(received(left), ['wan G | udp P:1 > I:9, 1480 bytes']);
  const [a, b] = identifications(left);
  t.is(a, b);
  t.not(a, 7);
  t.deepEqual(moved(), { 'flows-made': 1, 'forwarded-slow': 1, 'sent-fragment': 1 });
  const [c] = identifications(through('lan', [sized(1500)]));
  t.not(c, a);
  // And so it is in a flow that has the fast path.
  wan(udp('I:9', 'P:1'));
  lan(udp('C:1', 'I:9'));
  lan(udp('C:1', 'I:9'));
  t.true(fast > 0);
  t.deepEqual(received(through('lan', [sized(1500)])), ['wan G | udp P:1 > I:9, 1480 bytes']);
  t.is(moved()['sent-fragment'], 2);
});

test('4787-13: with DF the sender is told 3/4 and the MTU, and nothing is cut', (t) => {
  router({ mtu: 1400 });
  t.deepEqual(lan(sized(1428, { fragment: 0x4000 })), [
    'lan C | icmp 3/4 mtu 1400 R > C about udp C:1 > I:9',
  ]);
  t.is(dropped(), 'drop-too-big');
});

test('1812-4.2.2.7: at every MTU all pieces fit, and all but the last are multiples of eight', (t) => {
  for (let mtu = 576; mtu <= 1499; mtu += 13) {
    router({ mtu });
    for (const bytes of [mtu, mtu + 1, mtu + 7, mtu + 8, 1493, 1500].filter((size) => size <= 1500)) {
      for (const options of [[], [148, 4, 0, 0], [7, 39, 4, ...Array<number>(36).fill(0), 0]]) {
        const packet = sized(bytes - options.length, { options });
        const left = through('lan', [packet]);
        const what = `${bytes} bytes, ${options.length} of options, over ${mtu}`;
        t.deepEqual(received(left), [`wan G | udp P:1 > I:9, ${bytes - 20 - options.length} bytes`], what);
        for (const piece of packetsOf(left)) {
          t.true(piece.length <= mtu, what);
          t.true(!placeOf(piece).more || placeOf(piece).to % 8 === 0, what);
        }
        t.is(left.length > 1, packet.length > mtu, what);
      }
    }
  }
});

test('1812-4.2.2.7: the first piece has all options, the others those to be copied', (t) => {
  router({ mtu: 576 });
  const options = [7, 7, 4, 0, 0, 0, 0, 1, 148, 4, 0, 0, 130, 3, 9, 0];
  const left = through('lan', [sized(1500, { options, data: filler(1400) })]);
  const sent = packetsOf(left);
  t.is(sent.length, 3);
  t.deepEqual(Array.from(sent[0].subarray(20, 36)), options);
  for (const piece of sent.slice(1)) {
    t.is(piece[0], 0x47);
    t.deepEqual(Array.from(piece.subarray(20, 28)), [148, 4, 0, 0, 130, 3, 9, 0]);
  }
  t.deepEqual(received(left), ['wan G | udp P:1 > I:9, 1408 bytes']);
});

test('fr-7: pieces that are too long themselves are cut, offsets and what follows kept', (t) => {
  router({ mtu: 1400 });
  const pieces = inPieces(sized(3000), 1480, 1480);
  const left = through('lan', pieces);
  t.deepEqual(ranges(packetsOf(left)), ['0-1376+', '1376-1480+', '1480-2856+', '2856-2960+', '2960-2980']);
  t.is(new Set(identifications(left)).size, 1);
  t.deepEqual(received(left), ['wan G | udp P:1 > I:9, 2980 bytes']);
  t.is(moved()['sent-fragment'], 2);
  // In another order, with the first one last: each is cut when its turn comes.
  const again = inPieces(sized(3000, { id: 8 }), 1480, 1480).reverse();
  const turned = through('lan', again);
  t.deepEqual(ranges(packetsOf(turned)), ['0-1376+', '1376-1480+', '2960-2980', '1480-2856+', '2856-2960+']);
  t.deepEqual(received(turned), ['wan G | udp P:1 > I:9, 2980 bytes']);
  t.is(heldNow(), 0);
});

test('fr-7: a piece with DF that is too long: 3/4 about the first, silence about others', (t) => {
  router({ mtu: 1400 });
  const pieces = inPieces(sized(3000, { fragment: 0x4000 }), 1480, 1480);
  t.deepEqual(lan(pieces[0]), ['lan C | icmp 3/4 mtu 1400 R > C about udp C:1 > I:9']);
  t.is(dropped(), 'drop-too-big');
  t.deepEqual(lan(inPieces(sized(2500, { fragment: 0x4000 }), 1376, 8)[0]).length, 1);
  t.deepEqual(lan(pieces[1]), []);
  t.is(dropped(), 'drop-too-big');
});

test('answers of a server, TCP, echoes and ICMP errors are cut like anything else', (t) => {
  router({ mtu: 1400 });
  wan(udp('I:9', 'P:5000'));
  const answer = udp('S:5000', 'I:9', { data: filler(1472), fragment: 0 });
  t.deepEqual(received(through('lan', [answer])), ['wan G | udp P:5000 > I:9, 1480 bytes']);
  lan(tcp('C:2', 'I:80', 'S'));
  const segment = tcp('C:2', 'I:80', 'A', { data: filler(1460), fragment: 0 });
  t.deepEqual(received(through('lan', [segment])), ['wan G | tcp P:2 > I:80 A, 1480 bytes']);
  const echo = ping('C', 'I', 5, { data: filler(1472), fragment: 0 });
  t.deepEqual(received(through('lan', [echo])), ['wan G | ping P > I id 5, 1480 bytes']);
  // An error that quotes far more than it should.
  const about = udp('I:9', 'S:5000', { data: filler(1300) });
  const error = icmpError('S', 'I', [3, 3], about, 1308);
  t.is(error.length, 1356);
  router({ mtu: 1300 });
  wan(udp('I:9', 'P:5000'));
  t.regex(
    received(through('lan', [error]))[0],
    /^wan G \| icmp 3\/3 P > I about udp I:9 > P:5000, 1336 bytes$/,
  );
});

test('a last piece of eight bytes is padded, and what it is padded with is no part of it', (t) => {
  router({ mtu: 1492 });
  const left = through('lan', [sized(1500)]);
  t.deepEqual(
    left.map(({ frame }) => frame.length),
    [14 + 1492, 60],
  );
  t.deepEqual(ranges(packetsOf(left)), ['0-1472+', '1472-1480']);
  t.deepEqual(Array.from(left[1].frame.subarray(14 + 28)), Array(18).fill(0));
});

test('the way in and around the hairpin is the LAN, which takes 1500 bytes whatever the WAN takes', (t) => {
  router({ mtu: 576 });
  t.deepEqual(wan(udp('I:1', 'P:5000', { data: filler(1472), fragment: 0, id: 9 })), [
    'lan S | udp I:1 > S:5000',
  ]);
  t.deepEqual(identifications(lastLeft), [9]);
  t.deepEqual(lan(udp('C:1', 'P:5000', { data: filler(1472), fragment: 0 })), ['lan S | udp P:1 > S:5000']);
});

test('what is too long and goes nowhere is not cut: TTL, and a gateway that is not known yet', (t) => {
  router({ mtu: 1400, strangers: true });
  introduce('C');
  t.deepEqual(lan(sized(1500, { ttl: 1 })), ['lan C | icmp 11/0 R > C about udp C:1 > I:9']);
  t.deepEqual(lan(sized(1500)), ['wan * | arp who has G, tell P']);
  t.is(moved()['sent-fragment'] ?? 0, 0);
  introduce('G');
  t.deepEqual(received(lastLeft.slice(1)), ['wan G | udp P:1 > I:9, 1480 bytes']);
  // And the packet after it is not taken for one in pieces.
  t.deepEqual(identifications(through('lan', [sized(1000)])), [7]);
});
