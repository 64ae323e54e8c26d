/** Section 9 of the checklist: TCP tracking, and the timers of all flows. */
import { clock } from '../../firmware/layout/arena.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { dropped, lan, moved, router, wan } from '../control/table.ts';
import { ping, tcp, udp } from '../wire/packets.ts';
import { connect, converse, courseTo, passes, playOut, stateOf } from './begun.ts';
import { row } from './row.ts';
import { fillWithUdp, idle, publicPort } from './seen.ts';

const out = (flags: string) => lan(tcp('C:40000', 'I:80', flags));
const into = (flags: string, seq?: number) => wan(tcp('I:80', 'P:40000', flags, { seq }));

row(['9-1'], 'a reset passes, translated, in every state and from both sides', (t) => {
  for (const [state, course] of Object.entries(courseTo)) {
    router();
    playOut('C:40000', 'I:80', course);
    t.is(stateOf(), state);
    t.deepEqual(out('R'), ['wan G | tcp P:40000 > I:80 R'], state);
    t.deepEqual(into('RA'), ['lan C | tcp I:80 > C:40000 RA'], state);
    t.deepEqual(out('RA'), ['wan G | tcp P:40000 > I:80 RA'], state);
  }
});

row(['9-2'], 'a forged reset, whatever its sequence number, ends no connection', (t) => {
  for (const seq of [0, 0x10000000, 0x10000000 + 1000, 0xffffffff]) {
    router();
    connect('C:40000', 'I:80');
    t.deepEqual(into('R', seq), ['lan C | tcp I:80 > C:40000 R']);
    // The ends go on, and the connection has all its time again.
    t.deepEqual(out('PA'), ['wan G | tcp P:40000 > I:80 PA']);
    t.deepEqual(into('A'), ['lan C | tcp I:80 > C:40000 A']);
    t.is(stateOf(), 'established');
    idle(7000);
    t.deepEqual(into('PA'), ['lan C | tcp I:80 > C:40000 PA']);
  }
});

row(['9-3'], 'data far outside any window passes both ways', (t) => {
  router();
  connect('C:40000', 'I:80');
  for (const seq of [0, 0x7fffffff, 0x90000000, 0xffffffff]) {
    t.deepEqual(into('PA', seq), ['lan C | tcp I:80 > C:40000 PA']);
    t.deepEqual(lan(tcp('C:40000', 'I:80', 'PA', { seq, ack: seq })), ['wan G | tcp P:40000 > I:80 PA']);
  }
});

/** Whether the first flow survives when the table is full and one host more asks for 40 flows. */
function survivesPressure(begin: () => void): boolean {
  router();
  begin();
  idle(1);
  fillWithUdp(511);
  for (let i = 0; i < 40; i++) lan(udp(`S:${30000 + i}`, 'I:9'));
  return (
    stateOf(1) !== 'free' && wan(tcp('I:80', 'P:40000', 'A')).length + wan(udp('I:9', 'P:40000')).length === 1
  );
}

row(['9-4'], 'what is assured stays in a full table, what is not gives way', (t) => {
  t.true(survivesPressure(() => connect('C:40000', 'I:80')));
  t.true(survivesPressure(() => converse('C:40000', 'I:9')));
  // Answered, but nothing went out since: a guess of the other side.
  t.false(
    survivesPressure(() => {
      passes('C', udp('C:40000', 'I:9'));
      passes('G', udp('I:9', 'P:40000'));
    }),
  );
  t.false(survivesPressure(() => passes('C', udp('C:40000', 'I:9'))));
});

row(['9-5'], 'a SYN on a closed or reset connection opens it again, with its port and entry', (t) => {
  for (const end of [courseTo.closed, courseTo.transitory]) {
    router();
    lan(tcp('S:40000', 'J:80', 'S'));
    const port = publicPort(out('S'));
    for (const segment of end.split(' ').slice(1))
      t.is(
        (segment.startsWith('>') ? out(segment.slice(1)) : wan(tcp('I:80', `P:${port}`, segment.slice(1))))
          .length,
        1,
      );
    idle(5);
    t.is(publicPort(out('S')), port);
    t.is(stateOf(2), 'opening');
    t.deepEqual(wan(tcp('I:80', `P:${port}`, 'SA')), ['lan C | tcp I:80 > C:40000 SA']);
    t.is(publicPort(out('PA')), port);
    t.is(stateOf(2), 'established');
    t.is(flowsInUse, 2);
  }
});

row(
  ['9-6'],
  'a segment without a flow goes out from the LAN and carries on, from the WAN it ends here',
  (t) => {
    router();
    // As after a restart: both ends still have the connection, the router has forgotten it.
    t.deepEqual(out('A'), ['wan G | tcp P:40000 > I:80 A']);
    t.deepEqual(into('PA'), ['lan C | tcp I:80 > C:40000 PA']);
    t.is(stateOf(), 'established');
    for (const flags of ['A', 'PA', 'SA', 'FA', 'R', 'RA']) {
      t.deepEqual(wan(tcp('I:80', 'P:40001', flags)), [], flags);
      t.is(dropped(), 'drop-no-forward');
      t.deepEqual(wan(tcp('I:81', 'P:25', flags)), [], flags);
      t.is(dropped(), 'drop-no-flow');
    }
    // A reset makes no flow from either side.
    t.deepEqual(lan(tcp('C:40001', 'I:80', 'R')), []);
    t.is(dropped(), 'drop-no-flow');
    t.is(flowsInUse, 1);
  },
);

row(['9-7'], 'flags that no end sends go nowhere and make no flow', (t) => {
  router();
  connect('C:40000', 'I:80');
  for (const flags of ['', 'SF', 'SR', 'SFA', 'SRA', 'P', 'U', 'PU', 'FSRPAU']) {
    moved();
    t.deepEqual(lan(tcp('C:40001', 'I:80', flags)), [], flags);
    t.deepEqual(wan(tcp('I:81', 'P:25', flags)), [], flags);
    t.deepEqual(lan(tcp('C:40001', 'P:25', flags)), [], flags);
    t.is(dropped(), 'drop-transport-header x3', flags);
    // Nor do they pass along a flow. Without SYN, FIN and RST they are nothing to the router: the fast path does not look.
    if (/[SFR]/.test(flags)) t.deepEqual(out(flags), [], flags);
    t.is(stateOf(), 'established', flags);
  }
  t.is(flowsInUse, 1);
});

row(['7857-2.1', '9-5', '4787-5a'], 'every state has its time, also across the wrap of the clock', (t) => {
  const limits: [state: string, seconds: number, begin: () => void][] = [
    ['one-way', 120, () => passes('C', udp('C:40000', 'I:9'))],
    ['two-way', 300, () => converse('C:40000', 'I:9')],
    ['answered-dns', 15, () => converse('C:40000', 'I:53')],
    ['answered-ntp', 30, () => converse('C:40000', 'I:123')],
    ['query', 60, () => passes('C', ping('C', 'I', 7))],
    ['opening', 240, () => playOut('C:40000', 'I:80', courseTo.opening)],
    ['closed', 240, () => playOut('C:40000', 'I:80', courseTo.closed)],
    ['transitory', 240, () => playOut('C:40000', 'I:80', courseTo.transitory)],
    ['client-closed', 7440 + 240, () => playOut('C:40000', 'I:80', courseTo['client-closed'])],
    ['server-closed', 7440 + 240, () => playOut('C:40000', 'I:80', courseTo['server-closed'])],
    ['established', 7440 + 240, () => connect('C:40000', 'I:80')],
  ];
  for (const second of [1000, 65536 - 7, 65535]) {
    for (const [state, seconds, begin] of limits) {
      router({ second });
      begin();
      t.is(stateOf(), state);
      const start = clock[0];
      idle(seconds - 1);
      t.is(flowsInUse, 1, `${state} from second ${start}`);
      idle(2);
      t.is(flowsInUse, 0, `${state} from second ${start}`);
    }
  }
});
