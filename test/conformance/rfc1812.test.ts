/** Section 5 of the checklist, RFC 1812: headers, TTL, options, MSS and lengths. */
import { arrive, dropped, ethernet, fast, lan, macOf, router, wan } from '../control/table.ts';
import { foldedSum, get16, hostBytes, ip, ping, tcp, udp } from '../wire/packets.ts';
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
