/**
 * The configuration that runs, as text. The config as it was read is not kept: what it came to is in the tables, and
 * the names of forwards, which only people need, are in the text still, in flash.
 */
import {
  configuredLan,
  configuredMtu,
  domainAt,
  domainBytes,
  forwardFirstPort,
  forwardFrom,
  forwardFromMask,
  forwardLastPort,
  forwardMode,
  forwardProtocol,
  forwardTo,
  forwardToPort,
  leaseFixed,
  leaseHost,
  leaseMac,
  leaseName,
  leaseNameBytes,
  leaseState,
  policyDns,
  policyFilterTcp,
  policyFilterUdp,
  policyHairpinDynamic,
  policyLanDhcp,
  policyNatPmp,
  policySwitch,
  policyWanDhcp,
  policyWanErrors,
  poolFirst,
  poolLast,
  poolSeconds,
  resolvers,
  resolversFixed,
  served,
  switches,
  syslogHost,
  timeout,
} from '../layout/arena.ts';
import { lanPort, wanPort } from '../layout/ports.ts';
import { maskOf } from '../config/address.ts';
import { describeAround, describeForward } from '../config/describe.ts';
import { listOfForwards } from '../config/edit.ts';
import { filterModes, forwardProtocols, hairpinModes, maxHosts } from '../config/schema.ts';
import type { DhcpConfig, DhcpHost } from '../config/schema.ts';
import { gatewayAddress, lanHostMask, publicAddress, wanMask } from '../control/addresses.ts';
import { dmzAddress, ruleCount } from '../control/forwards.ts';
import { icmpQuery, tcpEstablished, tcpTransitory, udpTwoWay } from '../control/states.ts';
import { movedBy } from '../control/policy.ts';
import { ownMac } from '../control/station.ts';
import { swap32 } from '../wire/order.ts';
import { changedSince, usedText } from './chosen-config.ts';

/** The names of the forwards in their order, or a sentence when the text that runs is not there any more. */
export function forwardNames(): string[] | string {
  const text = usedText();
  if (!text) return changedSince();
  const names: string[] = [];
  const key = '"name"';
  const list = listOfForwards(text);
  // Hosts have names too.
  const end = list < 0 ? 0 : text.indexOf(']', list);
  let at = text.indexOf(key, list);
  while (at >= 0 && at < end) {
    const start = text.indexOf('"', at + key.length) + 1;
    at = text.indexOf('"', start);
    names.push(text.substring(start, at));
    // Behind the name, which may be "name" as well.
    at = text.indexOf(key, at + 1);
  }
  return names;
}

/**
 * The config as one line of JSON, with every default written out and with what was set since. What the ISP's lease
 * changes is told as it was configured: the MTU, and the LAN's addresses after it gave way to the WAN's.
 */
export function runningConfig(names: string[]): string {
  const policy = switches[policySwitch];
  let forwards = '';
  const rules = ruleCount();
  for (let rule = 0; rule < rules; rule++) forwards += (rule ? ',' : '') + ruleText(rule, names[rule]);
  return describeAround(
    {
      wan: {
        address: swap32(publicAddress),
        prefix: prefixOf(swap32(wanMask)),
        gateway: swap32(gatewayAddress),
        dhcp: !!(policy & policyWanDhcp),
        mac: ownMac(wanPort),
        mtu: served[configuredMtu],
      },
      lan: {
        address: swap32(served[configuredLan]),
        prefix: prefixOf(~lanHostMask >>> 0),
        mac: ownMac(lanPort),
        domain: characters(domainAt, domainBytes),
        dhcp: policy & policyLanDhcp ? runningDhcp() : null,
      },
      nat: {
        filterUdp: filterModes[policy & policyFilterUdp ? 1 : 0],
        filterTcp: filterModes[policy & policyFilterTcp ? 1 : 0],
        hairpinDynamic: !!(policy & policyHairpinDynamic),
        wanIcmpErrors: !!(policy & policyWanErrors),
        natPmp: !!(policy & policyNatPmp),
        timeouts: {
          udp: timeout[udpTwoWay],
          tcpEstablished: timeout[tcpEstablished],
          tcpTransitory: timeout[tcpTransitory],
          icmp: timeout[icmpQuery],
        },
      },
      dmz: dmzAddress && configured(dmzAddress),
      dns: policy & policyDns ? { servers: runningServers() } : null,
      syslog: served[syslogHost] && hostAddress(served[syslogHost]),
    },
    forwards,
  );
}

/** The address of a LAN host, a word, as it is configured. */
function configured(word: number): number {
  return swap32(word ^ movedBy());
}

/** The address with a number on the LAN, as it is configured. */
function hostAddress(host: number): number {
  return ((swap32(served[configuredLan]) & ~lanHostMask) >>> 0) + host;
}

/** Characters in `leaseName`, up to a zero. */
function characters(at: number, most: number): string {
  let text = '';
  for (let i = 0; i < most && leaseName[at + i]; i++) text += String.fromCharCode(leaseName[at + i]);
  return text;
}

function runningDhcp(): DhcpConfig {
  const hosts: DhcpHost[] = [];
  for (let i = 0; i < maxHosts && leaseState[i] == leaseFixed; i++) {
    const mac: number[] = [];
    for (let j = 0; j < 6; j++) mac[j] = leaseMac[6 * i + j];
    hosts.push({
      name: characters(leaseNameBytes * i, leaseNameBytes),
      mac: mac,
      address: hostAddress(leaseHost[i]),
    });
  }
  return {
    first: hostAddress(served[poolFirst]),
    last: hostAddress(served[poolLast]),
    lease: served[poolSeconds],
    hosts: hosts,
  };
}

function runningServers(): number[] {
  const servers: number[] = [];
  for (let i = 0; i < resolvers[resolversFixed]; i++) servers.push(swap32(resolvers[i]));
  return servers;
}

function ruleText(rule: number, name: string): string {
  return describeForward({
    name: name,
    proto: forwardProtocols[forwardProtocol[rule] - 1],
    firstPort: forwardFirstPort[rule],
    lastPort: forwardLastPort[rule],
    to: configured(forwardTo[rule]),
    toPort: forwardToPort[rule],
    from: swap32(forwardFrom[rule]),
    fromPrefix: prefixOf(swap32(forwardFromMask[rule])),
    hairpin: hairpinModes[forwardMode[rule]],
  });
}

/** Bits of a mask, most significant byte first. */
function prefixOf(mask: number): number {
  let prefix = 0;
  while (maskOf(prefix) != mask) prefix++;
  return prefix;
}
