/** Section 2 of the checklist, RFC 5382 for TCP: the filter, contents, hairpin, and ICMP about TCP. */
import { lan, router, wan } from '../control/table.ts';
import { icmpError, tcp, udp } from '../wire/packets.ts';
import { row } from './row.ts';
import { packetLeft } from './seen.ts';

row(['5382-3,3a,3b'], 'the TCP filter is address-dependent or open, apart from that for UDP', (t) => {
  const syn = (from: string) => wan(tcp(from, 'P:40000', 'S'));
  const datagram = (from: string) => wan(udp(from, 'P:40000'));
  const open = () => {
    lan(tcp('C:40000', 'I:1', 'S'));
    lan(udp('C:40000', 'I:1'));
  };
  const tcpIn = (from: string) => [`lan C | tcp ${from} > C:40000 S`];
  const udpIn = (from: string) => [`lan C | udp ${from} > C:40000`];
  router();
  open();
  t.deepEqual(syn('J:5'), []);
  t.deepEqual(syn('I:6'), tcpIn('I:6'));
  t.deepEqual(lan(tcp('C:40000', 'I:6', 'SA')), ['wan G | tcp P:40000 > I:6 SA']);
  t.deepEqual(wan(tcp('I:7', 'P:40000', 'A')), []);
  router({ filterTcp: 'endpoint-independent' });
  open();
  t.deepEqual(syn('J:5'), tcpIn('J:5'));
  t.deepEqual(lan(tcp('C:40000', 'J:5', 'SA')), ['wan G | tcp P:40000 > J:5 SA']);
  t.deepEqual(datagram('J:5'), []);
  t.deepEqual(datagram('I:6'), udpIn('I:6'));
  router({ filterUdp: 'endpoint-independent' });
  open();
  t.deepEqual(syn('J:5'), []);
  t.deepEqual(datagram('J:5'), udpIn('J:5'));
});

row(['5382-6'], 'a TCP payload that names addresses and ports passes untouched, both ways', (t) => {
  router();
  const text = () => new TextDecoder().decode(packetLeft().subarray(40));
  lan(tcp('C:40000', 'I:21', 'S'));
  wan(tcp('I:21', 'P:40000', 'SA'));
  const port = 'PORT 192,168,0,3,7,208\r\n';
  t.deepEqual(lan(tcp('C:40000', 'I:21', 'PA', { data: port })), ['wan G | tcp P:40000 > I:21 PA']);
  t.is(text(), port);
  const passive = '227 Entering Passive Mode (12,0,0,1,195,80).\r\n';
  t.deepEqual(wan(tcp('I:21', 'P:40000', 'PA', { data: passive })), ['lan C | tcp I:21 > C:40000 PA']);
  t.is(text(), passive);
  // Nor did it open the port it names.
  t.deepEqual(wan(tcp('J:20', 'P:2000', 'S')), []);
});

row(['5382-8,8a'], 'a TCP connection around the hairpin: the server sees P and the public port', (t) => {
  router();
  t.deepEqual(lan(tcp('C:33333', 'P:25', 'S')), ['lan S | tcp P:33333 > S:25 S']);
  t.deepEqual(lan(tcp('S:25', 'P:33333', 'SA')), ['lan C | tcp P:25 > C:33333 SA']);
  t.deepEqual(lan(tcp('C:33333', 'P:25', 'A')), ['lan S | tcp P:33333 > S:25 A']);
  t.deepEqual(lan(tcp('S:25', 'P:33333', 'PA', { data: '220' })), ['lan C | tcp P:25 > C:33333 PA']);
});

const out = () => tcp('P:40000', 'I:80', 'A');

row(['5382-9'], 'Destination Unreachable about TCP is translated inwards and outwards', (t) => {
  router();
  lan(tcp('C:40000', 'I:80', 'S'));
  wan(tcp('I:44444', 'P:25', 'S'));
  for (let code = 0; code <= 15; code++) {
    t.deepEqual(wan(icmpError('G', 'P', [3, code], out(), 8)), [
      `lan C | icmp 3/${code} G > C about tcp C:40000 > I:80`,
    ]);
    t.deepEqual(lan(icmpError('S', 'I', [3, code], tcp('I:44444', 'S:25', 'S'))), [
      `wan G | icmp 3/${code} P > I about tcp I:44444 > P:25 S`,
    ]);
  }
});

row(['5382-10'], 'no ICMP message ends a TCP connection, in whatever state it is', (t) => {
  const states = [[], ['<SA'], ['<SA', '>A'], ['<SA', '>A', '>FA'], ['<SA', '>A', '>FA', '<FA']];
  for (const segments of states) {
    router();
    lan(tcp('C:40000', 'I:80', 'S'));
    for (const segment of segments)
      if (segment.startsWith('>')) lan(tcp('C:40000', 'I:80', segment.slice(1)));
      else wan(tcp('I:80', 'P:40000', segment.slice(1)));
    for (const [type, code] of [
      [3, 0],
      [3, 1],
      [3, 2],
      [3, 3],
      [3, 4],
      [3, 13],
      [4, 0],
      [5, 1],
      [11, 0],
      [12, 0],
    ] as const) {
      const name = `${type}/${code} after ${segments}`;
      wan(icmpError('I', 'P', [type, code], out()));
      t.deepEqual(wan(tcp('I:80', 'P:40000', 'A')), ['lan C | tcp I:80 > C:40000 A'], name);
      t.deepEqual(lan(tcp('C:40000', 'I:80', 'A')), ['wan G | tcp P:40000 > I:80 A'], name);
    }
  }
});
