/**
 * Around the hairpin in every mode, to forwards and to dynamic mappings.
 */
import test from 'ava';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { endpointsInUse } from '../../firmware/control/endpoints.ts';
import { tcp, udp } from '../wire/packets.ts';
import { dropped, introduce, lan, lastLeft, router } from './table.ts';

/** A connection from `from` to P:25 up to its third segment, in the name of `seen`. */
function connects(t: { deepEqual(a: unknown, b: unknown): void }, from: string, seen: string): void {
  const host = from.split(':')[0];
  t.deepEqual(lan(tcp(from, 'P:25', 'S')), [`lan S | tcp ${seen} > S:25 S`]);
  t.deepEqual(lan(tcp('S:25', seen, 'SA')), [`lan ${host} | tcp P:25 > ${from} SA`]);
  t.deepEqual(lan(tcp(from, 'P:25', 'A')), [`lan S | tcp ${seen} > S:25 A`]);
}

test("external: the server sees P with the client's public port, the client sees P", (t) => {
  router();
  connects(t, 'C:33333', 'P:33333');
  t.is(flowsInUse, 1);
  t.is(endpointsInUse, 1);
  // The client's ordinary mapping is the same (RFC 4787 REQ-9a).
  t.deepEqual(lan(tcp('C:33333', 'I:80', 'S')), ['wan G | tcp P:33333 > I:80 S']);
  t.is(endpointsInUse, 1);
});

test('lan: the server sees R, with a port from a pool of its own', (t) => {
  router({ hairpin: 'lan' });
  connects(t, 'C:33333', 'R:33333');
  t.deepEqual(lan(tcp('C:33333', 'I:80', 'S')), ['wan G | tcp P:33333 > I:80 S']);
  t.is(endpointsInUse, 2);
  t.deepEqual(lan(udp('C:33333', 'P:5000')), ['lan S | udp R:33333 > S:5000']);
  t.deepEqual(lan(udp('S:5000', 'R:33333')), ['lan C | udp P:5000 > C:33333']);
});

test('dnat-only: the mistake; the server sees the client and no port is taken', (t) => {
  router({ hairpin: 'dnat-only' });
  t.deepEqual(lan(tcp('C:33333', 'P:25', 'S')), ['lan S | tcp C:33333 > S:25 S']);
  t.is(endpointsInUse, 0);
  t.is(flowsInUse, 1);
});

test('none: LAN clients are refused as if nobody listened', (t) => {
  router({ hairpin: 'none' });
  t.deepEqual(lan(tcp('C:33333', 'P:25', 'S')), ['lan C | tcp P:25 > C:33333 RA']);
  t.deepEqual(lan(udp('C:33333', 'P:5000')), ['lan C | icmp 3/3 P > C about udp C:33333 > P:5000']);
  t.is(dropped(), 'drop-refused x2');
  t.is(flowsInUse, 0);
});

test('a forward that changes the port: the client keeps seeing the public one', (t) => {
  router();
  t.deepEqual(lan(tcp('C:33333', 'P:8080', 'S')), ['lan S | tcp P:33333 > S:80 S']);
  t.deepEqual(lan(tcp('S:80', 'P:33333', 'SA')), ['lan C | tcp P:8080 > C:33333 SA']);
  t.deepEqual(lan(udp('C:33333', 'P:6002')), ['lan S | udp P:33333 > S:7002']);
  t.deepEqual(lan(udp('S:7002', 'P:33333')), ['lan C | udp P:6002 > C:33333']);
});

test('the server calls itself by the public address, in both modes that work', (t) => {
  router();
  connects(t, 'S:40000', 'P:40000');
  router({ hairpin: 'lan' });
  connects(t, 'S:40000', 'R:40000');
});

test('two clients with one source port get two public ports, and each its own answers', (t) => {
  router();
  introduce('192.168.0.4');
  connects(t, 'C:33333', 'P:33333');
  lan(tcp('192.168.0.4:33333', 'P:25', 'S'));
  const other = (lastLeft[0].frame[34] << 8) | lastLeft[0].frame[35];
  t.not(other, 33333);
  t.deepEqual(lan(tcp('S:25', `P:${other}`, 'SA')), ['lan ..4 | tcp P:25 > 192.168.0.4:33333 SA']);
  t.deepEqual(lan(tcp('S:25', 'P:33333', 'A')), ['lan C | tcp P:25 > C:33333 A']);
});

test('TTL falls by one each way and nothing leaves on the WAN', (t) => {
  router();
  lan(tcp('C:33333', 'P:25', 'S', { ttl: 64 }));
  t.is(lastLeft.length, 1);
  t.is(lastLeft[0].frame[14 + 8], 63);
  lan(tcp('S:25', 'P:33333', 'SA', { ttl: 2 }));
  t.is(lastLeft[0].frame[14 + 8], 1);
});

test('dynamic mappings: a LAN host is reached through the public port it has, without prior contact', (t) => {
  router();
  lan(udp('C:51000', 'I:3478'));
  lan(udp('S:52000', 'I:3478'));
  t.deepEqual(lan(udp('C:51000', 'P:52000')), ['lan S | udp P:51000 > S:52000']);
  t.deepEqual(lan(udp('S:52000', 'P:51000')), ['lan C | udp P:52000 > C:51000']);
  // One without a mapping gets one by calling.
  t.deepEqual(lan(udp('C:51001', 'P:52000')), ['lan S | udp P:51001 > S:52000']);
  // Mappings are per protocol.
  t.deepEqual(lan(tcp('C:51000', 'P:52000', 'S')), ['lan C | tcp P:52000 > C:51000 RA']);
});

test('a host reaches itself through its own dynamic mapping', (t) => {
  router();
  lan(udp('C:51000', 'I:3478'));
  t.deepEqual(lan(udp('C:51000', 'P:51000')), ['lan C | udp P:51000 > C:51000']);
  t.deepEqual(lan(udp('C:51000', 'P:51000')), ['lan C | udp P:51000 > C:51000']);
  t.deepEqual(lan(udp('C:51001', 'P:51000')), ['lan C | udp P:51001 > C:51000']);
  t.deepEqual(lan(udp('C:51000', 'P:51001')), ['lan C | udp P:51000 > C:51001']);
});

test('dynamic hairpin switched off: mappings are not reached from inside, forwards are', (t) => {
  router({ hairpinDynamic: false });
  lan(udp('C:51000', 'I:3478'));
  lan(udp('S:52000', 'I:3478'));
  t.deepEqual(lan(udp('C:51000', 'P:52000')), ['lan C | icmp 3/3 P > C about udp C:51000 > P:52000']);
  t.deepEqual(lan(udp('C:51000', 'P:5000')), ['lan S | udp P:51000 > S:5000']);
});

test('a forward wins over a dynamic mapping of the same number, which cannot come to be', (t) => {
  router();
  lan(udp('C:5000', 'I:3478'));
  const port = (lastLeft[0].frame[34] << 8) | lastLeft[0].frame[35];
  t.not(port, 5000);
  t.deepEqual(lan(udp('C:40000', 'P:5000')), ['lan S | udp P:40000 > S:5000']);
});
