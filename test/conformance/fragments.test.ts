/** Section 11 of the checklist: packets in pieces, without putting them together. */
import { dropped, introduce, lan, moved, pause, router } from '../control/table.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { heldNow } from '../../firmware/control/held.ts';
import { get16, ping, pong, tcp, tell, udp } from '../wire/packets.ts';
import { cut, pieceOf, together } from './pieces.ts';
import { row } from './row.ts';
import { idle, packetLeft, packetsOf, send } from './seen.ts';

const bytes = (count: number) => Uint8Array.from({ length: count }, (_, i) => i * 11);
const datagram = (from: string, to: string, id = 5, length = 2000) =>
  udp(from, to, { data: bytes(length), fragment: 0, id });

/** A datagram in pieces, by who sends it, and what it must be when put together again. */
const ways: [from: string, packet: () => Uint8Array, becomes: string][] = [
  ['C', () => datagram('C:40000', 'I:9'), 'udp P:40000 > I:9'],
  ['G', () => datagram('I:9', 'P:40000'), 'udp I:9 > C:40000'],
  ['G', () => datagram('I:9', 'P:5000'), 'udp I:9 > S:5000'],
  ['S', () => datagram('S:5000', 'I:9'), 'udp P:5000 > I:9'],
  ['C', () => datagram('C:33333', 'P:5000'), 'udp P:33333 > S:5000'],
  ['S', () => datagram('S:5000', 'P:33333'), 'udp P:5000 > C:33333'],
  ['C', () => ping('C', 'I', 9, { data: bytes(2000), fragment: 0 }), 'ping P > I id 9'],
  ['G', () => pong('I', 'P', 9, { data: bytes(2000), fragment: 0 }), 'pong I > C id 9'],
  ['C', () => tcp('C:40000', 'I:80', 'S', { data: bytes(2000), fragment: 0 }), 'tcp P:40000 > I:80 S'],
];

/** What opens the flows of answers. */
const openers: [from: string, packet: Uint8Array][] = [
  ['C', udp('C:40000', 'I:9')],
  ['G', udp('I:9', 'P:5000')],
  ['C', udp('C:33333', 'P:5000')],
  ['C', ping('C', 'I', 9)],
];

row(
  ['fr-1', 'fr-2'],
  'two pieces outwards, inwards and around the hairpin arrive as one packet with right sums',
  (t) => {
    router();
    for (const [from, packet, becomes] of ways) {
      const [first, second] = cut(packet(), 1024);
      const left = [send(from, first.slice()), send(from, second.slice())].map((some) => packetLeft(some));
      // `tell` checks the transport checksum over the whole.
      t.is(tell(together(left)), becomes);
      // Of the later piece nothing but the IP header is new.
      t.deepEqual(left[1].slice(20), second.slice(20), becomes);
      t.is(left[1][8], second[8] - 1);
      t.is(get16(left[1], 6), get16(second, 6));
    }
  },
);

row(['fr-1'], 'the first piece is remembered for 15 s, and then the others wait in vain', (t) => {
  router();
  const [first, second, third] = cut(datagram('C:40000', 'I:9'), 640, 640);
  t.is(send('C', first).length, 1);
  idle(14);
  t.is(send('C', second).length, 1);
  idle(2);
  t.deepEqual(send('C', third), []);
});

row(['fr-3'], 'pieces that come before the first wait for it and leave behind it: 2,1 and 3,1,2', (t) => {
  for (const [from, packet, becomes] of ways) {
    for (const order of [
      [1, 0],
      [2, 0, 1],
      [2, 1, 0],
      [1, 2, 3, 0],
    ]) {
      router();
      for (const [opener, packet] of openers) t.is(send(opener, packet.slice()).length, 1);
      const pieces = cut(packet(), ...Array<number>(order.length - 1).fill(600));
      const left = order.map((which) => send(from, pieces[which].slice()));
      const early = order.indexOf(0);
      t.deepEqual(left.slice(0, early), Array<never[]>(early).fill([]), `${becomes} ${order}`);
      t.is(left[early].length, early + 1, `${becomes} ${order}`);
      t.is(pieceOf(packetsOf(left[early])[0]).offset, 0);
      t.is(tell(together(packetsOf(left.flat()))), becomes);
    }
  }
});

row(['fr-3'], 'at most three pieces wait, for two seconds', (t) => {
  router();
  const pieces = cut(datagram('I:9', 'P:5000', 5, 3000), 400, 400, 400, 400, 400);
  for (const which of [1, 2, 3, 4, 5]) {
    t.deepEqual(send('G', pieces[which].slice()), []);
    t.true(heldNow() <= 3);
  }
  t.is(heldNow(), 3);
  t.is(send('G', pieces[0].slice()).length, 4);
  t.is(heldNow(), 0);
  // Too late: what waited is gone, though later pieces still follow the first.
  router();
  t.deepEqual(send('G', pieces[1].slice()), []);
  t.is(heldNow(), 1);
  pause(3);
  introduce('G', 'S', 'C');
  t.is(heldNow(), 0);
  t.is(send('G', pieces[0].slice()).length, 1);
  t.is(send('G', pieces[2].slice()).length, 1);
});

row(
  ['fr-4'],
  'memory of pieces is given to the newest, and a flood takes no place from other traffic',
  (t) => {
    router({ strangers: true });
    introduce('G', 'C');
    for (let i = 0; i < 500; i++) {
      send('G', cut(datagram(`203.0.113.${i & 127}:9`, 'P:5000', i), 1024)[1]);
      if (i % 100) continue;
      // A packet for a neighbour that is still unknown can wait, whatever else does.
      t.is(lan(udp('C:1', `192.168.0.${50 + i / 100}:9`)).length, 1);
    }
    introduce('S');
    t.deepEqual(lan(ping('C', 'I', 5)), ['wan G | ping P > I id 5']);
    // Forty datagrams whose first pieces came: the newest can still be completed.
    const many = Array.from({ length: 40 }, (_, i) => cut(datagram('C:40000', 'I:9', 1000 + i), 1024));
    const firsts = many.map(([first]) => send('C', first));
    t.true(firsts.every((left) => left.length === 1));
    for (let i = 32; i < 40; i++) {
      const left = packetLeft(send('C', many[i][1]));
      t.is(tell(together([packetsOf(firsts[i])[0], left])), 'udp P:40000 > I:9', `${i}`);
    }
    t.deepEqual(send('C', many[0][1]), []);
  },
);

/** The first piece of a packet, with so few bytes of payload that no cutter would leave it so. */
function shortFirst(packet: Uint8Array, payload: number): Uint8Array {
  return cut(packet, payload)[0];
}

row(
  ['fr-5'],
  'a first piece without its whole transport header, and a TCP piece over it, are dropped',
  (t) => {
    const segment = () => tcp('I:44444', 'P:25', 'S', { data: bytes(200), fragment: 0 });
    router();
    for (const payload of [8, 16]) {
      t.deepEqual(send('G', shortFirst(segment(), payload)), [], `TCP ${payload}`);
    }
    t.is(flowsInUse, 0);
    t.is(dropped(), 'drop-transport-header x2');
    // A whole header passes, what would overwrite its flags does not, before it or behind it.
    t.deepEqual(send('G', cut(segment(), 8)[1]), []);
    t.is(send('G', cut(segment(), 24)[0]).length, 1);
    t.deepEqual(send('G', cut(segment(), 8)[1]), []);
    t.is(send('G', cut(segment(), 24)[1]).length, 1);
    // UDP and ICMP: 8 bytes are enough and less cannot be a piece, but a whole packet can be shorter.
    t.is(send('G', shortFirst(datagram('I:9', 'P:5000'), 8)).length, 1);
    const tiny = udp('I:9', 'P:5000', { fragment: 0x2000 }).slice(0, 24);
    tiny.set([0, 24], 2);
    t.deepEqual(send('G', headed(tiny)), []);
    t.deepEqual(send('C', headed(tinyFrom('C', 'I'))), []);
  },
);

function tinyFrom(from: string, to: string): Uint8Array {
  const packet = ping(from, to, 1, { fragment: 0x2000 }).slice(0, 24);
  packet.set([0, 24], 2);
  return packet;
}

/** Writes the header checksum anew. */
function headed(packet: Uint8Array): Uint8Array {
  packet.set([0, 0], 10);
  let sum = 0;
  for (let i = 0; i < 20; i += 2) sum += get16(packet, i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  packet.set([(0xffff - sum) >> 8, (0xffff - sum) & 255], 10);
  return packet;
}

row(['fr-6'], 'a later piece that dies or does not fit earns no error', (t) => {
  router({ mtu: 1000 });
  send('C', cut(datagram('C:40000', 'I:9'), 800)[0]);
  moved();
  const dying = udp('C:40000', 'I:9', { data: bytes(2000), fragment: 0, id: 5, ttl: 1 });
  t.deepEqual(send('C', cut(dying, 800, 400)[1]), []);
  t.deepEqual(
    send('C', cut(udp('C:40000', 'I:9', { ...{ data: bytes(2000) }, fragment: 0, id: 77, ttl: 1 }), 800)[1]),
    [],
  );
  const unyielding = udp('C:40000', 'I:9', { data: bytes(2000), fragment: 0x4000, id: 5 });
  t.deepEqual(send('C', cut(unyielding, 800)[1].fill(0x60, 6, 7).fill(100, 7, 8).slice()), []);
  t.deepEqual(send('G', cut(udp('I:9', 'P:5000', { data: bytes(2000), fragment: 0, ttl: 1 }), 800)[1]), []);
  t.false('sent-icmp-error' in moved());
  // The first piece does.
  t.is(send('C', cut(dying, 800)[0]).length, 1);
  t.is(moved()['sent-icmp-error'], 1);
});

/** Sets DF on a piece. */
function unyielding(piece: Uint8Array): Uint8Array {
  const copy = piece.slice();
  copy[6] |= 0x40;
  return headed(copy);
}

row(
  ['fr-7'],
  'pieces too big for the WAN are cut again, offsets and marks kept; with DF the sender is told',
  (t) => {
    router({ mtu: 1000 });
    const pieces = cut(datagram('C:40000', 'I:9', 5, 2800), 1400);
    const left = pieces.map((piece) => send('C', piece.slice()));
    t.true(left.every((some) => some.length === 2));
    const all = packetsOf(left.flat());
    t.true(all.every((packet) => packet.length <= 1000));
    t.deepEqual(
      all.map((packet) => pieceOf(packet).more),
      [true, true, true, false],
    );
    t.is(tell(together(all)), 'udp P:40000 > I:9');
    t.deepEqual(together(all).slice(28), bytes(2800));
    const told = send('C', unyielding(pieces[0]));
    t.is(told.length, 1);
    const error = packetLeft(told);
    t.deepEqual([error[20], error[21], get16(error, 26)], [3, 4, 1000]);
    t.deepEqual(send('C', unyielding(pieces[1])), []);
  },
);

row(['fr-8'], 'one identification from two hosts to one target, pieces in turns and out of order', (t) => {
  router();
  const [ofC, ofS] = ['C', 'S'].map((host) => cut(datagram(`${host}:40000`, 'I:9', 7, 2400), 800, 800));
  const left = [
    send('C', ofC[2]),
    send('S', ofS[0]),
    send('C', ofC[0]),
    send('S', ofS[2]),
    send('C', ofC[1]),
    send('S', ofS[1]),
  ].flat();
  const byId = new Map<number, Uint8Array[]>();
  for (const packet of packetsOf(left))
    byId.set(pieceOf(packet).id, [...(byId.get(pieceOf(packet).id) ?? []), packet]);
  t.is(byId.size, 2);
  const wholes = [...byId.values()].map((packets) => tell(together(packets)));
  t.true(wholes.includes('udp P:40000 > I:9'));
  t.is(new Set(wholes).size, 2);
  t.is(dropped(), '');
});
