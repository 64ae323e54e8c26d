/**
 * A configuration back as text: one line of JSON that parses to the same configuration, with every default
 * written out. Written by hand rather than by JSON.stringify, so that host and board print the same characters.
 */
import { formatAddress, formatCidr, formatMac } from './address.ts';
import { timeoutRules } from './schema.ts';
import type { Config, DhcpConfig, Forward, WanConfig } from './schema.ts';

function pair(key: string, text: string): string {
  return '"' + key + '":"' + text + '"';
}

/** A forward as its entry of the list. */
export function describeForward(forward: Forward): string {
  const first = forward.firstPort;
  const isRange = forward.lastPort !== first;
  const to = formatAddress(forward.to) + (isRange && forward.toPort === first ? '' : ':' + forward.toPort);
  return (
    '{' +
    pair('name', forward.name) +
    ',' +
    pair('proto', forward.proto) +
    ',"port":' +
    (isRange ? '"' + first + '-' + forward.lastPort + '"' : first) +
    ',' +
    pair('to', to) +
    (forward.fromPrefix ? ',' + pair('from', formatCidr(forward.from, forward.fromPrefix)) : '') +
    ',' +
    pair('hairpin', forward.hairpin) +
    '}'
  );
}

function describeDhcp(dhcp: DhcpConfig): string {
  const hosts: string[] = [];
  for (let i = 0; i < dhcp.hosts.length; i++) {
    const host = dhcp.hosts[i];
    const address = pair('address', formatAddress(host.address));
    hosts.push('{' + pair('name', host.name) + ',' + pair('mac', formatMac(host.mac)) + ',' + address + '}');
  }
  return (
    ',"dhcp":{' +
    pair('first', formatAddress(dhcp.first)) +
    ',' +
    pair('last', formatAddress(dhcp.last)) +
    ',"lease":' +
    dhcp.lease +
    ',"hosts":[' +
    hosts.join(',') +
    ']}'
  );
}

function describeServers(servers: number[]): string {
  const texts: string[] = [];
  for (let i = 0; i < servers.length; i++) texts.push('"' + formatAddress(servers[i]) + '"');
  return ',"dns":{"servers":[' + texts.join(',') + ']}';
}

/** Address and gateway, or that they are leased. */
function describeWan(wan: WanConfig): string {
  if (wan.dhcp) return pair('address', 'dhcp');
  return (
    pair('address', formatCidr(wan.address, wan.prefix)) + ',' + pair('gateway', formatAddress(wan.gateway))
  );
}

/** The config as one line of JSON, no longer than a document may be. */
export function describeConfig(config: Config): string {
  const forwards: string[] = [];
  for (let i = 0; i < config.forwards.length; i++) forwards.push(describeForward(config.forwards[i]));
  return describeAround(config, forwards.join(','));
}

/** The same from parts: @param forwards their texts, joined by commas */
export function describeAround(config: Omit<Config, 'forwards'>, forwards: string): string {
  const timeouts: string[] = [];
  for (let i = 0; i < timeoutRules.length; i++) {
    const key = timeoutRules[i].key;
    timeouts.push('"' + key + '":' + config.nat.timeouts[key]);
  }
  return (
    '{"wan":{' +
    describeWan(config.wan) +
    ',' +
    pair('mac', formatMac(config.wan.mac)) +
    ',"mtu":' +
    config.wan.mtu +
    '},"lan":{' +
    pair('address', formatCidr(config.lan.address, config.lan.prefix)) +
    ',' +
    pair('mac', formatMac(config.lan.mac)) +
    ',' +
    pair('domain', config.lan.domain) +
    (config.lan.dhcp ? describeDhcp(config.lan.dhcp) : '') +
    '},"nat":{' +
    pair('filterUdp', config.nat.filterUdp) +
    ',' +
    pair('filterTcp', config.nat.filterTcp) +
    ',"hairpinDynamic":' +
    config.nat.hairpinDynamic +
    ',"wanIcmpErrors":' +
    config.nat.wanIcmpErrors +
    ',"natPmp":' +
    config.nat.natPmp +
    ',"timeouts":{' +
    timeouts.join(',') +
    '}},"forwards":[' +
    forwards +
    ']' +
    (config.dmz ? ',' + pair('dmz', formatAddress(config.dmz)) : '') +
    (config.dns ? describeServers(config.dns.servers) : '') +
    (config.syslog ? ',"log":{' + pair('syslog', formatAddress(config.syslog)) + '}' : '') +
    '}'
  );
}
