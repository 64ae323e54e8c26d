/**
 * How flows live: TCP states, idle limits across the wrap of the clock, marks and sweep. Who gives way in a full table is
 * eviction.test.ts.
 */
import test from 'ava';
import { clock, flowCount, flowSlots, flowState, rowHop, timeout } from '../../firmware/layout/arena.ts';
import { endpointsInUse } from '../../firmware/control/endpoints.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { stateMask, stateNames } from '../../firmware/control/states.ts';
import { endFlowsOf, sweepFlows } from '../../firmware/control/sweep.ts';
import { ping, pong, tcp, udp } from '../wire/packets.ts';
import { fast, introduce, isSettled, lan, router, sleep, wan } from './table.ts';

const stateOf = (flow = 1) => stateNames[flowState[flow] & stateMask];

/** Plays segments of C:40000 <> I:80: `>SA` travels outwards, `<F` inwards. @returns the state after each */
function play(...segments: string[]): string[] {
  return segments.map((segment) => {
    const flags = segment.slice(1);
    const left = segment.startsWith('>')
      ? lan(tcp('C:40000', 'I:80', flags))
      : wan(tcp('I:80', 'P:40000', flags));
    if (left.length !== 1) throw new Error(`${segment} was not forwarded`);
    return stateOf();
  });
}

test('TCP: opening, established, closing from either side', (t) => {
  router();
  t.deepEqual(play('>S', '<SA', '>A', '>PA', '<PA'), ['opening', ...Array<string>(4).fill('established')]);
  t.deepEqual(play('>FA', '<A', '<FA', '>A'), ['client-closed', 'client-closed', 'closed', 'closed']);
  router();
  play('>S', '<SA', '>A');
  t.deepEqual(play('<FA', '>A', '>FA', '<A'), ['server-closed', 'server-closed', 'closed', 'closed']);
});

test('TCP: retransmitted SYN and FIN change nothing; data flows in the half-closed state', (t) => {
  router();
  t.deepEqual(play('>S', '>S', '<SA', '<SA', '>A'), [
    'opening',
    'opening',
    'established',
    'established',
    'established',
  ]);
  t.deepEqual(play('>FA', '>FA', '<PA', '>A'), Array<string>(4).fill('client-closed'));
});

test('TCP: simultaneous open', (t) => {
  router();
  t.deepEqual(play('>S', '<S', '>SA', '<SA', '>A'), ['opening', ...Array<string>(4).fill('established')]);
});

test('TCP: a reset in any state is passed on and ends nothing; the next other segment revives the flow', (t) => {
  const ways: string[][] = [
    ['>S'],
    ['>S', '<SA'],
    ['>S', '<SA', '>FA'],
    ['>S', '<SA', '<FA'],
    ['>S', '<SA', '>FA', '<FA'],
  ];
  for (const way of ways) {
    for (const reset of ['>R', '<R']) {
      router();
      play(...way);
      t.deepEqual(play(reset, reset), ['transitory', 'transitory'], `${way} ${reset}`);
      t.deepEqual(play('<A'), ['established'], `${way} ${reset}`);
    }
  }
});

test('TCP: a new SYN on a closed or reset connection opens the same entry anew', (t) => {
  for (const end of [['>FA', '<FA'], ['>R']]) {
    router();
    play('>S', '<SA', '>A', ...end);
    t.deepEqual(play('>S', '<SA', '>A'), ['opening', 'established', 'established'], `${end}`);
    t.is(flowsInUse, 1);
  }
});

test('the fast path is open from the second direction on, and shut while opening, closing wait or reset', (t) => {
  router();
  play('>S');
  t.false(isSettled(1));
  play('<SA');
  t.true(isSettled(1));
  const before = fast;
  play('>A', '<PA', '>PA');
  t.is(fast, before + 3);
  play('>S'); // SYN, FIN and RST are always looked at.
  t.is(fast, before + 3);
  play('>R');
  t.false(isSettled(1));
  play('<A');
  t.true(isSettled(1));
  play('>FA', '<FA', '>S');
  t.is(stateOf(), 'opening');
  t.false(isSettled(1));
});

test('UDP: one way until answered, then the fast path; ICMP queries never', (t) => {
  router();
  lan(udp('C:1', 'I:1'));
  lan(udp('C:1', 'I:1'));
  t.deepEqual([stateOf(), isSettled(1)], ['one-way', false]);
  wan(udp('I:1', 'P:1'));
  // Answers are fast at once; that the one who asked goes on has to be seen.
  t.deepEqual([stateOf(), rowHop[1], rowHop[1 + flowSlots] > 0], ['answered', 0, true]);
  let before = fast;
  wan(udp('I:1', 'P:1'));
  t.is(fast, before + 1);
  lan(udp('C:1', 'I:1'));
  t.deepEqual([stateOf(), isSettled(1)], ['two-way', true]);
  before = fast;
  lan(udp('C:1', 'I:1'));
  wan(udp('I:1', 'P:1'));
  t.is(fast, before + 2);
  lan(ping('C', 'I', 5));
  wan(pong('I', 'P', 5));
  lan(ping('C', 'I', 5));
  t.deepEqual([stateOf(2), isSettled(2)], ['query', false]);
  t.is(fast, before + 2);
});

/** Seconds at which a flow in some state must still live, and at which it must be gone. */
const limits: [string, () => void, number][] = [
  ['UDP one way', () => lan(udp('C:40000', 'I:80')), 120],
  ['UDP answered', () => (lan(udp('C:40000', 'I:80')), wan(udp('I:80', 'P:40000'))), 300],
  [
    'UDP two way',
    () => (lan(udp('C:40000', 'I:80')), wan(udp('I:80', 'P:40000')), lan(udp('C:40000', 'I:80'))),
    300,
  ],
  ['UDP answered by a name server', () => (lan(udp('C:40000', 'I:53')), wan(udp('I:53', 'P:40000'))), 15],
  ['UDP answered by a time server', () => (lan(udp('C:40000', 'I:123')), wan(udp('I:123', 'P:40000'))), 30],
  ['ICMP query', () => (lan(ping('C', 'I', 9)), wan(pong('I', 'P', 9))), 60],
  ['TCP opening', () => play('>S'), 240],
  ['TCP closed', () => play('>S', '<SA', '>FA', '<FA'), 240],
  ['TCP reset', () => play('>S', '<SA', '>R'), 240],
];

for (const [name, make, seconds] of limits) {
  test(`${name}: lives ${seconds} s idle and no longer, also across the wrap of the clock`, (t) => {
    for (const second of [100, 65536 - 30, 65535, 65536 - seconds]) {
      router({ second });
      make();
      sweepFlows(flowCount);
      sleep(seconds - 1);
      t.is(flowsInUse, 1, `started at ${second}`);
      sleep(1);
      t.is(flowsInUse, 0, `started at ${second}`);
      t.is(endpointsInUse, 0);
    }
  });
}

for (const [name, segments] of [
  ['established', ['>S', '<SA', '>A']],
  ['half closed', ['>S', '<SA', '>FA']],
] as const) {
  test(`TCP ${name}: lives 7440 s idle, then the transitory time, and no longer`, (t) => {
    for (const second of [100, 65536 - 30]) {
      router({ second });
      play(...segments);
      sweepFlows(flowCount);
      sleep(7439);
      t.not(stateOf(), 'transitory');
      sleep(1);
      t.deepEqual([stateOf(), isSettled(1)], ['transitory', false]);
      sleep(239);
      t.is(flowsInUse, 1);
      sleep(1);
      t.is(flowsInUse, 0);
      t.is(endpointsInUse, 0);
    }
  });
}

test('TCP: data revives a connection that fell silent; one reset after another does not keep it', (t) => {
  router();
  play('>S', '<SA', '>A');
  sweepFlows(flowCount);
  sleep(7440);
  t.is(stateOf(), 'transitory');
  t.deepEqual(play('<PA'), ['established']);
  play('<R');
  for (let i = 0; i < 3; i++) {
    sleep(79);
    play('<R');
  }
  t.is(flowsInUse, 1);
  sleep(3);
  t.is(flowsInUse, 0);
});

test('limits come from the config', (t) => {
  router({ timeouts: { udp: 500, tcpEstablished: 9000, tcpTransitory: 300, icmp: 90 } });
  t.deepEqual(
    Array.from(timeout.subarray(1, 14)),
    [120, 500, 500, 15, 30, 90, 300, 300, 9000, 9000, 9000, 300, 300],
  );
});

test('outbound packets refresh, on the slow path and on the fast one, and so do answers', (t) => {
  router();
  lan(udp('C:1', 'I:1'));
  for (let i = 0; i < 4; i++) {
    sleep(100);
    lan(udp('C:1', 'I:1'));
  }
  t.is(flowsInUse, 1);
  wan(udp('I:1', 'P:1'));
  lan(udp('C:1', 'I:1'));
  for (let i = 0; i < 4; i++) {
    const before = fast;
    sleep(290);
    // The first after so long may be looked at again; the second goes the fast way.
    t.is((i % 2 ? lan(udp('C:1', 'I:1')) : wan(udp('I:1', 'P:1'))).length, 1);
    t.is(fast, before + 1);
  }
  sweepFlows(flowCount);
  sleep(300);
  t.is(flowsInUse, 0);
});

test('the sweep turns marks into times a slice at a time, round and round', (t) => {
  router();
  lan(udp('C:1', 'I:1'));
  wan(udp('I:1', 'P:1'));
  lan(udp('C:1', 'I:1'));
  lan(udp('C:1', 'I:1'));
  clock[0] += 299;
  sweepFlows(flowCount); // The mark counts as alive now.
  clock[0] += 299;
  for (let i = 0; i < flowCount - 1; i++) sweepFlows(1);
  t.is(flowsInUse, 1);
  clock[0] += 1;
  for (let i = 0; i < flowCount; i++) sweepFlows(1);
  t.is(flowsInUse, 0);
});

test('a changed forward ends the flows that came by it, and no others', (t) => {
  router({
    forwards: [
      { name: 'a', proto: 'tcp', port: '80-90', to: '192.168.0.2:80' },
      { name: 'b', proto: 'udp', port: 80, to: '192.168.0.2:80' },
    ],
  });
  wan(tcp('I:1', 'P:80', 'S'));
  lan(tcp('C:1', 'P:90', 'S'));
  wan(udp('I:1', 'P:80'));
  lan(udp('C:1', 'P:80'));
  lan(tcp('C:1', 'I:80', 'S'));
  t.is(flowsInUse, 5);
  endFlowsOf(0);
  t.is(flowsInUse, 3);
  t.deepEqual(
    [1, 2, 3, 4, 5].map((flow) => stateOf(flow)),
    ['free', 'free', 'one-way', 'one-way', 'opening'],
  );
});

test('5,000 flows come and go: nothing leaks', (t) => {
  router();
  introduce('192.168.0.4', '192.168.0.5');
  for (let i = 0; i < 5000; i++) {
    const host = ['S', 'C', '192.168.0.4', '192.168.0.5'][i % 4];
    lan(i % 3 ? udp(`${host}:${1024 + i}`, 'I:53') : ping(host, 'J', i));
    if (i % 50 === 0) sleep(20);
  }
  t.true(flowsInUse > 100);
  t.is(endpointsInUse, flowsInUse);
  sleep(120);
  t.is(flowsInUse, 0);
  t.is(endpointsInUse, 0);
});
