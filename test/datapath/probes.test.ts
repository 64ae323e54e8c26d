/**
 * How many rows a lookup looks at with 512 flows, for several kinds of traffic. The figures are in the log of each
 * test; the budget is a mean of 1.5 and a worst case of 6.
 */
import test from 'ava';
import {
  flowBuckets,
  flowCount,
  flowSlots,
  hairpinIndex,
  lanIndex,
  rowNext,
  wanIndex,
} from '../../firmware/layout/arena.ts';
import { externalHairpin, openedOutside } from '../../firmware/layout/flow.ts';
import { makeFlow } from '../../firmware/control/flows.ts';
import { tcpEstablished } from '../../firmware/control/states.ts';
import { udp, word } from '../wire/packets.ts';
import type { Random } from '../wire/random.ts';
import { seeded } from '../wire/random.ts';
import { router } from '../control/table.ts';

/** A flow by its ends: original source and target, reply source and target, as `host:port`. */
type Flow = [from: string, to: string, replyFrom: string, replyTo: string];
type Mix = (i: number, random: Random) => Flow;

const anywhere = (random: Random) => [1 + random(223), random(256), random(256), random(256)].join('.');
const ephemeral = (random: Random) => 32768 + random(28232);

/** An outbound flow whose port is preserved. */
const outbound = (host: string, port: number, to: string): Flow => [`${host}:${port}`, to, to, `P:${port}`];

const servers = Array.from({ length: 20 }, (_, i) => `${anywhere(seeded(100 + i))}:443`);

const mixes: Record<string, Mix> = {
  'one client, consecutive ports, one server': (i) => outbound('C', 49152 + i, 'I:80'),
  'one client, every second port, one server': (i) => outbound('C', 32768 + 2 * i, 'I:443'),
  'one client, random ports, twenty servers': (i, random) =>
    outbound('C', ephemeral(random), servers[i % 20]),
  'thirty clients, random ports and servers': (i, random) =>
    outbound(`192.168.0.${10 + (i % 30)}`, ephemeral(random), `${anywhere(random)}:443`),
  'a file sharer: one port, peers anywhere': (_, random) =>
    outbound('C', 51413, `${anywhere(random)}:${1024 + random(64512)}`),
  'a scan: one port, consecutive targets': (i) => outbound('C', 40000, `203.0.${i >> 8}.${i & 255}:161`),
  'name lookups: random ports, two resolvers': (i, random) =>
    outbound('C', 1024 + random(64512), i % 2 ? '9.9.9.9:53' : '1.1.1.1:53'),
  'visitors of a forward': (_, random) => {
    const visitor = `${anywhere(random)}:${ephemeral(random)}`;
    return [visitor, 'P:25', 'S:25', visitor];
  },
  'half outbound, a quarter visitors, a quarter around the hairpin': (i, random) => {
    const port = ephemeral(random);
    if (i % 4 === 0) return [`C:${port}`, 'P:25', 'S:25', `P:${port}`];
    const other = `${anywhere(random)}:${ephemeral(random)}`;
    return i % 4 === 1 ? [other, 'P:25', 'S:25', other] : outbound(`192.168.0.${10 + (i % 30)}`, port, other);
  },
};

/** All flows around the hairpin have both rows in one index: twice the load, so a budget of its own. */
const hairpinOnly: Record<string, Mix> = {
  'nothing but hairpin, one client, consecutive ports': (i) => {
    const port = 33000 + i;
    return [`C:${port}`, 'P:25', 'S:25', `P:${port}`];
  },
  'nothing but hairpin, thirty clients, random ports': (i, random) => {
    const port = 1024 + random(64512);
    return [`192.168.0.${10 + (i % 30)}:${port}`, 'P:80', 'S:80', `P:${port}`];
  },
};

function fill(mix: Mix, seed: number): void {
  const random = seeded(seed);
  const host = (end: string) => word(end.split(':')[0]);
  const ports = (a: string, b: string) => new DataView(udp(a, b).buffer).getUint32(20, true);
  for (let i = 0; i < flowCount; i++) {
    const [from, to, replyFrom, replyTo] = mix(i, random);
    if (to.startsWith('P')) {
      const kind = openedOutside | (replyTo.startsWith('P') ? externalHairpin : 0);
      makeFlow(
        tcpEstablished | kind,
        host(replyFrom),
        ports(replyFrom, replyTo),
        host(from),
        ports(from, to),
      );
    } else {
      makeFlow(tcpEstablished, host(from), ports(from, to), host(to), ports(replyFrom, replyTo));
    }
  }
}

/** Rows looked at to find each of a chain's rows. */
function probes(index: Uint16Array, base: number): number[] {
  const counts: number[] = [];
  for (let bucket = 0; bucket < flowBuckets; bucket++) {
    let count = 0;
    for (let at = index[bucket]; at; at = rowNext[at + base]) counts.push(++count);
  }
  return counts;
}

function measure(mix: Mix, seed: number): { mean: number; worst: number } {
  router();
  fill(mix, seed);
  const all = [...probes(lanIndex, 0), ...probes(wanIndex, flowSlots), ...probes(hairpinIndex, 0)];
  if (all.length !== 2 * flowCount) throw new Error('rows are missing in the indexes');
  return { mean: all.reduce((sum, count) => sum + count, 0) / all.length, worst: Math.max(...all) };
}

for (const [name, mix] of Object.entries(mixes)) {
  test(`512 flows, ${name} (seed 31): mean <= 1.5, worst <= 6`, (t) => {
    const { mean, worst } = measure(mix, 31);
    t.log(`mean ${mean.toFixed(2)}, worst ${worst}`);
    t.true(mean <= 1.5, `mean ${mean}`);
    t.true(worst <= 6, `worst ${worst}`);
  });
}

for (const [name, mix] of Object.entries(hairpinOnly)) {
  test(`512 flows, ${name} (seed 32): mean <= 2.1, worst <= 8`, (t) => {
    const { mean, worst } = measure(mix, 32);
    t.log(`mean ${mean.toFixed(2)}, worst ${worst}`);
    t.true(mean <= 2.1, `mean ${mean}`);
    t.true(worst <= 8, `worst ${worst}`);
  });
}
