/**
 * Other people's ICMP errors: in every direction the quoted packet becomes the one its sender sent, and every checksum
 * in and around it is what a recomputation gives (the teller verifies them, quoted ones included where all is quoted).
 */
import test from 'ava';
import { flowSeen, flowState, clock } from '../../firmware/layout/arena.ts';
import { get16, icmpError, ping, pong, tcp, udp } from '../wire/packets.ts';
import { dropped, lan, lastLeft, router, wan } from './table.ts';

type Kind = [number, number, number?];
const kinds: Kind[] = [
  [3, 0],
  [3, 1],
  [3, 3],
  [3, 4, 1400],
  [3, 13],
  [11, 0],
  [12, 0],
];

const named = ([type, code, rest]: Kind) => `icmp ${type}/${code}${rest ? ` mtu ${rest}` : ''}`;

/** Both protocols, answered and unanswered flows: the error goes round the same way. */
for (const made of [tcp, udp]) {
  const p = made.name;
  const end = p === 'tcp' ? ' A' : '';
  const make = (from: string, to: string) => (made === tcp ? tcp(from, to, 'A') : udp(from, to));
  const open = (from: string, to: string) => (made === tcp ? tcp(from, to, 'S') : udp(from, to));
  const web = p === 'tcp' ? ['P:8080', 'S:80'] : ['P:6001', 'S:7001'];

  test(`ie-1, ${p}: outbound flow, error from the WAN`, (t) => {
    for (const kind of kinds) {
      router();
      lan(open('C:40100', 'I:80'));
      t.deepEqual(wan(icmpError('G', 'P', kind, make('P:40100', 'I:80'))), [
        `lan C | ${named(kind)} G > C about ${p} C:40100 > I:80${end}`,
      ]);
    }
  });

  test(`ie-2, ${p}: forwarded flow, error about the server's answer`, (t) => {
    for (const kind of kinds) {
      router();
      wan(open('I:44444', web[0]));
      t.deepEqual(wan(icmpError('G', 'P', kind, make(web[0], 'I:44444'))), [
        `lan S | ${named(kind)} G > S about ${p} ${web[1]} > I:44444${end}`,
      ]);
    }
  });

  test(`ie-3, ${p}: forwarded flow, the server rejects`, (t) => {
    for (const kind of kinds) {
      router();
      wan(open('I:44444', web[0]));
      t.deepEqual(lan(icmpError('S', 'I', kind, make('I:44444', web[1]))), [
        `wan G | ${named(kind)} P > I about ${p} I:44444 > ${web[0]}${end}`,
      ]);
    }
  });

  test(`ie-4, ${p}: outbound flow, the client rejects an answer`, (t) => {
    for (const kind of kinds) {
      router();
      lan(open('C:40100', 'I:80'));
      t.deepEqual(lan(icmpError('C', 'I', kind, make('I:80', 'C:40100'))), [
        `wan G | ${named(kind)} P > I about ${p} I:80 > P:40100${end}`,
      ]);
    }
  });

  for (const [mode, own] of [
    ['external', 'P'],
    ['lan', 'R'],
  ]) {
    test(`ie-5, ${p}: hairpin ${mode}, the server rejects`, (t) => {
      for (const kind of kinds) {
        router({ hairpin: mode });
        lan(open('C:33333', web[0]));
        t.deepEqual(lan(icmpError('S', own, kind, make(`${own}:33333`, web[1]))), [
          `lan C | ${named(kind)} P > C about ${p} C:33333 > ${web[0]}${end}`,
        ]);
      }
    });

    test(`ie-6, ${p}: hairpin ${mode}, the client rejects an answer`, (t) => {
      for (const kind of kinds) {
        router({ hairpin: mode });
        lan(open('C:33333', web[0]));
        t.deepEqual(lan(icmpError('C', 'P', kind, make(web[0], 'C:33333'))), [
          `lan S | ${named(kind)} ${own} > S about ${p} ${web[1]} > ${own}:33333${end}`,
        ]);
      }
    });
  }
}

test('ie-5 around a dynamic mapping and a substituted port', (t) => {
  router();
  lan(udp('S:33333', 'I:9'));
  lan(udp('C:33333', 'P:33333'));
  const port = get16(lastLeft[0].frame, 34);
  t.not(port, 33333);
  t.deepEqual(lan(icmpError('S', 'P', [3, 3], udp(`P:${port}`, 'S:33333'))), [
    'lan C | icmp 3/3 P > C about udp C:33333 > P:33333',
  ]);
});

test('ie-7: ICMP queries, both ways, with the id that the asker used', (t) => {
  router();
  lan(ping('S', 'I', 77));
  lan(ping('C', 'I', 77));
  const id = get16(lastLeft[0].frame, 38);
  t.not(id, 77);
  t.deepEqual(wan(icmpError('G', 'P', [11, 0], ping('P', 'I', id))), [
    'lan C | icmp 11/0 G > C about ping C > I id 77',
  ]);
  t.deepEqual(wan(icmpError('G', 'P', [11, 0], ping('P', 'I', 77), 8)), [
    'lan S | icmp 11/0 G > S about icmp S > I id 77',
  ]);
  t.deepEqual(lan(icmpError('C', 'I', [3, 2], pong('I', 'C', 77))), [
    `wan G | icmp 3/2 P > I about pong I > P id ${id}`,
  ]);
});

test('ie-8: no flow, too little quoted, or a quote that is no packet of ours', (t) => {
  router();
  lan(udp('C:40100', 'I:80'));
  const about = udp('P:40100', 'I:80');
  for (const [name, error, reason] of [
    ['an unknown port', icmpError('G', 'P', [3, 3], udp('P:40101', 'I:80')), 'drop-no-flow'],
    ['another target', icmpError('G', 'P', [3, 3], udp('P:40100', 'J:80')), 'drop-no-flow'],
    ['another protocol', icmpError('G', 'P', [3, 3], tcp('P:40100', 'I:80')), 'drop-no-flow'],
    ['seven bytes of transport', icmpError('G', 'P', [3, 3], about, 7), 'drop-icmp'],
    ['a header only', icmpError('G', 'P', [3, 3], about, 0), 'drop-icmp'],
    ['nothing', icmpError('G', 'P', [3, 3], new Uint8Array()), 'drop-icmp'],
    ['a quoted error', icmpError('G', 'P', [3, 3], icmpError('P', 'I', [3, 3], about)), 'drop-icmp'],
    [
      'a quote of version 6',
      icmpError(
        'G',
        'P',
        [3, 3],
        about.map((byte, i) => (i ? byte : 0x65)),
      ),
      'drop-icmp',
    ],
  ] as const) {
    t.deepEqual(wan(error), [], name);
    t.is(dropped(), reason, name);
  }
});

test('a quote of 8 bytes is enough; a TCP checksum inside a longer one is adjusted', (t) => {
  router();
  lan(tcp('C:40100', 'I:80', 'S'));
  t.deepEqual(wan(icmpError('G', 'P', [11, 0], tcp('P:40100', 'I:80', 'A'), 8)), [
    'lan C | icmp 11/0 G > C about tcp C:40100 > I:80',
  ]);
  for (const quoted of [8, 12, 16, 17, 18, 19, 20]) {
    wan(icmpError('G', 'P', [11, 0], tcp('P:40100', 'I:80', 'A'), quoted));
    const quote = lastLeft[0].frame.subarray(14 + 28, 14 + 28 + 20 + quoted);
    const expected = tcp('C:40100', 'I:80', 'A').slice(0, 20 + quoted);
    // Below 18 bytes the checksum is not all there and is left alone.
    if (quoted === 17) expected[36] = tcp('P:40100', 'I:80', 'A')[36];
    t.deepEqual(quote, expected, `${quoted}`);
  }
});

test('options in the quoted header, and in the outer one, are stepped over', (t) => {
  router();
  lan(udp('C:40100', 'I:80'));
  const options = [148, 4, 0, 0, 1, 1, 1, 1];
  t.deepEqual(wan(icmpError('G', 'P', [3, 3], udp('P:40100', 'I:80', { options }))), [
    'lan C | icmp 3/3 G > C about udp C:40100 > I:80',
  ]);
});

test('checksums: the error and the quoted header must be right, the quoted transport need not', (t) => {
  router();
  lan(udp('C:40100', 'I:80'));
  const error = icmpError('G', 'P', [3, 3], udp('P:40100', 'I:80'));
  error[25] ^= 1;
  t.deepEqual(wan(error), []);
  t.is(dropped(), 'drop-icmp-checksum');
  const quoted = udp('P:40100', 'I:80');
  quoted[8] ^= 1;
  t.deepEqual(wan(icmpError('G', 'P', [3, 3], quoted)), []);
  t.is(dropped(), 'drop-icmp-checksum');
  // A wrong quoted checksum stays wrong by as much; none stays none.
  const wrong = udp('P:40100', 'I:80');
  wrong[27] ^= 0x55;
  t.throws(() => wan(icmpError('G', 'P', [3, 3], wrong)), { message: /transport checksum/ });
  const off = get16(lastLeft[0].frame, 14 + 28 + 26) - get16(udp('C:40100', 'I:80'), 26);
  t.is((off - get16(wrong, 26) + get16(udp('P:40100', 'I:80'), 26)) % 65535, 0);
  t.deepEqual(wan(icmpError('G', 'P', [3, 3], udp('P:40100', 'I:80', { unsummed: true }))), [
    'lan C | icmp 3/3 G > C about udp C:40100 > I:80',
  ]);
  t.is(get16(lastLeft[0].frame, 14 + 28 + 26), 0);
});

test('extensions behind the quote arrive untouched', (t) => {
  router();
  lan(udp('C:40100', 'I:80'));
  const extension = Uint8Array.from([0x20, 0, 0xde, 0xad, 0, 8, 1, 1, 1, 2, 3, 4]);
  const quote = new Uint8Array(128 + extension.length);
  quote.set(udp('P:40100', 'I:80', { data: new Uint8Array(100) }));
  quote.set(extension, 128);
  const error = icmpError('G', 'P', [11, 0, 32 << 16], quote, quote.length - 20);
  t.deepEqual(wan(error), ['lan C | icmp 11/0 G > C about udp C:40100 > I:80']);
  t.deepEqual(lastLeft[0].frame.subarray(14 + 28 + 128, 14 + 28 + 140), extension);
});

test('an error ends nothing, refreshes nothing, and does not count as an answer', (t) => {
  router();
  lan(udp('C:40100', 'I:80'));
  const [state, seen] = [flowState[1], flowSeen[1]];
  clock[0] += 10;
  for (const kind of kinds) wan(icmpError('G', 'P', kind, udp('P:40100', 'I:80')));
  lan(icmpError('C', 'I', [3, 3], udp('I:80', 'C:40100')));
  t.deepEqual([flowState[1], flowSeen[1]], [state, seen]);
  t.deepEqual(wan(udp('I:80', 'P:40100')), ['lan C | udp I:80 > C:40100']);
});

test('an error may come from anybody on the way, but not from the wrong side', (t) => {
  router();
  lan(udp('C:40100', 'I:80'));
  const about = udp('P:40100', 'I:80');
  t.deepEqual(wan(icmpError('J', 'P', [11, 0], about)), ['lan C | icmp 11/0 J > C about udp C:40100 > I:80']);
  t.deepEqual(wan(icmpError('S', 'P', [11, 0], about)), []);
  t.is(dropped(), 'drop-wrong-side');
  // The same quote from the LAN is about no packet that was sent there.
  t.deepEqual(lan(icmpError('S', 'P', [11, 0], about)), []);
  t.is(dropped(), 'drop-no-flow');
});

test('outer TTL falls by one, type of service and id stay', (t) => {
  router();
  lan(udp('C:40100', 'I:80'));
  wan(icmpError('G', 'P', [3, 3], udp('P:40100', 'I:80')));
  const outer = lastLeft[0].frame.subarray(14);
  t.deepEqual([outer[1], get16(outer, 4), outer[8]], [0xc0, 0x1111, 63]);
});

test('an error must come to the address whose packet it quotes', (t) => {
  router();
  lan(udp('C:40100', 'I:80'));
  for (const target of ['I', 'R', '8.8.8.8']) {
    t.deepEqual(wan(icmpError('G', target, [3, 3], udp('P:40100', 'I:80'))), [], target);
  }
});
