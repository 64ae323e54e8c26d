/** Section 1 of the checklist, RFC 4787 for UDP: who may answer, hairpin, contents, and ICMP about UDP. */
import { lan, lastLeft, router, wan } from '../control/table.ts';
import { icmp, icmpError, tcp, udp } from '../wire/packets.ts';
import { row } from './row.ts';
import { packetLeft } from './seen.ts';

row(['4787-8'], 'by default a UDP mapping is open to hosts it has sent to, from any port', (t) => {
  router();
  lan(udp('C:40000', 'I:1'));
  t.deepEqual(wan(udp('J:5', 'P:40000')), []);
  t.deepEqual(wan(udp('I:6', 'P:40000')), ['lan C | udp I:6 > C:40000']);
  t.deepEqual(lan(udp('C:40000', 'I:6')), ['wan G | udp P:40000 > I:6']);
  // A port that nobody opened stays shut to them too.
  t.deepEqual(wan(udp('I:1', 'P:40001')), []);
  lan(udp('C:40000', 'J:7'));
  t.deepEqual(wan(udp('J:5', 'P:40000')), ['lan C | udp J:5 > C:40000']);
});

row(['4787-8a'], 'with the endpoint-independent filter a UDP mapping is open to everybody', (t) => {
  router({ filter: 'endpoint-independent' });
  t.deepEqual(wan(udp('J:5', 'P:40000')), []);
  lan(udp('C:40000', 'I:1'));
  t.deepEqual(wan(udp('J:5', 'P:40000')), ['lan C | udp J:5 > C:40000']);
  t.deepEqual(wan(udp('I:6', 'P:40000')), ['lan C | udp I:6 > C:40000']);
  t.deepEqual(lan(udp('C:40000', 'J:5')), ['wan G | udp P:40000 > J:5']);
  router({ filter: 'address-dependent' });
  lan(udp('C:40000', 'I:1'));
  t.deepEqual(wan(udp('J:5', 'P:40000')), []);
  t.deepEqual(wan(udp('I:6', 'P:40000')), ['lan C | udp I:6 > C:40000']);
});

row(['4787-9'], 'two LAN hosts reach each other by the public ports of their UDP mappings', (t) => {
  router();
  lan(udp('C:51000', 'I:3478'));
  lan(udp('S:52000', 'I:3478'));
  t.deepEqual(lan(udp('C:51000', 'P:52000')), ['lan S | udp P:51000 > S:52000']);
  t.deepEqual(lan(udp('S:52000', 'P:51000')), ['lan C | udp P:52000 > C:51000']);
  t.deepEqual(lan(udp('C:51000', 'P:52000')), ['lan S | udp P:51000 > S:52000']);
});

row(['4787-9a'], 'a hairpinned datagram or SYN comes from P and the public port of its sender', (t) => {
  router();
  t.deepEqual(lan(udp('C:33333', 'P:5000')), ['lan S | udp P:33333 > S:5000']);
  t.deepEqual(lan(tcp('C:33333', 'P:25', 'S')), ['lan S | tcp P:33333 > S:25 S']);
  // The port is that of the ordinary mapping, whatever it is.
  lan(udp('S:40000', 'I:1'));
  const outside = lan(udp('C:40000', 'I:1'));
  const inside = lan(udp('C:40000', 'P:5000'));
  t.notRegex(outside[0], /P:40000/);
  t.is(inside[0], outside[0].replace('wan G', 'lan S').replace('I:1', 'S:5000'));
});

row(['4787-10,10a'], 'a UDP payload that names addresses and ports passes untouched, both ways', (t) => {
  router();
  const call =
    'INVITE sip:j@198.51.100.10 SIP/2.0\r\nContact: <sip:c@192.168.0.3:5060>\r\nc=IN IP4 192.168.0.3\r\n';
  const answer = 'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 12.0.0.1:5060;received=192.168.0.3\r\n';
  const payload = () => new TextDecoder().decode(packetLeft().subarray(28));
  t.deepEqual(lan(udp('C:5060', 'I:5060', { data: call })), ['wan G | udp P:5060 > I:5060']);
  t.is(payload(), call);
  t.deepEqual(wan(udp('I:5060', 'P:5060', { data: answer })), ['lan C | udp I:5060 > C:5060']);
  t.is(payload(), answer);
  t.deepEqual(lan(udp('C:5060', 'I:5060', { data: call })), ['wan G | udp P:5060 > I:5060']);
  t.is(payload(), call);
});

const out = () => udp('P:40000', 'I:9');

row(['4787-12'], 'no ICMP message ends a UDP mapping', (t) => {
  router();
  lan(udp('C:40000', 'I:9'));
  wan(udp('I:9', 'P:40000'));
  for (const [type, code] of [
    [3, 0],
    [3, 1],
    [3, 3],
    [3, 4],
    [3, 13],
    [4, 0],
    [5, 1],
    [11, 0],
    [11, 1],
    [12, 0],
  ] as const) {
    wan(icmpError('G', 'P', [type, code], out()));
    wan(icmpError('I', 'P', [type, code], out()));
    t.deepEqual(wan(udp('I:9', 'P:40000')), ['lan C | udp I:9 > C:40000'], `${type}/${code}`);
    t.deepEqual(lan(udp('C:40000', 'I:9')), ['wan G | udp P:40000 > I:9'], `${type}/${code}`);
  }
  // Nor one from the host itself about what it was sent.
  t.deepEqual(lan(icmpError('C', 'I', [3, 3], udp('I:9', 'C:40000'))), [
    'wan G | icmp 3/3 P > I about udp I:9 > P:40000',
  ]);
  t.deepEqual(wan(udp('I:9', 'P:40000')), ['lan C | udp I:9 > C:40000']);
});

row(['4787-12a'], 'an error about a flow is let in from whoever reports it', (t) => {
  router();
  lan(udp('C:40000', 'I:9'));
  for (const reporter of ['G', 'I', 'J', '203.0.113.77', '10.1.2.3'])
    t.deepEqual(wan(icmpError(reporter, 'P', [11, 0], out())), [
      `lan C | icmp 11/0 ${reporter} > C about udp C:40000 > I:9`,
    ]);
});

row(['4787-12b'], 'Destination Unreachable passes inwards with every code', (t) => {
  router();
  lan(udp('C:40000', 'I:9'));
  for (let code = 0; code <= 15; code++)
    t.deepEqual(wan(icmpError('G', 'P', [3, code], out())), [
      `lan C | icmp 3/${code} G > C about udp C:40000 > I:9`,
    ]);
  // With the MTU that code 4 tells, and what else the error holds.
  wan(icmpError('G', 'P', [3, 4, 1280], out(), 10));
  t.is(lastLeft[0].port, 'lan');
  const message = packetLeft();
  t.is((message[26] << 8) | message[27], 1280);
  t.is(message.length, 20 + 8 + 20 + 10);
  t.deepEqual(wan(icmp('G', 'P', 3, 1, 0, { data: 'nothing quoted' })), []);
});
