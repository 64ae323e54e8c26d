/** Every way a configuration can be wrong, with the sentence its author reads. */
import test from 'ava';
import { parseConfig } from '../../firmware/config/validate.ts';
import { change, exampleText } from './documents.ts';

const longText = 'x'.repeat(60);
const forward = { name: 'smtp', proto: 'tcp', port: 25, to: '192.168.0.2:25' };
const wanSubnet =
  'expected an address with the size of its subnet from /8 to /30, such as "12.0.0.1/24", or "dhcp"';
const lanSubnet = 'expected an address with the size of its subnet from /16 to /30, such as "192.168.0.1/24"';
const hostPart = 'expected the address of a host, not the first or the last one of its subnet';
const unicast = 'expected an address that a host may have (0.x, 127.x and 224.x upwards are not)';
const gateway = "expected the ISP's router, an address on the WAN (12.0.0.0/24)";
const wanMac =
  'expected a MAC address, such as "02:00:00:00:0c:01" (any that starts with 02 and is not taken on that network will do)';
const lanMac = wanMac.replace('0c:01', 'a8:01');
const mtu = 'expected a number of bytes from 576 to 1500';
const name = 'expected a name of 1 to 24 characters a-z, 0-9 and - that does not start with -, such as "web"';
const proto = 'expected one of "tcp", "udp", "both"';
const port = 'expected a port from 1 to 65535, such as 25, or a range, such as "5000-5010"';
const target = 'expected an address on the LAN (192.168.0.0/24), such as "192.168.0.2:25"';
const source = 'expected the subnet that may use this forward, such as "198.51.100.0/24"';
const mode = 'expected one of "external", "lan", "dnat-only", "none"';
const dmz = 'expected the address of a host on the LAN (192.168.0.0/24)';
const domain = 'expected a domain of 1 to 24 characters a-z, 0-9, - and dots, such as "lan" or "home.arpa"';
const lease = 'expected a number of seconds from 120 to 604800';
const hostName = 'expected a name of 1 to 15 characters a-z, 0-9 and inner -, such as "nas"';
const hostMac = 'expected a MAC address, such as "02:00:00:00:a8:02"';
const server = 'expected the address of a name server, such as "9.9.9.9"';
const host = { name: 'nas', mac: '02:00:00:00:a8:02', address: '192.168.0.5' };
const filter = 'expected one of "address-dependent", "endpoint-independent"';
const timeouts = 'expected no keys but udp, tcpEstablished, tcpTransitory, icmp';
const floor = (least: number, rfc: string) =>
  `expected a number of seconds from ${least} (${rfc} asks for no less) to 32767`;

/** What is put where in the example, and the sentence; undefined removes. */
const refusals: [path: string, value: unknown, sentence: string][] = [
  // The document.
  ['wan', undefined, 'wan: expected an object with address, gateway, mac, mtu, but it is missing'],
  ['wan', null, 'wan: expected an object with address, gateway, mac, mtu, but got null'],
  ['wan', 'dhcp', 'wan: expected an object with address, gateway, mac, mtu, but got "dhcp"'],
  ['lan', undefined, 'lan: expected an object with address, mac, domain, dhcp, but it is missing'],
  ['lan', [], 'lan: expected an object with address, mac, domain, dhcp, but got a list'],
  [
    'wlan',
    {},
    'expected no keys but wan, lan, nat, forwards, dmz, dns, log, but got "wlan" (did you mean "wan"?)',
  ],
  ['toString', 1, 'expected no keys but wan, lan, nat, forwards, dmz, dns, log, but got "toString"'],
  ['x', 1, 'expected no keys but wan, lan, nat, forwards, dmz, dns, log, but got "x"'],
  [
    longText,
    1,
    `expected no keys but wan, lan, nat, forwards, dmz, dns, log, but got "${'x'.repeat(40)}..."`,
  ],
  [
    'DMZ',
    '',
    'expected no keys but wan, lan, nat, forwards, dmz, dns, log, but got "DMZ" (did you mean "dmz"?)',
  ],
  ['dmz', true, `dmz: ${dmz}, but got true`],
  ['dmz', '10.0.0.2', `dmz: ${dmz}, but got "10.0.0.2"`],
  ['dmz', '192.168.0.255', `dmz: ${dmz}, but got "192.168.0.255"`],
  ['dmz', '192.168.0.0', `dmz: ${dmz}, but got "192.168.0.0"`],
  ['dmz', '192.168.0.2:80', `dmz: ${dmz}, but got "192.168.0.2:80"`],
  ['dmz', '192.168.0.1', "dmz: expected the address of another host, but 192.168.0.1 is the router's own"],

  // wan
  [
    'wan.adress',
    '',
    'wan: expected no keys but address, gateway, mac, mtu, but got "adress" (did you mean "address"?)',
  ],
  [
    'wan.address',
    'dhcp',
    'wan.gateway: expected no gateway beside wan.address "dhcp", which tells it, but got "12.0.0.254"',
  ],
  ['wan.address', undefined, `wan.address: ${wanSubnet}, but it is missing`],
  ['wan.address', 12, `wan.address: ${wanSubnet}, but got 12`],
  ['wan.address', '12.0.0.1', `wan.address: ${wanSubnet}, but got "12.0.0.1"`],
  ['wan.address', '12.0.0.1/24/24', `wan.address: ${wanSubnet}, but got "12.0.0.1/24/24"`],
  ['wan.address', '12.0.0.1/7', `wan.address: ${wanSubnet}, but got "12.0.0.1/7"`],
  ['wan.address', '12.0.0.1/31', `wan.address: ${wanSubnet}, but got "12.0.0.1/31"`],
  ['wan.address', '12.0.0.256/24', `wan.address: ${wanSubnet}, but got "12.0.0.256/24"`],
  ['wan.address', '12.0.0.01/24', `wan.address: ${wanSubnet}, but got "12.0.0.01/24"`],
  ['wan.address', '12.0.0/24', `wan.address: ${wanSubnet}, but got "12.0.0/24"`],
  ['wan.address', '12.0..1/24', `wan.address: ${wanSubnet}, but got "12.0..1/24"`],
  ['wan.address', ' 12.0.0.1/24', `wan.address: ${wanSubnet}, but got " 12.0.0.1/24"`],
  ['wan.address', longText, `wan.address: ${wanSubnet}, but got "${'x'.repeat(40)}..."`],
  ['wan.address', '12.0.0.0/24', `wan.address: ${hostPart}, but got "12.0.0.0/24"`],
  ['wan.address', '12.0.0.255/24', `wan.address: ${hostPart}, but got "12.0.0.255/24"`],
  ['wan.address', '0.0.0.1/24', `wan.address: ${unicast}, but got "0.0.0.1/24"`],
  ['wan.address', '127.0.0.1/24', `wan.address: ${unicast}, but got "127.0.0.1/24"`],
  ['wan.address', '224.0.0.1/24', `wan.address: ${unicast}, but got "224.0.0.1/24"`],
  ['wan.gateway', undefined, `wan.gateway: ${gateway}, but it is missing`],
  ['wan.gateway', true, `wan.gateway: ${gateway}, but got true`],
  ['wan.gateway', '12.0.0.254/24', `wan.gateway: ${gateway}, but got "12.0.0.254/24"`],
  ['wan.gateway', '12.0.1.254', `wan.gateway: ${gateway}, but got "12.0.1.254"`],
  ['wan.gateway', '12.0.0.0', `wan.gateway: ${gateway}, but got "12.0.0.0"`],
  ['wan.gateway', '12.0.0.255', `wan.gateway: ${gateway}, but got "12.0.0.255"`],
  [
    'wan.gateway',
    '12.0.0.1',
    'wan.gateway: expected the address of another router, but 12.0.0.1 is wan.address',
  ],
  ['wan.mac', undefined, `wan.mac: ${wanMac}, but it is missing`],
  ['wan.mac', '02:00:00:00:0c', `wan.mac: ${wanMac}, but got "02:00:00:00:0c"`],
  ['wan.mac', '02-00-00-00-0c-01', `wan.mac: ${wanMac}, but got "02-00-00-00-0c-01"`],
  ['wan.mac', '02:00:00:00:0c:1', `wan.mac: ${wanMac}, but got "02:00:00:00:0c:1"`],
  ['wan.mac', '02:00:00:00:0c:001', `wan.mac: ${wanMac}, but got "02:00:00:00:0c:001"`],
  ['wan.mac', '02:00:00:00:0c:0g', `wan.mac: ${wanMac}, but got "02:00:00:00:0c:0g"`],
  ['wan.mac', '02:00:00:00:0c:g0', `wan.mac: ${wanMac}, but got "02:00:00:00:0c:g0"`],
  [
    'wan.mac',
    '03:00:00:00:0c:01',
    'wan.mac: expected a MAC address of one device (the first byte must be even), but got "03:00:00:00:0c:01"',
  ],
  [
    'wan.mac',
    '00:00:00:00:00:00',
    'wan.mac: expected a MAC address that is not all zeros, but got "00:00:00:00:00:00"',
  ],
  ['wan.mtu', 575, `wan.mtu: ${mtu}, but got 575`],
  ['wan.mtu', 1501, `wan.mtu: ${mtu}, but got 1501`],
  ['wan.mtu', '1500', `wan.mtu: ${mtu}, but got "1500"`],

  // lan
  ['lan.gateway', '', 'lan: expected no keys but address, mac, domain, dhcp, but got "gateway"'],
  ['lan.address', '192.168.0.1/15', `lan.address: ${lanSubnet}, but got "192.168.0.1/15"`],
  ['lan.address', '192.168.0.1/31', `lan.address: ${lanSubnet}, but got "192.168.0.1/31"`],
  ['lan.address', '192.168.0.255/24', `lan.address: ${hostPart}, but got "192.168.0.255/24"`],
  [
    'lan.address',
    '12.0.0.2/16',
    'lan.address: expected a subnet apart from the WAN (12.0.0.0/24), but 12.0.0.0/16 overlaps it',
  ],
  [
    'lan.address',
    '12.0.0.130/25',
    'lan.address: expected a subnet apart from the WAN (12.0.0.0/24), but 12.0.0.128/25 overlaps it',
  ],
  ['lan.mac', undefined, `lan.mac: ${lanMac}, but it is missing`],
  ['lan.mac', '02:00:00:00:0C:01', 'lan.mac: expected another MAC address than wan.mac'],

  ['lan.domain', '', `lan.domain: ${domain}, but got ""`],
  ['lan.domain', 5, `lan.domain: ${domain}, but got 5`],
  ['lan.domain', 'Home', `lan.domain: ${domain}, but got "Home"`],
  ['lan.domain', 'home..arpa', `lan.domain: ${domain}, but got "home..arpa"`],
  ['lan.domain', 'home.', `lan.domain: ${domain}, but got "home."`],
  ['lan.domain', 'my-', `lan.domain: ${domain}, but got "my-"`],
  ['lan.domain', '-my', `lan.domain: ${domain}, but got "-my"`],
  ['lan.domain', 'a'.repeat(25), `lan.domain: ${domain}, but got "${'a'.repeat(25)}"`],
  ['lan.domain', 'a.'.repeat(12) + 'a', `lan.domain: ${domain}, but got "${'a.'.repeat(12)}a"`],

  // lan.dhcp
  ['lan.dhcp', true, 'lan.dhcp: expected an object with first, last, lease, hosts, but got true'],
  ['lan.dhcp', null, 'lan.dhcp: expected an object with first, last, lease, hosts, but got null'],
  [
    'lan.dhcp.frist',
    '',
    'lan.dhcp: expected no keys but first, last, lease, hosts, but got "frist" (did you mean "first"?)',
  ],
  ['lan.dhcp.first', 100, `lan.dhcp.first: ${dmz}, but got 100`],
  ['lan.dhcp.first', '192.168.1.100', `lan.dhcp.first: ${dmz}, but got "192.168.1.100"`],
  ['lan.dhcp.first', '192.168.0.0', `lan.dhcp.first: ${dmz}, but got "192.168.0.0"`],
  ['lan.dhcp.last', '192.168.0.255', `lan.dhcp.last: ${dmz}, but got "192.168.0.255"`],
  [
    'lan.dhcp.first',
    '192.168.0.1',
    "lan.dhcp.first: expected the address of another host, but 192.168.0.1 is the router's own",
  ],
  [
    'lan.dhcp.last',
    '192.168.0.99',
    'lan.dhcp.last: expected an address that does not come before the first one, 192.168.0.100, but got "192.168.0.99"',
  ],
  [
    'lan',
    {
      address: '192.168.0.10/24',
      mac: '02:00:00:00:a8:01',
      dhcp: { first: '192.168.0.9', last: '192.168.0.11' },
    },
    "lan.dhcp.last: expected a pool without the router's own address, but 192.168.0.10 lies between 192.168.0.9 and 192.168.0.11",
  ],
  ['lan.dhcp.lease', 119, `lan.dhcp.lease: ${lease}, but got 119`],
  ['lan.dhcp.lease', 604801, `lan.dhcp.lease: ${lease}, but got 604801`],
  ['lan.dhcp.lease', '1h', `lan.dhcp.lease: ${lease}, but got "1h"`],
  ['lan.dhcp.hosts', {}, 'lan.dhcp.hosts: expected a list of hosts, [ ... ], but got an object'],
  ['lan.dhcp.hosts', Array(17).fill(host), 'lan.dhcp.hosts: expected at most 16 hosts, but got 17'],
  ['lan.dhcp.hosts', ['nas'], 'lan.dhcp.hosts[0]: expected an object with name, mac, address, but got "nas"'],
  [
    'lan.dhcp.hosts',
    [{ ...host, ip: '' }],
    'lan.dhcp.hosts[0]: expected no keys but name, mac, address, but got "ip"',
  ],
  [
    'lan.dhcp.hosts',
    [{ ...host, name: undefined }],
    `lan.dhcp.hosts[0].name: ${hostName}, but it is missing`,
  ],
  ['lan.dhcp.hosts', [{ ...host, name: 'NAS' }], `lan.dhcp.hosts[0].name: ${hostName}, but got "NAS"`],
  ['lan.dhcp.hosts', [{ ...host, name: 'nas-' }], `lan.dhcp.hosts[0].name: ${hostName}, but got "nas-"`],
  ['lan.dhcp.hosts', [{ ...host, name: '-nas' }], `lan.dhcp.hosts[0].name: ${hostName}, but got "-nas"`],
  [
    'lan.dhcp.hosts',
    [{ ...host, name: 'nas.lan' }],
    `lan.dhcp.hosts[0].name: ${hostName}, but got "nas.lan"`,
  ],
  [
    'lan.dhcp.hosts',
    [{ ...host, name: 'a'.repeat(16) }],
    `lan.dhcp.hosts[0].name: ${hostName}, but got "${'a'.repeat(16)}"`,
  ],
  ['lan.dhcp.hosts', [{ ...host, mac: undefined }], `lan.dhcp.hosts[0].mac: ${hostMac}, but it is missing`],
  ['lan.dhcp.hosts', [{ ...host, mac: 'x' }], `lan.dhcp.hosts[0].mac: ${hostMac}, but got "x"`],
  [
    'lan.dhcp.hosts',
    [{ ...host, mac: '01:00:5e:00:00:01' }],
    'lan.dhcp.hosts[0].mac: expected a MAC address of one device (the first byte must be even), but got "01:00:5e:00:00:01"',
  ],
  [
    'lan.dhcp.hosts',
    [{ ...host, mac: '00:00:00:00:00:00' }],
    'lan.dhcp.hosts[0].mac: expected a MAC address that is not all zeros, but got "00:00:00:00:00:00"',
  ],
  [
    'lan.dhcp.hosts',
    [{ ...host, address: '192.168.0.255' }],
    `lan.dhcp.hosts[0].address: ${dmz}, but got "192.168.0.255"`,
  ],
  [
    'lan.dhcp.hosts',
    [{ ...host, address: '192.168.0.1' }],
    "lan.dhcp.hosts[0].address: expected the address of another host, but 192.168.0.1 is the router's own",
  ],
  [
    'lan.dhcp.hosts',
    [host, { ...host, mac: '02:00:00:00:a8:03', address: '192.168.0.6' }],
    'lan.dhcp.hosts[1].name: expected a name of its own, but an earlier host has "nas" too',
  ],
  [
    'lan.dhcp.hosts',
    [host, { ...host, name: 'tv', mac: '02:00:00:00:A8:02', address: '192.168.0.6' }],
    'lan.dhcp.hosts[1].mac: expected a MAC address of its own, but an earlier host has 02:00:00:00:a8:02 too',
  ],
  [
    'lan.dhcp.hosts',
    [host, { ...host, name: 'tv', mac: '02:00:00:00:a8:03' }],
    'lan.dhcp.hosts[1].address: expected an address of its own, but an earlier host has 192.168.0.5 too',
  ],

  // dns, log
  ['dns', null, 'dns: expected an object with servers, but got null'],
  ['dns.server', [], 'dns: expected no keys but servers, but got "server" (did you mean "servers"?)'],
  ['dns.servers', '9.9.9.9', 'dns.servers: expected a list of addresses, [ ... ], but got "9.9.9.9"'],
  ['dns.servers', Array(4).fill('9.9.9.9'), 'dns.servers: expected at most 3 servers, but got 4'],
  ['dns.servers', [9], `dns.servers[0]: ${server}, but got 9`],
  ['dns.servers', ['9.9.9.9', 'one.one'], `dns.servers[1]: ${server}, but got "one.one"`],
  ['dns.servers', ['0.9.9.9'], `dns.servers[0]: ${server}, but got "0.9.9.9"`],
  ['dns.servers', ['127.0.0.53'], `dns.servers[0]: ${server}, but got "127.0.0.53"`],
  ['dns.servers', ['224.0.0.251'], `dns.servers[0]: ${server}, but got "224.0.0.251"`],
  ['dns.servers', ['255.255.255.255'], `dns.servers[0]: ${server}, but got "255.255.255.255"`],
  ...['192.168.0.1', '12.0.0.1'].map((own): [string, unknown, string] => [
    'dns.servers',
    [own],
    `dns.servers[0]: expected the address of another name server, but ${own} is the router's own`,
  ]),
  ['log', 'all', 'log: expected an object with syslog, but got "all"'],
  ['log.level', 5, 'log: expected no keys but syslog, but got "level"'],
  ['log.syslog', 7, `log.syslog: ${dmz}, but got 7`],
  ['log.syslog', '12.0.0.2', `log.syslog: ${dmz}, but got "12.0.0.2"`],
  [
    'log.syslog',
    '192.168.0.1',
    "log.syslog: expected the address of another host, but 192.168.0.1 is the router's own",
  ],

  // nat
  ['nat.natPmp', 'on', 'nat.natPmp: expected true or false, but got "on"'],
  [
    'nat',
    true,
    'nat: expected an object with filterUdp, filterTcp, hairpinDynamic, wanIcmpErrors, natPmp, timeouts, but got true',
  ],
  ['nat.filterUdp', 'address', `nat.filterUdp: ${filter}, but got "address"`],
  ['nat.filterTcp', 0, `nat.filterTcp: ${filter}, but got 0`],
  ['nat.wanIcmpErrors', 1, 'nat.wanIcmpErrors: expected true or false, but got 1'],
  [
    'nat.filterudp',
    '',
    'nat: expected no keys but filterUdp, filterTcp, hairpinDynamic, wanIcmpErrors, natPmp, timeouts, but got "filterudp" (did you mean "filterUdp"?)',
  ],
  ['nat.hairpinDynamic', 'yes', 'nat.hairpinDynamic: expected true or false, but got "yes"'],
  ['nat.hairpinDynamic', 0, 'nat.hairpinDynamic: expected true or false, but got 0'],
  ['nat.hairpinDynamic', null, 'nat.hairpinDynamic: expected true or false, but got null'],
  [
    'nat.timeouts',
    5,
    'nat.timeouts: expected an object with udp, tcpEstablished, tcpTransitory, icmp, but got 5',
  ],
  ['nat.timeouts.upd', 300, `nat.timeouts: ${timeouts}, but got "upd" (did you mean "udp"?)`],
  ['nat.timeouts.udp', 119, `nat.timeouts.udp: ${floor(120, 'RFC 4787 REQ-5')}, but got 119`],
  ['nat.timeouts.udp', '300', `nat.timeouts.udp: ${floor(120, 'RFC 4787 REQ-5')}, but got "300"`],
  [
    'nat.timeouts.tcpEstablished',
    7439,
    `nat.timeouts.tcpEstablished: ${floor(7440, 'RFC 5382 REQ-5')}, but got 7439`,
  ],
  [
    'nat.timeouts.tcpTransitory',
    239,
    `nat.timeouts.tcpTransitory: ${floor(240, 'RFC 5382 REQ-5')}, but got 239`,
  ],
  ['nat.timeouts.icmp', 59, `nat.timeouts.icmp: ${floor(60, 'RFC 5508 REQ-2')}, but got 59`],
  ['nat.timeouts.icmp', 32768, `nat.timeouts.icmp: ${floor(60, 'RFC 5508 REQ-2')}, but got 32768`],

  // forwards
  ['forwards', {}, 'forwards: expected a list of forwards, [ ... ], but got an object'],
  ['forwards', null, 'forwards: expected a list of forwards, [ ... ], but got null'],
  ['forwards', Array(32).fill(forward), 'forwards: expected at most 31 forwards, but got 32'],
  [
    'forwards.1',
    'smtp',
    'forwards[1]: expected an object with name, proto, port, to, from, hairpin, but got "smtp"',
  ],
  [
    'forwards.2.too',
    '',
    'forwards[2]: expected no keys but name, proto, port, to, from, hairpin, but got "too" (did you mean "to"?)',
  ],
  ['forwards.0.x', '', 'forwards[0]: expected no keys but name, proto, port, to, from, hairpin, but got "x"'],
  ['forwards.0.name', undefined, `forwards[0].name: ${name}, but it is missing`],
  ['forwards.0.name', 7, `forwards[0].name: ${name}, but got 7`],
  ['forwards.0.name', '', `forwards[0].name: ${name}, but got ""`],
  ['forwards.0.name', 'Mail', `forwards[0].name: ${name}, but got "Mail"`],
  ['forwards.0.name', 'e_mail', `forwards[0].name: ${name}, but got "e_mail"`],
  ['forwards.0.name', '-mail', `forwards[0].name: ${name}, but got "-mail"`],
  ['forwards.0.name', 'a'.repeat(25), `forwards[0].name: ${name}, but got "${'a'.repeat(25)}"`],
  [
    'forwards.1.name',
    'smtp',
    'forwards[1].name: expected a name of its own, but an earlier forward is called "smtp" too',
  ],
  ['forwards.0.proto', undefined, `forwards[0].proto: ${proto}, but it is missing`],
  ['forwards.0.proto', 'icmp', `forwards[0].proto: ${proto}, but got "icmp"`],
  ['forwards.0.proto', 'TCP', `forwards[0].proto: ${proto}, but got "TCP"`],
  ['forwards.0.proto', ['tcp'], `forwards[0].proto: ${proto}, but got a list`],
  ['forwards.0.port', undefined, `forwards[0].port: ${port}, but it is missing`],
  ['forwards.0.port', true, `forwards[0].port: ${port}, but got true`],
  ['forwards.0.port', 0, `forwards[0].port: ${port}, but got 0`],
  ['forwards.0.port', 65536, `forwards[0].port: ${port}, but got 65536`],
  ['forwards.0.port', '25', `forwards[0].port: ${port}, but got "25"`],
  ['forwards.0.port', '0-5', `forwards[0].port: ${port}, but got "0-5"`],
  ['forwards.0.port', '80-65536', `forwards[0].port: ${port}, but got "80-65536"`],
  ['forwards.0.port', '5010-5000', `forwards[0].port: ${port}, but got "5010-5000"`],
  ['forwards.0.port', '1-2-3', `forwards[0].port: ${port}, but got "1-2-3"`],
  ['forwards.0.port', '5000 - 5010', `forwards[0].port: ${port}, but got "5000 - 5010"`],
  ['forwards.2.to', '10.0.0.1', `forwards[2].to: ${target.replace(':25', ':5000')}, but got "10.0.0.1"`],
  ['forwards.0.to', undefined, `forwards[0].to: ${target}, but it is missing`],
  ['forwards.0.to', 25, `forwards[0].to: ${target}, but got 25`],
  ['forwards.0.to', 'server', `forwards[0].to: ${target}, but got "server"`],
  ['forwards.0.to', '192.168.0.0', `forwards[0].to: ${target}, but got "192.168.0.0"`],
  ['forwards.0.to', '192.168.0.255', `forwards[0].to: ${target}, but got "192.168.0.255"`],
  ['forwards.0.to', '192.168.0.2:', `forwards[0].to: ${target}, but got "192.168.0.2:"`],
  ['forwards.0.to', '192.168.0.2:0', `forwards[0].to: ${target}, but got "192.168.0.2:0"`],
  ['forwards.0.to', '192.168.0.2:65536', `forwards[0].to: ${target}, but got "192.168.0.2:65536"`],
  ['forwards.0.to', '192.168.0.2:25:1', `forwards[0].to: ${target}, but got "192.168.0.2:25:1"`],
  [
    'forwards.0.to',
    '192.168.0.1:25',
    'forwards[0].to: expected the address of a server, but "192.168.0.1:25" is the router\'s own',
  ],
  [
    'forwards.0',
    { ...forward, port: '5000-5010', to: '192.168.0.2:65526' },
    'forwards[0].to: expected a first port that leaves room for the whole range below 65536, but got "192.168.0.2:65526"',
  ],
  ['forwards.0.from', 7, `forwards[0].from: ${source}, but got 7`],
  ['forwards.0.from', '', `forwards[0].from: ${source}, but got ""`],
  ['forwards.0.from', '198.51.100.10', `forwards[0].from: ${source}, but got "198.51.100.10"`],
  ['forwards.0.from', '198.51.100.0/33', `forwards[0].from: ${source}, but got "198.51.100.0/33"`],
  [
    'forwards.0.from',
    '198.51.100.10/24',
    'forwards[0].from: expected a subnet without host bits: "198.51.100.0/24", but got "198.51.100.10/24"',
  ],
  ['forwards.0.hairpin', 'on', `forwards[0].hairpin: ${mode}, but got "on"`],
  ['forwards.0.hairpin', false, `forwards[0].hairpin: ${mode}, but got false`],
  [
    'forwards.1.port',
    25,
    'forwards[1].port: expected ports that no other forward has, but "http" and "smtp" both have tcp port 25',
  ],
  [
    'forwards.1.port',
    '20-30',
    'forwards[1].port: expected ports that no other forward has, but "http" and "smtp" both have tcp port 25',
  ],
  [
    'forwards.2',
    { ...forward, name: 'all', proto: 'both', port: '70-90' },
    'forwards[2].port: expected ports that no other forward has, but "all" and "http" both have tcp port 80',
  ],
  [
    'forwards',
    [
      { ...forward, proto: 'both' },
      { ...forward, name: 'twin', proto: 'udp' },
    ],
    'forwards[1].port: expected ports that no other forward has, but "twin" and "smtp" both have udp port 25',
  ],
  [
    'forwards',
    [
      { ...forward, proto: 'both' },
      { ...forward, name: 'twin', proto: 'both' },
    ],
    'forwards[1].port: expected ports that no other forward has, but "twin" and "smtp" both have tcp and udp port 25',
  ],
];

for (const [i, [path, value, sentence]] of refusals.entries()) {
  const shown = JSON.stringify(value)?.slice(0, 50) ?? 'nothing';
  test(`${i}: ${path.slice(0, 40)}: ${shown} is refused`, (t) => {
    const text = change(exampleText, path, value);
    t.deepEqual(parseConfig(text, 'hairpin.json'), { error: `hairpin.json: ${sentence}` });
  });
}

test('a document that is no object is refused by its name', (t) => {
  t.deepEqual(parseConfig('[]', 'config.json'), {
    error: 'config.json: expected an object with wan, lan, nat, forwards, dmz, dns, log, but got a list',
  });
});

test('the key __proto__ is a key like any other', (t) => {
  t.deepEqual(parseConfig(exampleText.replace('"wan"', '"__proto__": {}, "wan"'), 'hairpin.json'), {
    error: 'hairpin.json: expected no keys but wan, lan, nat, forwards, dmz, dns, log, but got "__proto__"',
  });
});

test('a mistake of syntax is told with line and column', (t) => {
  t.deepEqual(parseConfig('{\n  "wan": {},\n}\n', 'hairpin.json'), {
    error: 'hairpin.json: line 3, column 1: expected a key in double quotes, but found "}"',
  });
});

test('of several mistakes the first one is told', (t) => {
  const text = change(change(exampleText, 'forwards.1.to', 'x'), 'forwards.0.proto', 'x');
  t.deepEqual(parseConfig(text, 'hairpin.json'), {
    error: `hairpin.json: forwards[0].proto: ${proto}, but got "x"`,
  });
});
