/**
 * Public ports: kept where possible, chosen at random and within bounds where not, reused while a flow lives, given
 * back with the last one.
 */
import test from 'ava';
import {
  endpointAt,
  endpointOf,
  endpointsInUse,
  holdEndpoint,
  lanTcp,
  openEndpoint,
  publicIcmp,
  publicTcp,
  publicUdp,
  releaseEndpoint,
  searchTries,
} from '../../firmware/control/endpoints.ts';
import { endpointCount, endpointPublicPort, endpointUse, flowCount } from '../../firmware/layout/arena.ts';
import { endFlow } from '../../firmware/control/sweep.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { ping, pong, tcp, udp } from '../wire/packets.ts';
import { seeded } from '../wire/random.ts';
import { dropped, introduce, lan, lastLeft, router, wan } from './table.ts';

/** Opens and holds one. @returns its public port, or 0 */
function open(pool: number, host: number, port: number): number {
  const e = openEndpoint(pool, host, port, 0);
  if (e) holdEndpoint(e);
  return e && endpointPublicPort[e];
}

/** The source port, or query id, of the only frame that left. */
const sourceOf = () => (lastLeft[0].frame[34] << 8) | lastLeft[0].frame[35];

test('the inner port is kept, for every pool apart', (t) => {
  router();
  for (const pool of [publicTcp, publicUdp, publicIcmp, lanTcp]) t.is(open(pool, 3, 40000), 40000);
  t.is(endpointsInUse, 4);
});

test('one mapping for every destination, also after others came between', (t) => {
  router();
  introduce('192.168.0.4');
  lan(udp('S:45000', 'I:9'));
  lan(udp('C:45000', 'I:9'));
  const mapped = sourceOf();
  t.not(mapped, 45000);
  for (const target of ['I:10', 'J:9', 'J:10', 'G:9']) {
    t.deepEqual(lan(udp('C:45000', target)), [`wan G | udp P:${mapped} > ${target}`]);
  }
  t.is(endpointsInUse, 2);
  t.deepEqual(wan(udp('J:9', `P:${mapped}`)), [`lan C | udp J:9 > C:45000`]);
  t.deepEqual(wan(udp('I:9', 'P:45000')), [`lan S | udp I:9 > S:45000`]);
});

test('a substitute has the class and the parity of the inner port, and is never taken or forwarded (seed 11)', (t) => {
  const random = seeded(11);
  router({
    random: () => random(2 ** 32),
    forwards: [{ name: 'f', proto: 'udp', port: '1-400', to: '192.168.0.2:1' }],
  });
  const given = new Set<number>();
  for (let host = 2; host < 22; host++) {
    for (const inner of [500, 501, 45000, 45001, 1024, 65535]) {
      const port = open(publicUdp, host, inner);
      t.true(port > 0 && port < 65536);
      t.is(port < 1024, inner < 1024, `${inner} became ${port}`);
      t.is(port & 1, inner & 1, `${inner} became ${port}`);
      t.false(given.has(port), `${port} twice`);
      t.true(port > 400, `${port} is forwarded`);
      given.add(port);
    }
  }
});

test('substitutes are not sequential', (t) => {
  router();
  const ports = Array.from({ length: 50 }, (_, i) => open(publicTcp, 2 + i, 40000)).slice(1);
  const steps = ports.slice(1).map((port, i) => port - ports[i]);
  t.true(new Set(steps).size > 45);
});

test('inner port 0 and forwarded ports are replaced', (t) => {
  router();
  t.not(open(publicIcmp, 3, 0), 0);
  t.not(open(publicTcp, 3, 25), 25);
  t.not(open(publicUdp, 3, 6003), 6003);
  // Forwards are per protocol, and P's do not bind R's pool.
  t.is(open(publicUdp, 3, 25), 25);
  t.is(open(lanTcp, 3, 25), 25);
});

test('the search is bounded: unlucky draws end in refusal, not in a loop', (t) => {
  let draws = 0;
  router({ random: () => (draws++, 0) });
  open(publicTcp, 2, 40000);
  t.is(open(publicTcp, 3, 40000), 1024);
  draws = 0;
  t.is(open(publicTcp, 4, 40000), 0);
  t.is(draws, searchTries);
  t.is(endpointsInUse, 2);
});

test('a client that gets no port is told 3/13, and nothing is left behind', (t) => {
  router({ random: () => 0 });
  introduce('192.168.0.4', '192.168.0.5');
  lan(udp('S:45000', 'I:9'));
  lan(udp('C:45000', 'I:9'));
  t.deepEqual(lan(udp('192.168.0.4:45000', 'I:9')), [
    'lan ..4 | icmp 3/13 R > 192.168.0.4 about udp 192.168.0.4:45000 > I:9',
  ]);
  t.is(dropped(), 'drop-no-port');
  t.is(flowsInUse, 2);
  t.is(endpointsInUse, 2);
});

test('a port is held by its flows and free with the last of them', (t) => {
  router();
  lan(udp('C:40000', 'I:1'));
  lan(udp('C:40000', 'J:1'));
  const e = endpointOf(publicUdp, 3, 40000);
  t.is(endpointUse[e] & 1023, 2);
  endFlow(1);
  t.is(endpointAt(publicUdp, 40000), e);
  t.not(open(publicUdp, 2, 40000), 40000);
  endFlow(2);
  t.is(endpointAt(publicUdp, 40000), 0);
  t.is(open(publicUdp, 9, 40000), 40000);
});

test('opening and releasing at random keeps both indexes true (seed 12)', (t) => {
  const random = seeded(12);
  router();
  const live = new Map<string, number>();
  const taken = new Map<string, string>();
  for (let run = 0; run < 20_000; run++) {
    const pool = [publicTcp, publicUdp, publicIcmp, lanTcp][random(4)];
    const [host, port] = [2 + random(40), 40000 + random(30)];
    const key = `${pool} ${host} ${port}`;
    const known = live.get(key);
    if (known !== undefined && random(2)) {
      t.is(endpointOf(pool, host, port), known);
      releaseEndpoint(known);
      taken.delete(`${pool} ${endpointPublicPort[known]}`);
      live.delete(key);
      if (endpointOf(pool, host, port)) t.fail(`${key} is still there`);
    } else if (known === undefined) {
      const e = openEndpoint(pool, host, port, 0);
      if (live.size === endpointCount) {
        if (e) t.fail('more than fit');
        continue;
      }
      holdEndpoint(e);
      const name = `${pool} ${endpointPublicPort[e]}`;
      if (taken.has(name)) t.fail(`${name} belongs to ${taken.get(name)} and ${key}`);
      taken.set(name, key);
      live.set(key, e);
    }
  }
  t.is(endpointsInUse, live.size);
  for (const [key, e] of live) {
    const [pool, host, port] = key.split(' ').map(Number);
    if (endpointOf(pool, host, port) !== e) t.fail(key);
    if (endpointAt(pool, endpointPublicPort[e]) !== e) t.fail(key);
  }
  t.true(live.size > 200);
});

test('every endpoint slot can be used, and a port more is refused', (t) => {
  router();
  for (let i = 0; i < endpointCount; i++) t.is(open(publicTcp, 2 + (i % 200), 2000 + i), 2000 + i);
  t.is(open(publicTcp, 3, 60000), 0);
  t.is(endpointsInUse, endpointCount);
});

test('making room may end the last flow of the very endpoint that asks: it keeps its port', (t) => {
  router();
  introduce('192.168.0.4');
  // C:40000 has one flow; every other slot is taken by an established connection.
  lan(udp('C:40000', 'I:1'));
  fillWithConnections(flowCount - 1);
  t.is(flowsInUse, flowCount);
  for (let i = 0; i < flowCount / 16 && !endpointMoved(); i++) lan(udp('C:40000', 'J:1'));
  t.deepEqual(lan(udp('C:40000', 'J:1')), ['wan G | udp P:40000 > J:1']);
  const e = endpointAt(publicUdp, 40000);
  t.is(e, endpointOf(publicUdp, 3, 40000));
  t.is(endpointUse[e], publicUdp | 1);
  t.not(open(publicUdp, 4, 40000), 40000);
});

/** Whether the flow to I:1 has given way. */
const endpointMoved = () => lastLeft.length === 1 && lastLeft[0].port === 'wan';

function fillWithConnections(count: number): void {
  for (let i = 0; i < count; i++) {
    lan(tcp(`${i % 2 ? 'S' : '192.168.0.4'}:${2000 + i}`, 'I:80', 'S'));
    wan(tcp('I:80', `P:${2000 + i}`, 'SA'));
  }
}

test('ICMP queries: the id is kept, a clash gets another, answers find their asker', (t) => {
  router();
  t.deepEqual(lan(ping('C', 'I', 77)), ['wan G | ping P > I id 77']);
  t.deepEqual(lan(ping('C', 'J', 77)), ['wan G | ping P > J id 77']);
  t.deepEqual(wan(pong('I', 'P', 77)), ['lan C | pong I > C id 77']);
  lan(ping('S', 'I', 77));
  const id = (lastLeft[0].frame[38] << 8) | lastLeft[0].frame[39];
  t.not(id, 77);
  t.deepEqual(wan(pong('I', 'P', id)), ['lan S | pong I > S id 77']);
  t.deepEqual(wan(pong('J', 'P', 77)), ['lan C | pong J > C id 77']);
  t.deepEqual(wan(pong('J', 'P', id)), []);
  t.is(endpointsInUse, 2);
});

test('an ICMP query with id 0 passes and its answer carries id 0 again', (t) => {
  router();
  lan(ping('C', 'I', 0));
  const id = (lastLeft[0].frame[38] << 8) | lastLeft[0].frame[39];
  t.not(id, 0);
  t.deepEqual(wan(pong('I', 'P', id)), ['lan C | pong I > C id 0']);
});

test('a server behind a forward calls out from the port by which it is reached', (t) => {
  router();
  t.deepEqual(lan(udp('S:5000', 'J:9')), ['wan G | udp P:5000 > J:9']);
});
