/**
 * Broken headers, and the ICMP errors the router itself owes: when, to whom, what they quote, and how many.
 */
import test from 'ava';
import { clock } from '../../firmware/layout/arena.ts';
import { errorBurst } from '../../firmware/control/icmp.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { foldedSum, icmp, icmpError, ip, ping, tcp, udp } from '../wire/packets.ts';
import { arrive, dropped, ethernet, fast, lan, lastLeft, macOf, moved, router, wan } from './table.ts';

/** A packet with some bytes changed and, unless it is the checksum that is spoilt, the header sum made right. */
function spoilt(packet: Uint8Array, changes: Record<number, number>, sum = true): Uint8Array {
  for (const at of Object.keys(changes)) packet[Number(at)] = changes[Number(at)];
  if (!sum) return packet;
  const header = packet.subarray(0, Math.max(20, (packet[0] & 15) * 4));
  packet[10] = packet[11] = 0;
  const check = 0xffff - foldedSum(header);
  packet[10] = check >> 8;
  packet[11] = check;
  return packet;
}

test('header checks: one counter for each fault, nothing sent', (t) => {
  router();
  const good = () => udp('C:1', 'I:53');
  const faults: [string, Uint8Array, string][] = [
    ['version 5', spoilt(good(), { 0: 0x55 }), 'drop-ip-header'],
    ['version 6', spoilt(good(), { 0: 0x65 }), 'drop-ip-header'],
    ['version 0', spoilt(good(), { 0: 0x05 }), 'drop-ip-header'],
    ['header of 16 bytes', spoilt(good(), { 0: 0x44 }), 'drop-ip-header'],
    ['no header', spoilt(good(), { 0: 0x40 }), 'drop-ip-header'],
    ['total length below the header', spoilt(good(), { 2: 0, 3: 19 }), 'drop-ip-header'],
    ['header beyond the total length', spoilt(good(), { 0: 0x4f }), 'drop-ip-header'],
    ['total length beyond the frame', spoilt(good(), { 2: 0, 3: 47 }), 'drop-ip-header'],
    ['a wrong checksum', spoilt(good(), { 10: 1 }, false), 'drop-ip-checksum'],
    ['a TTL changed on the way', spoilt(good(), { 8: 63 }, false), 'drop-ip-checksum'],
  ];
  for (const [name, packet, reason] of faults) {
    t.deepEqual(lan(packet), [], name);
    t.is(dropped(), reason, name);
  }
  t.is(flowsInUse, 0);
});

test('the padding of a short frame is no part of the packet', (t) => {
  router();
  const frame = ethernet(macOf('R'), macOf('C'), 0x0800, udp('C:1', 'I:53', { ttl: 1 })).fill(0xee, 14 + 30);
  const [{ frame: error }] = arrive('lan', frame);
  t.is((error[16] << 8) | error[17], 20 + 8 + 30);
});

test('source routes are dropped, other options pass and are translated over', (t) => {
  router();
  for (const [name, options] of [
    ['loose source route', [131, 7, 4, 1, 2, 3, 4, 0]],
    ['strict source route', [137, 7, 4, 1, 2, 3, 4, 0]],
    ['behind a no-operation', [1, 131, 7, 4, 1, 2, 3, 4]],
    ['behind a router alert', [148, 4, 0, 0, 137, 3, 4, 0]],
    ['an option without length', [7, 0, 0, 0]],
    ['an option of length 1', [7, 1, 0, 0]],
    ['an option longer than the header', [7, 40, 4, 0]],
  ] as const) {
    t.deepEqual(lan(udp('C:1', 'I:53', { options: [...options] })), [], name);
    t.is(dropped(), 'drop-source-route', name);
  }
  for (const [name, options] of [
    ['record route', [7, 7, 4, 0, 0, 0, 0, 0]],
    ['router alert', [148, 4, 0, 0]],
    ['end of list, then anything', [0, 131, 7, 4]],
    ['no-operations', [1, 1, 1, 1]],
  ] as const) {
    t.deepEqual(lan(udp('C:1', 'I:53', { options: [...options] })), ['wan G | udp P:1 > I:53'], name);
    t.deepEqual(Array.from(lastLeft[0].frame.subarray(34, 34 + options.length)), [...options], name);
    t.deepEqual(lan(tcp('C:1', 'P:25', 'S', { options: [...options] })), ['lan S | tcp P:1 > S:25 S'], name);
    t.deepEqual(lan(ping('C', 'R', 1, { options: [...options] })), ['lan C | pong R > C id 1'], name);
  }
});

test('TTL: at 1 the sender is told 11/0 and nothing goes on; at 2 it goes on with 1', (t) => {
  router();
  t.deepEqual(lan(udp('C:1', 'I:53', { ttl: 1 })), ['lan C | icmp 11/0 R > C about udp C:1 > I:53']);
  t.is(dropped(), 'drop-ttl');
  t.deepEqual(lan(tcp('C:1', 'P:25', 'S', { ttl: 1 })), ['lan C | icmp 11/0 R > C about tcp C:1 > P:25 S']);
  t.deepEqual(lan(tcp('C:1', 'S:25', 'S', { ttl: 1 })), ['lan C | icmp 11/0 R > C about tcp C:1 > S:25 S']);
  t.deepEqual(lan(ping('C', 'I', 1, { ttl: 0 })), ['lan C | icmp 11/0 R > C about ping C > I id 1']);
  t.deepEqual(wan(tcp('I:1', 'P:25', 'S', { ttl: 1 })), ['wan G | icmp 11/0 P > I about tcp I:1 > P:25 S']);
  t.deepEqual(wan(tcp('I:1', 'P:26', 'S', { ttl: 1 })), []);
  t.is(flowsInUse, 0);
  t.deepEqual(lan(udp('C:1', 'I:53', { ttl: 2 })), ['wan G | udp P:1 > I:53']);
  t.is(lastLeft[0].frame[14 + 8], 1);
});

test('TTL on an established flow: the error quotes the packet as it came, from either side', (t) => {
  router();
  lan(tcp('C:1', 'I:80', 'S'));
  wan(tcp('I:80', 'P:1', 'SA'));
  t.deepEqual(lan(tcp('C:1', 'I:80', 'A')), ['wan G | tcp P:1 > I:80 A']);
  t.is(fast, 1);
  t.deepEqual(lan(tcp('C:1', 'I:80', 'A', { ttl: 1 })), ['lan C | icmp 11/0 R > C about tcp C:1 > I:80 A']);
  t.deepEqual(wan(tcp('I:80', 'P:1', 'A', { ttl: 1 })), ['wan G | icmp 11/0 P > I about tcp I:80 > P:1 A']);
  t.is(fast, 1);
});

test('an error quotes the header with its options and 40 bytes, exactly, with TOS C0 and TTL 64', (t) => {
  router();
  const data = Uint8Array.from({ length: 200 }, (_, i) => i);
  const options = [7, 39, 4, ...Array<number>(37).fill(0)];
  for (const [packet, quoted] of [
    [udp('C:1', 'I:53', { ttl: 1, data, tos: 0xb8, id: 0xbeef, fragment: 0 }), 20 + 40],
    [tcp('C:1', 'I:53', 'PAU', { ttl: 1, data, options, urgent: 7 }), 60 + 40],
    [udp('C:1', 'I:53', { ttl: 1, data: 'x' }), 20 + 9],
  ] as const) {
    const sent = packet.slice(0, quoted);
    lan(packet);
    const answer = lastLeft[0].frame.subarray(14);
    t.is((answer[2] << 8) | answer[3], 28 + quoted);
    t.deepEqual(answer.subarray(28, 28 + quoted), sent);
    t.deepEqual([answer[1], answer[8], answer[6]], [0xc0, 64, 0x40]);
  }
});

test('no errors about ICMP errors, fragments, broadcasts, or in answer to nothing', (t) => {
  router();
  const dead = { ttl: 1 };
  const quote = udp('I:1', 'C:1');
  for (const [name, packet] of [
    ['an unreachable', icmpError('C', 'I', [3, 3], quote)],
    ['a time exceeded', icmpError('C', 'I', [11, 0], quote)],
    ['a redirect', icmp('C', 'I', 5, 1, 0, { data: quote })],
    ['a source quench', icmp('C', 'I', 4, 0, 0, { data: quote })],
  ] as const) {
    t.deepEqual(lan(spoilt(packet, { 8: 1 })), [], name);
  }
  t.deepEqual(lan(udp('C:1', 'I:53', { ...dead, fragment: 0x0010 })), []);
  t.deepEqual(lan(udp('C:1', '192.168.0.255:53', dead)), []);
  t.deepEqual(lan(udp('C:1', '239.0.0.1:53', dead)), []);
  t.deepEqual(
    arrive('lan', ethernet([255, 255, 255, 255, 255, 255], macOf('C'), 0x0800, udp('C:1', 'I:53', dead))),
    [],
  );
  t.false('sent-icmp-error' in moved());
  // About queries they are fine.
  t.deepEqual(lan(ping('C', 'I', 5, dead)), ['lan C | icmp 11/0 R > C about ping C > I id 5']);
});

test(`errors are limited to ${errorBurst} in a second, whatever their kind`, (t) => {
  router();
  let errors = 0;
  for (let i = 0; i < 1000; i++)
    errors += lan(i % 2 ? udp('C:1', 'I:53', { ttl: 1 }) : udp('C:1', 'R:9')).length;
  t.is(errors, errorBurst);
  t.is(moved()['icmp-error-rate-limited'], 1000 - errorBurst);
  clock[0]++;
  for (let i = 0; i < 10; i++) errors += lan(ip(47, 'C', 'I', new Uint8Array(20))).length;
  t.is(errors, 2 * errorBurst);
});

test('MTU: with DF the LAN sender is told 3/4 and the MTU, without it the packet is cut (cut.test.ts)', (t) => {
  router({ mtu: 1400 });
  const of = (bytes: number) => ({ data: new Uint8Array(bytes - 28) });
  t.deepEqual(lan(udp('C:1', 'I:53', of(1400))), ['wan G | udp P:1 > I:53']);
  t.deepEqual(lan(udp('C:1', 'I:53', of(1401))), ['lan C | icmp 3/4 mtu 1400 R > C about udp C:1 > I:53']);
  t.is(dropped(), 'drop-too-big');
  t.is(lan(udp('C:1', 'I:53', { ...of(1401), fragment: 0 })).length, 2);
  t.is(dropped(), '');
  // Inwards and around the hairpin the LAN's 1500 counts.
  t.deepEqual(wan(udp('I:1', 'P:5000', of(1500))), ['lan S | udp I:1 > S:5000']);
  t.deepEqual(lan(udp('C:1', 'P:5000', of(1500))), ['lan S | udp P:1 > S:5000']);
  // The answer of the server to the Internet is too big again: the server is told.
  t.deepEqual(lan(udp('S:5000', 'I:1', of(1500))), [
    'lan S | icmp 3/4 mtu 1400 R > S about udp S:5000 > I:1',
  ]);
});
