/**
 * A month in the life of the router, in virtual time: every day another WAN address, renewals, cables that flap on both
 * sides, guests that come and go, the supply lost every third day. At its end everything works, and no number has grown.
 */
import test from 'ava';
import { LanClient } from '../services/lan-client.ts';
import { seeded } from '../wire/random.ts';
import { Town } from './town.ts';

const seed = Number(process.env.SEED ?? 20261129);
const days = 30;
const day = 86400;

interface Status {
  flows: number;
  endpoints: number;
  held: number;
  wan: { address: string };
}

/** What must be the same at the end of every day: nothing is under way then. */
function leftOver(town: Town): Record<string, number> {
  const { flows, endpoints, held } = town.ask<Status>('status');
  const { memory } = town.ask<{ memory: { storageFree: number } }>('memory');
  return { flows, endpoints, held, storageFree: memory.storageFree };
}

test(`a month with ${days} WAN addresses, loose cables, guests, and ten losses of supply (SEED=${seed})`, (t) => {
  const random = seeded(seed);
  const between = (least: number, most: number) => least + random(most - least + 1);
  const town = new Town(seed);
  const laptop = new LanClient([2, 0, 0, 0, 0xaa, 1], { name: 'laptop' });
  const nas = new LanClient([2, 0, 0, 0, 0xa8, 2], { name: 'nas' });
  const printer = new LanClient([2, 0, 0, 0, 0xaa, 3], { name: 'printer', broadcast: true });
  town.run(15);
  for (const client of [nas, laptop, printer]) town.join(client);
  town.run(30);
  t.deepEqual(town.troubles(laptop), [], 'at the beginning');
  const addresses = new Set<string>();
  const before: Record<string, number>[] = [];

  for (let n = 1; n <= days; n++) {
    // In the night the ISP gives another address, every second night of another network. It refuses the old one when the
    // server is asked at half of the lease, or, if that is out of reach now, everybody at seven eighths.
    const net = Math.ceil(n / 2);
    town.isp.terms.address = `12.0.${net}.${2 * between(1, 120) + (n % 2)}`;
    town.isp.terms.gateway = town.isp.terms.server = `12.0.${net}.254`;
    addresses.add(town.isp.terms.address);
    town.doze(5.5 * 3600);
    t.deepEqual(town.troubles(laptop), [], `day ${n}, morning`);

    const guest = town.join(new LanClient([2, 0, 0, 0, 0xbb, n], { name: `guest-${n}` }));
    town.run(10);
    t.true(guest.address !== '', `day ${n}: the guest has an address`);
    for (const side of ['wan', 'lan', 'wan'] as const) {
      town.doze(between(600, 7000));
      town.plug(side, false);
      town.doze(between(1, 900));
      town.plug(side, true);
      town.run(between(1, 20));
    }
    if (n % 3 === 0) {
      town.doze(between(60, 3000));
      town.powerCycle();
      town.run(20);
    }
    town.doze(3600);
    t.deepEqual(town.troubles(laptop), [], `day ${n}, noon`);
    t.is(laptop.refusals + nas.refusals + printer.refusals, 0, `day ${n}: nobody was refused`);
    t.is(nas.address, '192.168.0.2');
    if (random(2)) town.sayGoodbye(guest);
    else guest.stop();
    town.doze(n * day - town.now);
    before.push(leftOver(town));
  }

  t.deepEqual(town.troubles(laptop), [], 'at the end');
  t.is(addresses.size, days);
  // Both files of leases are made on the first day; from then on nothing grows.
  before.forEach((left, n) => t.deepEqual(left, before[0], `the end of day ${n + 1}`));
  t.deepEqual({ ...before[0], storageFree: 0 }, { flows: 0, endpoints: 0, held: 0, storageFree: 0 });
  t.deepEqual(town.world.board.restarts, Array(days / 3).fill('power'));
  const { counters } = town.ask<{ counters: Record<string, number> }>('counters');
  t.is(counters['drop-exception'], 0);
  t.deepEqual(town.printed, []);
});
