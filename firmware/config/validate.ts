/**
 * The text of a configuration in, a checked configuration or one sentence out. The only way a configuration
 * comes into being, on the host and on the board alike; what it returns needs no further tests.
 * Pure. The ports are here; forwards, `nat` and what the router serves have files of their own.
 */
import {
  broadcastOf,
  formatAddress,
  formatCidr,
  networkOf,
  overlap,
  parseAddress,
  parseCidr,
} from './address.ts';
import type { Cidr } from './address.ts';
import { readMac } from './expect-address.ts';
import { member, readNumber, readObject, readText, refuse, refuseValue } from './expect.ts';
import type { Check } from './expect.ts';
import { readForwards } from './forwards.ts';
import { readJson } from './json.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { readNat } from './nat.ts';
import {
  documentKeys,
  lanKeys,
  maxMtu,
  maxPrefix,
  minLanPrefix,
  minMtu,
  minWanPrefix,
  usualDomain,
  wanKeys,
} from './schema.ts';
import type { Config, LanConfig, WanConfig } from './schema.ts';
import { readServices } from './services.ts';

export { describeConfig } from './describe.ts';

/** An address of the router with the size of its subnet: no network, broadcast, loopback or multicast address. */
function readInterface(
  check: Check,
  path: string,
  value: JsonValue | undefined,
  such: string,
  minPrefix: number,
): Cidr {
  const expected =
    'an address with the size of its subnet from /' + minPrefix + ' to /' + maxPrefix + ', such as ' + such;
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

/** What helps somebody who has no MAC address for a port. */
const macHint = ' (any that starts with 02 and is not taken on that network will do)';

function readWan(check: Check, value: JsonValue | undefined): WanConfig {
  const object = readObject(check, 'wan', value, 'an object with ' + wanKeys.join(', '), wanKeys);
  const address = member(object, 'address');
  const isLeased = address === 'dhcp';
  // Which subnet it will be, nobody knows yet: whether the LAN's is another one is seen when it is there.
  const cidr = isLeased
    ? { address: 0, prefix: 32 }
    : readInterface(check, 'wan.address', address, '"12.0.0.1/24", or "dhcp"', minWanPrefix);
  const gateway = member(object, 'gateway');
  if (isLeased && gateway !== undefined)
    refuseValue(check, 'wan.gateway', 'no gateway beside wan.address "dhcp", which tells it', gateway);
  const mtu = 'a number of bytes from ' + minMtu + ' to ' + maxMtu;
  return {
    dhcp: isLeased,
    address: cidr.address,
    prefix: cidr.prefix,
    gateway: isLeased ? 0 : readGateway(check, gateway, cidr),
    mac: readMac(check, 'wan.mac', member(object, 'mac'), '02:00:00:00:0c:01', macHint),
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
  const cidr = readInterface(
    check,
    'lan.address',
    member(object, 'address'),
    '"192.168.0.1/24"',
    minLanPrefix,
  );
  const mac = readMac(check, 'lan.mac', member(object, 'mac'), '02:00:00:00:a8:01', macHint);
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
  return { address: cidr.address, prefix: cidr.prefix, mac, domain: usualDomain, dhcp: null };
}

/** What is allowed but probably not what somebody wants. */
function warningsFor(config: Config, file: string): string[] {
  const warnings: string[] = [];
  if (config.dns && !config.dns.servers.length && !config.wan.dhcp)
    warnings.push(
      file +
        ': dns: no name of the Internet will be answered: wan.address is fixed, so no lease tells a name server, and dns.servers has none',
    );
  for (let i = 0; i < config.forwards.length; i++) {
    const forward = config.forwards[i];
    if (forward.hairpin === 'dnat-only')
      warnings.push(
        file +
          ': forwards[' +
          i +
          '].hairpin: "dnat-only" is for demonstration: clients on the LAN get no answer from ' +
          (config.wan.dhcp ? 'the public address, port ' : formatAddress(config.wan.address) + ':') +
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
  const { wan, lan } = readPorts(check, json.value);
  // The other rules lean on the LAN's subnet; with a wrong one they would only confuse.
  if (check.error) return { error: check.error };
  const document = json.value as JsonObject;
  const nat = readNat(check, member(document, 'nat'));
  const config: Config = { wan, lan, nat, forwards: [], dmz: 0, dns: null, syslog: 0 };
  readServices(check, document, config, alive);
  if (!check.error) config.forwards = readForwards(check, member(document, 'forwards'), config, alive);
  return check.error ? { error: check.error } : { config, warnings: warningsFor(config, file) };
}

/**
 * The document's keys, and the ports. An overlay, like the reading of the text, and that of the other parts: on a board
 * the functions of one are gone when those of the next come.
 * @overlay
 */
function readPorts(check: Check, value: JsonValue): { wan: WanConfig; lan: LanConfig } {
  const what = 'an object with ' + documentKeys.join(', ');
  const document = readObject(check, '', value, what, documentKeys);
  const wan = readWan(check, member(document, 'wan'));
  return { wan: wan, lan: readLan(check, member(document, 'lan'), wan) };
}
