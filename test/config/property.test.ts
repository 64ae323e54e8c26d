/** Things that hold for every configuration, and for every text at all. */
import test from 'ava';
import fc from 'fast-check';
import { broadcastOf, maskOf, networkOf } from '../../firmware/config/address.ts';
import { parseBoard } from '../../firmware/config/board.ts';
import { readJson } from '../../firmware/config/json.ts';
import {
  filterModes,
  forwardProtocols,
  hairpinModes,
  maxHosts,
  maxLease,
  minLease,
} from '../../firmware/config/schema.ts';
import type { Config, Forward } from '../../firmware/config/schema.ts';
import { describeConfig, parseConfig } from '../../firmware/config/validate.ts';
import { boardText, dualBoardText, exampleText, homeText } from './documents.ts';

const seed = 20260823;

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const mac = fc
  .array(fc.integer({ min: 0, max: 255 }), { minLength: 6, maxLength: 6 })
  .map((bytes) => [(bytes[0] & 254) | 2, ...bytes.slice(1)]);

/** The `pick`-th host of a subnet, counted around. */
function host(address: number, prefix: number, pick: number): number {
  const hosts = 2 ** (32 - prefix) - 2;
  return networkOf(address, prefix) + 1 + (pick % hosts);
}

/** A range of ports out of the `i`-th thousand, so that no two forwards meet. */
function forwards(lan: { address: number; prefix: number }): fc.Arbitrary<Forward[]> {
  const part = fc.record({
    proto: fc.constantFrom(...forwardProtocols),
    hairpin: fc.constantFrom(...hairpinModes),
    start: fc.integer({ min: 0, max: 999 }),
    length: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 999 })),
    pick: u32,
    toPort: fc.integer({ min: 1, max: 64000 }),
    keeps: fc.boolean(),
    from: u32,
    fromPrefix: fc.integer({ min: 0, max: 32 }),
  });
  return fc.array(part, { maxLength: 31 }).map((parts) =>
    parts.map(({ proto, hairpin, start, length, pick, toPort, keeps, from, fromPrefix }, i) => {
      const firstPort = 1000 * (i + 1) + start;
      const to = host(lan.address, lan.prefix, pick);
      return {
        name: `forward-${i}`,
        proto,
        firstPort,
        lastPort: Math.min(firstPort + length, 1000 * (i + 1) + 999),
        to: to === lan.address ? host(lan.address, lan.prefix, pick + 1) : to,
        toPort: keeps ? firstPort : toPort,
        from: networkOf(from, fromPrefix),
        fromPrefix,
        hairpin,
      };
    }),
  );
}

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?$/);

/** Domain, pool and fixed hosts of a LAN, whose other hosts are to one side of the router and to the other. */
function household(own: { address: number; prefix: number }) {
  const [network, end] = [networkOf(own.address, own.prefix), broadcastOf(own.address, own.prefix)];
  const below = { first: network + 1, last: own.address - 1 };
  const sides = [below, { first: own.address + 1, last: end - 1 }].filter(({ first, last }) => first <= last);
  const pool = fc
    .constantFrom(...sides)
    .chain(({ first, last }) => fc.tuple(...[0, 1].map(() => fc.integer({ min: first, max: last }))))
    .map(([one, other]) => ({ first: Math.min(one, other), last: Math.max(one, other) }));
  const address = fc.integer({ min: network + 1, max: end - 1 }).filter((one) => one !== own.address);
  const hosts = fc.uniqueArray(fc.record({ name: label, mac, address }), {
    maxLength: Math.min(maxHosts, end - network - 2),
    comparator: (a, b) => a.name === b.name || a.address === b.address || a.mac.join() === b.mac.join(),
  });
  const lease = fc.integer({ min: minLease, max: maxLease });
  return fc.record({
    domain: fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.')),
    dhcp: fc.option(fc.tuple(pool, lease, hosts).map(([pool, lease, hosts]) => ({ ...pool, lease, hosts }))),
  });
}

/** WAN addresses out of 32-95.x, LAN addresses out of 128-191.x: they cannot overlap. */
const config: fc.Arbitrary<Config> = fc
  .record({
    wan: fc.tuple(
      fc.integer({ min: 0x20000000, max: 0x5fffffff }),
      fc.integer({ min: 8, max: 30 }),
      u32,
      mac,
    ),
    lan: fc.tuple(
      fc.integer({ min: 0x80000000, max: 0xbfffffff }),
      fc.integer({ min: 16, max: 30 }),
      u32,
      mac,
    ),
    mtu: fc.integer({ min: 576, max: 1500 }),
    nat: fc.record({
      filterUdp: fc.constantFrom(...filterModes),
      filterTcp: fc.constantFrom(...filterModes),
      hairpinDynamic: fc.boolean(),
      wanIcmpErrors: fc.boolean(),
      natPmp: fc.boolean(),
      timeouts: fc.record({
        udp: fc.integer({ min: 120, max: 32767 }),
        tcpEstablished: fc.integer({ min: 7440, max: 32767 }),
        tcpTransitory: fc.integer({ min: 240, max: 32767 }),
        icmp: fc.integer({ min: 60, max: 32767 }),
      }),
    }),
    dmz: fc.option(u32, { nil: 0 }),
    syslog: fc.option(u32, { nil: 0 }),
    leased: fc.boolean(),
    // 96-111.x: neither the WAN's nor the LAN's.
    dns: fc.option(
      fc.record({ servers: fc.array(fc.integer({ min: 0x60000000, max: 0x6fffffff }), { maxLength: 3 }) }),
    ),
  })
  .filter(({ wan, lan }) => wan[3].join() !== lan[3].join())
  .chain(({ wan, lan, mtu, nat, dmz, syslog, leased, dns }) => {
    const own = { address: host(lan[0], lan[1], lan[2]), prefix: lan[1], mac: lan[3] };
    const address = host(wan[0], wan[1], wan[2]);
    const ports = leased
      ? { address: 0, prefix: 32, gateway: 0 }
      : { address, prefix: wan[1], gateway: host(address, wan[1], wan[2] + 1) };
    const other = (pick: number) => {
      const inner = pick && host(own.address, own.prefix, pick);
      return inner === own.address ? 0 : inner;
    };
    return fc.tuple(forwards(own), household(own)).map(([list, home]) => ({
      wan: { dhcp: leased, ...ports, mac: wan[3], mtu },
      lan: { ...own, ...home },
      nat,
      forwards: list,
      dmz: other(dmz),
      dns,
      syslog: other(syslog),
    }));
  });

test(`a config is described as text that parses to the same config (seed ${seed})`, (t) => {
  fc.assert(
    fc.property(config, (expected) => {
      const parsed = parseConfig(describeConfig(expected), 'hairpin.json');
      if ('error' in parsed) throw new Error(parsed.error);
      t.deepEqual(parsed.config, expected);
      t.is(describeConfig(parsed.config), describeConfig(expected));
    }),
    { seed, numRuns: 300 },
  );
});

test(`network, host bits and broadcast address of a subnet fit together (seed ${seed})`, (t) => {
  fc.assert(
    fc.property(u32, fc.integer({ min: 0, max: 32 }), (address, prefix) => {
      const size = 2 ** (32 - prefix);
      t.is(maskOf(prefix), 2 ** 32 - size);
      t.is(networkOf(address, prefix), Math.floor(address / size) * size);
      t.is(broadcastOf(address, prefix), networkOf(address, prefix) + size - 1);
    }),
    { seed, numRuns: 1000 },
  );
});

/** A text with a few places replaced, inserted, cut out or doubled. */
function mutated(text: string): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(
      '"',
      ',',
      ':',
      '{',
      '}',
      '[',
      ']',
      '-',
      '.',
      '/',
      '0',
      '1e9',
      'null',
      'true',
      '\\',
      '\n',
      "'",
    ),
    fc.string({ maxLength: 3, unit: 'binary' }),
    fc.constantFrom('"__proto__"', '"dhcp"', '65536', '"5000-5010"', '255.255.255.255/32', '[[[[[[[['),
  );
  const edit = fc.record({ at: fc.nat(text.length), cut: fc.nat(12), piece, doubled: fc.boolean() });
  return fc.array(edit, { minLength: 1, maxLength: 5 }).map((edits) =>
    edits.reduce((now, { at, cut, piece: put, doubled }) => {
      const rest = doubled ? now.slice(at) : now.slice(at + cut);
      return now.slice(0, at) + (doubled ? now.slice(at, at + cut) : put) + rest;
    }, text),
  );
}

test(`5,000 damaged texts are read or refused in one line, never thrown at (seed ${seed})`, (t) => {
  let refused = 0;
  const check = (parse: (text: string, file: string) => object) => (text: string) => {
    const parsed = parse(text, 'it.json');
    if (!('error' in parsed)) return;
    refused++;
    // One printable line that names the file.
    if (!/^it\.json: [ -~]+$/.test(parsed.error as string)) throw new Error(JSON.stringify(parsed));
  };
  for (const text of [exampleText, homeText])
    fc.assert(fc.property(mutated(text), check(parseConfig)), { seed, numRuns: 1500 });
  for (const text of [boardText, dualBoardText])
    fc.assert(fc.property(mutated(text), check(parseBoard)), { seed, numRuns: 1000 });
  t.true(refused > 2500 && refused < 5000, `${refused} of 5000 were refused`);
});

test(`whatever is read, JSON.parse reads too (seed ${seed})`, (t) => {
  let read = 0;
  fc.assert(
    fc.property(mutated('{"a":[1,{"b":"c"},true],"d":{"e":null,"f":""},"g":12}'), (text) => {
      if ('error' in readJson(text)) return;
      read++;
      JSON.parse(text);
    }),
    { seed, numRuns: 3000 },
  );
  t.true(read > 30, `${read} of 3000 were read`);
});
