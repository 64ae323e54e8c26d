/**
 * The config's settings of `nat`, and what it says of services, into the arena, where datapath-near code asks for them by
 * bits and by state. The hosts with fixed addresses have their own file.
 */
import {
  configuredLan,
  configuredMtu,
  domainAt,
  leaseName,
  mapped,
  mappedDue,
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
} from '../layout/arena.ts';
import type { Config, DhcpConfig, NatConfig } from '../config/schema.ts';
import { lanAddress } from '../datapath/own.ts';
import { swap32 } from '../wire/order.ts';
import { lanHostMask, wanMtu } from './addresses.ts';
import { setFixedHosts } from './fixed-hosts.ts';
import { setTimeouts } from './states.ts';

/** What the router serves, beside packets: for good, like all that `nat` does not hold. Behind setAddresses(). */
export function setServed(config: Config): void {
  const dhcp = config.lan.dhcp;
  const servers = config.dns ? config.dns.servers : [];
  switches[policySwitch] =
    (config.wan.dhcp ? policyWanDhcp : 0) | (dhcp ? policyLanDhcp : 0) | (config.dns ? policyDns : 0);
  served[syslogHost] = config.syslog & lanHostMask;
  served[configuredLan] = lanAddress;
  served[configuredMtu] = wanMtu;
  resolvers[resolversFixed] = servers.length;
  for (let i = 0; i < servers.length; i++) resolvers[i] = swap32(servers[i]);
  for (let i = 0; i < config.lan.domain.length; i++)
    leaseName[domainAt + i] = config.lan.domain.charCodeAt(i);
  if (dhcp) setPool(dhcp);
}

/**
 * What the addresses of the LAN's hosts have been changed by since the start, a word: XOR of it undoes that.
 * @inline
 */
export function movedBy(): number {
  return lanAddress ^ served[configuredLan];
}

function setPool(dhcp: DhcpConfig): void {
  served[poolFirst] = dhcp.first & lanHostMask;
  served[poolLast] = dhcp.last & lanHostMask;
  served[poolSeconds] = dhcp.lease;
  setFixedHosts(dhcp.hosts);
}

/** Takes the settings of `nat` over, again and again as they change. */
export function setPolicy(nat: NatConfig): void {
  switches[policySwitch] =
    (switches[policySwitch] & (policyWanDhcp | policyLanDhcp | policyDns)) |
    (nat.filterUdp == 'endpoint-independent' ? policyFilterUdp : 0) |
    (nat.filterTcp == 'endpoint-independent' ? policyFilterTcp : 0) |
    (nat.hairpinDynamic ? policyHairpinDynamic : 0) |
    (nat.wanIcmpErrors ? policyWanErrors : 0) |
    (nat.natPmp ? policyNatPmp : 0);
  mapped[mappedDue] = 0;
  const limits = nat.timeouts;
  setTimeouts(limits.udp, limits.tcpEstablished, limits.tcpTransitory, limits.icmp);
}
