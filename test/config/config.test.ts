/** What a correct configuration means: values, defaults, warnings, and the way back to text. */
import test from 'ava';
import { forwardSlots } from '../../firmware/layout/arena.ts';
import { hairpinNames } from '../../firmware/layout/ports.ts';
import { maxDocumentLength } from '../../firmware/config/json.ts';
import { hairpinModes, maxForwards, maxNameLength } from '../../firmware/config/schema.ts';
import type { Config, Forward } from '../../firmware/config/schema.ts';
import { describeConfig, parseConfig } from '../../firmware/config/validate.ts';
import { change, exampleText } from './documents.ts';

function parse(text: string): Config {
  const parsed = parseConfig(text, 'hairpin.json');
  if ('error' in parsed) throw new Error(parsed.error);
  return parsed.config;
}

function parseForward(part: Record<string, unknown>): Forward {
  return parse(change(exampleText, 'forwards', [{ name: 'it', proto: 'tcp', ...part }])).forwards[0];
}

test('the example is read, with defaults where it says nothing', (t) => {
  const forward = { from: 0, fromPrefix: 0, hairpin: 'external' as const };
  t.deepEqual(parseConfig(exampleText, 'hairpin.json'), {
    config: {
      wan: {
        dhcp: false,
        address: 0x0c000001,
        prefix: 24,
        gateway: 0x0c0000fe,
        mac: [2, 0, 0, 0, 12, 1],
        mtu: 1500,
      },
      lan: { address: 0xc0a80001, prefix: 24, mac: [2, 0, 0, 0, 168, 1], domain: 'lan', dhcp: null },
      nat: {
        filterUdp: 'address-dependent',
        filterTcp: 'address-dependent',
        hairpinDynamic: true,
        wanIcmpErrors: false,
        natPmp: false,
        timeouts: { udp: 300, tcpEstablished: 7440, tcpTransitory: 240, icmp: 60 },
      },
      forwards: [
        { name: 'smtp', proto: 'tcp', firstPort: 25, lastPort: 25, to: 0xc0a80002, toPort: 25, ...forward },
        { name: 'http', proto: 'tcp', firstPort: 80, lastPort: 80, to: 0xc0a80002, toPort: 80, ...forward },
        {
          name: 'echo',
          proto: 'udp',
          firstPort: 5000,
          lastPort: 5000,
          to: 0xc0a80002,
          toPort: 5000,
          ...forward,
        },
      ],
      dmz: 0,
      dns: null,
      syslog: 0,
    },
    warnings: [],
  });
});

test('the example is described with every default written out', (t) => {
  t.is(
    describeConfig(parse(exampleText)),
    '{"wan":{"address":"12.0.0.1/24","gateway":"12.0.0.254","mac":"02:00:00:00:0c:01","mtu":1500},' +
      '"lan":{"address":"192.168.0.1/24","mac":"02:00:00:00:a8:01","domain":"lan"},' +
      '"nat":{"filterUdp":"address-dependent","filterTcp":"address-dependent","hairpinDynamic":true,' +
      '"wanIcmpErrors":false,"natPmp":false,' +
      '"timeouts":{"udp":300,"tcpEstablished":7440,"tcpTransitory":240,"icmp":60}},' +
      '"forwards":[{"name":"smtp","proto":"tcp","port":25,"to":"192.168.0.2:25","hairpin":"external"},' +
      '{"name":"http","proto":"tcp","port":80,"to":"192.168.0.2:80","hairpin":"external"},' +
      '{"name":"echo","proto":"udp","port":5000,"to":"192.168.0.2:5000","hairpin":"external"}]}',
  );
});

test('a config without forwards has none', (t) => {
  t.deepEqual(parse(change(exampleText, 'forwards', undefined)).forwards, []);
});

test('every setting of nat is taken', (t) => {
  const nat = {
    filterUdp: 'endpoint-independent',
    filterTcp: 'endpoint-independent',
    hairpinDynamic: false,
    wanIcmpErrors: true,
    natPmp: true,
    timeouts: { udp: 120, tcpEstablished: 32767, tcpTransitory: 241, icmp: 61 },
  };
  t.deepEqual(parse(change(exampleText, 'nat', nat)).nat, nat);
});

test('a DMZ host is taken, and told', (t) => {
  const config = parse(change(exampleText, 'dmz', '192.168.0.9'));
  t.is(config.dmz, 0xc0a80009);
  t.true(describeConfig(config).endsWith('}],"dmz":"192.168.0.9"}'));
});

test('the smallest MTU and upper-case MAC addresses are taken', (t) => {
  t.is(parse(change(exampleText, 'wan.mtu', 576)).wan.mtu, 576);
  t.deepEqual(parse(change(exampleText, 'wan.mac', 'FE:0A:b0:00:0C:ff')).wan.mac, [254, 10, 176, 0, 12, 255]);
});

test('subnets of the smallest and the largest size are taken', (t) => {
  const small = change(change(exampleText, 'wan.address', '12.0.0.1/30'), 'wan.gateway', '12.0.0.2');
  t.is(parse(small).wan.prefix, 30);
  const wide = change(change(exampleText, 'wan.address', '12.0.0.1/8'), 'wan.gateway', '12.255.0.1');
  t.is(parse(wide).wan.gateway, 0x0cff0001);
  t.is(parse(change(exampleText, 'lan.address', '192.168.255.1/16')).lan.prefix, 16);
});

test('a server is found at the same port unless another is named', (t) => {
  t.like(parseForward({ port: 25, to: '192.168.0.2' }), { firstPort: 25, lastPort: 25, toPort: 25 });
  t.like(parseForward({ port: 25, to: '192.168.0.2:2525' }), { firstPort: 25, lastPort: 25, toPort: 2525 });
});

test('a range keeps its ports, or is shifted to start at the one named', (t) => {
  const range = { firstPort: 5000, lastPort: 5010 };
  t.like(parseForward({ port: '5000-5010', to: '192.168.0.2' }), { ...range, toPort: 5000 });
  t.like(parseForward({ port: '5000-5010', to: '192.168.0.2:6000' }), { ...range, toPort: 6000 });
  t.like(parseForward({ port: '5000-5010', to: '192.168.0.2:65525' }), { ...range, toPort: 65525 });
  t.like(parseForward({ port: '1-65535', to: '192.168.0.2' }), { firstPort: 1, lastPort: 65535, toPort: 1 });
});

test('a source subnet is taken, one host and everyone included', (t) => {
  const forward = { port: 25, to: '192.168.0.2' };
  t.like(parseForward({ ...forward, from: '198.51.100.0/24' }), { from: 0xc6336400, fromPrefix: 24 });
  t.like(parseForward({ ...forward, from: '198.51.100.10/32' }), { from: 0xc633640a, fromPrefix: 32 });
  t.like(parseForward({ ...forward, from: '0.0.0.0/0' }), { from: 0, fromPrefix: 0 });
});

test('the same port may go to two servers by protocol', (t) => {
  const forwards = [
    { name: 'dns', proto: 'udp', port: 53, to: '192.168.0.2' },
    { name: 'dns-tcp', proto: 'tcp', port: 53, to: '192.168.0.3' },
  ];
  t.is(parse(change(exampleText, 'forwards', forwards)).forwards.length, 2);
});

test('dnat-only is taken with a warning, the other modes without one', (t) => {
  for (const hairpin of hairpinModes) {
    const parsed = parseConfig(change(exampleText, 'forwards.1.hairpin', hairpin), 'hairpin.json');
    if ('error' in parsed) return t.fail(parsed.error);
    t.is(parsed.config.forwards[1].hairpin, hairpin);
    t.deepEqual(
      parsed.warnings,
      hairpin === 'dnat-only'
        ? [
            'hairpin.json: forwards[1].hairpin: "dnat-only" is for demonstration: ' +
              'clients on the LAN get no answer from 12.0.0.1:80',
          ]
        : [],
    );
  }
});

test('hairpin modes stand in the order of their numbers, and the arena has room for every forward', (t) => {
  t.deepEqual(hairpinModes, hairpinNames);
  // Row 0 of a table may mean "none".
  t.true(maxForwards < forwardSlots);
});

test('the longest config that can be described can be read again', (t) => {
  const config = parse(exampleText);
  config.forwards = Array.from({ length: maxForwards }, (_, i) => ({
    name: String(i).padStart(maxNameLength, 'a'),
    proto: 'both',
    firstPort: 20000 + 1000 * i,
    lastPort: 20999 + 1000 * i,
    to: 0xc0a800fe,
    toPort: 10000 + 1000 * i,
    from: 0xdedfdefe,
    fromPrefix: 31,
    hairpin: 'dnat-only',
  }));
  const text = describeConfig(config);
  t.true(text.length <= maxDocumentLength);
  t.deepEqual(parse(text), config);
});
