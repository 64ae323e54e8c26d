/**
 * Changes to a config's text: the value changes and nothing else does, in whatever style somebody wrote it.
 */
import test from 'ava';
import {
  editAddForward,
  editForwardMode,
  editRemove,
  editRemoveForward,
  editValue,
  editWan,
} from '../../firmware/config/edit.ts';
import type { Edit } from '../../firmware/config/edit.ts';
import { parseConfig } from '../../firmware/config/validate.ts';
import type { Config } from '../../firmware/config/schema.ts';

const wan = { address: '12.0.0.1/24', gateway: '12.0.0.254', mac: '02:00:00:00:0c:01' };
const lan = { address: '192.168.0.1/24', mac: '02:00:00:00:a8:01' };
/** Names that are keys too. */
const forwards = [
  { name: 'wan', proto: 'udp', port: 53, to: '192.168.0.2' },
  { name: 'hairpin', proto: 'tcp', port: 80, to: '192.168.0.2:8080', hairpin: 'lan' },
  { name: 'mtu', proto: 'both', port: '6000-6003', to: '192.168.0.3', from: '198.51.100.0/24' },
];

const documents: Record<string, object> = {
  'no nat, no forwards': { wan, lan },
  'no forwards in the list': { forwards: [], wan, lan, nat: {} },
  everything: {
    nat: { timeouts: { udp: 400 }, hairpinDynamic: true },
    lan,
    forwards,
    wan: { ...wan, mtu: 1400 },
    dmz: '192.168.0.9',
  },
  'a household, whose hosts have names and addresses too': {
    lan: {
      mac: lan.mac,
      domain: 'wan',
      dhcp: {
        hosts: [
          { name: 'address', mac: '02:00:00:00:a8:02', address: '192.168.0.2' },
          { name: 'lan', mac: '02:00:00:00:a8:03', address: '192.168.0.3' },
        ],
      },
      address: lan.address,
    },
    dns: { servers: ['9.9.9.9'] },
    wan,
    log: { syslog: '192.168.0.8' },
    forwards,
  },
  'an empty object in nat': { wan, nat: { timeouts: {} }, lan, forwards },
};

const styles: Record<string, (document: object) => string> = {
  'one line': (document) => JSON.stringify(document),
  indented: (document) => JSON.stringify(document, null, 2),
  'blanks before colons, CR LF': (document) =>
    JSON.stringify(document, null, '\t').replace(/": /g, '" :\t').replace(/\n/g, '\r\n') + '\r\n',
};

function read(text: string): Config {
  const parsed = parseConfig(text, 'test');
  if ('error' in parsed) throw new Error(`${parsed.error}\n${text}`);
  return parsed.config;
}

const apply = (text: string, { from, to, insert }: Edit) => text.slice(0, from) + insert + text.slice(to);

const values: [string, string, (config: Config) => unknown, unknown][] = [
  ['wan.address', '"12.0.0.7/24"', (c) => c.wan.address & 255, 7],
  ['wan.mac', '"02:00:00:00:0c:07"', (c) => c.wan.mac[5], 7],
  ['wan.mtu', '1234', (c) => c.wan.mtu, 1234],
  ['lan.address', '"192.168.0.254/24"', (c) => c.lan.address & 255, 254],
  ['lan.mac', '"02:00:00:00:a8:07"', (c) => c.lan.mac[5], 7],
  ['lan.domain', '"home.arpa"', (c) => c.lan.domain, 'home.arpa'],
  ['nat.natPmp', 'true', (c) => c.nat.natPmp, true],
  ['nat.filterUdp', '"endpoint-independent"', (c) => c.nat.filterUdp, 'endpoint-independent'],
  ['nat.hairpinDynamic', 'false', (c) => c.nat.hairpinDynamic, false],
  ['nat.wanIcmpErrors', 'true', (c) => c.nat.wanIcmpErrors, true],
  ['nat.timeouts.udp', '1234', (c) => c.nat.timeouts.udp, 1234],
  ['nat.timeouts.icmp', '77', (c) => c.nat.timeouts.icmp, 77],
  ['dmz', '"192.168.0.77"', (c) => c.dmz & 255, 77],
  ['log.syslog', '"192.168.0.77"', (c) => c.syslog & 255, 77],
];

/** A config without one of its values. */
function without(config: Config, path: string): string {
  const copy = structuredClone(config) as unknown as Record<string, Record<string, unknown>>;
  const keys = path.split('.');
  let at: Record<string, unknown> = copy;
  for (const key of keys.slice(0, -1)) at = (at[key] ?? {}) as Record<string, unknown>;
  // The one key whose place in the document is another than in the config.
  if (path === 'log.syslog') (copy as { syslog: unknown }).syslog = 0;
  else at[keys.at(-1) as string] = 0;
  return JSON.stringify(copy);
}

for (const [style, write] of Object.entries(styles)) {
  for (const [name, document] of Object.entries(documents)) {
    const text = write(document);
    const before = read(text);
    const count = before.forwards.length;

    test(`${style}, ${name}: every key can be set, and nothing else changes`, (t) => {
      for (const [path, value, told, expected] of values) {
        const after = read(apply(text, editValue(text, path, value)));
        t.deepEqual(told(after), expected, path);
        t.is(without(after, path), without(before, path), path);
      }
    });

    test(`${style}, ${name}: forwards come, go, and get modes`, (t) => {
      const entry = '{"name":"new","proto":"tcp","port":25,"to":"192.168.0.4"}';
      const added = apply(text, editAddForward(text, count, entry));
      t.deepEqual(read(added).forwards.slice(0, count), before.forwards);
      t.is(read(added).forwards[count].name, 'new');
      t.deepEqual(read(apply(added, editRemoveForward(added, count + 1, count))), before);
      for (let i = 0; i < count; i++) {
        const removed = read(apply(text, editRemoveForward(text, count, i)));
        t.deepEqual(removed, { ...before, forwards: before.forwards.filter((_, j) => j !== i) });
        const mode = read(apply(text, editForwardMode(text, i, 'none')));
        const changed = before.forwards.map((rule, j) =>
          j === i ? { ...rule, hairpin: 'none' as const } : rule,
        );
        t.deepEqual(mode, { ...before, forwards: changed });
      }
    });
  }
}

for (const [style, write] of Object.entries(styles)) {
  test(`${style}: a key that may be missing is taken out, wherever it stands`, (t) => {
    const rest = { wan, lan, forwards };
    const dmz = { dmz: '192.168.0.9' };
    for (const document of [
      { ...dmz, ...rest },
      { wan, ...dmz, lan, forwards },
      { ...rest, ...dmz },
    ]) {
      const text = write(document);
      t.deepEqual(read(apply(text, editRemove(text, 'dmz'))), read(write(rest)));
    }
    const text = write({ log: { syslog: '192.168.0.8' }, ...rest });
    t.deepEqual(read(apply(text, editRemove(text, 'log.syslog'))), read(write(rest)));
    // Nobody has these keys, though they stand in other objects or as values.
    for (const key of ['log.syslog', 'dmz', 'gateway', 'mtu', 'from', 'wan.hairpin']) {
      const unchanged = write(rest);
      t.is(apply(unchanged, editRemove(unchanged, key)), unchanged, key);
    }
  });

  test(`${style}: the WAN's address changes together with its gateway, and back`, (t) => {
    const wans = [
      wan,
      { gateway: wan.gateway, mac: wan.mac, mtu: 1400, address: wan.address },
      { mac: wan.mac, address: wan.address, gateway: wan.gateway },
    ];
    for (const one of wans) {
      const document = { lan, wan: one, dmz: '192.168.0.9', forwards };
      const text = write(document);
      const leased = apply(text, editWan(text, 'dhcp', ''));
      t.deepEqual(
        read(leased),
        read(write({ ...document, wan: { ...one, address: 'dhcp', gateway: undefined } })),
      );
      const fixed = apply(leased, editWan(leased, one.address, one.gateway));
      t.deepEqual(read(fixed), read(text));
      const other = { address: '100.64.1.2/10', gateway: '100.64.0.1' };
      const moved = apply(text, editWan(text, other.address, other.gateway));
      t.deepEqual(read(moved), read(write({ ...document, wan: { ...one, ...other } })));
    }
  });
}

test('all forwards can be removed one after the other, and come again', (t) => {
  let text = styles.indented({ wan, lan, forwards });
  for (let count = 3; count > 0; count--)
    text = apply(text, editRemoveForward(text, count, count > 1 ? 1 : 0));
  t.deepEqual(read(text).forwards, []);
  text = apply(text, editAddForward(text, 0, JSON.stringify(forwards[0])));
  t.is(read(text).forwards.length, 1);
});

test('lines stay lines', (t) => {
  const text = styles.indented({ wan, lan, forwards: forwards.slice(0, 1) });
  const edited = apply(
    text,
    editAddForward(text, 1, '{"name":"new","proto":"tcp","port":25,"to":"192.168.0.4"}'),
  );
  t.regex(edited, /\n {4}},\n {4}{"name":"new"/);
  t.regex(apply(text, editValue(text, 'wan.mtu', '1400')), /"wan": {\n {4}"mtu":1400,\n {4}"address"/);
});
