/**
 * A configuration back as text: one line of JSON that parses to the same configuration, with every default
 * written out. Written by hand rather than by JSON.stringify, so that host and board print the same characters.
 */
import { formatAddress, formatCidr, formatMac } from './address.ts';
import { timeoutRules } from './schema.ts';
import type { Config, Forward } from './schema.ts';

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
    pair('address', formatCidr(config.wan.address, config.wan.prefix)) +
    ',' +
    pair('gateway', formatAddress(config.wan.gateway)) +
    ',' +
    pair('mac', formatMac(config.wan.mac)) +
    ',"mtu":' +
    config.wan.mtu +
    '},"lan":{' +
    pair('address', formatCidr(config.lan.address, config.lan.prefix)) +
    ',' +
    pair('mac', formatMac(config.lan.mac)) +
    '},"nat":{' +
    pair('filterUdp', config.nat.filterUdp) +
    ',' +
    pair('filterTcp', config.nat.filterTcp) +
    ',"hairpinDynamic":' +
    config.nat.hairpinDynamic +
    ',"wanIcmpErrors":' +
    config.nat.wanIcmpErrors +
    ',"timeouts":{' +
    timeouts.join(',') +
    '}},"forwards":[' +
    forwards +
    ']' +
    (config.dmz ? ',' + pair('dmz', formatAddress(config.dmz)) : '') +
    '}'
  );
}
