/** Section 5 of the checklist, RFC 1812: the ICMP that the router itself sends, and ICMP that it does not heed. */
import {
  arp,
  arrive,
  dropped,
  ethernet,
  lan,
  macOf,
  moved,
  pause,
  router,
  say,
  wan,
} from '../control/table.ts';
import { get16, icmp, icmpError, ip, ping, tcp, tell, udp } from '../wire/packets.ts';
import { cut, pieceOf, together } from './pieces.ts';
import { row } from './row.ts';
import { idle, packetLeft, packetsOf, send } from './seen.ts';

row(['1812-4.3.2.3'], 'an error quotes the IP header with its options and 40 bytes, or all there is', (t) => {
  router();
  const quoteOf = (packet: Uint8Array) => {
    t.is(lan(packet.slice()).length, 1);
    const quote = packetLeft().slice(28);
    t.deepEqual(quote, packet.slice(0, quote.length));
    return quote.length;
  };
  t.is(quoteOf(udp('C:40000', 'I:9', { ttl: 1, data: new Uint8Array(200) })), 60);
  t.is(quoteOf(udp('C:40000', 'I:9', { ttl: 1, data: new Uint8Array(200), options: [148, 4, 0, 0] })), 64);
  t.is(quoteOf(tcp('C:40000', 'I:9', 'S', { ttl: 1, tcpOptions: [2, 4, 5, 180] })), 44);
  t.is(quoteOf(udp('C:40000', 'I:9', { ttl: 1, data: '' })), 28);
});

row(['1812-4.3.2.4'], 'an error comes from R on the LAN, from P on the WAN', (t) => {
  router();
  t.deepEqual(lan(udp('C:40000', 'I:9', { ttl: 1 })), ['lan C | icmp 11/0 R > C about udp C:40000 > I:9']);
  t.deepEqual(lan(udp('C:40000', 'P:5000', { ttl: 1 })), [
    'lan C | icmp 11/0 R > C about udp C:40000 > P:5000',
  ]);
  t.deepEqual(wan(udp('I:9', 'P:5000', { ttl: 1 })), ['wan G | icmp 11/0 P > I about udp I:9 > P:5000']);
});

row(['1812-4.3.2.5'], 'errors have precedence 6, echo answers what the question had', (t) => {
  router();
  lan(udp('C:40000', 'I:9', { ttl: 1 }));
  t.is(packetLeft()[1], 0xc0);
  lan(udp('C:40000', 'P:9'));
  t.is(packetLeft()[1], 0xc0);
  lan(ping('C', 'R', 1, { tos: 0x10 }));
  t.is(packetLeft()[1], 0x10);
});

row(
  ['1812-4.3.2.7'],
  'no error about errors, groups, later pieces and sources that are no single host',
  (t) => {
    router();
    // Each of them would earn an error if it were an ordinary packet: it has one hop left.
    const dying = { ttl: 1 };
    lan(udp('C:40000', 'I:9'));
    wan(udp('I:9', 'P:40000'));
    const error = (from: string, to: string, about: Uint8Array) => {
      const packet = icmpError(from, to, [3, 3], about);
      return icmp(from, to, 3, 3, 0, { data: packet.slice(28), ttl: 1 });
    };
    const all = Array<number>(6).fill(255);
    // Their first pieces passed, so that later ones would find their way.
    const big = (to: string, ttl: number) =>
      udp('C:40000', to, { data: new Uint8Array(200), fragment: 0, ttl });
    for (const to of ['I:9', 'P:5000']) t.is(send('C', cut(big(to, 64), 80)[0]).length, 1);
    const silent: [what: string, left: unknown[]][] = [
      ['an error from inside', send('C', error('C', 'I', udp('I:9', 'C:40000')))],
      ['an error from outside', send('G', error('I', 'P', udp('P:40000', 'I:9')))],
      ['a directed broadcast', send('C', udp('C:40000', '12.0.0.255:9', dying))],
      ['the limited broadcast', send('C', udp('C:40000', '255.255.255.255:9', dying))],
      ['a multicast', send('C', udp('C:40000', '239.1.1.1:9', dying))],
      ['a MAC broadcast', arrive('lan', ethernet(all, macOf('C'), 0x0800, udp('C:40000', 'I:9', dying)))],
      [
        'a MAC multicast',
        arrive('lan', ethernet([1, 0, 94, 0, 0, 1], macOf('C'), 0x0800, udp('C:40000', 'I:9', dying))),
      ],
      ['a MAC broadcast to P', arrive('lan', ethernet(all, macOf('C'), 0x0800, udp('C:40000', 'P:9')))],
      ['a later piece', send('C', cut(big('I:9', 1), 80)[1])],
      ['a later piece around the hairpin', send('C', cut(big('P:5000', 1), 80)[1])],
    ];
    for (const source of [
      '0.0.0.0',
      '127.0.0.1',
      '224.0.0.1',
      '240.0.0.1',
      '255.255.255.255',
      '192.168.0.255',
      '192.168.0.0',
    ])
      silent.push([`from ${source}`, send('C', udp(`${source}:40000`, 'I:9', dying))]);
    for (const source of ['0.0.0.0', '127.0.0.1', '224.0.0.1', '12.0.0.255'])
      silent.push([`from ${source}`, send('G', udp(`${source}:9`, 'P:5000', dying))]);
    for (const [what, left] of silent) t.deepEqual(left, [], what);
    t.false('sent-icmp-error' in moved());
    t.is(lan(udp('C:40000', 'I:9', dying)).length, 1);
  },
);

row(['1812-4.3.2.8'], '1000 packets that die in one second earn at most ten errors', (t) => {
  router();
  let errors = 0;
  for (let i = 0; i < 500; i++) {
    errors += lan(udp('C:40000', 'I:9', { ttl: 1 })).length;
    errors += wan(udp('I:9', 'P:5000', { ttl: 1 })).length;
  }
  t.true(errors > 0 && errors <= 10, `${errors}`);
  t.is(moved()['icmp-error-rate-limited'], 1000 - errors);
  idle(1);
  t.is(lan(udp('C:40000', 'I:9', { ttl: 1 })).length, 1);
});

row(['1812-4.3.3.1'], 'codes of unreachable: no neighbour 1, closed port 3, too big 4, forbidden 13', (t) => {
  router({ mtu: 1400 });
  t.deepEqual(lan(udp('C:40000', '192.168.0.77:9')), ['lan * | arp who has 192.168.0.77, tell R']);
  t.deepEqual(pause(4), [
    'lan * | arp who has 192.168.0.77, tell R',
    'lan * | arp who has 192.168.0.77, tell R',
    'lan C | icmp 3/1 R > C about udp C:40000 > 192.168.0.77:9',
  ]);
  t.deepEqual(lan(udp('C:40000', 'P:9')), ['lan C | icmp 3/3 P > C about udp C:40000 > P:9']);
  t.deepEqual(lan(udp('C:40000', 'R:9')), ['lan C | icmp 3/3 R > C about udp C:40000 > R:9']);
  t.deepEqual(lan(udp('C:40000', 'I:9', { data: new Uint8Array(1400) })), [
    'lan C | icmp 3/4 mtu 1400 R > C about udp C:40000 > I:9',
  ]);
  t.deepEqual(lan(ip(47, 'C', 'I', new Uint8Array(20))), ['lan C | icmp 3/13 R > C about protocol 47 C > I']);
  // A gateway that does not answer is a host that is not reached.
  router({ strangers: true });
  say('lan', arp(1, 'C', 'R'));
  t.deepEqual(lan(udp('C:40000', 'I:9')), ['wan * | arp who has G, tell P']);
  t.deepEqual(pause(4).at(-1), 'lan C | icmp 3/1 R > C about udp C:40000 > I:9');
});

row(
  ['1812-4.3.3.2/5.2.7.2'],
  'packets that could have gone directly are passed on without a redirect',
  (t) => {
    router();
    t.deepEqual(lan(udp('C:40000', 'S:9')), ['lan S | udp C:40000 > S:9']);
    t.deepEqual(lan(tcp('C:33333', 'P:25', 'S')), ['lan S | tcp P:33333 > S:25 S']);
    t.deepEqual(lan(tcp('S:25', 'P:33333', 'SA')), ['lan C | tcp P:25 > C:33333 SA']);
    t.deepEqual(wan(udp('G:9', 'P:5000')), ['lan S | udp G:9 > S:5000']);
    t.false('sent-icmp-error' in moved());
  },
);

row(['1812-redir-in'], 'a redirect changes no way and goes no further', (t) => {
  router();
  lan(udp('C:40000', 'I:9'));
  const word = 12 * 2 ** 24 + 77;
  t.deepEqual(wan(icmpError('G', 'P', [5, 1, word], udp('P:40000', 'I:9'))), []);
  t.deepEqual(lan(icmpError('S', 'R', [5, 1, word], udp('R:40000', 'I:9'))), []);
  t.is(dropped(), 'drop-icmp x2');
  t.deepEqual(lan(udp('C:40000', 'I:9')), ['wan G | udp P:40000 > I:9']);
});

row(
  ['1812-4.3.3.6'],
  'R and P answer an echo in their own name, up to 1472 bytes; broadcasts do not',
  (t) => {
    router();
    t.deepEqual(lan(ping('C', 'R', 7)), ['lan C | pong R > C id 7']);
    t.deepEqual(lan(ping('C', 'P', 7)), ['lan C | pong P > C id 7']);
    t.deepEqual(wan(ping('I', 'P', 7)), ['wan G | pong P > I id 7']);
    t.deepEqual(lan(ping('C', '192.168.0.255', 7)), []);
    t.deepEqual(lan(ping('C', '255.255.255.255', 7)), []);
    t.deepEqual(wan(ping('I', '12.0.0.255', 7)), []);
    t.deepEqual(wan(ping('I', 'R', 7)), []);
    const data = Uint8Array.from({ length: 1472 }, (_, i) => i);
    t.deepEqual(lan(ping('C', 'R', 7, { data })), ['lan C | pong R > C id 7']);
    t.deepEqual(packetLeft().slice(28), data);
    for (const piece of cut(ping('C', 'R', 7, { data, fragment: 0 }), 800)) t.deepEqual(send('C', piece), []);
  },
);

row(['6633'], 'source quench is not passed on, not heeded and not sent', (t) => {
  router();
  lan(udp('C:40000', 'I:9'));
  t.deepEqual(wan(icmpError('G', 'P', [4, 0], udp('P:40000', 'I:9'))), []);
  t.deepEqual(lan(icmpError('C', 'I', [4, 0], udp('I:9', 'C:40000'))), []);
  t.is(dropped(), 'drop-icmp x2');
  t.deepEqual(lan(udp('C:40000', 'I:9')), ['wan G | udp P:40000 > I:9']);
});

row(['6918'], 'dead queries and their answers are neither answered nor passed on', (t) => {
  router();
  for (const type of [1, 2, 6, 7, 9, 10, 15, 16, 17, 18, 19, 30, 31, 33, 37, 39, 40, 255]) {
    for (const to of ['R', 'P', 'I'])
      t.deepEqual(lan(icmp('C', to, type, 0, 0x10001)), [], `${type} to ${to}`);
    t.deepEqual(wan(icmp('I', 'P', type, 0, 0x10001)), [], `${type} from I`);
  }
});

row(['1812-4.2.2.7'], 'a packet with options is cut: those that ask for it are in both pieces', (t) => {
  router({ mtu: 1400 });
  const data = Uint8Array.from({ length: 1400 }, (_, i) => i * 3);
  const copied = [148, 4, 0, 0];
  const once = [7, 7, 4, 0, 0, 0, 0, 0];
  for (let i = 0; i < 2; i++) {
    const left = packetsOf(
      send('C', udp('C:40000', 'I:9', { data, fragment: 0, options: [...copied, ...once] })),
    );
    t.is(left.length, 2);
    const [first, second] = left;
    t.deepEqual([...first.subarray(20, 32)], [...copied, ...once]);
    t.true(first.length <= 1400 && pieceOf(first).length >= 8 && pieceOf(first).length % 8 === 0);
    t.deepEqual([...second.subarray(20, 24)], copied);
    // What is not repeated is left out, or nothing stands in its place.
    const rest = second.subarray(24, (second[0] & 15) * 4);
    t.true(rest.every((byte) => byte <= 1));
    t.is(tell(together(left)), 'udp P:40000 > I:9');
    t.deepEqual(together(left).slice(-1400), data);
    wan(udp('I:9', 'P:40000'));
    lan(udp('C:40000', 'I:9'));
  }
});

row(
  ['1812-3.3.2'],
  'the first packet to a neighbour not yet known arrives; a group MAC is believed of nobody',
  (t) => {
    router({ strangers: true });
    say('wan', arp(1, 'G', 'P'));
    t.deepEqual(wan(udp('I:9', 'P:5000')), ['lan * | arp who has S, tell R']);
    for (const mac of [Array<number>(6).fill(255), [1, 0, 94, 0, 0, 1]]) {
      t.deepEqual(say('lan', arp(2, 'S', 'R', mac), macOf('R')), []);
      t.is(dropped(), 'drop-arp');
    }
    t.deepEqual(say('lan', arp(2, 'S', 'R'), macOf('R')), ['lan S | udp I:9 > S:5000']);
    t.false('sent-icmp-error' in moved());
  },
);

row(['1191'], 'the MTU stands in bytes 6 and 7 of 3/4, and 4 and 5 are 0', (t) => {
  for (const mtu of [1400, 1280, 576]) {
    router({ mtu });
    t.is(lan(udp('C:40000', 'I:9', { data: new Uint8Array(1472) })).length, 1);
    const error = packetLeft();
    t.deepEqual([error[20], error[21], get16(error, 24), get16(error, 26)], [3, 4, 0, mtu]);
  }
  // What comes from the way is passed on with its own.
  router();
  lan(udp('C:40000', 'I:9'));
  t.deepEqual(wan(icmpError('G', 'P', [3, 4, 0x0578], udp('P:40000', 'I:9'))), [
    'lan C | icmp 3/4 mtu 1400 G > C about udp C:40000 > I:9',
  ]);
});
