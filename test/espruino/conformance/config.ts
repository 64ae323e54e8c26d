/**
 * Every sentence with which a config or a board file is refused, and the values that just pass.
 */
import assert from 'node:assert/strict';
import { config as document, configText } from './configs.ts';
import type { Stage, Subject } from './subject.ts';

/** Texts that are no document, with what the console must say. */
const texts: [string, string][] = [
  [' ', 'line 1, column 2: expected a value'],
  ['\n\r\t x', 'line 2, column 4: expected a value'],
  ['[] 5', 'expected nothing more'],
  ['{"a" 1}', '":" after the key'],
  ['{5:1}', 'a key in double quotes'],
  ['{"a":1,}', 'a key in double quotes'],
  ['{"a":1 "b"', '"," or "}"'],
  ['[1 2]', '"," or "]"'],
  ['[1,]', 'but found "]"'],
  ['{"a":1,"a":2}', 'expected every key once'],
  ['{"a', 'a closing double quote'],
  ['{"a":"b', 'a closing double quote'],
  ['["a\\n"]', 'without backslashes'],
  ['["a\u0007"]', 'printable ASCII characters'],
  ['[01]', 'without leading zeros'],
  ['[1234567890]', 'at most 9 digits'],
  ['[1.5]', 'a whole number'],
  ['[1e5]', 'a whole number'],
  ['[1E5]', 'a whole number'],
  ['[-1]', 'without a sign'],
  ['[tru', 'a value'],
  ['[\u0001', 'not printable ASCII'],
  ['["', 'a closing double quote'],
  ['{"":""', 'the text ends'],
  ['{"a"}', 'found "}"'],
  ['[[[[[[[[[', 'at most 8 objects and lists'],
  [
    '[true,false,null,[],{}]',
    'expected an object with wan, lan, nat, forwards, dmz, dns, log, but got a list',
  ],
  ['null', 'but got null'],
  ['"hello"', 'but got "hello"'],
  ['7', 'but got 7'],
  ['{}', 'wan: expected an object with address, gateway, mac, mtu, but it is missing'],
  [' '.repeat(8193), 'at most 8192 characters'],
];

type Document = ReturnType<typeof document>;

/** A good document without forwards: short, because the interpreter reads it letter by letter. */
const small = document({ mtu: 1500, rules: [] });

/** A change to a good document. */
function changed(change: (wanted: Record<string, Record<string, unknown>>) => void): string {
  const wanted = structuredClone(small);
  change(wanted as unknown as Parameters<typeof change>[0]);
  return JSON.stringify(wanted);
}

function withForward(change: object): string {
  const good = { name: 'web', proto: 'tcp', port: 80, to: '192.168.0.2' };
  return JSON.stringify({ ...small, forwards: [{ ...good, ...change }] });
}

function withForwards(...forwards: unknown[]): string {
  return JSON.stringify({ ...small, forwards });
}

const web = { name: 'web', proto: 'tcp', port: 80, to: '192.168.0.2' };

const ports: [string, string][] = [
  [changed((d) => (d.wna = {})), 'did you mean "wan"'],
  [changed((d) => (d.dmz = {})), 'dmz: expected the address of a host'],
  [JSON.stringify({ ...small, dmz: '10.0.0.1' }), 'dmz: expected the address of a host'],
  [JSON.stringify({ ...small, dmz: '192.168.0.1' }), "is the router's own"],
  [changed((d) => (d.wan.adress = 1)), 'did you mean "address"'],
  [changed((d) => (d.wan['x'.repeat(50)] = 1)), '...'],
  [changed((d) => delete d.wan.address), 'wan.address: expected'],
  [changed((d) => (d.wan.address = 'dhcp')), 'no gateway beside wan.address "dhcp"'],
  [changed((d) => (d.wan.address = '12.0.0.1')), 'but got "12.0.0.1"'],
  [changed((d) => (d.wan.address = '12.0.0/24')), 'but got'],
  [changed((d) => (d.wan.address = '12.0.0.256/24')), 'but got'],
  [changed((d) => (d.wan.address = '12.0.0.x/24')), 'but got'],
  [changed((d) => (d.wan.address = '12.0.0.1/7')), 'but got'],
  [changed((d) => (d.wan.address = '127.0.0.1/24')), 'an address that a host may have'],
  [changed((d) => (d.wan.address = '12.0.0.0/24')), 'not the first or the last'],
  [changed((d) => (d.wan.address = '12.0.0.255/24')), 'not the first or the last'],
  [changed((d) => (d.wan.gateway = '13.0.0.1')), "the ISP's router"],
  [changed((d) => (d.wan.gateway = 5)), "the ISP's router"],
  [changed((d) => (d.wan.gateway = '12.0.0.1')), 'is wan.address'],
  [changed((d) => (d.wan.mac = '02:00:00:00:0c')), 'a MAC address'],
  [changed((d) => (d.wan.mac = '02:00:00:00:0c:0g')), 'a MAC address'],
  [changed((d) => (d.wan.mac = '03:00:00:00:0c:01')), 'first byte must be even'],
  [changed((d) => (d.wan.mac = '00:00:00:00:00:00')), 'not all zeros'],
  [changed((d) => (d.wan.mtu = 575)), 'from 576 to 1500'],
  [changed((d) => (d.wan.mtu = 'big')), 'from 576 to 1500'],
  [changed((d) => (d.lan.address = '12.0.0.2/16')), 'overlaps it'],
  [changed((d) => (d.lan.address = '192.168.0.1/15')), '/16 to /30'],
  [changed((d) => (d.lan.mac = '02:00:00:00:0C:01')), 'another MAC address than wan.mac'],
  [changed((d) => (d.nat.hairpinDynamic = 1)), 'true or false, but got 1'],
  [changed((d) => (d.nat.filterUdp = {})), '"endpoint-independent", but got'],
  [changed((d) => (d.nat.timeouts = { udp: 119 })), 'RFC 4787 REQ-5'],
  [changed((d) => (d.nat.timeouts = { icmp: 32768 })), 'to 32767'],
  [changed((d) => (d.nat.timeouts = { tcp: 1 })), 'expected no keys but'],
  [changed((d) => (d.nat.timeouts = [])), 'but got a list'],
  [JSON.stringify({ ...small, nat: 'none' }), 'but got "none"'],
  [JSON.stringify({ ...small, lan: null }), 'but got null'],
];

/** A household: its LAN's services, or one forward, are others. */
function household(change: object, rule?: object): string {
  const { wan, lan, nat } = small;
  return JSON.stringify({
    wan: { ...wan, address: 'dhcp', gateway: undefined },
    lan: { ...lan, dhcp: {}, ...change },
    nat,
    forwards: rule ? [{ ...web, ...rule }] : [],
    dns: {},
  });
}

const nas = { name: 'nas', mac: '02:00:00:00:a8:02', address: '192.168.0.2' };

const services: [string, string][] = [
  [household({ domain: 'a..b' }), 'a domain of 1 to 24 characters'],
  [household({ dhcp: null }), 'an object with first, last, lease, hosts'],
  [household({ dhcp: { first: '192.168.1.9' } }), 'the address of a host on the LAN (192.168.0.0/24)'],
  [household({ dhcp: { first: '192.168.0.1' } }), "is the router's own"],
  [household({ dhcp: { last: '192.168.0.9' } }), 'does not come before the first one, 192.168.0.100'],
  [
    household({ address: '192.168.0.9/24', dhcp: { first: '192.168.0.8', last: '192.168.0.254' } }),
    '192.168.0.9 lies between 192.168.0.8 and 192.168.0.254',
  ],
  [household({ dhcp: { lease: 119 } }), 'from 120 to 604800'],
  [household({ dhcp: { hosts: {} } }), 'a list of hosts'],
  [household({ dhcp: { hosts: Array(17).fill(nas) } }), 'at most 16 hosts, but got 17'],
  [household({ dhcp: { hosts: [{ ...nas, name: 'nas-' }] } }), 'a-z, 0-9 and inner -'],
  [household({ dhcp: { hosts: [nas, nas] } }), 'a name of its own'],
  [household({ dhcp: { hosts: [nas, { ...nas, name: 'tv' }] } }), 'has 02:00:00:00:a8:02 too'],
  [
    household({ dhcp: { hosts: [nas, { ...nas, name: 'tv', mac: '02:00:00:00:a8:03' }] } }),
    'has 192.168.0.2 too',
  ],
  [household({}, { proto: 'both', port: '60-70' }), 'ports without udp port 68'],
  [JSON.stringify({ ...small, dns: [] }), 'an object with servers, but got a list'],
  [JSON.stringify({ ...small, dns: { servers: '9.9.9.9' } }), 'a list of addresses'],
  [JSON.stringify({ ...small, dns: { servers: Array(4).fill('9.9.9.9') } }), 'at most 3 servers'],
  [JSON.stringify({ ...small, dns: { servers: ['127.0.0.1'] } }), 'the address of a name server'],
  [JSON.stringify({ ...small, dns: { servers: ['12.0.0.1'] } }), "is the router's own"],
  [JSON.stringify({ ...small, log: { syslog: '10.0.0.1' } }), 'log.syslog: expected the address of a host'],
];

const rules: [string, string][] = [
  [JSON.stringify({ ...small, forwards: {} }), 'a list of forwards'],
  [withForwards(5), 'forwards[0]: expected an object'],
  [withForward({ name: '-web' }), 'a name of 1 to 24'],
  [withForward({ name: 'Web' }), 'a name of 1 to 24'],
  [withForward({ name: '' }), 'a name of 1 to 24'],
  [withForward({ proto: 'sctp' }), 'one of "tcp", "udp", "both"'],
  [withForward({ proto: undefined }), 'but it is missing'],
  [withForward({ hairpin: 'outside' }), 'one of "external"'],
  [withForward({ port: 0 }), 'a port from 1'],
  [withForward({ port: 65536 }), 'a port from 1'],
  [withForward({ port: '9-8' }), 'a port from 1'],
  [withForward({ port: '80' }), 'a port from 1'],
  [withForward({ port: '080-90' }), 'a port from 1'],
  [withForward({ port: true }), 'a port from 1'],
  [withForward({ to: '10.0.0.1' }), 'an address on the LAN (192.168.0.0/24)'],
  [withForward({ to: '192.168.0.2:0' }), 'an address on the LAN'],
  [withForward({ to: '192.168.0.2:1:2' }), 'an address on the LAN'],
  [withForward({ to: '192.168.0.255' }), 'an address on the LAN'],
  [withForward({ to: '192.168.0.1' }), "the router's own"],
  [withForward({ port: '80-90', to: '192.168.0.2:65530' }), 'leaves room for the whole range'],
  [withForward({ from: 'anyone' }), 'the subnet that may use'],
  [withForward({ from: '198.51.100.1/24' }), 'without host bits: "198.51.100.0/24"'],
  [withForwards(web, { ...web, port: 81 }), 'a name of its own'],
  [withForwards(web, { ...web, name: 'w', proto: 'both' }), 'both have tcp port 80'],
  [withForwards({ ...web, proto: 'both' }, { ...web, name: 'w', proto: 'both' }), 'tcp and udp port 80'],
  [withForwards(...Array<object>(32).fill(web)), 'at most 31 forwards, but got 32'],
];

const spi = { bus: 'SPI2', sck: 'D18', miso: 'D19', mosi: 'D23', hertz: 20_000_000 };
const chips = {
  wan: { select: 'D25', interrupt: 'D26', reset: 'D13' },
  lan: { select: 'D32', interrupt: 'D33', reset: 'D14' },
};

/** A board whose LAN chip's pins, or bus, are others. */
function board(lan: object, bus: object = {}): string {
  return JSON.stringify({ board: 'b', spi: { ...spi, ...bus }, ...chips, lan: { ...chips.lan, ...lan } });
}

/** A board whose LAN chip has this bus for itself. */
function twoBuses(bus: string): string {
  const other = { bus, sck: 'D27', miso: 'D34', mosi: 'D4', hertz: 1_000_000 };
  return JSON.stringify({ board: 'b', wan: { spi, ...chips.wan }, lan: { spi: other, ...chips.lan } });
}

const boards: [string, string][] = [
  ['nil', 'board.json: line 1, column 1'],
  ['{}', 'board: expected the name of the board'],
  [board({ select: 'D20' }), 'has no such pin'],
  [board({ select: 'D6' }), 'belongs to the flash chip'],
  [board({ select: 'D1' }), 'belongs to the serial console'],
  [board({ select: 'D0' }), 'it is the BOOT button'],
  [board({ select: 'D34' }), 'it is input only'],
  [board({ interrupt: 'D12' }), 'cannot watch it'],
  [board({ select: 'D25' }), 'wan.select has it already'],
  [board({ select: 'D40' }), 'a pin from "D0" to "D39"'],
  [board({ select: '25' }), 'a pin from "D0" to "D39"'],
  [board({ select: 25 }), 'a pin from "D0" to "D39"'],
  [board({}, { hertz: 30_000_000 }), 'a clock from 1000000 to 26666666 Hz'],
  [board({}, { bus: 'SPI3' }), 'one of "SPI1", "SPI2"'],
  [JSON.stringify({ board: 'b', ...chips }), 'or one "spi" for both chips at the top'],
  [board({ spi }), 'no keys but select, interrupt, reset, but got "spi"'],
  [twoBuses('SPI2'), 'expected another bus than "SPI2"'],
];

function refused(stage: Stage, [text, sentence]: [string, string]): void {
  const router = stage.boot({ config: text });
  assert.equal(router.console.length, 1, text);
  assert.ok(
    router.console[0].startsWith('config.json: ') && router.console[0].includes(sentence),
    router.console[0],
  );
  router.refused('status');
}

const mac = (i: number) => `02:00:00:00:a8:${String(i + 10)}`;

/** A config at the edges of what is allowed, printed back with every default. */
function allowed(stage: Stage): void {
  const { wan, lan }: Document = document();
  const forwards = Array.from({ length: 31 }, (_, i) => ({
    ...web,
    name: `w${i}`,
    port: 100 + i,
    hairpin: i === 7 ? 'dnat-only' : undefined,
  }));
  const router = stage.boot({ config: JSON.stringify({ wan, lan, forwards }, null, 1) });
  assert.match(router.console.join(), /forwards\[7\]\.hairpin: "dnat-only" is for demonstration/);
  router.ask('config');
  const dhcp = {
    hosts: Array.from({ length: 16 }, (_, i) => ({
      ...nas,
      name: `n${i}`,
      mac: mac(i),
      address: `192.168.0.${i + 2}`,
    })),
  };
  stage
    .boot({
      config: JSON.stringify({
        wan: { ...wan, address: 'dhcp', gateway: undefined },
        lan: { ...lan, domain: 'home.arpa', dhcp },
        dmz: nas.address,
        dns: { servers: ['9.9.9.9', '149.112.112.112'] },
        log: { syslog: nas.address },
      }),
    })
    .ask('config');
  // The pool of a small LAN begins beside the router's own address.
  for (const address of ['192.168.0.100/24', '192.168.0.2/30'])
    stage.boot({ config: JSON.stringify({ wan, lan: { ...lan, address, dhcp: {} } }) }).ask('config');
  const few = stage.boot({ config: JSON.stringify({ wan: { ...wan, mtu: undefined }, lan }) });
  few.ask('config');
  stage
    .boot({ config: configText({ nat: { timeouts: { udp: 120, icmp: 60, tcpEstablished: 7440 } } }) })
    .ask('config');
}

/** Several subjects, because a boot leaves the interpreter's memory in more and more pieces. */
function refusals(title: string, rows: [string, string][]): Subject {
  return {
    title,
    play(stage) {
      for (const row of rows) refused(stage, row);
    },
  };
}

export const config: readonly Subject[] = [
  refusals('config: no document', texts),
  refusals('config: ports and times', ports),
  refusals('config: services', services),
  refusals('config: forwards', rules),
  { title: 'config: allowed', play: allowed },
  {
    title: 'board files',
    play(stage) {
      for (const [text, sentence] of boards) {
        const router = stage.boot({ board: text });
        assert.ok(router.console[0].includes(sentence), router.console[0]);
      }
    },
  },
];
