/** Section 14 of the checklist: floods, forgeries and scans, in virtual time against the miniature router. */
import { clock, flowCount, hostFlows, strangersPlace } from '../../firmware/layout/arena.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { heldNow } from '../../firmware/control/held.ts';
import { strangerLimit } from '../../firmware/control/sweep.ts';
import { arp, dropped, introduce, lan, moved, pause, router, say, wan } from '../control/table.ts';
import { foldedSum, icmpError, ip, ping, tcp, udp } from '../wire/packets.ts';
import { connect, converse } from './begun.ts';
import { cut, together } from './pieces.ts';
import { row } from './row.ts';
import { packetLeft, packetsOf, send } from './seen.ts';

/** Everything an honest user expects of the router: flows that are there go on, and everybody can open more. */
function serves(t: { deepEqual(a: unknown, b: unknown, why?: string): void }, round: number): void {
  const port = 50000 + round;
  t.deepEqual(wan(tcp('I:80', 'P:40000', 'PA')), ['lan C | tcp I:80 > C:40000 PA'], 'an old connection');
  t.deepEqual(wan(udp('I:9', 'P:40000')), ['lan C | udp I:9 > C:40000'], 'an old UDP flow');
  t.deepEqual(lan(udp(`S:${port}`, 'I:9')), [`wan G | udp P:${port} > I:9`], 'UDP outwards');
  t.deepEqual(lan(tcp(`S:${port}`, 'I:80', 'S')), [`wan G | tcp P:${port} > I:80 S`], 'TCP outwards');
  t.deepEqual(wan(tcp(`J:${port}`, 'P:25', 'S')), [`lan S | tcp J:${port} > S:25 S`], 'to the server');
  t.deepEqual(lan(tcp('S:25', `J:${port}`, 'SA')), [`wan G | tcp P:25 > J:${port} SA`], 'its answer');
}

/** A router with a connection and a UDP flow of C:40000. */
function begin(wish = {}): void {
  router(wish);
  connect('C:40000', 'I:80');
  converse('C:40000', 'I:9');
}

row(
  ['sec-1'],
  '2000 SYNs from everywhere to a forward: all others are served during it and after it',
  (t) => {
    begin();
    for (let i = 0; i < 2000; i++) {
      if (i % 400 === 399) clock[0]++;
      send('G', tcp(`203.${i & 7}.${i >> 8}.${i & 255}:${1024 + i}`, 'P:25', 'S'));
      // The server answers a third of them; nobody takes it up.
      if (i % 3 === 0) send('S', tcp('S:25', `203.${i & 7}.${i >> 8}.${i & 255}:${1024 + i}`, 'SA'));
      if (i % 500 === 250) serves(t, i);
    }
    serves(t, 1);
    pause(5);
    introduce('G', 'S', 'C');
    serves(t, 2);
  },
);

row(['sec-2'], 'a host that sprays 5000 UDP flows harms nobody else', (t) => {
  begin();
  for (let i = 0; i < 5000; i++) {
    send('C', udp(`C:${1024 + i}`, `203.0.113.${i & 127}:${1 + i}`));
    if (i % 1000 === 500) serves(t, i);
  }
  serves(t, 1);
  t.true(flowsInUse < flowCount);
});

row(
  ['sec-3'],
  'an outsider who sprays a mapping fills an eighth of the table, or nothing with the default filter',
  (t) => {
    begin({ filter: 'endpoint-independent' });
    const before = flowsInUse;
    for (let i = 0; i < 1000; i++) send('G', udp(`J:${1024 + i}`, 'P:40000'));
    t.is(hostFlows[strangersPlace], strangerLimit);
    t.is(flowsInUse, before + strangerLimit);
    serves(t, 1);
    begin();
    for (let i = 0; i < 1000; i++) t.deepEqual(send('G', udp(`J:${1024 + i}`, 'P:40000')), []);
    t.is(dropped(), 'drop-filtered x1000');
    t.is(flowsInUse, before);
  },
);

row(['sec-4'], 'addresses on the wrong side go nowhere, whatever they carry', (t) => {
  begin();
  for (const make of [
    (from: string, to: string) => udp(`${from}:40000`, `${to}:5000`),
    (from: string, to: string) => tcp(`${from}:40000`, `${to}:25`, 'S'),
    (from: string, to: string) => ping(from, to, 1),
    (from: string, to: string) => icmpError(from, to, [3, 3], udp(`${to}:40000`, 'I:9')),
    (from: string, to: string) => ip(47, from, to, new Uint8Array(20)),
  ]) {
    for (const [from, source, target] of [
      ['G', 'C', 'P'],
      ['G', '192.168.0.200', 'P'],
      ['G', 'R', 'P'],
      ['G', 'P', 'P'],
      ['G', 'I', 'S'],
      ['G', 'I', '192.168.0.200'],
      ['C', 'P', 'I'],
      ['C', 'P', 'S'],
      ['C', 'I', 'P'],
      ['C', 'R', 'I'],
    ])
      t.deepEqual(send(from, make(source, target)), [], `${source} > ${target} from ${from}`);
  }
  t.is(flowsInUse, 2);
});

row(['sec-5'], 'blind resets and errors end no flow, and an MTU of 68 means nothing to the router', (t) => {
  begin();
  for (let i = 0; i < 200; i++) {
    send('G', tcp('I:80', 'P:40000', i % 2 ? 'R' : 'RA', { seq: i * 0x1234567 }));
    const quoted = i % 3 ? tcp('P:40000', 'I:80', 'A') : udp('P:40000', 'I:9');
    send('G', icmpError('203.0.113.1', 'P', [3, [0, 1, 2, 3, 9, 10, 13][i % 7]], quoted));
  }
  t.deepEqual(wan(icmpError('G', 'P', [3, 4, 68], tcp('P:40000', 'I:80', 'A'))), [
    'lan C | icmp 3/4 mtu 68 G > C about tcp C:40000 > I:80 A',
  ]);
  serves(t, 1);
  const data = new Uint8Array(1460);
  t.deepEqual(lan(tcp('C:40000', 'I:80', 'A', { data })), ['wan G | tcp P:40000 > I:80 A']);
  t.deepEqual(lan(tcp('S:60000', 'I:80', 'A', { data })), ['wan G | tcp P:60000 > I:80 A']);
});

row(
  ['sec-6'],
  'a thousand errors about nothing end at the lookup: their sums are not even looked at',
  (t) => {
    begin();
    for (let i = 0; i < 1000; i++) {
      const error = icmpError('203.0.113.1', 'P', [3, 3], udp(`P:${1024 + i}`, 'J:9'));
      // A wrong sum would be the reason if it had been added up before the lookup.
      if (i % 2) error[error.length - 1] ^= 0xff;
      t.deepEqual(send('G', error), []);
    }
    t.is(dropped(), 'drop-no-flow x1000');
    serves(t, 1);
  },
);

const bytes = (count: number) => Uint8Array.from({ length: count }, (_, i) => i * 13);

row(['sec-7'], 'floods of pieces, first or later, and pieces that overlap are bounded', (t) => {
  begin();
  const piece = (i: number, which: number) =>
    cut(udp(`203.0.113.${i & 127}:9`, 'P:5000', { data: bytes(1000), fragment: 0, id: i }), 504)[which];
  for (let i = 0; i < 1000; i++) {
    t.deepEqual(send('G', piece(i, 1)), []);
    t.true(heldNow() <= 3);
  }
  serves(t, 1);
  for (let i = 0; i < 1000; i++) send('G', piece(2000 + i, 0));
  t.true(hostFlows[strangersPlace] <= strangerLimit);
  serves(t, 2);
  // The same piece again and again, and one that lies across two others: each is passed on at most once as it came.
  pause(3);
  introduce('G', 'S', 'C');
  const pieces = cut(udp('I:9', 'P:5000', { data: bytes(1600), fragment: 0, id: 9 }), 800);
  const across = cut(udp('I:9', 'P:5000', { data: bytes(1600), fragment: 0, id: 9 }), 400)[1];
  for (const some of [pieces[0], across, pieces[1], pieces[1], across, pieces[0]]) {
    const left = packetLeft(send('G', some.slice()));
    t.is(left.length, some.length);
  }
  // Whoever comes next is passed on whole.
  const next = cut(udp('I:9', 'P:5000', { data: bytes(1600), fragment: 0, id: 10 }), 800).flatMap((some) =>
    send('G', some),
  );
  t.deepEqual(together(packetsOf(next)).slice(28), bytes(1600));
});

row(['sec-8'], 'two thousand lies by ARP on both sides move no neighbour in use', (t) => {
  begin();
  for (let i = 0; i < 2000; i++) {
    const mac = [2, 6, 6, 6, i >> 8, i & 255];
    // Strangers announce themselves, strangers ask for us, and addresses of the other side turn up.
    say('lan', arp(1 + (i % 2), `192.168.0.${20 + (i % 200)}`, `192.168.0.${20 + (i % 200)}`, mac));
    say('wan', arp(1, `12.0.0.${20 + (i % 200)}`, `12.0.0.${20 + (i % 200)}`, mac));
    say('wan', arp(2, 'S', 'P', mac));
    say('lan', arp(2, 'G', 'R', mac));
    say('wan', arp(1, `12.0.0.${20 + (i % 200)}`, 'P', mac));
  }
  serves(t, 1);
  // On the LAN many who ask for us can only push out each other's entries; whoever is needed is asked for.
  for (let i = 0; i < 500; i++) say('lan', arp(1, `192.168.0.${20 + (i % 200)}`, 'R'));
  introduce('S', 'C');
  serves(t, 2);
  t.is(heldNow(), 0);
});

row(['sec-11'], 'a scan of all ports of P and of all protocols finds the forwards and an echo', (t) => {
  router();
  const open: string[] = [];
  /** The packet to another port of P, its checksum following (RFC 1624). */
  const probe = (packet: Uint8Array, port: number, checkAt: number) => {
    const changed = packet.slice();
    changed.set([port >> 8, port & 255], 22);
    changed.set([0, 0], checkAt);
    const payload = changed.subarray(20);
    const sum = foldedSum(
      Uint8Array.from([...changed.subarray(12, 20), 0, changed[9], 0, payload.length, ...payload]),
    );
    changed.set([(0xffff - sum) >> 8, (0xffff - sum) & 255], checkAt);
    return changed;
  };
  const syn = tcp('J:50000', 'P:1', 'S');
  const datagram = udp('J:50000', 'P:1');
  for (let port = 1; port < 65536; port++) {
    if (send('G', probe(syn, port, 36)).length) open.push(`tcp ${port}`);
    if (send('G', probe(datagram, port, 26)).length) open.push(`udp ${port}`);
  }
  const range = [6000, 6001, 6002, 6003];
  t.deepEqual(
    open.sort(),
    [
      'tcp 25',
      'tcp 8080',
      'udp 5000',
      ...range.map((port) => `tcp ${port}`),
      ...range.map((port) => `udp ${port}`),
    ].sort(),
  );
  const answered = Array.from({ length: 256 }, (_, protocol) => protocol).filter(
    (protocol) =>
      send('G', ip(protocol, 'J', 'P', protocol === 1 ? ping('J', 'P', 1).subarray(20) : new Uint8Array(20)))
        .length,
  );
  t.deepEqual(answered, [1]);
  // Nothing that left went back to the one who scans, but the echo.
  t.false('sent-icmp-error' in moved());
});

row(['sec-12'], 'guessing the port of a mapping is no use to J: of 64,512 ports none lets it in', (t) => {
  router({ forwards: [] });
  converse('C:40000', 'I:9');
  connect('C:41000', 'I:80');
  const packets = [udp('J:9', 'P:1'), tcp('J:9', 'P:1', 'S')];
  let left = 0;
  for (let port = 1024; port < 65536; port++) {
    for (const packet of packets) {
      const guess = packet.slice();
      guess.set([port >> 8, port & 255], 22);
      left += send('G', guess).length;
    }
  }
  t.is(left, 0);
  t.is(flowsInUse, 2);
  t.deepEqual(moved()['drop-filtered'], 2);
});
