/**
 * The text of a configuration in, a checked configuration or one sentence out. The only way a configuration
 * comes into being, on the host and on the board alike; what it returns needs no further tests.
 * Pure; forwards have their own file.
 */
import {
  broadcastOf,
  formatAddress,
  formatCidr,
  networkOf,
  overlap,
  parseAddress,
  parseCidr,
  parseMac,
} from './address.ts';
import type { Cidr } from './address.ts';
import {
  member,
  readChoice,
  readNumber,
  readObject,
  readSwitch,
  readText,
  refuse,
  refuseValue,
} from './expect.ts';
import type { Check } from './expect.ts';
import { readForwards } from './forwards.ts';
import { readJson } from './json.ts';
import type { JsonObject, JsonValue } from './json.ts';
import {
  documentKeys,
  filterModes,
  lanKeys,
  maxMtu,
  maxPrefix,
  maxTimeout,
  minLanPrefix,
  minMtu,
  minWanPrefix,
  natKeys,
  timeoutRules,
  wanKeys,
} from './schema.ts';
import type { Config, FilterMode, LanConfig, NatConfig, Timeouts, WanConfig } from './schema.ts';

export { describeConfig } from './describe.ts';

/** An address of the router with the size of its subnet: no network, broadcast, loopback or multicast address. */
function readInterface(
  check: Check,
  path: string,
  value: JsonValue | undefined,
  example: string,
  minPrefix: number,
): Cidr {
  const expected =
    'an address with the size of its subnet from /' +
    minPrefix +
    ' to /' +
    maxPrefix +
    ', such as "' +
    example +
    '"';
  const cidr = parseCidr(readText(check, path, value, expected));
  if (!cidr || cidr.prefix < minPrefix || cidr.prefix > maxPrefix) {
    refuseValue(check, path, expected, value);
    return { address: 0, prefix: maxPrefix };
  }
  const first = cidr.address >>> 24;
  if (first === 0 || first === 127 || first >= 224)
    refuseValue(check, path, 'an address that a host may have (0.x, 127.x and 224.x upwards are not)', value);
  if (
    cidr.address === networkOf(cidr.address, cidr.prefix) ||
    cidr.address === broadcastOf(cidr.address, cidr.prefix)
  )
    refuseValue(check, path, 'the address of a host, not the first or the last one of its subnet', value);
  return cidr;
}

function readMac(check: Check, path: string, value: JsonValue | undefined, example: string): number[] {
  const expected =
    'a MAC address, such as "' +
    example +
    '" (any that starts with 02 and is not taken on that network will do)';
  const mac = parseMac(readText(check, path, value, expected));
  if (!mac) refuseValue(check, path, expected, value);
  else if (mac[0] & 1)
    refuseValue(check, path, 'a MAC address of one device (the first byte must be even)', value);
  else if (mac.join('') === '000000') refuseValue(check, path, 'a MAC address that is not all zeros', value);
  return mac || [0, 0, 0, 0, 0, 0];
}

function readWan(check: Check, value: JsonValue | undefined): WanConfig {
  const object = readObject(check, 'wan', value, 'an object with ' + wanKeys.join(', '), wanKeys);
  const address = member(object, 'address');
  if (address === 'dhcp')
    refuse(
      check,
      'wan.address',
      '"dhcp" is not supported by this firmware yet; write the address, such as "12.0.0.1/24"',
    );
  const cidr = readInterface(check, 'wan.address', address, '12.0.0.1/24', minWanPrefix);
  const mtu = 'a number of bytes from ' + minMtu + ' to ' + maxMtu;
  return {
    dhcp: false,
    address: cidr.address,
    prefix: cidr.prefix,
    gateway: readGateway(check, member(object, 'gateway'), cidr),
    mac: readMac(check, 'wan.mac', member(object, 'mac'), '02:00:00:00:0c:01'),
    mtu: readNumber(check, 'wan.mtu', member(object, 'mtu'), mtu, minMtu, maxMtu, maxMtu),
  };
}

function readGateway(check: Check, value: JsonValue | undefined, wan: Cidr): number {
  const network = networkOf(wan.address, wan.prefix);
  const expected = "the ISP's router, an address on the WAN (" + formatCidr(network, wan.prefix) + ')';
  const gateway = parseAddress(readText(check, 'wan.gateway', value, expected));
  if (
    gateway < 0 ||
    networkOf(gateway, wan.prefix) !== network ||
    gateway === network ||
    gateway === broadcastOf(network, wan.prefix)
  )
    refuseValue(check, 'wan.gateway', expected, value);
  else if (gateway === wan.address)
    refuse(
      check,
      'wan.gateway',
      'expected the address of another router, but ' + formatAddress(gateway) + ' is wan.address',
    );
  return gateway;
}

function readLan(check: Check, value: JsonValue | undefined, wan: WanConfig): LanConfig {
  const object = readObject(check, 'lan', value, 'an object with ' + lanKeys.join(', '), lanKeys);
  const cidr = readInterface(check, 'lan.address', member(object, 'address'), '192.168.0.1/24', minLanPrefix);
  const mac = readMac(check, 'lan.mac', member(object, 'mac'), '02:00:00:00:a8:01');
  if (overlap(wan, cidr))
    refuse(
      check,
      'lan.address',
      'expected a subnet apart from the WAN (' +
        formatCidr(networkOf(wan.address, wan.prefix), wan.prefix) +
        '), but ' +
        formatCidr(networkOf(cidr.address, cidr.prefix), cidr.prefix) +
        ' overlaps it',
    );
  if (mac.join() === wan.mac.join()) refuse(check, 'lan.mac', 'expected another MAC address than wan.mac');
  return { address: cidr.address, prefix: cidr.prefix, mac, domain: 'lan', dhcp: null };
}

function readTimeouts(check: Check, value: JsonValue | undefined): Timeouts {
  const keys: string[] = [];
  for (let i = 0; i < timeoutRules.length; i++) keys.push(timeoutRules[i].key);
  const object = readObject(check, 'nat.timeouts', value, '', keys);
  const timeouts: Timeouts = { udp: 0, tcpEstablished: 0, tcpTransitory: 0, icmp: 0 };
  for (let i = 0; i < timeoutRules.length; i++) {
    const rule = timeoutRules[i];
    const expected =
      'a number of seconds from ' + rule.least + ' (' + rule.source + ' asks for no less) to ' + maxTimeout;
    const path = 'nat.timeouts.' + rule.key;
    timeouts[rule.key] = readNumber(
      check,
      path,
      member(object, rule.key),
      expected,
      rule.least,
      maxTimeout,
      rule.initial,
    );
  }
  return timeouts;
}

function readNat(check: Check, value: JsonValue | undefined): NatConfig {
  const object = readObject(check, 'nat', value, '', natKeys);
  return {
    filterUdp: readFilter(check, 'nat.filterUdp', member(object, 'filterUdp')),
    filterTcp: readFilter(check, 'nat.filterTcp', member(object, 'filterTcp')),
    hairpinDynamic: readSwitch(check, 'nat.hairpinDynamic', member(object, 'hairpinDynamic'), true),
    wanIcmpErrors: readSwitch(check, 'nat.wanIcmpErrors', member(object, 'wanIcmpErrors'), false),
    natPmp: false,
    timeouts: readTimeouts(check, member(object, 'timeouts')),
  };
}

function readFilter(check: Check, path: string, value: JsonValue | undefined): FilterMode {
  return readChoice(check, path, value, filterModes, filterModes[0]);
}

/** `dmz`: a host of the LAN, or 0 when there is none. */
function readDmz(check: Check, value: JsonValue | undefined, lan: LanConfig): number {
  if (value === undefined) return 0;
  const network = networkOf(lan.address, lan.prefix);
  const expected = 'the address of a host on the LAN (' + formatCidr(network, lan.prefix) + ')';
  const address = parseAddress(readText(check, 'dmz', value, expected));
  if (
    address < 0 ||
    networkOf(address, lan.prefix) !== network ||
    address === network ||
    address === broadcastOf(network, lan.prefix)
  )
    refuseValue(check, 'dmz', expected, value);
  else if (address === lan.address)
    refuse(
      check,
      'dmz',
      'expected the address of another host, but ' + formatAddress(address) + " is the router's own",
    );
  return address;
}

/** What is allowed but probably not what somebody wants. */
function warningsFor(config: Config, file: string): string[] {
  const warnings: string[] = [];
  for (let i = 0; i < config.forwards.length; i++) {
    const forward = config.forwards[i];
    if (forward.hairpin === 'dnat-only')
      warnings.push(
        file +
          ': forwards[' +
          i +
          '].hairpin: "dnat-only" is for demonstration: clients on the LAN get no answer from ' +
          formatAddress(config.wan.address) +
          ':' +
          forward.firstPort,
      );
  }
  return warnings;
}

/**
 * Reads a configuration. `file` is what a sentence calls it. An error names file, place and what was expected:
 * `hairpin.json: forwards[2].to: expected an address on the LAN (192.168.0.0/24), such as "192.168.0.2:25",
 * but got "10.0.0.1"`.
 * @param alive called again and again meanwhile: a board takes 12 s for thirty forwards, longer than its watchdog waits
 */
export function parseConfig(
  text: string,
  file: string,
  alive?: () => void,
): { config: Config; warnings: string[] } | { error: string } {
  const json = readJson(text, alive);
  if ('error' in json) return { error: file + ': ' + json.error };
  const check: Check = { file, error: '' };
  const config = readDocument(check, json.value);
  // The rules of a forward lean on the LAN's subnet; with a wrong one they would only confuse.
  if (!check.error) {
    config.forwards = readForwards(check, member(json.value as JsonObject, 'forwards'), config.lan, alive);
  }
  if (check.error) return { error: check.error };
  return { config, warnings: warningsFor(config, file) };
}

/**
 * Everything but the forwards. An overlay, like the reading of the text and that of the forwards: on a board the
 * functions of one are gone when those of the next come.
 * @overlay
 */
function readDocument(check: Check, value: JsonValue): Config {
  const what = 'an object with ' + documentKeys.join(', ');
  const document = readObject(check, '', value, what, documentKeys);
  const wan = readWan(check, member(document, 'wan'));
  const lan = readLan(check, member(document, 'lan'), wan);
  const nat = readNat(check, member(document, 'nat'));
  const dmz = readDmz(check, member(document, 'dmz'), lan);
  return { wan, lan, nat, forwards: [], dmz, dns: null, syslog: 0 };
}
