/** Section 5 of the checklist, RFC 1812: headers, TTL, what is not forwarded and who may send. */
import { arrive, dropped, ethernet, fast, lan, macOf, moved, router, wan } from '../control/table.ts';
import { foldedSum, get16, hostBytes, icmpError, ip, ping, tcp, udp } from '../wire/packets.ts';
import { inService } from '../w5500/rig.ts';
import { arrival, leftAsExpected, longest, settleFlow } from '../router/traffic.ts';
import { connect } from './begun.ts';
import { row } from './row.ts';
import { packetLeft, send } from './seen.ts';

/** Writes the header checksum anew. */
function summed(packet: Uint8Array): Uint8Array {
  packet.set([0, 0], 10);
  const sum = 0xffff - foldedSum(packet.subarray(0, Math.max(20, (packet[0] & 15) * 4)));
  packet.set([sum >> 8, sum & 255], 10);
  return packet;
}

/** A datagram with bytes of its header changed and, unless told otherwise, a checksum that suits them. */
function changed(at: number, ...bytes: number[]): Uint8Array {
  const packet = udp('C:40000', 'I:9');
  packet.set(bytes, at);
  return at === 10 ? packet : summed(packet);
}

row(['1812-5.2.2'], 'six kinds of malformed packets go nowhere and each is counted', (t) => {
  router();
  const malformed: [what: string, packet: Uint8Array, reason: string][] = [
    ['version 6', changed(0, 0x65), 'drop-ip-header'],
    ['IHL 4', changed(0, 0x44), 'drop-ip-header'],
    ['total length below the header', changed(2, 0, 19), 'drop-ip-header'],
    ['IHL beyond the total length', changed(0, 0x4f), 'drop-ip-header'],
    ['total length beyond the frame', changed(2, 0, 47), 'drop-ip-header'],
    ['a wrong checksum', changed(10, 0xab, 0xcd), 'drop-ip-checksum'],
  ];
  for (const [what, packet, reason] of malformed) {
    t.deepEqual(send('C', packet), [], what);
    t.is(dropped(), reason, what);
  }
  // Shorter than any header, and the same on the WAN.
  for (const port of ['lan', 'wan'] as const) {
    const cutOff = ethernet(
      macOf(port === 'lan' ? 'R' : 'P'),
      macOf('C'),
      0x0800,
      Uint8Array.of(0x45, 0, 0, 28),
    );
    t.deepEqual(arrive(port, cutOff.subarray(0, 18)), []);
    t.is(dropped(), 'drop-ip-header');
  }
  t.deepEqual(lan(udp('C:40000', 'I:9')), ['wan G | udp P:40000 > I:9']);
});

row(
  ['1812-5.2.2'],
  'on the fast path a wrong header checksum is not repaired: wrong by as much it leaves',
  (t) => {
    router();
    connect('C:40000', 'I:80');
    const before = fast;
    for (const wrong of [1, 0x0100, 0x7777]) {
      const packet = tcp('C:40000', 'I:80', 'A');
      packet.set([packet[10] ^ (wrong >> 8), packet[11] ^ (wrong & 255)], 10);
      const error = foldedSum(packet.subarray(0, 20));
      t.not(error, 0xffff);
      for (const { frame } of send('C', packet)) t.is(foldedSum(frame.subarray(14, 34)), error);
    }
    t.is(fast, before + 3);
  },
);

row(['1812-pad'], 'the quote of a padded packet ends where the packet does', (t) => {
  router();
  const padded = ethernet(macOf('R'), macOf('C'), 0x0800, udp('C:40000', 'I:9', { ttl: 1, data: '' }));
  padded.fill(0xee, 14 + 28);
  const error = packetLeft(arrive('lan', padded));
  t.is(error.length, 20 + 8 + 28);
  t.deepEqual(error.subarray(28), padded.subarray(14, 14 + 28));
});

row(
  ['1812-5.3.1'],
  'TTL falls by one; at 1 the packet ends and its sender is told, with the packet as it was',
  (t) => {
    router();
    const dying = tcp('C:40000', 'I:80', 'S', { ttl: 1 });
    t.deepEqual(lan(dying.slice()), ['lan C | icmp 11/0 R > C about tcp C:40000 > I:80 S']);
    t.deepEqual(packetLeft().subarray(28), dying);
    t.deepEqual(lan(udp('C:40000', 'I:9', { ttl: 0 })), ['lan C | icmp 11/0 R > C about udp C:40000 > I:9']);
    lan(udp('C:40000', 'I:9', { ttl: 2 }));
    t.is(packetLeft()[8], 1);
    // From the Internet, and on the fast path.
    t.deepEqual(wan(udp('I:9', 'P:40000', { ttl: 1 })), ['wan G | icmp 11/0 P > I about udp I:9 > P:40000']);
    wan(udp('I:9', 'P:40000'));
    lan(udp('C:40000', 'I:9'));
    lan(udp('C:40000', 'I:9', { ttl: 255 }));
    t.is(packetLeft()[8], 254);
    t.deepEqual(lan(udp('C:40000', 'I:9', { ttl: 1 })), ['lan C | icmp 11/0 R > C about udp C:40000 > I:9']);
  },
);

row(['1812-4.2.2.9'], 'a packet for the router itself may have a TTL of 1, or none', (t) => {
  router();
  for (const ttl of [1, 0]) {
    t.deepEqual(lan(ping('C', 'R', 1, { ttl })), ['lan C | pong R > C id 1']);
    t.deepEqual(lan(ping('C', 'P', 1, { ttl })), ['lan C | pong P > C id 1']);
    t.deepEqual(wan(ping('I', 'P', 1, { ttl })), ['wan G | pong P > I id 1']);
  }
});

row(['1812-ttl-once'], 'around the hairpin TTL falls once, each way', (t) => {
  router();
  for (let i = 0; i < 3; i++) {
    lan(udp('C:33333', 'P:5000', { ttl: 64 }));
    t.is(packetLeft()[8], 63);
    lan(udp('S:5000', 'P:33333', { ttl: 64 }));
    t.is(packetLeft()[8], 63);
  }
});

row(['1812-5.3.4'], 'a frame to all or to a group of MAC addresses is not forwarded', (t) => {
  router();
  const group = [1, 0, 0x5e, 0, 0, 1];
  for (const to of [Array<number>(6).fill(255), group]) {
    t.deepEqual(arrive('lan', ethernet(to, macOf('C'), 0x0800, udp('C:40000', 'I:9'))), []);
    t.deepEqual(arrive('lan', ethernet(to, macOf('C'), 0x0800, tcp('C:40000', 'P:25', 'S'))), []);
    t.deepEqual(arrive('lan', ethernet(to, macOf('C'), 0x0800, udp('C:40000', 'S:9'))), []);
    t.deepEqual(arrive('wan', ethernet(to, macOf('G'), 0x0800, tcp('I:44444', 'P:25', 'S'))), []);
  }
  t.deepEqual(moved()['drop-broadcast'], 8);
});

row(['1812-5.3.5.1'], 'the limited broadcast is not forwarded, however it is framed', (t) => {
  router();
  for (const from of ['C', 'G'])
    t.deepEqual(send(from, udp(`${from === 'C' ? 'C' : 'I'}:40000`, '255.255.255.255:9')), [], from);
  const all = Array<number>(6).fill(255);
  t.deepEqual(arrive('lan', ethernet(all, macOf('C'), 0x0800, udp('C:40000', '255.255.255.255:9'))), []);
  t.is(dropped(), 'drop-broadcast x3');
});

row(['2644'], 'a directed broadcast is not forwarded into either network', (t) => {
  router();
  for (const target of ['192.168.0.255', '192.168.0.0'])
    t.deepEqual(wan(udp('I:9', `${target}:9`)), [], target);
  for (const target of ['12.0.0.255', '12.0.0.0', '192.168.0.255', '192.168.0.0'])
    t.deepEqual(lan(udp('C:40000', `${target}:9`)), [], target);
  t.deepEqual(wan(ping('I', '12.0.0.255', 1)), []);
  t.deepEqual(lan(udp('C:40000', '12.0.0.254:9')), ['wan G | udp P:40000 > G:9']);
});

row(['1812-mcast'], 'multicast is not forwarded, near or far', (t) => {
  router();
  for (const group of ['224.0.0.1', '224.0.0.251', '239.1.1.1']) {
    t.deepEqual(lan(udp('C:40000', `${group}:9`)), [], group);
    t.deepEqual(wan(udp('I:9', `${group}:9`)), [], group);
    const mac = [1, 0, 0x5e, ...hostBytes(group).slice(1)];
    t.deepEqual(arrive('lan', ethernet(mac, macOf('C'), 0x0800, udp('C:40000', `${group}:9`))), [], group);
  }
});

const neverSources = [
  '0.0.0.0',
  '0.1.2.3',
  '127.0.0.1',
  '224.0.0.1',
  '239.9.9.9',
  '240.0.0.1',
  '255.255.255.255',
];
const neverTargets = ['0.0.0.0', '0.1.2.3', '127.0.0.1', '240.0.0.1', '254.1.1.1'];

row(['1812-5.3.7'], 'martian sources and targets go nowhere on either port, and nobody is told', (t) => {
  router();
  for (const source of neverSources) {
    for (const [from, target] of [
      ['C', 'I'],
      ['C', 'P'],
      ['C', 'S'],
      ['G', 'P'],
    ]) {
      t.deepEqual(send(from, udp(`${source}:40000`, `${target}:5000`)), [], `${source} from ${from}`);
      t.is(dropped(), 'drop-martian', `${source} from ${from}`);
    }
  }
  for (const target of neverTargets) {
    for (const [from, source] of [
      ['C', 'C'],
      ['G', 'I'],
    ]) {
      t.deepEqual(send(from, udp(`${source}:40000`, `${target}:9`)), [], target);
      t.is(dropped(), 'drop-martian', target);
    }
  }
});

row(['1812-5.3.8, 2827, 3704'], 'a source must live where it comes from, exactly', (t) => {
  router();
  for (const [from, source] of [
    ['G', '192.168.0.9'],
    ['G', 'S'],
    ['G', 'R'],
    ['G', 'P'],
    ['C', '10.9.9.9'],
    ['C', 'I'],
    ['C', 'P'],
    ['C', 'G'],
    ['C', 'R'],
    ['C', '192.168.1.3'],
  ]) {
    for (const target of from === 'G' ? ['P:5000', 'S:5000'] : ['I:9', 'P:5000', 'S:9']) {
      t.deepEqual(send(from, udp(`${source}:40000`, target)), [], `${source} > ${target}`);
      t.is(dropped(), 'drop-wrong-side', `${source} > ${target}`);
    }
  }
});

row(['3704-dhcp'], 'a host without an address that asks all for one is no martian', (t) => {
  router();
  const all = Array<number>(6).fill(255);
  const discover = udp('0.0.0.0:68', '255.255.255.255:67', { data: new Uint8Array(240) });
  t.deepEqual(arrive('lan', ethernet(all, macOf('C'), 0x0800, discover)), []);
  // Nobody serves DHCP here yet; that is the only reason why it ends.
  t.is(dropped(), 'drop-broadcast');
});

row(['bogon-wan'], 'private and shared addresses are sources like others on the WAN', (t) => {
  router();
  for (const source of ['10.1.2.3', '172.16.0.1', '192.168.7.7', '100.64.0.1', '169.254.1.1']) {
    t.deepEqual(wan(udp(`${source}:9`, 'P:5000')), [`lan S | udp ${source}:9 > S:5000`]);
    t.deepEqual(lan(udp('S:5000', `${source}:9`)), [`wan G | udp P:5000 > ${source}:9`]);
  }
  lan(udp('C:40000', 'I:9'));
  t.deepEqual(wan(icmpError('10.0.0.1', 'P', [11, 0], udp('P:40000', 'I:9'))), [
    'lan C | icmp 11/0 10.0.0.1 > C about udp C:40000 > I:9',
  ]);
});

row(['1812-5.3.13/4.2.2.1'], 'options pass unread, unstamped and unchanged; source routes end here', (t) => {
  router();
  const harmless: [what: string, options: number[]][] = [
    ['record route', [7, 7, 4, 0, 0, 0, 0, 0]],
    ['timestamp', [68, 12, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['router alert', [148, 4, 0, 0]],
    ['of a kind nobody knows', [158, 4, 1, 2]],
    ['nothing', [1, 1, 1, 0]],
  ];
  for (const [what, options] of harmless) {
    // On the way to the fast path, and when it is open.
    for (let i = 0; i < 3; i++) {
      t.deepEqual(lan(udp('C:40000', 'I:9', { options })), ['wan G | udp P:40000 > I:9'], what);
      t.deepEqual([...packetLeft().subarray(20, 20 + options.length)], options, what);
      t.deepEqual(wan(udp('I:9', 'P:40000', { options })), ['lan C | udp I:9 > C:40000'], what);
      t.deepEqual([...packetLeft().subarray(20, 20 + options.length)], options, what);
    }
  }
  for (const kind of [131, 137]) {
    for (const before of [[], [1], [148, 4, 0, 0]]) {
      const options = [...before, kind, 7, 4, ...hostBytes('J')];
      while (options.length % 4) options.push(0);
      t.deepEqual(lan(udp('C:40000', 'I:9', { options })), []);
      t.is(dropped(), 'drop-source-route');
      t.deepEqual(wan(udp('I:9', 'P:40000', { options })), []);
      t.is(dropped(), 'drop-source-route');
    }
  }
});

row(['1812-5.3.2/3'], 'DS and ECN bits stay as they are, on every way', (t) => {
  router();
  for (const tos of [0x00, 0x01, 0x02, 0x03, 0xb8, 0xff]) {
    for (let i = 0; i < 3; i++) {
      for (const [from, packet] of [
        ['C', udp('C:40000', 'I:9', { tos })],
        ['G', udp('I:9', 'P:40000', { tos })],
        ['C', udp('C:33333', 'P:5000', { tos })],
        ['S', udp('S:5000', 'P:33333', { tos })],
        ['G', tcp('I:44444', 'P:25', i ? 'A' : 'S', { tos })],
        ['C', ip(1, 'C', 'R', ping('C', 'R', 1).subarray(20), { tos })],
      ] as const) {
        t.is(packetLeft(send(from, packet))[1], tos, `${from} ${tos}`);
      }
    }
  }
});

row(
  ['wan-private-dst'],
  'a packet on the WAN for a LAN address goes nowhere, with or without a flow',
  (t) => {
    router();
    for (const target of ['S:25', 'C:40000', 'R:80', '192.168.0.77:25']) {
      t.deepEqual(wan(tcp('I:44444', target, 'S')), [], target);
      t.is(dropped(), 'drop-wrong-side', target);
    }
    lan(udp('C:40000', 'I:9'));
    wan(udp('I:9', 'P:40000'));
    lan(udp('C:40000', 'I:9'));
    t.deepEqual(wan(udp('I:9', 'C:40000')), []);
    t.is(dropped(), 'drop-wrong-side');
    t.deepEqual(wan(ping('I', 'R', 1)), []);
  },
);

const mss = (value: number) => [2, 4, value >> 8, value & 255];

row(['mss'], "a SYN's MSS fits a WAN of 1400 bytes, both ways; smaller and missing ones stay", (t) => {
  router({ mtu: 1400 });
  const [there, back] = [wan, lan];
  const offers: [how: (packet: Uint8Array) => string[], packet: (tcpOptions?: number[]) => Uint8Array][] = [
    [lan, (tcpOptions) => tcp('C:40000', 'I:80', 'S', { tcpOptions })],
    [there, (tcpOptions) => tcp('I:80', 'P:40000', 'SA', { tcpOptions })],
    [there, (tcpOptions) => tcp('I:44444', 'P:25', 'S', { tcpOptions })],
    [back, (tcpOptions) => tcp('S:25', 'I:44444', 'SA', { tcpOptions })],
  ];
  for (const [how, packet] of offers) {
    for (const [offered, left] of [
      [1460, 1360],
      [1361, 1360],
      [1360, 1360],
      [536, 536],
    ]) {
      t.is(how(packet(mss(offered))).length, 1);
      t.is(get16(packetLeft(), 42), left);
    }
    how(packet());
    t.is(packetLeft().length, 40);
  }
  // Only SYNs, and only where the WAN is narrower.
  lan(tcp('C:40000', 'I:80', 'A', { tcpOptions: mss(1460) }));
  t.is(get16(packetLeft(), 42), 1460);
  router();
  lan(tcp('C:40000', 'I:80', 'S', { tcpOptions: mss(1460) }));
  t.is(get16(packetLeft(), 42), 1460);
});

row(['jumbo'], 'a frame above 1514 bytes goes nowhere and is counted; those around it pass', async (t) => {
  const rig = await inService({ behaviour: { oversizeArrival: 'stored' } });
  settleFlow(rig);
  for (const side of ['lan', 'wan'] as const) {
    const other = side === 'lan' ? 'wan' : 'lan';
    rig.take(other);
    const around = [arrival(side, longest, 1), arrival(side, 60, 2)];
    const before = rig.counter('drop-oversize');
    rig.chips[side].deliver(around[0]);
    rig.chips[side].deliver(arrival(side, longest + 1, 3));
    rig.chips[side].deliver(arrival(side, longest + 4, 4));
    rig.chips[side].deliver(around[1]);
    rig.run(20_000);
    t.true(leftAsExpected(side, around, rig.take(other)), side);
    t.is(rig.counter('drop-oversize'), before + 2, side);
  }
});
