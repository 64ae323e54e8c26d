/** Section 4 of the checklist: RFC 7857 and what RFC 6888 asks for one subscriber. */
import { flowsInUse } from '../../firmware/control/flows.ts';
import { endpointsInUse } from '../../firmware/control/endpoints.ts';
import { flowCount, rowSource } from '../../firmware/layout/arena.ts';
import { dropped, ethernet, lan, macOf, router, wan } from '../control/table.ts';
import { icmpError, ping, pong, tcp, udp, word } from '../wire/packets.ts';
import { connect, courseTo, playOut, stateOf } from './begun.ts';
import { row } from './row.ts';
import { idle, lanHosts, publicPort } from './seen.ts';
import { configText } from '../scenes/cast.ts';
import { bootRouter, introduce as introduceTo } from '../scenes/router.ts';

row(['7857-2'], 'a TCP flow goes through the six states of RFC 7857', (t) => {
  const steps: [course: string, state: string][] = [
    [courseTo.opening, 'opening'],
    ['>S >S >A', 'opening'],
    ['>S <S', 'established'],
    ['>S <SA', 'established'],
    [courseTo.established, 'established'],
    ['>S <SA >A >FA >FA', 'client-closed'],
    ['>S <SA >A <FA <FA', 'server-closed'],
    ['>S <SA >A >FA <A <PA >A', 'client-closed'],
    ['>S <SA >A >FA <FA', 'closed'],
    ['>S <SA >A <FA >FA', 'closed'],
    ['>S <SA >A >FA <FA >A <A', 'closed'],
    ['>S <SA >A >FA <FA >S', 'opening'],
    ['>S >R', 'transitory'],
    ['>S <SA >A <R', 'transitory'],
    ['>S <SA >A >FA >R', 'transitory'],
    ['>S <SA >A <FA <R', 'transitory'],
    ['>S <SA >A >R <R', 'transitory'],
    ['>S <SA >A >R <A', 'established'],
    ['>S <SA >A >R >PA', 'established'],
  ];
  for (const [course, state] of steps) {
    router();
    playOut('C:40000', 'I:80', course);
    t.is(stateOf(), state, course);
    t.is(flowsInUse, 1, course);
  }
  // Established, and silent for longer than its time: transitory, and back by any segment.
  router();
  connect('C:40000', 'I:80');
  idle(7441);
  t.is(stateOf(), 'transitory');
  playOut('C:40000', 'I:80', '>A');
  t.is(stateOf(), 'established');
});

row(['7857-2.1'], 'opening and closing flows have a timer apart from established ones, 240 s', (t) => {
  for (const [seconds, tcpTransitory] of [
    [240, undefined],
    [300, 300],
  ]) {
    for (const state of ['opening', 'closed', 'transitory']) {
      router(tcpTransitory ? { timeouts: { tcpTransitory } } : {});
      playOut('C:40000', 'I:80', courseTo[state]);
      idle(seconds! - 1);
      t.is(flowsInUse, 1, state);
      idle(2);
      t.is(flowsInUse, 0, state);
    }
    router(tcpTransitory ? { timeouts: { tcpTransitory } } : {});
    connect('C:40000', 'I:80');
    idle(seconds! + 2);
    t.is(flowsInUse, 1);
  }
});

row(['7857-2.2'], 'a reset is translated and ends nothing at once; the flow waits 240 s for more', (t) => {
  const into = (flags: string) => wan(tcp('I:80', 'P:40000', flags));
  router();
  connect('C:40000', 'I:80');
  t.deepEqual(into('R'), ['lan C | tcp I:80 > C:40000 R']);
  idle(10);
  t.deepEqual(into('PA'), ['lan C | tcp I:80 > C:40000 PA']);
  t.deepEqual(into('R'), ['lan C | tcp I:80 > C:40000 R']);
  idle(239);
  t.deepEqual(into('R'), ['lan C | tcp I:80 > C:40000 R']);
  // A reset after a reset keeps nobody alive.
  idle(2);
  t.deepEqual(into('R'), []);
  t.is(flowsInUse, 0);
});

row(['7857-5'], 'two hosts have one public port, one of UDP and the other of TCP', (t) => {
  router();
  t.deepEqual(lan(udp('C:40000', 'I:9')), ['wan G | udp P:40000 > I:9']);
  t.deepEqual(lan(tcp('S:40000', 'I:9', 'S')), ['wan G | tcp P:40000 > I:9 S']);
  t.deepEqual(wan(udp('I:9', 'P:40000')), ['lan C | udp I:9 > C:40000']);
  t.deepEqual(wan(tcp('I:9', 'P:40000', 'SA')), ['lan S | tcp I:9 > S:40000 SA']);
  t.deepEqual(lan(ping('S', 'I', 40000)), ['wan G | ping P > I id 40000']);
  t.deepEqual(wan(pong('I', 'P', 40000)), ['lan S | pong I > S id 40000']);
});

row(['7857-6'], 'a UDP flow opens nothing to TCP of the same host, nor the other way round', (t) => {
  router();
  lan(udp('C:40000', 'I:9'));
  t.deepEqual(wan(tcp('I:9', 'P:40000', 'S')), []);
  t.is(dropped(), 'drop-no-forward');
  // Also when the port is the host's own in both protocols.
  lan(tcp('C:40000', 'J:80', 'S'));
  t.deepEqual(wan(tcp('I:9', 'P:40000', 'S')), []);
  t.is(dropped(), 'drop-filtered');
  t.deepEqual(wan(udp('J:80', 'P:40000')), []);
  t.is(dropped(), 'drop-filtered');
  t.deepEqual(wan(tcp('J:81', 'P:40000', 'S')), ['lan C | tcp J:81 > C:40000 S']);
  t.deepEqual(wan(udp('I:8', 'P:40000')), ['lan C | udp I:8 > C:40000']);
});

row(['7857-7'], 'an outsider who sends for 400 s under the open filter holds no mapping', (t) => {
  router({ filter: 'endpoint-independent' });
  lan(udp('C:40000', 'I:9'));
  let delivered = 0;
  for (let second = 0; second < 400; second++) {
    delivered += wan(udp('J:5', 'P:40000')).length;
    delivered += wan(udp(`203.0.113.${second % 250}:5`, 'P:40000')).length;
    idle(1);
  }
  t.deepEqual(wan(udp('J:5', 'P:40000')), []);
  t.is(endpointsInUse, 0);
  // They were let in while the mapping lived, which is 120 s.
  t.true(delivered >= 2 * 119 && delivered <= 2 * 121, `${delivered}`);
});

row(['7857-7.1'], 'a host that rejects what outsiders send does not prolong its mapping by that', (t) => {
  router();
  lan(udp('C:40000', 'I:9'));
  idle(60);
  t.deepEqual(wan(udp('I:77', 'P:40000')), ['lan C | udp I:77 > C:40000']);
  const error = icmpError('C', 'I', [3, 3], udp('I:77', 'C:40000'));
  t.deepEqual(lan(error), ['wan G | icmp 3/3 P > I about udp I:77 > P:40000']);
  idle(61);
  t.is(endpointsInUse, 0, 'UDP');
  router();
  lan(tcp('C:40000', 'I:80', 'S'));
  idle(120);
  t.deepEqual(wan(tcp('I:81', 'P:40000', 'S')), ['lan C | tcp I:81 > C:40000 S']);
  t.deepEqual(lan(tcp('C:40000', 'I:81', 'RA')), ['wan G | tcp P:40000 > I:81 RA']);
  idle(121);
  t.is(endpointsInUse, 0, 'TCP');
});

row(['7857-11'], 'a query mapping ends with its last query, and its id is free', (t) => {
  router();
  lan(ping('C', 'I', 77));
  idle(30);
  lan(ping('C', 'J', 77));
  idle(40);
  t.is(flowsInUse, 1);
  t.not(publicPortOfPing(lan(ping('S', 'I', 77))), 77);
  idle(61);
  t.is(endpointsInUse, 0);
  t.is(publicPortOfPing(lan(ping('S', 'I', 77))), 77);
});

function publicPortOfPing(words: string[]): number {
  return Number(/^wan G \| ping P > I id (\d+)$/.exec(words.join())?.[1]);
}

/** Flows of a LAN host. */
function flowsOf(host: string): number {
  let flows = 0;
  for (let flow = 1; flow <= flowCount; flow++)
    if (rowSource[flow] === word(host) && stateOf(flow) !== 'free') flows++;
  return flows;
}

row(['6888-4,5'], 'a host that opens twice its share leaves room for others', (t) => {
  const share = Math.floor(flowCount * 0.6);
  router();
  for (let i = 0; i < 2 * share; i++) lan(udp(`C:${10000 + i}`, 'I:9'));
  t.is(flowsOf('C'), share);
  t.deepEqual(lan(udp('S:40000', 'I:9')), ['wan G | udp P:40000 > I:9']);
  // Connections give way to nothing: then it is the host that is refused.
  router();
  for (let i = 0; i < share; i++) connect(`C:${10000 + i}`, 'I:80');
  t.deepEqual(lan(tcp('C:9999', 'I:80', 'S')), ['lan C | icmp 3/13 R > C about tcp C:9999 > I:80 S']);
  t.is(dropped(), 'drop-host-limit');
  t.deepEqual(lan(tcp('S:40000', 'I:80', 'S')), ['wan G | tcp P:40000 > I:80 S']);
});

row(['6888-8'], 'a port that was given back is given to who asks for it', (t) => {
  router();
  lan(udp('C:45000', 'I:9'));
  t.not(publicPort(lan(udp('S:45000', 'J:9'))), 45000);
  idle(121);
  t.deepEqual(lan(udp('S:45000', 'I:9')), ['wan G | udp P:45000 > I:9']);
  // What still comes for its owner of before goes to nobody: the filter depends on the address.
  t.deepEqual(wan(udp('J:9', 'P:45000')), []);
});

row(['6888-11'], 'no room: 3/13 to the sender, and every flow in use is alive', (t) => {
  router();
  const hosts = lanHosts(3);
  const flows = Array.from({ length: flowCount }, (_, i) => `${hosts[i % 2]}:${10000 + i}`);
  for (const inner of flows) connect(inner, 'I:80');
  t.deepEqual(lan(tcp(`${hosts[2]}:9999`, 'I:80', 'S')), [
    `lan ..12 | icmp 3/13 R > ${hosts[2]} about tcp ${hosts[2]}:9999 > I:80 S`,
  ]);
  t.is(dropped(), 'drop-table-full');
  for (const inner of flows) {
    const port = inner.split(':')[1];
    t.deepEqual(
      wan(tcp('I:80', `P:${port}`, 'PA')).map((words) => words.split(' | ')[1]),
      [`tcp I:80 > ${inner} PA`],
    );
  }
});

row(['6888-12…15'], 'what the router tells of itself names nobody it was spoken to by', async (t) => {
  const made = await bootRouter({ config: configText('external') });
  introduceTo(made);
  const send = (packet: Uint8Array) => made.send('lan', ethernet(macOf('R'), macOf('C'), 0x0800, packet));
  t.is(send(udp('C:40000', 'I:9')).wan.length, 1);
  t.is(send(tcp('C:40000', 'J:80', 'S')).wan.length, 1);
  made.send('wan', ethernet(macOf('P'), macOf('G'), 0x0800, tcp('203.0.113.77:80', 'P:26', 'S')));
  const told = [
    ...made.console,
    ...['status', 'counters', 'forwards'].map((line) => JSON.stringify(made.ask(line))),
  ];
  t.regex(told.join('\n'), /"flows-made":2/);
  t.notRegex(told.join('\n'), /198\.51\.100|203\.0\.113/);
  // Only who asks for the trace gets one, and it begins when it is switched on.
  t.notRegex(JSON.stringify(made.ask('trace read')), /198\.51\.100|203\.0\.113/);
});
