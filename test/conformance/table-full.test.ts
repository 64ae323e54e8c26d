/** Section 10 of the checklist: what happens when all slots are taken. */
import '../services/stub-version.ts';
import {
  arena,
  arenaBytes,
  clock,
  endpointCount,
  flowCount,
  hostFlows,
  rowSource,
  strangersPlace,
  tableBytes,
} from '../../firmware/layout/arena.ts';
import { errorBurst } from '../../firmware/control/icmp.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { endpointsInUse } from '../../firmware/control/endpoints.ts';
import { hostPlace, strangerLimit } from '../../firmware/control/sweep.ts';
import { answer, openSeam } from '../../firmware/services/seam.ts';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { arrive, dropped, ethernet, introduce, lan, macOf, router, wan } from '../control/table.ts';
import { ping, tcp, udp, word } from '../wire/packets.ts';
import { connect, converse, courseTo, passes, playOut, stateOf } from './begun.ts';
import { row } from './row.ts';
import { idle, lanHosts, publicPort, send } from './seen.ts';

const rest = Array.from({ length: 3 }, (_, i) => `192.168.0.${10 + i}`);

/** Established connections of three hosts until the table is full. */
function fillWithConnections(most = flowCount): void {
  lanHosts(3);
  for (let i = 0; flowsInUse < most; i++) connect(`${rest[i % 3]}:${10000 + i}`, '203.0.113.9:80');
}

/** A flow of S that nobody asked for yet. */
const oneMore = (port: number) => lan(udp(`S:${port}`, 'I:9'));
const refused = (port: number) => [`lan S | icmp 3/13 R > S about udp S:${port} > I:9`];

/**
 * The classes in the order in which they give way; how a flow gets there with a port of its own; seconds of silence after.
 * Who comes later in the list has been silent for longer. Those in one line of the checklist have one number.
 */
const classes: [rank: number, what: string, begin: (port: number) => void, silence: number][] = [
  [1, 'closed', (port) => playOut(`C:${port}`, 'I:80', courseTo.closed), 1],
  [1, 'reset', (port) => playOut(`C:${port}`, 'I:80', courseTo.transitory), 2],
  [2, 'query', (port) => passes('C', ping('C', 'I', port)), 3],
  [3, 'answered DNS', (port) => converse(`C:${port}`, 'I:53'), 4],
  [3, 'answered NTP', (port) => converse(`C:${port}`, 'I:123'), 5],
  [4, 'unanswered UDP', (port) => passes('C', udp(`C:${port}`, 'I:9')), 6],
  [4, 'answered UDP', beginAnswered, 7],
  [5, 'opening TCP', (port) => playOut(`C:${port}`, 'I:80', courseTo.opening), 30],
  [6, 'half-closed TCP', (port) => playOut(`C:${port}`, 'I:80', courseTo['client-closed']), 241],
  [7, 'assured UDP', (port) => converse(`C:${port}`, 'I:9'), 290],
];

function beginAnswered(port: number): void {
  passes('C', udp(`C:${port}`, 'I:9'));
  passes('G', udp('I:9', `P:${port}`));
}

/** Whether S has taken the slot. */
const taken = (slot: number) => rowSource[slot] === word('S') && stateOf(slot) === 'one-way';

row(
  ['ev-1'],
  'classes give way in the order of the list, though each is younger than the next; the oldest of one',
  (t) => {
    for (let i = 1; i < classes.length; i++) {
      const [younger, older] = [classes[i - 1], classes[i]];
      const why = `${younger[1]} and ${older[1]}`;
      router();
      older[2](40000);
      idle(older[3] - younger[3]);
      younger[2](40002);
      idle(younger[3]);
      fillWithConnections();
      t.is(flowsInUse, flowCount, why);
      t.is(oneMore(50000).length, 1, why);
      // Slot 1 is the older one's.
      t.deepEqual([taken(1), taken(2)], younger[0] === older[0] ? [true, false] : [false, true], why);
      t.is(dropped(), '', why);
    }
  },
);

row(['ev-1'], 'what has expired goes before all others', (t) => {
  router();
  passes('C', udp('C:40000', 'I:9'));
  // Time passes, and the sweep has not come by yet.
  clock[0] += 121;
  introduce('G', 'S', 'C');
  playOut('C:40002', 'I:80', courseTo.closed);
  fillWithConnections();
  t.is(oneMore(50000).length, 1);
  t.true(taken(1));
  t.is(stateOf(2), 'closed');
});

row(['ev-2'], 'established, half closed for 240 s, assured and used within 120 s: no flow gives way', (t) => {
  router();
  playOut('C:40000', 'I:80', courseTo['client-closed']);
  idle(120);
  converse('C:40002', 'I:9');
  connect('C:40004', 'I:80');
  idle(120);
  fillWithConnections();
  for (let i = 0; i < 64; i++) {
    const left = oneMore(50000 + i);
    if (i < errorBurst) t.deepEqual(left, refused(50000 + i));
  }
  t.is(dropped(), 'drop-table-full x64');
  t.deepEqual([1, 2, 3].map(stateOf), ['client-closed', 'two-way', 'established']);
  t.is(flowsInUse, flowCount);
  // A connection may be silent for two hours; a forward is still there.
  idle(7000);
  t.deepEqual(wan(tcp('I:80', 'P:40004', 'PA')), ['lan C | tcp I:80 > C:40004 PA']);
});

row(['ev-3'], 'a new flow looks at 16 slots and no more, the next goes on behind them', (t) => {
  // Slots 1 to 16, 17 to 32, 33 to 48: both ends of the third stretch are found by the third flow, and not before.
  for (const slot of [33, 48]) {
    router();
    fillWithConnections(slot - 1);
    passes('C', udp('C:40000', 'I:9'));
    t.is(stateOf(slot), 'one-way');
    fillWithConnections();
    t.deepEqual(oneMore(50000), refused(50000));
    t.deepEqual(oneMore(50001), refused(50001));
    t.deepEqual(oneMore(50002), ['wan G | udp P:50002 > I:9']);
    t.true(taken(slot));
  }
});

row(
  ['ev-4'],
  'unanswered strangers have 64 slots among them; flows live, the LAN opens more, a client connects',
  (t) => {
    router();
    connect('C:40000', 'I:80');
    passes('C', udp('C:40001', 'I:9'));
    for (let i = 0; i < 1000; i++) {
      send('G', tcp(`203.0.${i >> 8}.${i & 255}:${1024 + i}`, 'P:25', 'S'));
      t.true(hostFlows[strangersPlace] <= 64 && flowsInUse <= 67);
      if (i !== 700) continue;
      t.deepEqual(wan(tcp('J:44444', 'P:25', 'S')), ['lan S | tcp J:44444 > S:25 S']);
      t.deepEqual(lan(tcp('S:25', 'J:44444', 'SA')), ['wan G | tcp P:25 > J:44444 SA']);
      t.deepEqual(wan(tcp('J:44444', 'P:25', 'A')), ['lan S | tcp J:44444 > S:25 A']);
    }
    t.is(strangerLimit, flowCount / 8);
    t.is(hostFlows[strangersPlace], strangerLimit);
    t.deepEqual(lan(udp('S:50000', 'I:9')), ['wan G | udp P:50000 > I:9']);
    t.deepEqual(wan(tcp('J:44444', 'P:25', 'PA')), ['lan S | tcp J:44444 > S:25 PA']);
    t.deepEqual(wan(tcp('I:80', 'P:40000', 'PA')), ['lan C | tcp I:80 > C:40000 PA']);
    t.deepEqual(wan(udp('I:9', 'P:40001')), ['lan C | udp I:9 > C:40001']);
  },
);

row(['ev-4'], 'in a full table strangers evict only each other', (t) => {
  router();
  for (let i = 0; i < 10; i++) send('G', tcp(`203.0.113.${i}:1024`, 'P:25', 'S'));
  fillWithConnections(flowCount - 20);
  for (let i = 0; i < 20; i++) passes('C', udp(`C:${40000 + i}`, 'I:9'));
  t.is(flowsInUse, flowCount);
  for (let i = 0; i < 100; i++) t.is(wan(tcp(`203.0.114.${i}:1024`, 'P:25', 'S')).length, 1);
  t.is(hostFlows[strangersPlace], 10);
  for (let i = 0; i < 20; i++) t.is(wan(udp('I:9', `P:${40000 + i}`)).length, 1);
  // Without any of their like there is no room for them.
  router();
  fillWithConnections(flowCount - 20);
  for (let i = 0; i < 20; i++) passes('C', udp(`C:${40000 + i}`, 'I:9'));
  t.deepEqual(wan(tcp('203.0.114.1:1024', 'P:25', 'S')), []);
  t.is(dropped(), 'drop-table-full');
});

row(['ev-5'], 'a host that scans a thousand ports keeps to 60 % and S does not notice', (t) => {
  router();
  connect('S:40000', 'I:80');
  for (let i = 0; i < 1000; i++) {
    send('C', tcp('C:50000', `203.0.113.9:${1 + i}`, 'S'));
    t.true(hostFlows[hostPlace(word('C'))] <= Math.floor(flowCount * 0.6));
  }
  t.is(hostFlows[hostPlace(word('C'))], Math.floor(flowCount * 0.6));
  for (let i = 0; i < 100; i++) t.is(lan(udp(`S:${41000 + i}`, 'I:9')).length, 1);
  t.deepEqual(wan(tcp('I:80', 'P:40000', 'PA')), ['lan S | tcp I:80 > S:40000 PA']);
});

row(['ev-6'], 'a public port is free when the last flow of its endpoint is gone, and not before', (t) => {
  router();
  passes('C', udp('C:40000', 'I:9'));
  fillWithConnections(100);
  converse('C:40000', 'J:9');
  fillWithConnections();
  // The unanswered flow gives way, the other keeps the port.
  t.is(oneMore(50000).length, 1);
  t.true(taken(1));
  t.deepEqual(wan(udp('J:9', 'P:40000')), ['lan C | udp J:9 > C:40000']);
  router();
  passes('C', udp('C:40000', 'I:9'));
  idle(60);
  passes('C', udp('C:40000', 'J:9'));
  idle(61);
  t.is(flowsInUse, 1);
  t.not(publicPort(lan(udp('S:40000', 'I:9'))), 40000);
  idle(121);
  t.is(publicPort(lan(udp('S:40000', 'I:9'))), 40000);
});

row(['ev-7'], 'refusals are counted by name in what the router tells of itself', (t) => {
  router();
  openSeam(
    '',
    () => 0,
    () => undefined,
    () => undefined,
  );
  fillWithConnections();
  for (let i = 0; i < 3; i++) oneMore(50000 + i);
  const told = JSON.parse(answer('counters')) as { counters: Record<string, number> };
  t.is(told.counters['drop-table-full'], 3);
  t.is(told.counters['drop-host-limit'], 0);
  t.is(told.counters['sent-icmp-error'], 3);
});

row(['ev-8'], 'every slot can have a port of its own, of either class', (t) => {
  router();
  const hosts = lanHosts(3);
  // As bad as can be: all want ports that others have.
  for (let i = 0; i < flowCount; i++)
    t.is(send(hosts[i % 3], udp(`${hosts[i % 3]}:${20000 + Math.floor(i / 3)}`, 'I:9')).length, 1);
  t.is(flowsInUse, flowCount);
  t.is(endpointsInUse, flowCount);
  t.is(dropped(), '');
  t.true(flowCount <= endpointCount && endpointCount < 64512);
});

row(['ev-9'], 'a hundred thousand packets take no memory; 512 flows are in 30 kB', (t) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  t.is(flowCount, 512);
  t.true(tableBytes <= 30 * 1024, `${tableBytes}`);
  router();
  const packets = Array.from({ length: 50 }, (_, i) => [
    ethernet(macOf('R'), macOf('C'), 0x0800, udp(`C:${40000 + i}`, 'I:9')),
    ethernet(macOf('R'), macOf('C'), 0x0800, tcp(`C:${40000 + i}`, 'P:25', 'S')),
    ethernet(macOf('P'), macOf('G'), 0x0800, udp('I:9', `P:${40000 + i}`)),
    ethernet(macOf('P'), macOf('G'), 0x0800, tcp(`J:${40000 + i}`, 'P:25', 'S')),
  ]).flat();
  const run = (rounds: number) => {
    for (let i = 0; i < rounds * packets.length; i++)
      arrive(i % 4 < 2 ? 'lan' : 'wan', packets[i % packets.length]);
    collect();
    return process.memoryUsage().heapUsed;
  };
  run(50);
  const before = run(50);
  const grown = run(500) - before;
  // A number for each would be more than a million.
  t.true(grown < 1_000_000, `${grown} bytes more after 100,000 packets`);
  t.is(arena.length, arenaBytes);
});
