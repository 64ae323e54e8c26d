/** Section 4 of the checklist: RFC 6056, which public port a host gets when its own is taken. */
import { lan, router } from '../control/table.ts';
import { udp } from '../wire/packets.ts';
import { seeded } from '../wire/random.ts';
import { row } from './row.ts';
import { lanHosts, publicPort } from './seen.ts';

/** Substitutes that hosts get for one port after another which C already has. */
function substitutes(count: number, random?: () => number): number[] {
  router({ random });
  const [other] = lanHosts(1);
  return Array.from({ length: count }, (_, i) => {
    lan(udp(`C:${20000 + i}`, 'I:9'));
    return publicPort(lan(udp(`${other}:${20000 + i}`, 'I:9')));
  });
}

function numbers(seed: number): () => number {
  const random = seeded(seed);
  return () => random(2 ** 32);
}

row(
  ['6056-pp', '7857-9', '6888-12…15'],
  'a port is kept where it can be; substitutes follow no run (seeds 1, 2)',
  (t) => {
    const one = substitutes(150, numbers(1));
    const two = substitutes(150, numbers(2));
    t.is(one.filter((port, i) => port === two[i]).length, 0);
    // No step between neighbours comes back: neither +1 or +2 nor any other.
    const steps = one.slice(1).map((port, i) => port - one[i]);
    t.is(new Set(steps).size, steps.length);
    t.false(one.some((port, i) => Math.abs(port - (20000 + i)) < 3));
    // They come from all over the range: some in each eighth.
    for (let part = 0; part < 8; part++)
      t.true(
        one.some((port) => Math.floor((port - 1024) / 8064) === part),
        `part ${part}`,
      );
  },
);

row(
  ['6056-rng', '7857-9', '6888-12…15'],
  'any port from 1024 to 65535 can be chosen, except those of forwards',
  (t) => {
    // What is drawn is a place in the range of 64,512 ports; the lowest bit is the asking port's.
    const drawing = (...ports: number[]) => {
      let at = 0;
      return () => ports[Math.min(at++, ports.length - 1)] - 1024;
    };
    t.deepEqual(substitutes(1, drawing(1024)), [1024]);
    t.deepEqual(substitutes(1, drawing(65534)), [65534]);
    const forwards = [{ name: 'x', proto: 'udp', port: 50000, to: '192.168.0.2' }];
    router({ forwards, random: drawing(50000, 50000, 50002) });
    const [other] = lanHosts(1);
    lan(udp('C:30000', 'I:9'));
    t.is(publicPort(lan(udp(`${other}:30000`, 'I:9'))), 50002);
    // Nor is it kept for a host that has the same port, other than the server itself.
    router({ forwards });
    t.not(publicPort(lan(udp('C:50000', 'I:9'))), 50000);
    t.is(publicPort(lan(udp('S:50000', 'I:9'))), 50000);
    const seen = new Set<number>();
    for (let i = 0; i < 40; i++) seen.add(substitutes(1, numbers(i))[0]);
    t.true([...seen].every((port) => port >= 1024 && port <= 65535));
    t.true(seen.size > 35);
  },
);
