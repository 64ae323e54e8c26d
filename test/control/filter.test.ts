/**
 * Who from the Internet gets in without a forward: the filter of dynamic mappings, the DMZ host, how many strangers there
 * may be, and how many flows one LAN host may have.
 */
import test from 'ava';
import {
  endpointUse,
  flowCount,
  forwardFlows,
  hostFlows,
  hostSlots,
  strangersPlace,
} from '../../firmware/layout/arena.ts';
import { endpointAt, endpointsInUse, publicTcp, publicUdp } from '../../firmware/control/endpoints.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { hostLimit, strangerLimit, sweepFlows } from '../../firmware/control/sweep.ts';
import { ping, tcp, udp } from '../wire/packets.ts';
import { dropped, introduce, lan, pause, router, sleep, wan } from './table.ts';

const open = 'endpoint-independent';

/** Flows that `hostFlows` counts, and strangers. */
const counted = () => [hostFlows.subarray(0, hostSlots).reduce((a, b) => a + b), hostFlows[strangersPlace]];

test('address-dependent: whoever was sent to gets in from any port, by UDP and by TCP; nobody else', (t) => {
  router();
  lan(udp('C:40000', 'I:1'));
  lan(tcp('C:40001', 'I:1', 'S'));
  t.deepEqual(wan(udp('I:6', 'P:40000')), ['lan C | udp I:6 > C:40000']);
  t.deepEqual(wan(tcp('I:6', 'P:40001', 'S')), ['lan C | tcp I:6 > C:40001 S']);
  t.is(dropped(), '');
  t.deepEqual(wan(udp('J:5', 'P:40000')), []);
  t.deepEqual(wan(tcp('J:5', 'P:40001', 'S')), []);
  t.is(dropped(), 'drop-filtered x2');
  // A connection is opened, not picked up.
  t.deepEqual(wan(tcp('I:7', 'P:40001', 'A')), []);
  t.is(dropped(), 'drop-no-flow');
  // Another mapping of the same host, to somebody else, opens nothing.
  lan(udp('C:40002', 'J:1'));
  t.deepEqual(wan(udp('I:6', 'P:40002')), []);
  t.is(dropped(), 'drop-filtered');
  t.deepEqual(lan(udp('C:40000', 'I:6')), ['wan G | udp P:40000 > I:6']);
});

test('endpoint-independent: everybody gets in, per protocol', (t) => {
  router({ filter: open });
  lan(udp('C:40000', 'I:1'));
  t.deepEqual(wan(udp('J:5', 'P:40000')), ['lan C | udp J:5 > C:40000']);
  t.deepEqual(wan(tcp('J:5', 'P:40000', 'S')), []);
  t.is(dropped(), 'drop-no-forward');
  lan(tcp('C:40000', 'I:1', 'S'));
  t.deepEqual(wan(tcp('J:5', 'P:40000', 'S')), ['lan C | tcp J:5 > C:40000 S']);
});

test('what gets in by the filter holds the mapping no longer than it would have lived; an answer does', (t) => {
  for (const filter of [undefined, open] as const) {
    router({ filter });
    lan(udp('C:40000', 'I:1'));
    // From another port every time: a flow each, all as old as the one that lets them in.
    for (let second = 0; second < 119; second += 7) {
      wan(udp(`I:${100 + second}`, 'P:40000'));
      wan(udp('I:99', 'P:40000'));
      sleep(7);
    }
    t.is(endpointAt(publicUdp, 40000) ? 1 : 0, 1);
    sleep(1);
    t.deepEqual([flowsInUse, endpointsInUse, ...counted()], [0, 0, 0, 0], String(filter));
    lan(udp('C:40000', 'I:1'));
    sleep(100);
    wan(udp('I:6', 'P:40000'));
    lan(udp('C:40000', 'I:6'));
    sleep(100);
    t.deepEqual(wan(udp('I:6', 'P:40000')), ['lan C | udp I:6 > C:40000'], String(filter));
  }
});

test('a flow let in by the filter holds the public port, and gives it back', (t) => {
  router();
  lan(udp('C:40000', 'I:1'));
  wan(udp('I:6', 'P:40000'));
  const e = endpointAt(publicUdp, 40000);
  t.is(endpointUse[e], publicUdp | 2);
  lan(udp('C:40000', 'I:6'));
  sleep(100);
  lan(udp('C:40000', 'I:6'));
  sleep(100);
  // The first flow is gone, the second holds on.
  t.is(endpointUse[e], publicUdp | 1);
  sleep(300);
  t.deepEqual([endpointsInUse, ...counted()], [0, 0, 0]);
});

test('unanswered flows from the Internet fill an eighth of the table, and replace each other', (t) => {
  router({ filter: open });
  lan(udp('C:40000', 'I:1'));
  for (let i = 0; i < 1000; i++) {
    wan(udp(`100.64.${i >> 8}.${i & 255}:${1024 + i}`, i % 2 ? 'P:40000' : 'P:5000'));
    t.true(hostFlows[strangersPlace] <= strangerLimit);
  }
  t.is(flowsInUse, 1 + strangerLimit);
  t.is(strangerLimit, flowCount / 8);
  // The last to come is there, and once answered it is no stranger.
  t.deepEqual(lan(udp('C:40000', '100.64.3.231:2023')), ['wan G | udp P:40000 > 100.64.3.231:2023']);
  t.is(hostFlows[strangersPlace], strangerLimit - 1);
  t.is(dropped(), '');
});

test('a connection from the Internet is a stranger until its sender goes on, and when it is opened anew', (t) => {
  router();
  const play = () => {
    const course = [hostFlows[strangersPlace]];
    for (const [from, flags] of [
      ['I', 'S'],
      ['S', 'SA'],
      ['I', 'S'],
      ['I', 'A'],
    ]) {
      if (from === 'I') wan(tcp('I:1', 'P:25', flags));
      else lan(tcp('S:25', 'I:1', flags));
      course.push(hostFlows[strangersPlace]);
    }
    return course;
  };
  t.deepEqual(play(), [0, 1, 1, 1, 0]);
  t.deepEqual(counted(), [1, 0]);
  wan(tcp('I:1', 'P:25', 'R'));
  t.deepEqual(play(), [0, 1, 1, 1, 0]);
  t.deepEqual(counted(), [1, 0]);
});

test('connections that a server accepts and nobody goes on with are strangers, reset or not, and end in 240 s', (t) => {
  router();
  for (let i = 0; i < strangerLimit; i++) {
    wan(tcp(`J:${1000 + i}`, 'P:25', 'S'));
    if (i % 3) lan(tcp('S:25', `J:${1000 + i}`, 'SA'));
    else wan(tcp(`J:${1000 + i}`, 'P:25', 'R'));
  }
  t.deepEqual([flowsInUse, ...counted()], [strangerLimit, 0, strangerLimit]);
  t.is(wan(tcp('I:1', 'P:25', 'S')).length, 1);
  t.deepEqual([flowsInUse, ...counted()], [strangerLimit, 0, strangerLimit]);
  sleep(240);
  t.is(flowsInUse, 0);
});

test('a LAN host that resets what strangers open does not keep its mapping by that', (t) => {
  router();
  lan(tcp('C:40000', 'I:80', 'S'));
  sleep(120);
  for (let second = 0; second < 12; second++) {
    wan(tcp('I:81', 'P:40000', 'S'));
    lan(tcp('C:40000', 'I:81', 'RA'));
    sleep(10);
  }
  t.is(endpointsInUse, 0);
});

test('one LAN host has at most 60 % of the flows, and is told; others go on', (t) => {
  router();
  for (let i = 0; i < hostLimit; i++) {
    lan(tcp(`C:${2000 + i}`, 'I:80', 'S'));
    wan(tcp('I:80', `P:${2000 + i}`, 'SA'));
  }
  t.is(hostLimit, 307);
  t.is(dropped(), '');
  t.deepEqual(lan(udp('C:9', 'I:9')), ['lan C | icmp 3/13 R > C about udp C:9 > I:9']);
  t.is(dropped(), 'drop-host-limit');
  t.deepEqual(lan(tcp('C:9', 'P:25', 'S')), ['lan C | icmp 3/13 R > C about tcp C:9 > P:25 S']);
  t.is(dropped(), 'drop-host-limit');
  t.is(lan(udp('S:9', 'I:9')).length, 1);
  t.deepEqual(counted(), [hostLimit + 1, 0]);
});

test('a host at its limit may trade what matters less for a new flow', (t) => {
  router();
  for (let i = 0; i < hostLimit; i++) lan(udp(`C:${2000 + i}`, 'I:9'));
  const before = flowsInUse;
  t.is(lan(udp('C:9', 'I:9')).length, 1);
  t.is(flowsInUse, before);
});

test('connections that have ended count for nobody: thousands come and go, outwards, inwards, around the hairpin', (t) => {
  for (const [name, ends] of [
    ['outwards', (i: number) => [lan, `C:${1024 + i}`, 'I:80', wan, 'I:80', `P:${1024 + i}`]],
    ['inwards', (i: number) => [wan, `I:${1024 + i}`, 'P:25', lan, 'S:25', `I:${1024 + i}`]],
    ['around', (i: number) => [lan, `C:${1024 + i}`, 'P:25', lan, 'S:25', `P:${1024 + i}`]],
  ] as [string, (i: number) => [typeof lan, string, string, typeof lan, string, string]][]) {
    router();
    for (let i = 0; i < 2000; i++) {
      const [ask, from, to, answer, server, back] = ends(i);
      for (const flags of ['S', '<SA', 'A', 'FA', '<FA', 'A']) {
        const left = flags.startsWith('<')
          ? answer(tcp(server, back, flags.slice(1)))
          : ask(tcp(from, to, flags));
        if (left.length !== 1) t.fail(`${name}, connection ${i}: ${flags} did not pass`);
      }
    }
    t.is(flowsInUse, flowCount, name);
    t.deepEqual(counted(), [0, 0], name);
    sweepFlows(flowCount);
    sleep(240);
    t.deepEqual([flowsInUse, endpointsInUse, ...counted()], [0, 0, 0, 0], name);
  }
});

test('a table full of connections that have ended, of any kind, lets the Internet in', (t) => {
  const course = ['S', '<SA', 'A', 'FA', '<FA', 'A'];
  for (const hairpin of ['external', 'lan']) {
    router({ hairpin });
    const own = hairpin === 'lan' ? 'R' : 'P';
    for (let i = 0; i < flowCount / 2; i++) {
      for (const flags of course) {
        const answer = flags.startsWith('<') && flags.slice(1);
        if (answer) wan(tcp('I:80', `P:${2000 + i}`, answer));
        else lan(tcp(`C:${2000 + i}`, 'I:80', flags));
        lan(answer ? tcp('S:25', `${own}:${4000 + i}`, answer) : tcp(`C:${4000 + i}`, 'P:25', flags));
      }
    }
    t.is(flowsInUse, flowCount);
    for (let i = 0; i < flowCount; i++) {
      t.is(wan(tcp(`J:${1000 + i}`, 'P:25', 'S')).length, 1, `${hairpin} ${i}`);
      lan(tcp('S:25', `J:${1000 + i}`, 'SA'));
      wan(tcp(`J:${1000 + i}`, 'P:25', 'A'));
      lan(tcp('S:25', `J:${1000 + i}`, 'FA'));
      wan(tcp(`J:${1000 + i}`, 'P:25', 'FA'));
    }
  }
});

const dmz = '192.168.0.9';
const toDmz = (text: string) => `lan ..9 | ${text.replaceAll('D', dmz)}`;

/** A router with a DMZ host that is known. */
function withDmz(): void {
  router({ dmz });
  introduce(dmz);
}

test('DMZ: what nobody else has goes there, and its answers leave in the name of P', (t) => {
  withDmz();
  t.deepEqual(wan(tcp('I:1', 'P:443', 'S')), [toDmz('tcp I:1 > D:443 S')]);
  t.deepEqual(lan(tcp(`${dmz}:443`, 'I:1', 'SA')), ['wan G | tcp P:443 > I:1 SA']);
  t.deepEqual(wan(udp('I:1', 'P:9999')), [toDmz('udp I:1 > D:9999')]);
  t.deepEqual(wan(tcp('I:1', 'P:25', 'S')), ['lan S | tcp I:1 > S:25 S'], 'a forward comes first');
  t.deepEqual(wan(ping('I', 'P', 5)), ['wan G | pong P > I id 5'], 'pings are the router’s');
  t.is(forwardFlows[31], 2);
  t.is(dropped(), '');
  t.deepEqual(wan(tcp('I:2', 'P:443', 'A')), []);
  t.is(dropped(), 'drop-no-flow');
});

test('DMZ: a public port that another host has is not its own, and the other way round', (t) => {
  withDmz();
  lan(udp('C:40000', 'I:1'));
  t.deepEqual(wan(udp('J:1', 'P:40000')), []);
  t.is(dropped(), 'drop-filtered');
  wan(udp('J:1', 'P:50000'));
  const [left] = lan(udp('C:50000', 'I:1'));
  t.notRegex(left, /P:50000/);
  // Its own outbound traffic opens its port for everybody, as all its ports are.
  lan(udp(`${dmz}:41000`, 'I:1'));
  t.deepEqual(wan(udp('J:1', 'P:41000')), [toDmz('udp J:1 > D:41000')]);
  sleep(300);
  t.deepEqual([endpointsInUse, ...counted()], [0, 0, 0]);
});

test('DMZ: from a port for which it has another public port nothing can answer', (t) => {
  withDmz();
  lan(udp('C:40000', 'I:1'));
  const [left] = lan(udp(`${dmz}:40000`, 'I:1'));
  t.notRegex(left, /P:40000/);
  sleep(60);
  lan(udp(`${dmz}:40000`, 'I:1'));
  sleep(60);
  t.deepEqual(wan(udp('J:1', 'P:40000')), []);
  t.is(dropped(), 'drop-no-port');
});

test('DMZ: around the hairpin', (t) => {
  withDmz();
  t.deepEqual(lan(tcp('C:7', 'P:443', 'S')), [toDmz('tcp P:7 > D:443 S')]);
  t.deepEqual(lan(tcp(`${dmz}:443`, 'P:7', 'SA')), ['lan C | tcp P:443 > C:7 SA']);
  t.deepEqual(lan(tcp('C:8', 'P:443', 'R')), []);
  t.is(dropped(), 'drop-no-flow');
  t.is(forwardFlows[31], 1);
  t.is(endpointUse[endpointAt(publicTcp, 7)], publicTcp | 1);
});

test('forwards count the flows they let in, from either side', (t) => {
  router();
  wan(tcp('I:1', 'P:25', 'S'));
  wan(tcp('I:1', 'P:25', 'S'));
  lan(tcp('C:1', 'P:25', 'S'));
  lan(tcp('C:1', 'P:8080', 'S'));
  wan(udp('J:1', 'P:1194')); // Refused by its source.
  t.deepEqual(Array.from(forwardFlows.subarray(0, 5)), [2, 1, 0, 0, 0]);
});

test('the Internet is told of more than TTL and MTU only if the config wants that', (t) => {
  for (const [wanIcmpErrors, told] of [
    [false, []],
    [true, ['wan G | icmp 3/1 P > I about tcp I:1 > P:25 S']],
  ] as const) {
    router({ wanIcmpErrors, strangers: true });
    introduce('G');
    wan(tcp('I:1', 'P:25', 'S'));
    // S does not answer for three seconds.
    t.deepEqual(
      pause(4).filter((line) => line.startsWith('wan')),
      told,
    );
  }
});
