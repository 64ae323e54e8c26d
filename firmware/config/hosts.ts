/**
 * The rules of `lan.dhcp.hosts`: each host by itself, and all of them against each other.
 * Part of services.ts, which knows the LAN they must be on.
 */
import { formatAddress, formatMac } from './address.ts';
import { readLanHost, readMac } from './expect-address.ts';
import { isLabel, member, quote, readObject, readText, refuse, refuseValue } from './expect.ts';
import type { Check } from './expect.ts';
import type { JsonValue } from './json.ts';
import { hostKeys, maxHostName, maxHosts } from './schema.ts';
import type { DhcpHost, LanConfig } from './schema.ts';

function readHostName(check: Check, path: string, value: JsonValue | undefined): string {
  const expected = 'a name of 1 to ' + maxHostName + ' characters a-z, 0-9 and inner -, such as "nas"';
  const name = readText(check, path, value, expected);
  if (!isLabel(name, maxHostName)) refuseValue(check, path, expected, value);
  return name;
}

function readHost(check: Check, path: string, value: JsonValue, lan: LanConfig): DhcpHost {
  const object = readObject(check, path, value, '', hostKeys);
  return {
    name: readHostName(check, path + '.name', member(object, 'name')),
    mac: readMac(check, path + '.mac', member(object, 'mac'), '02:00:00:00:a8:02', ''),
    address: readLanHost(check, path + '.address', member(object, 'address'), lan),
  };
}

/** @param kind `a name`, with what comes before @param text as the sentence shows it */
function refuseTwin(check: Check, path: string, kind: string, text: string): void {
  refuse(check, path, 'expected ' + kind + ' of its own, but an earlier host has ' + text + ' too');
}

function refuseTwins(check: Check, path: string, host: DhcpHost, earlier: DhcpHost[]): void {
  const mac = formatMac(host.mac);
  for (let i = 0; i < earlier.length; i++) {
    const other = earlier[i];
    if (other.name === host.name) refuseTwin(check, path + '.name', 'a name', quote(host.name));
    if (formatMac(other.mac) === mac) refuseTwin(check, path + '.mac', 'a MAC address', mac);
    if (other.address === host.address)
      refuseTwin(check, path + '.address', 'an address', formatAddress(host.address));
  }
}

/** Reads the list; a config without one fixes no addresses. @param alive called for each of them */
export function readHosts(
  check: Check,
  value: JsonValue | undefined,
  lan: LanConfig,
  alive?: () => void,
): DhcpHost[] {
  const hosts: DhcpHost[] = [];
  if (value === undefined) return hosts;
  if (!Array.isArray(value)) {
    refuseValue(check, 'lan.dhcp.hosts', 'a list of hosts, [ ... ]', value);
    return hosts;
  }
  const count = value.length;
  if (count > maxHosts)
    refuse(check, 'lan.dhcp.hosts', 'expected at most ' + maxHosts + ' hosts, but got ' + count);
  for (let i = 0; i < count && !check.error; i++) {
    const path = 'lan.dhcp.hosts[' + i + ']';
    if (alive) alive();
    const host = readHost(check, path, value[i], lan);
    // On a board what is read makes room for what it becomes.
    value[i] = null;
    refuseTwins(check, path, host, hosts);
    hosts.push(host);
  }
  return hosts;
}
