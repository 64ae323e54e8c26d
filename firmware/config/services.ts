/**
 * The rules of what the router serves its LAN: domain, addresses, names, log; and of the DMZ host.
 * Part of validate.ts, which calls it once the subnets are known to be right. The fixed hosts have their own file.
 */
import { broadcastOf, formatAddress, networkOf, parseAddress } from './address.ts';
import { readLanHost } from './expect-address.ts';
import { isLabel, member, readNumber, readObject, readText, refuse, refuseValue } from './expect.ts';
import type { Check } from './expect.ts';
import { readHosts } from './hosts.ts';
import type { JsonObject, JsonValue } from './json.ts';
import {
  dhcpKeys,
  dnsKeys,
  logKeys,
  maxDomain,
  maxLease,
  maxResolvers,
  minLease,
  usualDomain,
  usualLease,
  usualPool,
} from './schema.ts';
import type { Config, DhcpConfig, DnsConfig, LanConfig } from './schema.ts';

/** One name or several, joined by dots. */
function isDomain(text: string): boolean {
  const labels = text.split('.');
  for (let i = 0; i < labels.length; i++) if (!isLabel(labels[i], maxDomain)) return false;
  return text.length <= maxDomain;
}

function readDomain(check: Check, value: JsonValue | undefined): string {
  if (value === undefined) return usualDomain;
  const expected =
    'a domain of 1 to ' + maxDomain + ' characters a-z, 0-9, - and dots, such as "lan" or "home.arpa"';
  const domain = readText(check, 'lan.domain', value, expected);
  if (!isDomain(domain)) refuseValue(check, 'lan.domain', expected, value);
  return domain;
}

/** The first address of a pool when the config does not say: number 100 of the LAN; in a small one, where its upper half begins. */
function usualFirst(lan: LanConfig): number {
  const network = networkOf(lan.address, lan.prefix);
  const end = broadcastOf(network, lan.prefix);
  const half = (end - network + 1) / 2;
  const first = network + (half > usualPool ? usualPool : half);
  if (first !== lan.address) return first;
  return first + 1 < end ? first + 1 : first - 1;
}

/** The last one: a hundred in all, or those before the router's own address, or before the LAN's end. */
function usualLast(lan: LanConfig, first: number): number {
  const end = broadcastOf(lan.address, lan.prefix);
  const last = first + usualPool < end ? first + usualPool - 1 : end - 1;
  return lan.address > first && lan.address <= last ? lan.address - 1 : last;
}

/** `lan.dhcp`: null when there is none. */
function readDhcp(
  check: Check,
  value: JsonValue | undefined,
  lan: LanConfig,
  alive?: () => void,
): DhcpConfig | null {
  if (value === undefined) return null;
  const object = readObject(check, 'lan.dhcp', value, '', dhcpKeys);
  const from = member(object, 'first');
  const to = member(object, 'last');
  const first = from === undefined ? usualFirst(lan) : readLanHost(check, 'lan.dhcp.first', from, lan);
  const last = to === undefined ? usualLast(lan, first) : readLanHost(check, 'lan.dhcp.last', to, lan);
  if (last < first)
    refuseValue(
      check,
      'lan.dhcp.last',
      'an address that does not come before the first one, ' + formatAddress(first),
      to,
    );
  else if (lan.address > first && lan.address < last)
    refuse(
      check,
      'lan.dhcp.last',
      "expected a pool without the router's own address, but " +
        formatAddress(lan.address) +
        ' lies between ' +
        formatAddress(first) +
        ' and ' +
        formatAddress(last),
    );
  const seconds = 'a number of seconds from ' + minLease + ' to ' + maxLease;
  const lease = member(object, 'lease');
  return {
    first: first,
    last: last,
    lease: readNumber(check, 'lan.dhcp.lease', lease, seconds, minLease, maxLease, usualLease),
    hosts: readHosts(check, member(object, 'hosts'), lan, alive),
  };
}

/** `dns`: null when there is none. */
function readDns(check: Check, value: JsonValue | undefined, config: Config): DnsConfig | null {
  if (value === undefined) return null;
  const servers: number[] = [];
  const list = member(readObject(check, 'dns', value, '', dnsKeys), 'servers');
  if (list === undefined) return { servers };
  if (!Array.isArray(list)) {
    refuseValue(check, 'dns.servers', 'a list of addresses, [ ... ]', list);
    return { servers };
  }
  const count = list.length;
  if (count > maxResolvers)
    refuse(check, 'dns.servers', 'expected at most ' + maxResolvers + ' servers, but got ' + count);
  for (let i = 0; i < count && !check.error; i++)
    servers.push(readServer(check, 'dns.servers[' + i + ']', list[i], config));
  return { servers };
}

function readServer(check: Check, path: string, value: JsonValue, config: Config): number {
  const expected = 'the address of a name server, such as "9.9.9.9"';
  const address = parseAddress(readText(check, path, value, expected));
  const first = address < 0 ? 0 : address >>> 24;
  if (first === 0 || first === 127 || first >= 224) refuseValue(check, path, expected, value);
  else if (address === config.lan.address || address === config.wan.address)
    refuse(
      check,
      path,
      'expected the address of another name server, but ' + formatAddress(address) + " is the router's own",
    );
  return address;
}

/**
 * Reads all of them into `config`, whose addresses are right.
 * @param alive called for each host
 * @overlay
 */
export function readServices(check: Check, document: JsonObject, config: Config, alive?: () => void): void {
  const lan = member(document, 'lan') as JsonObject;
  const dmz = member(document, 'dmz');
  config.lan.domain = readDomain(check, member(lan, 'domain'));
  config.lan.dhcp = readDhcp(check, member(lan, 'dhcp'), config.lan, alive);
  if (dmz !== undefined) config.dmz = readLanHost(check, 'dmz', dmz, config.lan);
  config.dns = readDns(check, member(document, 'dns'), config);
  const syslog = member(readObject(check, 'log', member(document, 'log'), '', logKeys), 'syslog');
  if (syslog !== undefined) config.syslog = readLanHost(check, 'log.syslog', syslog, config.lan);
}
