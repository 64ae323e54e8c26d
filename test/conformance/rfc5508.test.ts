/** Section 3 of the checklist, RFC 5508: queries and their timer, what the router itself says, and dead types. */
import { introduce, lan, lastLeft, moved, pause, router, wan } from '../control/table.ts';
import { icmp, icmpError, ip, ping, pong, tcp, udp } from '../wire/packets.ts';
import { cut } from './pieces.ts';
import { row } from './row.ts';
import { idle, lanHosts } from './seen.ts';

const stamps = { data: 'abcdabcdabcd' };
const idRest = (id: number) => id * 65536 + 1;

/** The id of a query in words. */
function idOf(words: string[]): number {
  return Number(/ id (\d+)$/.exec(words[0] ?? '')?.[1]);
}

row(['5508-1'], 'echo and timestamp queries go out, and their answers come back', (t) => {
  router();
  t.deepEqual(lan(ping('C', 'I', 7)), ['wan G | ping P > I id 7']);
  t.deepEqual(wan(pong('I', 'P', 7)), ['lan C | pong I > C id 7']);
  t.deepEqual(lan(icmp('C', 'I', 13, 0, idRest(8), stamps)), ['wan G | timestamp P > I id 8']);
  t.deepEqual(wan(icmp('I', 'P', 14, 0, idRest(8), stamps)), ['lan C | timestamp-reply I > C id 8']);
  // An answer that nobody asked for reaches nobody.
  t.deepEqual(wan(pong('I', 'P', 9)), []);
  t.deepEqual(wan(pong('J', 'P', 7)), []);
});

row(['5508-1a'], 'a query id has one public id for all targets, and two hosts with one id have two', (t) => {
  router();
  t.deepEqual(lan(ping('C', 'I', 77)), ['wan G | ping P > I id 77']);
  t.deepEqual(lan(ping('C', 'J', 77)), ['wan G | ping P > J id 77']);
  const other = idOf(lan(ping('S', 'I', 77)));
  t.not(other, 77);
  t.is(idOf(lan(ping('S', 'J', 77))), other);
  t.deepEqual(wan(pong('I', 'P', 77)), ['lan C | pong I > C id 77']);
  t.deepEqual(wan(pong('I', 'P', other)), ['lan S | pong I > S id 77']);
  t.deepEqual(wan(pong('J', 'P', other)), ['lan S | pong J > S id 77']);
});

row(['5508-2,2a'], 'a query waits 59 s for its answer, or as long as is set, and not under 60 s', (t) => {
  for (const [icmpSeconds, lives] of [
    [60, 55],
    [60, 59],
    [180, 179],
  ]) {
    const wish = { timeouts: icmpSeconds === 60 ? undefined : { icmp: icmpSeconds } };
    router(wish);
    lan(ping('C', 'I', 7));
    idle(lives);
    t.deepEqual(wan(pong('I', 'P', 7)), ['lan C | pong I > C id 7'], `${lives}`);
    router(wish);
    lan(ping('C', 'I', 7));
    idle(icmpSeconds + 2);
    t.deepEqual(wan(pong('I', 'P', 7)), [], `${icmpSeconds}`);
  }
  t.throws(() => router({ timeouts: { icmp: 59 } }), { message: /60/ });
});

row(['5508-6'], 'an error about a query leaves its time as it was', (t) => {
  const error = () => wan(icmpError('G', 'P', [3, 1], ping('P', 'I', 7)));
  for (const [late, delivered] of [
    [59, ['lan C | pong I > C id 7']],
    [62, []],
  ] as const) {
    router();
    lan(ping('C', 'I', 7));
    idle(50);
    t.deepEqual(error(), ['lan C | icmp 3/1 G > C about ping C > I id 7']);
    idle(late - 50);
    t.deepEqual(wan(pong('I', 'P', 7)), delivered, `${late}`);
  }
});

row(['5508-7'], 'an echo to P is answered by the router, from inside as from outside', (t) => {
  router();
  t.deepEqual(lan(ping('C', 'P', 7)), ['lan C | pong P > C id 7']);
  t.deepEqual(wan(ping('I', 'P', 7)), ['wan G | pong P > I id 7']);
});

row(['5508-8'], 'no room: 3/13 from R to a LAN host, silence to the Internet, and no flow was lost', (t) => {
  router();
  const hosts = lanHosts(4);
  const flows = Array.from({ length: 512 }, (_, i) => ({ host: hosts[i % 4], port: 20000 + i }));
  for (const { host, port } of flows) {
    lan(tcp(`${host}:${port}`, 'J:443', 'S'));
    wan(tcp('J:443', `P:${port}`, 'SA'));
  }
  t.deepEqual(lan(udp('C:40000', 'I:9')), ['lan C | icmp 3/13 R > C about udp C:40000 > I:9']);
  t.deepEqual(lan(tcp('C:40000', 'I:80', 'S')), ['lan C | icmp 3/13 R > C about tcp C:40000 > I:80 S']);
  t.deepEqual(lan(ping('C', 'I', 9)), ['lan C | icmp 3/13 R > C about ping C > I id 9']);
  t.deepEqual(wan(tcp('I:44444', 'P:25', 'S')), []);
  for (const { port } of flows) t.is(wan(tcp('J:443', `P:${port}`, 'A')).length, 1, `${port}`);
});

row(['5508-9'], 'the Internet hears of TTL alone, and of more only where wanIcmpErrors is set', (t) => {
  const gre = () => ip(47, 'I', 'P', new Uint8Array(24));
  router();
  t.deepEqual(wan(gre()), []);
  t.deepEqual(wan(tcp('I:1', 'P:25', 'S', { ttl: 1 })), ['wan G | icmp 11/0 P > I about tcp I:1 > P:25 S']);
  // Nor that the server does not answer ARP.
  const unanswered = () => {
    introduce('G');
    wan(tcp('I:1', 'P:25', 'S'));
    return pause(10).filter((words) => words.includes('icmp'));
  };
  router({ strangers: true });
  t.deepEqual(unanswered(), []);
  router({ strangers: true, wanIcmpErrors: true });
  t.deepEqual(unanswered(), ['wan G | icmp 3/1 P > I about tcp I:1 > P:25 S']);
  // It says nothing about protocols that are not translated and ports without a forward: those stay silent.
  t.deepEqual(wan(gre()), []);
  t.deepEqual(wan(tcp('I:1', 'P:26', 'S')), []);
});

row(['5508-10a'], 'unreachable, time exceeded and echo pass in both directions', (t) => {
  router();
  lan(udp('C:40000', 'I:9'));
  wan(udp('I:44444', 'P:5000'));
  for (const [type, code] of [
    [3, 1],
    [3, 3],
    [11, 0],
    [11, 1],
  ] as const) {
    t.deepEqual(wan(icmpError('G', 'P', [type, code], udp('P:40000', 'I:9'))), [
      `lan C | icmp ${type}/${code} G > C about udp C:40000 > I:9`,
    ]);
    t.deepEqual(lan(icmpError('S', 'I', [type, code], udp('I:44444', 'S:5000'))), [
      `wan G | icmp ${type}/${code} P > I about udp I:44444 > P:5000`,
    ]);
  }
  t.deepEqual(lan(ping('C', 'I', 1)), ['wan G | ping P > I id 1']);
  t.deepEqual(wan(pong('I', 'P', 1)), ['lan C | pong I > C id 1']);
  t.deepEqual(wan(ping('I', 'P', 1)), ['wan G | pong P > I id 1']);
});

/** Lets an ICMP message of a type pass by, from inside and from outside, with a quote where one belongs. @returns what left */
function bothWays(type: number): string[] {
  const about = (packet: Uint8Array) => packet.subarray(0, 28);
  return [
    ...lan(icmp('C', 'I', type, 0, 0, { data: about(udp('I:9', 'C:40000')) })),
    ...wan(icmp('I', 'P', type, 0, 0, { data: about(udp('P:40000', 'I:9')) })),
  ];
}

row(['5508-10b'], 'timestamps and parameter problems pass, redirects and router messages not', (t) => {
  router();
  lan(udp('C:40000', 'I:9'));
  for (const type of [5, 9, 10, 17, 18]) t.deepEqual(bothWays(type), [], `${type}`);
  t.deepEqual(bothWays(12), [
    'wan G | icmp 12/0 P > I about udp I:9 > P:40000',
    'lan C | icmp 12/0 I > C about udp C:40000 > I:9',
  ]);
  t.deepEqual(lan(icmp('C', 'I', 13, 0, idRest(8), stamps)), ['wan G | timestamp P > I id 8']);
  // Source routes: 131 is the loose, 137 the strict one.
  for (const option of [131, 137])
    t.deepEqual(lan(ping('C', 'I', 3, { options: [option, 7, 4, 198, 51, 100, 11, 0] })), []);
});

row(['5508-10c'], 'source quench and information queries reach nobody', (t) => {
  router();
  lan(udp('C:40000', 'I:9'));
  for (const type of [4, 15, 16]) t.deepEqual(bothWays(type), [], `${type}`);
  t.deepEqual(wan(udp('I:9', 'P:40000')), ['lan C | udp I:9 > C:40000']);
});

row(['5508-10d–f'], 'own errors: class C0; none about errors, many, or later pieces; ten a second', (t) => {
  router();
  t.is(lan(udp('C:40000', 'I:9', { ttl: 1 })).length, 1);
  t.is(lastLeft[0].frame[15], 0xc0);
  lan(udp('C:40000', 'I:9'));
  const later = cut(udp('C:40000', 'I:9', { data: new Uint8Array(100), ttl: 1, fragment: 0 }), 64)[1];
  for (const packet of [
    icmpError('C', 'I', [3, 3], udp('I:9', 'C:40000')),
    udp('C:40000', '192.168.0.255:9'),
    udp('C:40000', '239.1.1.1:9'),
    udp('192.168.0.255:9', 'I:9'),
    later,
  ]) {
    packet[8] = 1;
    t.deepEqual(lan(withHeaderSum(packet)), []);
  }
  // Not because there have been too many already.
  t.is(lan(udp('C:40000', 'I:9', { ttl: 1 })).length, 1);
  // The bucket is full again after a second.
  pause(1);
  moved();
  for (let i = 0; i < 1000; i++) lan(udp(`C:${10000 + i}`, 'I:9', { ttl: 1 }));
  const first = moved()['sent-icmp-error'];
  t.true(first > 0 && first <= 10, `${first}`);
  let sent = 0;
  for (let second = 0; second < 10; second++) {
    pause(1);
    for (let i = 0; i < 100; i++) sent += lan(udp(`C:${10000 + i}`, 'I:9', { ttl: 1 })).length;
  }
  t.true(sent > 0 && sent <= 100, `${sent}`);
});

/** Makes the header checksum right again. */
function withHeaderSum(packet: Uint8Array): Uint8Array {
  packet[10] = packet[11] = 0;
  let sum = 0;
  for (let i = 0; i < 20; i += 2) sum += (packet[i] << 8) | packet[i + 1];
  sum = 0xffff - ((sum & 0xffff) + (sum >>> 16));
  packet[10] = sum >> 8;
  packet[11] = sum;
  return packet;
}

row(['5508-11'], 'ICMP of other types reaches nobody', (t) => {
  router();
  lan(udp('C:40000', 'I:9'));
  for (const type of [1, 2, 6, 7, 19, 30, 40, 42, 253, 255]) t.deepEqual(bothWays(type), [], `${type}`);
});
