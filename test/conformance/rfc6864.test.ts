/** Section 4 of the checklist: identifications by RFC 6864, so that pieces of two hosts do not mix. */
import { lan, router } from '../control/table.ts';
import { get16, tell, udp } from '../wire/packets.ts';
import { cut, pieceOf, together } from './pieces.ts';
import { row } from './row.ts';
import { packetLeft, packetsOf, send } from './seen.ts';

const bytes = (count: number) => Uint8Array.from({ length: count }, (_, i) => i * 7);

row(
  ['3022-6.3', '6864-NAT', '7857-10'],
  'pieces of two hosts with one identification leave with two, each pair with its own',
  (t) => {
    router();
    const pieces = ['C', 'S'].map((host) =>
      cut(udp(`${host}:40000`, 'I:9', { data: bytes(1992), fragment: 0, id: 7 }), 1000),
    );
    // In turns, so that the second pieces meet two remembered datagrams.
    const left = [0, 1]
      .flatMap((part) => [send('C', pieces[0][part]), send('S', pieces[1][part])])
      .map((some) => packetLeft(some));
    const ids = left.map((packet) => pieceOf(packet).id);
    t.not(ids[0], ids[1]);
    t.deepEqual(ids.slice(2), ids.slice(0, 2));
    for (const host of [0, 1]) {
      const whole = together([left[host], left[host + 2]]);
      t.regex(tell(whole), host === 0 ? /^udp P:40000 > I:9$/ : /^udp P:\d+ > I:9$/);
      t.deepEqual(whole.slice(28), bytes(1992));
    }
  },
);

row(
  ['6864-NAT', '7857-10'],
  'what may not be cut keeps its identification, what the router cuts gets a new one',
  (t) => {
    router({ mtu: 1400 });
    lan(udp('C:40000', 'I:9', { id: 4711 }));
    t.is(get16(packetLeft(), 4), 4711);
    const twice = [1, 2].map(() => {
      const left = packetsOf(send('C', udp('C:40000', 'I:9', { data: bytes(1472), fragment: 0, id: 7 })));
      t.is(left.length, 2);
      t.is(pieceOf(left[0]).id, pieceOf(left[1]).id);
      return pieceOf(left[0]).id;
    });
    t.not(twice[0], twice[1]);
  },
);
