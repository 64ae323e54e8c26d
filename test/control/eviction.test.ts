/** Who gives way when the table is full, who does not, and who hears of it. */
import test from 'ava';
import { flowCount, flowState } from '../../firmware/layout/arena.ts';
import { endpointsInUse } from '../../firmware/control/endpoints.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { stateMask } from '../../firmware/control/states.ts';
import { ping, tcp, udp } from '../wire/packets.ts';
import { dropped, introduce, lan, router, sleep, wan } from './table.ts';

/** Two hosts that can fill the table together: one alone may not. */
const host = (port: number) => (port % 2 ? 'S' : '192.168.0.4');

/** Makes flows of two LAN hosts to I, from one port upwards. */
function fillWith(
  state: 'established' | 'opening' | 'one-way' | 'two-way',
  count: number,
  first = 2000,
): void {
  introduce('192.168.0.4');
  for (let port = first; port < first + count; port++) {
    if (state === 'one-way' || state === 'two-way') lan(udp(`${host(port)}:${port}`, 'I:9'));
    else lan(tcp(`${host(port)}:${port}`, 'I:80', 'S'));
    if (state === 'two-way') wan(udp('I:9', `P:${port}`));
    if (state === 'established') wan(tcp('I:80', `P:${port}`, 'SA'));
  }
}

test('a full table of established connections: a LAN client is refused with 3/13, the Internet with silence', (t) => {
  router();
  fillWith('established', flowCount);
  t.is(flowsInUse, flowCount);
  t.is(dropped(), '');
  t.deepEqual(lan(udp('C:1', 'I:53')), ['lan C | icmp 3/13 R > C about udp C:1 > I:53']);
  t.is(dropped(), 'drop-table-full');
  t.deepEqual(wan(tcp('I:1', 'P:25', 'S')), []);
  t.is(dropped(), 'drop-table-full');
  t.is(flowsInUse, flowCount);
  t.is(endpointsInUse, flowCount);
  // Those inside work on.
  t.deepEqual(wan(tcp('I:80', 'P:2101', 'PA')), ['lan S | tcp I:80 > S:2101 PA']);
});

/** Opens a connection from `from` to J:80, again and again until it is let through. @returns how often it was not */
function knock(from: string): number {
  for (let tries = 0; tries <= flowCount / 16; tries++) {
    if (lan(tcp(from, 'J:80', 'S')).some((line) => line.startsWith('wan'))) return tries;
  }
  throw new Error(`${from} was refused a whole round long`);
}

/** Makes one flow that is worth less among connections that are worth keeping; the next opener takes its place. */
const victims: [string, () => void][] = [
  ['an unanswered datagram', () => lan(udp('C:7', 'I:7'))],
  ['an ICMP query', () => lan(ping('C', 'I', 7))],
  ['an unanswered SYN', () => lan(tcp('C:7', 'I:7', 'S'))],
  [
    'a closed connection',
    () =>
      ['S', 'SA', 'FA', 'FA'].forEach((flags, i) =>
        i % 2 ? wan(tcp('I:7', 'P:7', flags)) : lan(tcp('C:7', 'I:7', flags)),
      ),
  ],
  [
    'a reset connection',
    () =>
      ['S', 'SA', 'R'].forEach((flags, i) =>
        i % 2 ? wan(tcp('I:7', 'P:7', flags)) : lan(tcp('C:7', 'I:7', flags)),
      ),
  ],
];

for (const [name, make] of victims) {
  test(`${name} gives way within one round of the hand`, (t) => {
    router();
    fillWith('established', 300);
    make();
    fillWith('established', flowCount - 301, 3000);
    t.is(flowsInUse, flowCount);
    t.is(flowState[301] & stateMask ? 'kept' : 'gone', 'kept');
    const refused = knock('C:9999');
    t.is(flowsInUse, flowCount);
    // Every connection is still there.
    for (const port of [2000, 2299, 3000, 3210])
      t.is(wan(tcp('I:80', `P:${port}`, 'A')).length, 1, `${port}`);
    t.is(refused, Math.floor(300 / 16));
  });
}

test('among several the one that matters least gives way', (t) => {
  router();
  lan(tcp('C:1', 'I:1', 'S'));
  lan(tcp('C:2', 'I:2', 'S'));
  lan(tcp('C:2', 'I:2', 'R'));
  lan(ping('C', 'I', 3));
  lan(udp('C:4', 'I:4'));
  fillWith('established', flowCount - 4);
  const order: number[] = [];
  for (let i = 0; i < 4; i++) {
    const before = Array.from({ length: 4 }, (_, flow) => flowState[flow + 1]);
    // Openers that are answered at once, so that they are worth keeping.
    knock(`C:${100 + i}`);
    wan(tcp('J:80', `P:${100 + i}`, 'SA'));
    order.push(before.findIndex((state, flow) => state !== flowState[flow + 1]) + 1);
    sleep(1);
  }
  t.deepEqual(order, [2, 3, 4, 1]);
});

test('a flood of SYNs from the Internet neither ends connections nor keeps LAN clients out', (t) => {
  router();
  fillWith('established', 100);
  for (let i = 0; i < 1500; i++) wan(tcp(`100.64.${i >> 8}.${i & 255}:${1024 + i}`, 'P:25', 'S'));
  // They replace each other, or are dropped: an eighth of the table is all they get.
  t.is(flowsInUse, 100 + flowCount / 8);
  t.is(knock('C:1'), 0);
  t.is(wan(tcp('I:7', 'P:25', 'S')).length, 1);
  for (let port = 2000; port < 2100; port++) t.is(wan(tcp('I:80', `P:${port}`, 'A')).length, 1);
});
