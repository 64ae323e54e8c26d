/* What is played around the firmware: which legs there are, who is on them, and what the firmware says about each. */
import test from 'ava';
import { decisionOf } from '../../host-tools/explain/decision.ts';
import { reportOf } from '../../host-tools/explain/report.ts';
import { askedRouter } from './asked.ts';

const fromLan = 'tcp 192.168.0.3:33333 > 12.0.0.1:25';

test('around the hairpin both packets pass the router', async (t) => {
  const { legs } = (await askedRouter()).about(fromLan);
  t.deepEqual(
    legs.map(({ role, from, to, fate }) => [role, from, to, fate]),
    [
      ['question', '192.168.0.3', 'router', 'onward'],
      ['question', 'router', '192.168.0.2', 'taken'],
      ['answer', '192.168.0.2', 'router', 'onward'],
      ['answer', 'router', '192.168.0.3', 'taken'],
    ],
  );
});

test('with the destination alone rewritten the answer goes around the router and is reset', async (t) => {
  const { legs } = (await askedRouter('dnat-only')).about(fromLan);
  t.deepEqual(
    legs.map(({ role, from, to, fate }) => [role, from, to, fate]),
    [
      ['question', '192.168.0.3', 'router', 'onward'],
      ['question', 'router', '192.168.0.2', 'taken'],
      ['answer', '192.168.0.2', '192.168.0.3', 'discarded'],
      ['reset', '192.168.0.3', '192.168.0.2', 'taken'],
    ],
  );
});

test('a further question of the same ends is the flow made by the first', async (t) => {
  const { about, network, config } = await askedRouter();
  about(fromLan);
  const { legs } = about(fromLan);
  const { lookup } = decisionOf(legs[0].passage!, network, config);
  t.like(lookup, { kind: 'flow', flow: { direction: 'original', made: false } });
});

test('a dynamic mapping is found from the LAN and named', async (t) => {
  const { about, network, config } = await askedRouter();
  const out = about('udp 192.168.0.2:7000 > 198.51.100.10:53');
  t.is(decisionOf(out.legs[0].passage!, network, config).lookup.kind, 'outbound');
  const { legs, works } = about('udp 192.168.0.3:4000 > 12.0.0.1:7000');
  const { lookup } = decisionOf(legs[0].passage!, network, config);
  t.is(lookup.kind, 'mapping');
  t.regex(lookup.sentence, /the dynamic mapping of 192\.168\.0\.2:7000/);
  t.true(works);
});

test('a forward is named for a port in the middle of its range, and the shifted port is shown', async (t) => {
  const text = JSON.stringify({
    wan: { address: '12.0.0.1/24', gateway: '12.0.0.254', mac: '02:00:00:00:0c:01' },
    lan: { address: '192.168.0.1/24', mac: '02:00:00:00:a8:01' },
    forwards: [{ name: 'games', proto: 'both', port: '5000-5010', to: '192.168.0.2:6000' }],
  });
  const { about, network, config } = await askedRouter('', text);
  const { legs } = about('udp 198.51.100.10:4000 > 12.0.0.1:5003');
  const decision = decisionOf(legs[0].passage!, network, config);
  t.is(decision.lookup.forward, 'games');
  t.deepEqual(decision.rewriting[0], {
    field: 'destination',
    before: '12.0.0.1:5003',
    after: '192.168.0.2:6003',
  });
});

test('a host beside the router on the WAN is its own next hop', async (t) => {
  const { about, network, config } = await askedRouter();
  const { legs } = about('udp 192.168.0.3:4000 > 12.0.0.7:53');
  t.like(decisionOf(legs[0].passage!, network, config).egress!, {
    side: 'wan',
    nextHop: '12.0.0.7',
    asked: true,
  });
});

test('the report says all of it, and is plain JSON', async (t) => {
  const { about, network, config } = await askedRouter();
  const report = reportOf(about(fromLan), network, config, ['a warning']);
  const read = JSON.parse(JSON.stringify(report)) as Record<string, unknown>;
  t.like(read, {
    schema: 'hairpin.explain/1',
    packet: fromLan,
    side: 'lan',
    sideInferred: true,
    outcome: 'works',
    warnings: ['a warning'],
  });
  const hops = read.hops as Record<string, unknown>[];
  t.is(hops.length, 4);
  t.like(hops[0], {
    hop: 1,
    packet: 'question',
    from: '192.168.0.3',
    to: 'router',
    source: '192.168.0.3:33333',
    target: '12.0.0.1:25',
    what: 'TCP SYN',
    continues: null,
    router: {
      reason: 'forwarded-slow',
      lookup: { kind: 'forward', forward: 'smtp' },
      egress: { side: 'lan', nextHop: '192.168.0.2', mac: '02:00:c0:a8:00:02', asked: true },
      counters: { 'flows-made': 1, 'forwarded-slow': 1 },
    },
  });
  t.like(hops[1], { continues: 1, source: '12.0.0.1:33333', target: '192.168.0.2:25', router: null });
});

const edges: [packet: string, from: string, to: string, reason: string | null][] = [
  ['udp 192.168.0.3:68 > 255.255.255.255:67', '192.168.0.3', 'router', 'drop-broadcast'],
  ['udp 192.168.0.3:5353 > 224.0.0.251:5353', '192.168.0.3', 'router', 'chip-filter'],
  ['tcp 192.168.0.3:1000 > 192.168.0.0:80', '192.168.0.3', 'router', 'drop-broadcast'],
  ['tcp 192.168.0.1:1000 > 192.168.0.2:80', '192.168.0.1', 'router', 'drop-wrong-side'],
  ['tcp 12.0.0.1:1000 > 12.0.0.1:25', '12.0.0.1', 'router', 'drop-wrong-side'],
  ['tcp 192.168.0.3:1000 > 192.168.0.3:80', '192.168.0.3', 'router', 'forwarded-slow'],
  ['tcp 12.0.0.7:1000 > 12.0.0.8:80', '12.0.0.7', '12.0.0.8', null],
  ['tcp 12.0.0.254:1000 > 12.0.0.1:25', '12.0.0.254', 'router', 'forwarded-slow'],
];
for (const [packet, from, to, reason] of edges) {
  test(`${packet}: to ${to}, ${reason ?? 'without the router'}`, async (t) => {
    const { about, network, config } = await askedRouter();
    const [first] = about(packet).legs;
    t.deepEqual([first.from, first.to], [from, to]);
    t.is(first.passage && decisionOf(first.passage, network, config).reason, reason);
  });
}
