/**
 * Who gets in, who gets out, who is refused: packets that belong to no flow, and the first answers to them.
 */
import { flowsInUse } from '../../firmware/control/flows.ts';
import test from 'ava';
import { icmp, ip, ping, pong, tcp, udp } from '../wire/packets.ts';
import { arrive, dropped, ethernet, lan, lastLeft, macOf, router, wan } from './table.ts';

/** The Ethernet bytes of the only frame that left. */
const lastFrame = () => lastLeft[0].frame;

test('LAN to the Internet: leaves in the name of P, the answer comes back', (t) => {
  router();
  t.deepEqual(lan(tcp('C:40000', 'I:80', 'S')), ['wan G | tcp P:40000 > I:80 S']);
  t.deepEqual(wan(tcp('I:80', 'P:40000', 'SA')), ['lan C | tcp I:80 > C:40000 SA']);
  t.deepEqual(lan(udp('C:40000', 'J:53')), ['wan G | udp P:40000 > J:53']);
  t.deepEqual(wan(udp('J:53', 'P:40000')), ['lan C | udp J:53 > C:40000']);
});

test('Internet to a forward: the destination becomes the server, the answer leaves as P', (t) => {
  router();
  t.deepEqual(wan(tcp('I:44444', 'P:8080', 'S')), ['lan S | tcp I:44444 > S:80 S']);
  t.deepEqual(lan(tcp('S:80', 'I:44444', 'SA')), ['wan G | tcp P:8080 > I:44444 SA']);
  t.deepEqual(wan(udp('J:9', 'P:5000')), ['lan S | udp J:9 > S:5000']);
  t.deepEqual(lan(udp('S:5000', 'J:9')), ['wan G | udp P:5000 > J:9']);
});

test('forwards of a range shift as a whole; both protocols; the ports beside it are shut', (t) => {
  router();
  for (let i = 0; i < 4; i++) {
    t.deepEqual(wan(tcp('I:1000', `P:${6000 + i}`, 'S')), [`lan S | tcp I:1000 > S:${7000 + i} S`]);
    t.deepEqual(wan(udp('I:1000', `P:${6000 + i}`)), [`lan S | udp I:1000 > S:${7000 + i}`]);
  }
  t.is(dropped(), '');
  for (const port of [5999, 6004]) {
    t.deepEqual(wan(tcp('I:1000', `P:${port}`, 'S')), []);
    t.is(dropped(), 'drop-no-forward');
  }
  t.deepEqual(wan(udp('I:1000', 'P:25')), []);
  t.is(dropped(), 'drop-no-forward');
});

test('a forward with "from" admits only that subnet from the Internet', (t) => {
  router();
  t.deepEqual(wan(udp('J:1194', 'P:1194')), []);
  t.is(dropped(), 'drop-no-forward');
  t.deepEqual(wan(udp('I:1194', 'P:1194')), ['lan S | udp I:1194 > S:1194']);
});

test('the Internet hears nothing of ports without a forward, nor of stray segments to one with', (t) => {
  router();
  t.deepEqual(wan(tcp('I:1', 'P:26', 'S')), []);
  t.is(dropped(), 'drop-no-forward');
  t.deepEqual(wan(udp('I:1', 'P:53')), []);
  t.is(dropped(), 'drop-no-forward');
  for (const flags of ['A', 'SA', 'R', 'FA', 'PA']) {
    t.deepEqual(wan(tcp('I:1', 'P:25', flags)), [], flags);
    t.is(dropped(), 'drop-no-flow', flags);
  }
});

test('filtering: a host that was not asked, and a port that nobody opened, stay outside', (t) => {
  router();
  lan(udp('C:40000', 'I:1'));
  t.deepEqual(wan(udp('J:1', 'P:40000')), []);
  t.deepEqual(wan(udp('I:1', 'P:40001')), []);
  t.is(dropped(), 'drop-no-forward,drop-filtered');
  // Filters are per protocol (RFC 7857 section 6).
  t.deepEqual(wan(tcp('I:1', 'P:40000', 'S')), []);
  t.deepEqual(wan(udp('I:1', 'P:40000')), ['lan C | udp I:1 > C:40000']);
});

test('a segment in the middle of a connection: picked up from the LAN, not from the Internet', (t) => {
  router();
  t.deepEqual(lan(tcp('C:40000', 'I:80', 'A')), ['wan G | tcp P:40000 > I:80 A']);
  t.deepEqual(wan(tcp('I:80', 'P:40001', 'A')), []);
});

test('spoofed and misdirected: each side accepts only its own sources', (t) => {
  router();
  const cases: [string, () => string[], string][] = [
    ['LAN source on the WAN, to a forward', () => wan(tcp('192.168.0.9:1', 'P:25', 'S')), 'drop-wrong-side'],
    ['LAN destination on the WAN', () => wan(tcp('I:1', 'S:25', 'S')), 'drop-wrong-side'],
    ['R from the WAN', () => wan(ping('I', 'R', 1)), 'drop-wrong-side'],
    ['P as source on the WAN', () => wan(tcp('P:1', 'P:25', 'S')), 'drop-wrong-side'],
    ['somebody else on the WAN', () => wan(tcp('I:1', 'J:25', 'S')), 'drop-wrong-side'],
    ['a foreign source on the LAN', () => lan(tcp('10.9.9.9:1', 'I:80', 'S')), 'drop-wrong-side'],
    ['P as source on the LAN', () => lan(tcp('P:1', 'S:25', 'S')), 'drop-wrong-side'],
    ['R as source on the LAN', () => lan(tcp('R:1', 'I:80', 'S')), 'drop-wrong-side'],
  ];
  for (const [name, run, reason] of cases) {
    t.deepEqual(run(), [], name);
    t.is(dropped(), reason, name);
  }
});

test('an answer whose source is forged to be in the flow, but on the wrong port, is not translated', (t) => {
  router();
  lan(tcp('C:33333', 'P:25', 'S'));
  lan(tcp('S:25', 'P:33333', 'SA'));
  lan(tcp('C:33333', 'P:25', 'A'));
  t.deepEqual(wan(tcp('S:25', 'P:33333', 'A')), []);
  t.deepEqual(wan(tcp('C:33333', 'P:25', 'A')), []);
  t.is(dropped(), 'drop-wrong-side x2');
});

test('martians: no source or destination that cannot be a host, on either port', (t) => {
  router();
  for (const host of [
    '0.0.0.0',
    '0.1.2.3',
    '127.0.0.1',
    '224.0.0.5',
    '239.1.1.1',
    '240.0.0.1',
    '255.255.255.255',
  ]) {
    t.deepEqual(wan(udp(`${host}:1`, 'P:5000')), [], host);
    t.is(dropped(), 'drop-martian', host);
    t.deepEqual(lan(udp(`${host}:1`, 'I:53')), [], host);
    t.is(dropped(), 'drop-martian', host);
  }
  for (const host of ['0.1.2.3', '127.0.0.1', '240.0.0.1']) {
    t.deepEqual(lan(udp('C:1', `${host}:53`)), [], host);
    t.deepEqual(wan(udp('I:1', `${host}:53`)), [], host);
    t.is(dropped(), 'drop-martian x2', host);
  }
});

test('a subnet cannot be a sender: its own address and its broadcast are martians', (t) => {
  router();
  for (const host of ['192.168.0.0', '192.168.0.255']) {
    t.deepEqual(lan(udp(`${host}:1`, 'I:53')), [], host);
    t.is(dropped(), 'drop-martian', host);
  }
  for (const host of ['12.0.0.0', '12.0.0.255']) {
    t.deepEqual(wan(udp(`${host}:1`, 'P:5000')), [], host);
    t.is(dropped(), 'drop-martian', host);
  }
});

test('broadcast and multicast never cross', (t) => {
  router();
  for (const host of [
    '255.255.255.255',
    '12.0.0.255',
    '12.0.0.0',
    '192.168.0.255',
    '239.1.1.1',
    '224.0.0.251',
  ]) {
    t.deepEqual(lan(udp('C:1', `${host}:9`)), [], host);
    t.is(dropped(), 'drop-broadcast', host);
  }
  for (const host of ['255.255.255.255', '12.0.0.255', '192.168.0.255', '224.0.0.1']) {
    t.deepEqual(wan(udp('I:1', `${host}:9`)), [], host);
    t.is(dropped(), 'drop-broadcast', host);
  }
});

test('from the LAN to a LAN host by way of the router: forwarded, no redirect', (t) => {
  router();
  t.deepEqual(lan(tcp('C:1', 'S:25', 'S')), ['lan S | tcp C:1 > S:25 S']);
  t.deepEqual(lan(ping('C', 'S', 1)), ['lan S | ping C > S id 1']);
  t.is(dropped(), '');
});

test('the router refuses what nobody serves on R, and on P from the LAN: reset or port unreachable', (t) => {
  router();
  for (const own of ['R', 'P']) {
    t.deepEqual(lan(tcp('C:40000', `${own}:23`, 'S')), [`lan C | tcp ${own}:23 > C:40000 RA`]);
    t.deepEqual(lan(udp('C:40000', `${own}:99`)), [
      `lan C | icmp 3/3 ${own} > C about udp C:40000 > ${own}:99`,
    ]);
    t.is(dropped(), 'drop-refused x2');
    t.deepEqual(lan(tcp('C:40000', `${own}:23`, 'R')), []);
    t.is(dropped(), 'drop-refused');
  }
});

test('resets carry the numbers the sender needs to accept them', (t) => {
  router();
  const numbers = (packet: Uint8Array) => {
    lan(packet);
    const left = lastFrame();
    const view = new DataView(left.buffer, left.byteOffset + 34);
    return [view.getUint32(4), view.getUint32(8), left[34 + 13]];
  };
  // To a segment without ACK: acknowledge all of it (RFC 9293 section 3.10.7.1).
  t.deepEqual(numbers(tcp('C:1', 'P:23', 'S', { seq: 0xffffffff })), [0, 0, 0x14]);
  t.deepEqual(numbers(tcp('C:1', 'P:23', 'S', { seq: 0x01fffffe, data: 'abc' })), [0, 0x02000002, 0x14]);
  t.deepEqual(numbers(tcp('C:1', 'P:23', 'F', { seq: 5 })), [0, 6, 0x14]);
  // To one with ACK: the number it expects.
  t.deepEqual(numbers(tcp('C:1', 'P:23', 'A', { ack: 0xdeadbeef })), [0xdeadbeef, 0, 0x04]);
});

test('echo: R from the LAN, P from both sides, also with TTL 1 and up to a full frame', (t) => {
  router();
  t.deepEqual(lan(ping('C', 'R', 7)), ['lan C | pong R > C id 7']);
  t.deepEqual(lan(ping('C', 'P', 7)), ['lan C | pong P > C id 7']);
  t.deepEqual(wan(ping('I', 'P', 7)), ['wan G | pong P > I id 7']);
  t.deepEqual(wan(ping('G', 'P', 7)), ['wan G | pong P > G id 7']);
  t.deepEqual(lan(ping('C', 'R', 7, { ttl: 1 })), ['lan C | pong R > C id 7']);
  const data = Uint8Array.from({ length: 1472 }, (_, i) => i);
  t.deepEqual(lan(ping('C', 'R', 8, { data })), ['lan C | pong R > C id 8']);
  t.deepEqual(lastFrame().subarray(42), data);
  t.deepEqual(lan(ping('C', '192.168.0.255', 7)), []);
  t.is(dropped(), 'drop-broadcast');
});

test('an echo with a wrong checksum is not answered with a right one', (t) => {
  router();
  const packet = ping('C', 'R', 7);
  packet[packet.length - 1] ^= 1;
  t.throws(() => lan(packet), { message: /ICMP checksum is wrong/ });
});

test('other ICMP queries for the router itself end in silence', (t) => {
  router();
  for (const [name, run] of [
    ['timestamp to R', () => lan(icmp('C', 'R', 13, 0, 1, { data: 'abcdabcdabcd' }))],
    ['timestamp to P', () => lan(icmp('C', 'P', 13, 0, 1, { data: 'abcdabcdabcd' }))],
    ['echo reply to R', () => lan(pong('C', 'R', 1))],
    ['echo reply to P', () => lan(pong('C', 'P', 1))],
  ] as const) {
    t.deepEqual(run(), [], name);
    t.is(dropped(), 'drop-icmp', name);
  }
  t.deepEqual(wan(icmp('I', 'P', 13, 0, 1, { data: 'abcdabcdabcd' })), []);
  t.deepEqual(wan(pong('I', 'P', 1)), []);
  t.is(dropped(), 'drop-no-flow x2');
});

test('dead and dangerous ICMP types are dropped in both directions', (t) => {
  router();
  for (const type of [4, 5, 9, 10, 15, 16, 17, 18, 40]) {
    t.deepEqual(lan(icmp('C', 'I', type, 0, 0, { data: 'abcdabcdabcdabcdabcdabcd' })), [], `${type}`);
    t.deepEqual(wan(icmp('G', 'P', type, 0, 0, { data: 'abcdabcdabcdabcdabcdabcd' })), [], `${type}`);
    t.is(dropped(), 'drop-icmp x2', `${type}`);
  }
  // An answer that nobody asked for does not open anything.
  t.deepEqual(lan(pong('C', 'I', 5)), []);
  t.is(dropped(), 'drop-icmp');
});

test('protocols that are not translated: the LAN is told, the WAN is not', (t) => {
  router();
  const gre = (from: string, to: string) => ip(47, from, to, new Uint8Array(24));
  t.deepEqual(lan(gre('C', 'I')), ['lan C | icmp 3/13 R > C about protocol 47 C > I']);
  t.is(dropped(), 'drop-protocol');
  t.deepEqual(wan(gre('I', 'P')), []);
  t.is(dropped(), 'drop-protocol');
  t.deepEqual(lan(gre('C', 'R')), []);
  // Not about a packet that was meant for many.
  t.deepEqual(lan(ip(89, 'C', '224.0.0.5', new Uint8Array(24))), []);
  t.deepEqual(lan(ip(89, 'C', '192.168.0.255', new Uint8Array(24))), []);
});

test('segments with flags no endpoint sends are dropped and make no flow', (t) => {
  router();
  for (const flags of ['', 'SF', 'SR', 'SFA', 'SRA', 'P', 'U', 'FSRPAU']) {
    t.deepEqual(lan(tcp('C:1', 'I:80', flags)), [], flags);
    t.is(dropped(), 'drop-transport-header', flags);
  }
});

test('payloads shorter than their transport header are dropped', (t) => {
  router();
  for (const [protocol, bytes] of [
    [6, 19],
    [17, 7],
    [1, 7],
  ] as const) {
    t.deepEqual(lan(ip(protocol, 'C', 'I', new Uint8Array(bytes).fill(0x10))), []);
    t.is(dropped(), 'drop-transport-header', `${protocol}`);
  }
});

test('frames for other stations and of other kinds', (t) => {
  router();
  const packet = udp('C:1', 'I:53');
  for (const [to, type, reason] of [
    [[2, 0, 0, 0, 0xa8, 9], 0x0800, 'drop-not-for-us'],
    [macOf('R'), 0x86dd, 'drop-ethertype'],
    [macOf('R'), 0x05dc, 'drop-ethertype'],
    [macOf('R'), 0x8100, 'drop-ethertype'],
    [[255, 255, 255, 255, 255, 255], 0x0800, 'drop-broadcast'],
    [[1, 0, 0x5e, 0, 0, 5], 0x0800, 'drop-broadcast'],
  ] as const) {
    t.deepEqual(arrive('lan', ethernet([...to], macOf('C'), type, packet)), []);
    t.is(dropped(), reason);
  }
});

test('a reset without a flow makes none', (t) => {
  router();
  t.deepEqual(lan(tcp('C:1234', 'I:80', 'R')), []);
  t.deepEqual(lan(tcp('C:1234', 'P:25', 'R')), []);
  t.is(flowsInUse, 0);
});
