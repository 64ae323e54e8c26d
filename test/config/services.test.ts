/** What a config says of the services: an address leased from the ISP, the LAN's leases, names, log. */
import test from 'ava';
import { domainBytes, leaseNameBytes, leaseSlots, resolverCount } from '../../firmware/layout/arena.ts';
import { maxDocumentLength } from '../../firmware/config/json.ts';
import * as schema from '../../firmware/config/schema.ts';
import type { Config } from '../../firmware/config/schema.ts';
import { describeConfig, parseConfig } from '../../firmware/config/validate.ts';
import { change, homeText } from './documents.ts';

function parse(text: string): Config {
  const parsed = parseConfig(text, 'hairpin.json');
  if ('error' in parsed) throw new Error(parsed.error);
  return parsed.config;
}

const changed = (path: string, value: unknown) => parse(change(homeText, path, value));

const address = (text: string) => text.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);

test('the example of a household is read, with defaults where it says nothing', (t) => {
  const config = parse(homeText);
  const wan = { dhcp: true, address: 0, prefix: 32, gateway: 0, mac: [2, 0, 0, 0, 12, 1], mtu: 1500 };
  t.deepEqual(config.wan, wan);
  t.deepEqual(config.lan, {
    address: 0xc0a80001,
    prefix: 24,
    mac: [2, 0, 0, 0, 168, 1],
    domain: 'lan',
    dhcp: {
      first: 0xc0a80064,
      last: 0xc0a800c7,
      lease: 43200,
      hosts: [{ name: 'nas', mac: [2, 0, 0, 0, 168, 2], address: 0xc0a80002 }],
    },
  });
  t.deepEqual(config.dns, { servers: [] });
  t.is(config.syslog, 0);
});

test('it is described with every default written out', (t) => {
  const text = describeConfig(parse(homeText));
  t.true(
    text.startsWith(
      '{"wan":{"address":"dhcp","mac":"02:00:00:00:0c:01","mtu":1500},' +
        '"lan":{"address":"192.168.0.1/24","mac":"02:00:00:00:a8:01","domain":"lan",' +
        '"dhcp":{"first":"192.168.0.100","last":"192.168.0.199","lease":43200,' +
        '"hosts":[{"name":"nas","mac":"02:00:00:00:a8:02","address":"192.168.0.2"}]}},"nat":{',
    ),
    text,
  );
  t.true(text.endsWith('"hairpin":"external"}],"dns":{"servers":[]}}'), text);
  const whole = describeConfig(
    parse(change(change(homeText, 'dns.servers', ['9.9.9.9', '1.1.1.1']), 'log.syslog', '192.168.0.9')),
  );
  t.true(whole.endsWith('],"dns":{"servers":["9.9.9.9","1.1.1.1"]},"log":{"syslog":"192.168.0.9"}}'), whole);
});

/** The router's address, what the config says of the pool, and the pool. */
const pools: [own: string, said: object, first: string, last: string][] = [
  ['192.168.0.1/24', {}, '192.168.0.100', '192.168.0.199'],
  ['192.168.0.1/16', {}, '192.168.0.100', '192.168.0.199'],
  ['192.168.0.100/24', {}, '192.168.0.101', '192.168.0.200'],
  ['192.168.0.150/24', {}, '192.168.0.100', '192.168.0.149'],
  ['192.168.0.1/25', {}, '192.168.0.64', '192.168.0.126'],
  ['192.168.0.254/25', {}, '192.168.0.192', '192.168.0.253'],
  ['192.168.0.1/30', {}, '192.168.0.2', '192.168.0.2'],
  ['192.168.0.2/30', {}, '192.168.0.1', '192.168.0.1'],
  ['192.168.0.1/24', { first: '192.168.0.200' }, '192.168.0.200', '192.168.0.254'],
  ['192.168.0.254/24', { first: '192.168.0.200' }, '192.168.0.200', '192.168.0.253'],
  ['192.168.0.1/24', { last: '192.168.0.254' }, '192.168.0.100', '192.168.0.254'],
  ['192.168.0.1/24', { first: '192.168.0.7', last: '192.168.0.7' }, '192.168.0.7', '192.168.0.7'],
  ['192.168.0.254/24', { first: '192.168.0.1', last: '192.168.0.253' }, '192.168.0.1', '192.168.0.253'],
];

for (const [own, said, first, last] of pools)
  test(`the pool of ${own} with ${JSON.stringify(said)} is ${first} to ${last}`, (t) => {
    const document = JSON.parse(change(homeText, 'lan.dhcp', said)) as { lan: { address: string } };
    document.lan.address = own;
    const { dhcp } = parse(JSON.stringify({ ...document, forwards: [] })).lan;
    t.is(dhcp?.first, address(first));
    t.is(dhcp?.last, address(last));
  });

test('domains of one name and of several are taken', (t) => {
  for (const domain of ['a', 'home.arpa', 'x-1.y', 'a'.repeat(24), 'a.'.repeat(11) + 'bc'])
    t.is(changed('lan.domain', domain).lan.domain, domain);
});

test('the ends of what a lease may take are taken', (t) => {
  for (const lease of [120, 604800]) t.is(changed('lan.dhcp.lease', lease).lan.dhcp?.lease, lease);
});

test('where the ISP leases the address, no forward may have the UDP port of its answers', (t) => {
  const rule = { name: 'all', proto: 'both', port: 68, to: '192.168.0.2' };
  const refused = {
    error:
      'hairpin.json: forwards[0].port: expected ports without udp port 68, where the ISP answers a router whose wan.address is "dhcp"; with "proto": "tcp" it is free',
  };
  for (const port of [68, '60-68', '68-70', '1-65535'])
    for (const proto of ['udp', 'both'])
      t.deepEqual(
        parseConfig(change(homeText, 'forwards', [{ ...rule, port, proto }]), 'hairpin.json'),
        refused,
      );
  for (const part of [{ proto: 'tcp' }, { port: 67 }, { port: '69-70' }])
    t.is(changed('forwards', [{ ...rule, ...part }]).forwards.length, 1);
  const fixed = { address: '12.0.0.1/24', gateway: '12.0.0.254', mac: '02:00:00:00:0c:01' };
  t.is(parse(change(change(homeText, 'wan', fixed), 'forwards', [rule])).forwards.length, 1);
});

test('the LAN may be any where the address of the WAN is not known yet; a mistake names the port alone', (t) => {
  const lan = { address: '12.0.0.1/16', mac: '02:00:00:00:a8:01' };
  t.is(parse(change(change(homeText, 'forwards', []), 'lan', lan)).lan.prefix, 16);
  const parsed = parseConfig(change(homeText, 'forwards.0.hairpin', 'dnat-only'), 'hairpin.json');
  t.deepEqual('error' in parsed ? parsed : parsed.warnings, [
    'hairpin.json: forwards[0].hairpin: "dnat-only" is for demonstration: clients on the LAN get no answer from the public address, port 443',
  ]);
});

test('the arena has room for all that a config may say', (t) => {
  // A name ends with a zero; the domain has its length.
  t.true(schema.maxHostName < leaseNameBytes);
  t.true(schema.maxDomain <= domainBytes);
  t.true(schema.maxHosts < leaseSlots);
  t.is(schema.maxResolvers, resolverCount);
});

test('the longest household that can be described can be read again', (t) => {
  const config = parse(homeText);
  config.lan.domain = 'x'.repeat(schema.maxDomain);
  config.lan.dhcp!.hosts = Array.from({ length: schema.maxHosts }, (_, i) => ({
    name: String(i).padStart(schema.maxHostName, 'a'),
    mac: [254, 255, 255, 255, 255, i],
    address: 0xc0a800c8 + i,
  }));
  config.forwards = Array.from({ length: schema.maxForwards }, (_, i) => ({
    name: String(i).padStart(schema.maxNameLength, 'a'),
    proto: 'both',
    firstPort: 20000 + 1000 * i,
    lastPort: 20999 + 1000 * i,
    to: 0xc0a800fe,
    toPort: 10000 + 1000 * i,
    from: 0xdedfdefe,
    fromPrefix: 31,
    hairpin: 'dnat-only',
  }));
  config.dns = { servers: [0xdedfdefe, 0xdedfdefd, 0xdedfdefc] };
  config.dmz = config.syslog = 0xc0a800fe;
  const text = describeConfig(config);
  t.true(text.length <= maxDocumentLength, `${text.length} characters`);
  t.deepEqual(parse(text), config);
});

test('names that nobody can answer are warned of: a WAN that is not leased, and no server', (t) => {
  const warnings = (text: string) => {
    const parsed = parseConfig(text, 'hairpin.json');
    return 'error' in parsed ? [parsed.error] : parsed.warnings;
  };
  const fixed = change(change(homeText, 'wan.address', '12.0.0.1/24'), 'wan.gateway', '12.0.0.254');
  t.deepEqual(warnings(homeText), []);
  t.deepEqual(warnings(change(fixed, 'dns.servers', ['9.9.9.9'])), []);
  t.deepEqual(warnings(fixed), [
    'hairpin.json: dns: no name of the Internet will be answered: wan.address is fixed, so no lease tells a name server, and dns.servers has none',
  ]);
});
