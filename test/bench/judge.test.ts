/* The judge as a table: measurements, and what they mean. */
import test from 'ava';
import { judge } from '../../host-tools/bench/judge/judge.ts';
import { exitCodeOf, type Reason, type Verdict } from '../../host-tools/bench/judge/verdicts.ts';
import type { Measurements, ServicePrint } from '../../host-tools/bench/measurements.ts';
import {
  C,
  P,
  R,
  S,
  SILENT_TCP,
  SILENT_UDP,
  arrived,
  firstHop,
  measured,
  tcp,
  tcpFine,
  times,
  udp,
  udpFine,
} from './measured.ts';

interface Case {
  what: string;
  measured: Partial<Measurements>;
  verdict: Verdict;
  reason?: Reason;
}

const unreachable = { end: 'unreachable' } as const;
const lostTcp = (count: number) => times(count, 'tcpThrough', { end: 'silent' } as const, 50);
const lostUdp = (count: number) => times(count, 'udpThrough', { end: 'silent' } as const, 50);
const stray = { end: 'stray', id: 'x', from: `${S}:8025` } as const;
const onlyTcp = { udp: null };
const onlyUdp = { tcp: null };
const silentTcp = (rest = {}) => ({ ...onlyTcp, tcp: tcp(SILENT_TCP, rest) });
const watching = (sightings: ReturnType<typeof arrived>) => ({ recall: { watching: true, sightings } });
const kept = { firstHop: firstHop({}) };
const other = { end: 'other', greeting: '', handshake: 1 } as const;
const page = (body: string, server = 'nginx'): ServicePrint => ({
  greeting: null,
  certificate: null,
  http: { status: '200', server, headers: 'date,server', body },
});
const greeting = (text: string): ServicePrint => ({ greeting: text, certificate: null, http: null });
const certificate = (text: string): ServicePrint => ({ greeting: null, certificate: text, http: null });
/** A real service, connected to at both addresses, and what it says at either. */
const service = (
  direct: ServicePrint[],
  through: ServicePrint[],
  hop = firstHop({}),
  gateway: ServicePrint[] = [],
) => ({
  ...onlyTcp,
  recall: null,
  tcp: tcp(times(12, 'tcpThrough', other), {
    direct: times(4, 'tcpDirect', other),
    service: { direct, through, gateway },
    firstHop: hop,
  }),
});
const held = <T>(through: T[], direct: T[]) => ({ held: { seconds: 5, through, direct } });

const CASES: Case[] = [
  { what: 'all is well, the server sees P', measured: {}, verdict: 'works-external' },
  {
    what: 'all is well, the server sees R',
    measured: { tcp: tcp(times(6, 'tcpThrough', tcpFine(R))), udp: udp(times(8, 'udpThrough', udpFine(R))) },
    verdict: 'works-lan',
  },
  {
    what: 'the server sees the client itself, because it is on another network of the LAN',
    measured: { ...onlyTcp, tcp: tcp(times(6, 'tcpThrough', tcpFine(C))) },
    verdict: 'works-lan',
  },
  {
    what: 'some are seen as P and some as R',
    measured: {
      ...onlyTcp,
      tcp: tcp([...times(3, 'tcpThrough', tcpFine(P)), ...times(3, 'tcpThrough', tcpFine(R), 10)]),
    },
    verdict: 'works-lan',
  },
  {
    what: 'two of twelve connections and three of sixteen questions are lost',
    measured: {
      tcp: tcp([...times(10, 'tcpThrough', tcpFine(P)), ...lostTcp(2)]),
      udp: udp([...times(13, 'udpThrough', udpFine(P)), ...lostUdp(3)]),
    },
    verdict: 'works-external',
  },
  {
    what: 'half of the connections are lost',
    measured: { ...onlyTcp, tcp: tcp([...times(6, 'tcpThrough', tcpFine(P)), ...lostTcp(6)]) },
    verdict: 'inconclusive',
    reason: 'contradictory',
  },
  {
    what: 'one connection of twelve works: not silence, and not working',
    measured: { ...onlyTcp, tcp: tcp([...times(1, 'tcpThrough', tcpFine(P)), ...lostTcp(11)]) },
    verdict: 'inconclusive',
    reason: 'contradictory',
  },
  {
    what: 'the first of three rounds met a router that was asleep',
    measured: {
      ...onlyTcp,
      tcp: {
        ...tcp([]),
        through: [lostTcp(6), times(6, 'tcpThrough', tcpFine(P)), times(6, 'tcpThrough', tcpFine(P), 20)],
      },
    },
    verdict: 'works-external',
  },
  {
    what: 'three rounds, and still no agreement',
    measured: {
      ...onlyTcp,
      tcp: {
        ...tcp([]),
        through: [times(6, 'tcpThrough', tcpFine(P)), lostTcp(6), times(6, 'tcpThrough', tcpFine(P), 20)],
      },
    },
    verdict: 'inconclusive',
    reason: 'contradictory',
  },
  {
    what: 'UDP answers come from S itself',
    measured: { tcp: tcp(SILENT_TCP), udp: udp([...times(15, 'udpThrough', stray), ...lostUdp(5)]) },
    verdict: 'dnat-without-snat',
  },
  {
    what: 'UDP answers come from S itself, and TCP could not make up its mind',
    measured: {
      tcp: tcp([...times(1, 'tcpThrough', tcpFine(P)), ...lostTcp(11)]),
      udp: udp(times(16, 'udpThrough', stray)),
    },
    verdict: 'dnat-without-snat',
  },
  {
    what: 'two stray answers are not yet a proof',
    measured: { ...onlyUdp, udp: udp([...times(2, 'udpThrough', stray), ...lostUdp(14)]) },
    verdict: 'inconclusive',
    reason: 'contradictory',
  },
  {
    what: 'some UDP answers come from P and some from S',
    measured: {
      ...onlyUdp,
      udp: udp([...times(8, 'udpThrough', udpFine(P)), ...times(8, 'udpThrough', stray, 20)]),
    },
    verdict: 'inconclusive',
    reason: 'contradictory',
  },
  {
    what: 'UDP answers come from an address that is neither P nor S',
    measured: {
      ...onlyUdp,
      udp: udp(times(16, 'udpThrough', { end: 'stray', id: 'x', from: '192.168.0.77:8025' } as const)),
    },
    verdict: 'inconclusive',
    reason: 'someone-else',
  },
  {
    what: 'a firewall on the client eats the stray UDP answers, and the responder says whose packets it got',
    measured: {
      ...onlyUdp,
      udp: udp(SILENT_UDP),
      recall: { watching: false, sightings: arrived(16, 'udpThrough', 'udp/heard') },
    },
    verdict: 'dnat-without-snat',
  },
  {
    what: 'only what was asked directly reached the responder',
    measured: {
      ...onlyUdp,
      udp: udp(SILENT_UDP),
      recall: { watching: false, sightings: arrived(8, 'udpDirect', 'udp/heard') },
    },
    verdict: 'no-dnat',
  },
  {
    what: 'UDP reached the responder from the router, and the answers were lost',
    measured: {
      ...onlyUdp,
      udp: udp(SILENT_UDP),
      recall: { watching: false, sightings: arrived(16, 'udpThrough', 'udp/heard', P) },
    },
    verdict: 'inconclusive',
    reason: 'answer-lost',
  },
  {
    what: 'UDP is silent, and the responder cannot be asked any more',
    measured: { ...onlyUdp, udp: udp(SILENT_UDP), recall: null },
    verdict: 'inconclusive',
    reason: 'server-unreliable',
  },
  {
    what: 'UDP is silent towards this very host: such packets are thrown away unseen',
    measured: { ...onlyUdp, udp: udp(SILENT_UDP), self: true },
    verdict: 'no-answer',
  },
  {
    what: 'UDP is refused',
    measured: {
      ...onlyUdp,
      udp: udp(SILENT_UDP, { refusals: times(4, 'udpThrough', { end: 'refused' } as const, 80) }),
    },
    verdict: 'refused',
  },
  {
    what: "one refusal over UDP may be anybody's",
    measured: {
      ...onlyUdp,
      udp: udp(SILENT_UDP, { refusals: times(1, 'udpThrough', { end: 'refused' } as const, 80) }),
    },
    verdict: 'inconclusive',
    reason: 'contradictory',
  },
  { what: 'TCP is silent, and nothing else is known', measured: silentTcp(), verdict: 'no-answer' },
  {
    what: 'TCP is silent, and SYNs from the client itself arrived',
    measured: { ...silentTcp(), ...watching(arrived(12, 'tcpThrough', 'tcp/wire')) },
    verdict: 'dnat-without-snat',
  },
  {
    what: 'TCP is silent, and only direct SYNs arrived',
    measured: { ...silentTcp(), ...watching(arrived(4, 'tcpDirect', 'tcp/wire')) },
    verdict: 'no-dnat',
  },
  {
    what: 'TCP is silent, and SYNs arrived from the router',
    measured: { ...silentTcp(), ...watching(arrived(12, 'tcpThrough', 'tcp/wire', R)) },
    verdict: 'inconclusive',
    reason: 'answer-lost',
  },
  {
    what: 'TCP is silent, and one SYN of the client arrived: too little either way',
    measured: { ...silentTcp(), ...watching(arrived(1, 'tcpThrough', 'tcp/wire')) },
    verdict: 'no-answer',
  },
  {
    what: 'TCP is silent, and the ports of the SYNs that arrived were used for direct ones as well',
    measured: {
      ...silentTcp({ direct: times(4, 'tcpThrough', tcpFine(C)) }),
      ...watching(arrived(4, 'tcpThrough', 'tcp/wire')),
    },
    verdict: 'no-dnat',
  },
  {
    what: 'TCP is silent, and the wire shows SYN/ACKs from S',
    measured: { ...silentTcp(), strays: Array(12).fill({ protocol: 'tcp', from: `${S}:8025` }) },
    verdict: 'dnat-without-snat',
  },
  {
    what: 'TCP is silent, and the watched wire shows nothing',
    measured: { ...silentTcp(), strays: [] },
    verdict: 'no-dnat',
  },
  {
    what: 'TCP is silent towards this very host, where nothing would stray',
    measured: { ...silentTcp(), strays: [], self: true },
    verdict: 'no-answer',
  },
  {
    what: 'TCP is silent, and the router never tries to pass it on',
    measured: silentTcp(kept),
    verdict: 'no-dnat',
  },
  {
    what: 'TCP is silent, and the router tries to pass it on',
    measured: silentTcp({ firstHop: firstHop({ exceeded: 3, controlExceeded: 3 }) }),
    verdict: 'no-answer',
  },
  {
    what: 'TCP is silent, and the router hardly ever speaks of hops',
    measured: silentTcp({ firstHop: firstHop({ controlExceeded: 2 }) }),
    verdict: 'no-answer',
  },
  {
    what: 'TCP is silent, UDP does not arrive: perhaps it is not forwarded at all',
    measured: { tcp: tcp(SILENT_TCP), udp: udp(SILENT_UDP) },
    verdict: 'no-answer',
    reason: 'only-other-known',
  },
  {
    what: 'TCP is silent and kept by the router, UDP does not arrive',
    measured: { tcp: tcp(SILENT_TCP, kept), udp: udp(SILENT_UDP) },
    verdict: 'no-dnat',
  },
  {
    what: 'TCP is silent without --server',
    measured: { ...silentTcp({ direct: null }), server: null, recall: null },
    verdict: 'inconclusive',
    reason: 'no-server-named',
  },
  {
    what: 'TCP is refused',
    measured: { ...onlyTcp, tcp: tcp(times(12, 'tcpThrough', { end: 'refused' } as const)) },
    verdict: 'refused',
  },
  {
    what: 'TCP is refused, and two of it lost',
    measured: {
      ...onlyTcp,
      tcp: tcp([...times(10, 'tcpThrough', { end: 'refused' } as const), ...lostTcp(2)]),
    },
    verdict: 'refused',
  },
  {
    what: 'half is refused and half works',
    measured: {
      ...onlyTcp,
      tcp: tcp([
        ...times(6, 'tcpThrough', { end: 'refused' } as const),
        ...times(6, 'tcpThrough', tcpFine(P), 20),
      ]),
    },
    verdict: 'inconclusive',
    reason: 'contradictory',
  },
  {
    what: 'another answers, and it is the first hop',
    measured: {
      ...onlyTcp,
      tcp: tcp(times(12, 'tcpThrough', { ...other, greeting: 'Welcome' }), {
        firstHop: firstHop({ completed: 5 }),
      }),
    },
    verdict: 'router-answered',
  },
  {
    what: 'another answers, and it is not the first hop',
    measured: {
      ...onlyTcp,
      tcp: tcp(times(12, 'tcpThrough', { ...other, greeting: 'Welcome' }), {
        firstHop: firstHop({ exceeded: 3 }),
      }),
    },
    verdict: 'inconclusive',
    reason: 'someone-else',
  },
  {
    what: 'another responder answers',
    measured: {
      ...onlyTcp,
      tcp: tcp(times(12, 'tcpThrough', { ...tcpFine(P), id: 'fedcba9876543210' }), {
        firstHop: firstHop({}),
      }),
    },
    verdict: 'inconclusive',
    reason: 'someone-else',
  },
  {
    what: 'another answers, and nobody said where the server is',
    measured: {
      ...onlyTcp,
      server: null,
      recall: null,
      tcp: tcp(times(12, 'tcpThrough', { ...other, greeting: 'Welcome' }), { direct: null }),
    },
    verdict: 'inconclusive',
    reason: 'no-server-named',
  },
  {
    what: 'connections are made, the responder has them, and nothing comes',
    measured: {
      ...onlyTcp,
      tcp: tcp(times(12, 'tcpThrough', other), { firstHop: firstHop({}) }),
      recall: { watching: false, sightings: arrived(6, 'tcpThrough', 'tcp/accepted', P) },
    },
    verdict: 'fails-later',
  },
  {
    what: 'TCP works and UDP does not',
    measured: { udp: udp(SILENT_UDP) },
    verdict: 'protocols-differ',
  },
  {
    what: 'UDP works and TCP does not',
    measured: { tcp: tcp(SILENT_TCP) },
    verdict: 'protocols-differ',
  },
  {
    what: 'TCP works and UDP cannot be judged',
    measured: { udp: udp(SILENT_UDP, { direct: times(8, 'udpDirect', { end: 'silent' } as const) }) },
    verdict: 'inconclusive',
    reason: 'server-silent',
  },
  {
    what: 'TCP lasts and UDP does not',
    measured: {
      udp: udp(times(8, 'udpThrough', udpFine(P)), held(['late', 'late', 'late'], ['alive', 'alive'])),
    },
    verdict: 'fails-later',
  },
  {
    what: 'connections die early',
    measured: {
      ...onlyTcp,
      tcp: tcp(
        times(6, 'tcpThrough', tcpFine(P)),
        held(['early', 'early', 'early', 'lost'], ['alive', 'alive']),
      ),
    },
    verdict: 'fails-later',
  },
  {
    what: 'one of four dies',
    measured: {
      ...onlyTcp,
      tcp: tcp(
        times(6, 'tcpThrough', tcpFine(P)),
        held(['late', 'alive', 'alive', 'alive'], ['alive', 'alive']),
      ),
    },
    verdict: 'works-external',
  },
  {
    what: 'two of four die',
    measured: {
      ...onlyTcp,
      tcp: tcp(
        times(6, 'tcpThrough', tcpFine(P)),
        held(['late', 'late', 'alive', 'alive'], ['alive', 'alive']),
      ),
    },
    verdict: 'inconclusive',
    reason: 'contradictory',
  },
  {
    what: 'the direct connections die as well',
    measured: {
      ...onlyTcp,
      tcp: tcp(times(6, 'tcpThrough', tcpFine(P)), held(['late', 'late', 'late', 'late'], ['late', 'late'])),
    },
    verdict: 'inconclusive',
    reason: 'pause-kills-direct',
  },
  {
    what: 'the server does not answer directly',
    measured: {
      ...onlyTcp,
      tcp: tcp(SILENT_TCP, { direct: times(4, 'tcpDirect', { end: 'refused' } as const) }),
    },
    verdict: 'inconclusive',
    reason: 'server-silent',
  },
  {
    what: 'the server answers directly only half of the time',
    measured: {
      ...onlyTcp,
      tcp: tcp(SILENT_TCP, {
        direct: [
          ...times(2, 'tcpDirect', tcpFine(C)),
          ...times(2, 'tcpDirect', { end: 'silent' } as const, 5),
        ],
      }),
    },
    verdict: 'inconclusive',
    reason: 'server-unreliable',
  },
  {
    what: 'a firewall of this host lets nothing out',
    measured: {
      ...onlyTcp,
      tcp: tcp(times(12, 'tcpThrough', { end: 'local', error: 'EPERM' } as const)),
    },
    verdict: 'inconclusive',
    reason: 'cannot-send',
  },
  {
    what: 'the router is switched off, and root on the server sees that nothing comes',
    measured: { tcp: tcp(SILENT_TCP), udp: udp(SILENT_UDP), gatewayIsThere: false, ...watching([]) },
    verdict: 'inconclusive',
    reason: 'no-router',
  },
  {
    what: 'the router is switched off, and the system says so',
    measured: { ...onlyTcp, tcp: tcp(times(12, 'tcpThrough', unreachable), kept), gatewayIsThere: false },
    verdict: 'inconclusive',
    reason: 'no-router',
  },
  {
    what: 'a router that is not the default gateway refuses',
    measured: {
      ...onlyTcp,
      tcp: tcp(times(12, 'tcpThrough', { end: 'refused' } as const)),
      gatewayIsThere: false,
    },
    verdict: 'refused',
  },
  {
    what: 'a router that forbids it: host unreachable, administratively',
    measured: { ...onlyTcp, tcp: tcp(times(12, 'tcpThrough', unreachable)) },
    verdict: 'refused',
  },
  {
    what: 'the greeting is the same but for its date',
    measured: service(
      [greeting('220 mail ready at 10:00:01'), greeting('220 mail ready at 10:00:02')],
      [greeting('220 mail ready at 10:00:03'), greeting('220 mail ready at 10:00:04')],
    ),
    verdict: 'works',
  },
  {
    what: 'one greeting of three was lost, here and there',
    measured: service(
      [greeting('220 mail ready'), page('x'), greeting('220 mail ready')],
      [certificate('AA'), greeting('220 mail ready'), greeting('220 mail ready')],
    ),
    verdict: 'works',
  },
  {
    what: 'two greetings of three were lost there',
    measured: service(
      [greeting('220 mail ready'), greeting('220 mail ready')],
      [page('x'), page('x'), greeting('220 mail ready')],
      firstHop({ completed: 5 }),
    ),
    verdict: 'inconclusive',
    reason: 'service-varies',
  },
  {
    what: 'the greeting is another, from the first hop',
    measured: service(
      [greeting('220 mail ready'), greeting('220 mail ready')],
      [greeting('login:'), greeting('login:')],
      firstHop({ completed: 5 }),
    ),
    verdict: 'router-answered',
  },
  {
    what: 'the greeting is half the same',
    measured: service(
      [greeting('220 mail ready'), greeting('220 mail ready')],
      [greeting('220 router ready'), greeting('220 router ready')],
      firstHop({ completed: 5 }),
    ),
    verdict: 'inconclusive',
    reason: 'service-varies',
  },
  {
    what: 'the greeting names only the asker',
    measured: service(
      [greeting(`${C}`), greeting(`${C}`)],
      [greeting(`${P}`), greeting(`${P}`)],
      firstHop({ completed: 5 }),
    ),
    verdict: 'inconclusive',
    reason: 'service-varies',
  },
  {
    what: 'the certificate is the same',
    measured: service([certificate('AA'), certificate('AA')], [certificate('AA'), certificate('AA')]),
    verdict: 'works',
  },
  {
    what: 'the certificate is another, and the router has it at its LAN address, too',
    measured: service(
      [certificate('AA'), certificate('AA')],
      [certificate('BB'), certificate('BB')],
      firstHop({}),
      [certificate('BB')],
    ),
    verdict: 'router-answered',
  },
  {
    what: 'the certificate is another, and nobody knows whose',
    measured: service([certificate('AA'), certificate('AA')], [certificate('BB'), certificate('BB')]),
    verdict: 'inconclusive',
    reason: 'someone-else',
  },
  {
    what: 'the page is the same',
    measured: service([page('x'), page('x')], [page('x'), page('x')]),
    verdict: 'works',
  },
  {
    what: 'the page differs, which it may do for another asker',
    measured: service([page('x'), page('x')], [page('y'), page('y')], firstHop({ completed: 5 })),
    verdict: 'inconclusive',
    reason: 'service-varies',
  },
  {
    what: 'the page comes from another kind of server, at the first hop',
    measured: service(
      [page('x'), page('x')],
      [page('y', 'micro_httpd'), page('y', 'micro_httpd')],
      firstHop({ completed: 4 }),
    ),
    verdict: 'router-answered',
  },
  {
    what: 'a TLS service here, a page there, at the first hop',
    measured: service(
      [certificate('AA'), certificate('AA')],
      [page('y'), page('y')],
      firstHop({ completed: 4 }),
    ),
    verdict: 'router-answered',
  },
];

for (const { what, measured: rest, verdict, reason = null } of CASES) {
  test(`${verdict}${reason ? ` (${reason})` : ''}: ${what}`, (t) => {
    const judged = judge(measured(rest));
    t.deepEqual({ verdict: judged.verdict, reason: judged.reason }, { verdict, reason });
    t.is(judged.exitCode, exitCodeOf(verdict));
  });
}

test('exit codes: 0 it works, 1 it does not, 3 not known', (t) => {
  const codes: [Verdict, number][] = [
    ['works-external', 0],
    ['works-lan', 0],
    ['works', 0],
    ['dnat-without-snat', 1],
    ['no-answer', 1],
    ['protocols-differ', 1],
    ['fails-later', 1],
    ['inconclusive', 3],
  ];
  for (const [verdict, code] of codes) t.is(exitCodeOf(verdict), code);
});

test('nothing to judge is inconclusive', (t) => {
  t.like(judge(measured({ tcp: null, udp: { skipped: 'a service' } })), { reason: 'not-asked', exitCode: 3 });
});
