/** Section 4 of the checklist: RFC 3022, and checksums by RFC 1624 and 768. */
import { residue, shifted } from '../../firmware/wire/checksum.ts';
import { dropped, lan, router, say, arp, fast, wan } from '../control/table.ts';
import {
  cast,
  foldedSum,
  get16,
  hostBytes,
  icmpError,
  ip,
  ping,
  pong,
  tcp,
  tell,
  udp,
} from '../wire/packets.ts';
import {
  fromInternet,
  hairpinExternal,
  packet as hexOf,
  serverRejects,
  tooBig,
  udpCorners,
} from '../scenes/examples.ts';
import { seeded } from '../wire/random.ts';
import { row } from './row.ts';
import { packetLeft, send } from './seen.ts';

/** The hex of an example as bytes. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hexOf(text), 'hex'));
}

/** Examples as they arrive, from whom, and as they must leave. */
type Step = [from: string, arrives: string, leaves: string];

const fromInternetSteps: Step[] = [
  ['G', fromInternet.syn, fromInternet.synToServer],
  ['S', fromInternet.synAck, fromInternet.synAckToInternet],
];
const hairpinSteps: Step[] = [
  ['C', hairpinExternal.syn, hairpinExternal.synToServer],
  ['S', hairpinExternal.synAck, hairpinExternal.synAckToClient],
  ['C', hairpinExternal.ack, hairpinExternal.ackToServer],
];
const cornerSteps: Step[] = [
  ['C', udpCorners.becomesZero, udpCorners.becomesZeroOut],
  ['C', udpCorners.none, udpCorners.noneOut],
];
const quotedSteps: Step[] = [
  ['C', serverRejects.datagram, serverRejects.datagramToServer],
  ['S', serverRejects.error, serverRejects.errorToClient],
  ['C', tooBig.syn, tooBig.synOut],
  ['G', tooBig.error, tooBig.errorToClient],
];

/** Plays steps; whatever leaves must be right to the byte. */
function plays(t: { deepEqual(a: unknown, b: unknown): void }, steps: Step[]): void {
  for (const [from, arrives, leaves] of steps)
    t.deepEqual(packetLeft(send(from, bytesOf(arrives))), bytesOf(leaves));
}

row(['3022-4.1'], 'every checksum follows a rewrite: examples A, C2 and F to the byte, and queries', (t) => {
  for (const steps of [fromInternetSteps, hairpinSteps, cornerSteps]) {
    router();
    plays(t, steps);
  }
  // `tell` has checked the sum over the message alone: no pseudo header.
  router();
  lan(ping('C', 'I', 0x4d00));
  t.deepEqual(lan(ping('S', 'I', 0x4d00)).length, 1);
  t.not(get16(packetLeft(), 24), 0x4d00);
  t.deepEqual(wan(pong('I', 'P', get16(packetLeft(), 24))), ['lan S | pong I > S id 19712']);
});

row(
  ['3022-4.3'],
  'headers quoted in errors are rewritten with their checksums: examples D and E to the byte',
  (t) => {
    router();
    plays(t, quotedSteps);
  },
);

row(['3022-4.6'], 'addresses recorded in IP options stay; a source route ends here', (t) => {
  router();
  const recorded = [7, 11, 12, ...hostBytes('C'), ...hostBytes('R'), 0];
  t.deepEqual(lan(udp('C:40000', 'I:9', { options: recorded })), ['wan G | udp P:40000 > I:9']);
  t.deepEqual([...packetLeft().subarray(20, 32)], recorded);
  t.deepEqual(wan(udp('I:9', 'P:40000', { options: recorded })), ['lan C | udp I:9 > C:40000']);
  t.deepEqual([...packetLeft().subarray(20, 32)], recorded);
  for (const kind of [131, 137]) {
    t.deepEqual(lan(udp('C:40000', 'I:9', { options: [kind, 7, 4, ...hostBytes('R'), 0] })), []);
    t.is(dropped(), 'drop-source-route');
  }
});

/** Whether an address of the LAN stands in a header, or in one that an error quotes. */
function showsLan(packet: Uint8Array): boolean {
  const isLan = (at: number) => packet[at] === 192 && packet[at + 1] === 168 && packet[at + 2] === 0;
  const quote = (packet[0] & 15) * 4 + 8;
  const quotes = packet[9] === 1 && [3, 5, 11, 12].includes(packet[quote - 8]);
  return isLan(12) || isLan(16) || (quotes && (isLan(quote + 12) || isLan(quote + 16)));
}

row(
  ['3022-5.3'],
  'whatever a LAN host sends, what leaves on the WAN comes from P and shows no LAN address (seed 3022)',
  (t) => {
    const random = seeded(3022);
    const sources = [
      'C',
      'S',
      'R',
      'P',
      '192.168.0.77',
      '192.168.1.3',
      '10.9.9.9',
      '0.0.0.0',
      '127.0.0.1',
      '192.168.0.255',
    ];
    const targets = [
      'I',
      'J',
      'P',
      'R',
      'S',
      'G',
      '10.1.2.3',
      '192.168.0.99',
      '192.168.1.1',
      '255.255.255.255',
      '239.1.1.1',
    ];
    const pick = (from: string[]) => from[random(from.length)];
    let left = 0;
    for (let round = 0; round < 4; round++) {
      router({ hairpin: ['external', 'lan', 'dnat-only', 'none'][round] });
      for (let i = 0; i < 800; i++) {
        const [from, to] = [random(2) ? 'C' : pick(sources), pick(targets)];
        const port = 40000 + random(8);
        const shape = { ttl: 1 + random(3), fragment: [0x4000, 0, 0x2000, 4][random(4)], id: random(8) };
        const packets = [
          udp(`${from}:${port}`, `${to}:${[9, 25, 5000][random(3)]}`, shape),
          tcp(
            `${from}:${port}`,
            `${to}:${[80, 25, 8080][random(3)]}`,
            ['S', 'A', 'SA', 'R', 'FA'][random(5)],
            shape,
          ),
          ping(from, to, port, shape),
          pong(from, to, port, shape),
          icmpError(
            from,
            to,
            [
              [3, 3],
              [11, 0],
              [5, 1],
            ][random(3)] as [number, number],
            udp(`${to}:9`, `${from}:${port}`),
          ),
          ip(47, from, to, new Uint8Array(30), shape),
        ];
        for (const { port: side, frame } of send('C', packets[random(packets.length)])) {
          const packet = frame.subarray(14);
          if (side === 'lan' || get16(frame, 12) !== 0x0800) continue;
          left++;
          if (packet.subarray(12, 16).join('.') !== cast.P || showsLan(packet)) t.fail(tell(packet));
        }
      }
    }
    t.true(left > 200, `${left}`);
  },
);

row(['3022-6.2'], 'the router answers ARP on the WAN for P and for nobody else', (t) => {
  router();
  t.deepEqual(say('wan', arp(1, 'G', 'P')), ['wan G | arp P is at P, for G at G']);
  for (const other of ['R', 'S', 'I', '12.0.0.2', '12.0.0.255'])
    t.deepEqual(say('wan', arp(1, 'G', other)), [], other);
});

row(['1624-3'], 'the vector of RFC 1624: DD2F, 5555 becomes 3285, gives 0000', (t) => {
  t.is(shifted(0xdd2f, residue(0x3285 - 0x5555)), 0x0000);
});

row(['1624-x'], 'two addresses change at once: 55F7 becomes 55F8 around the hairpin', (t) => {
  router();
  send('C', bytesOf(hairpinExternal.syn));
  t.is(get16(bytesOf(hairpinExternal.syn), 36), 0x55f7);
  // The first packet by hand, the others by the flow's one difference.
  send('S', bytesOf(hairpinExternal.synAck));
  send('C', bytesOf(hairpinExternal.ack));
  const before = fast;
  t.is(get16(packetLeft(send('C', bytesOf(hairpinExternal.syn))), 36), 0x55f8);
  t.is(fast, before, 'a SYN is looked at');
  t.is(get16(packetLeft(send('C', bytesOf(hairpinExternal.ack))), 36), 0x35e8);
  t.is(fast, before + 1);
});

row(['768-0', '768-FFFF'], 'UDP checksums 0 and FFFF, on the first packet and on the fast path', (t) => {
  router();
  for (const [port, arrives, leaves] of [
    [40300, udpCorners.becomesZero, udpCorners.becomesZeroOut],
    [40200, udpCorners.none, udpCorners.noneOut],
  ] as const) {
    t.is(get16(bytesOf(arrives), 20), port);
    plays(t, [['C', arrives, leaves]]);
    wan(udp('I:9', `P:${port}`));
    lan(udp(`C:${port}`, 'I:9'));
    const before = fast;
    plays(t, [['C', arrives, leaves]]);
    t.is(fast, before + 1);
  }
  // Inwards none stays none, too.
  t.deepEqual(wan(udp('I:9', 'P:40200', { unsummed: true })), ['lan C | udp I:9 > C:40200']);
  t.is(get16(packetLeft(), 26), 0);
});

row(['1071-odd'], 'an MSS option at an odd offset is lowered and the checksum is right', (t) => {
  router({ mtu: 1400 });
  // 1 is no operation: it moves the option by one byte.
  for (const [before, after] of [
    [[1], [1, 1, 1]],
    [[1, 1, 1], [1]],
    [[], []],
    [
      [1, 1],
      [1, 1],
    ],
  ]) {
    t.deepEqual(lan(tcp('C:40000', 'I:80', 'S', { tcpOptions: [...before, 2, 4, 5, 180, ...after] })), [
      'wan G | tcp P:40000 > I:80 S',
    ]);
    t.is(get16(packetLeft(), 42 + before.length), 1360);
  }
});

/** By how much the transport checksum of a packet is wrong, as a one's-complement residue. */
function error(packet: Uint8Array): number {
  const payload = packet.subarray(20);
  const pseudo = [...packet.subarray(12, 20), 0, packet[9], payload.length >> 8, payload.length & 255];
  return foldedSum(Uint8Array.from([...pseudo, ...payload])) % 0xffff;
}

row(['e2e'], 'a wrong checksum stays wrong by as much, on every way', (t) => {
  router();
  const damaged = (packet: Uint8Array) => {
    packet[packet.length - 1] ^= 0x55;
    return packet;
  };
  const data = { data: 'four' };
  for (let round = 0; round < 3; round++) {
    const before = fast;
    for (const [from, packet] of [
      ['C', damaged(tcp('C:40000', 'I:80', round ? 'A' : 'S', data))],
      ['G', damaged(tcp('I:80', 'P:40000', round ? 'A' : 'SA', data))],
      ['C', damaged(udp('C:40000', 'I:9', data))],
      ['G', damaged(udp('I:9', 'P:40000', data))],
      ['C', damaged(udp('C:40000', 'P:5000', data))],
      ['C', damaged(tcp('C:33333', 'P:25', 'S', data))],
    ] as const) {
      const wrong = error(packet);
      t.not(wrong, 0);
      const left = packetLeft(send(from, packet));
      t.is(error(left), wrong);
    }
    if (round === 2) t.is(fast - before, 4);
  }
});
