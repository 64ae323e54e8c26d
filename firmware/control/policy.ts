/**
 * The config's settings of `nat`, and which services it switches on, into the arena, where datapath-near code asks for them by bits and by state.
 */
import {
  policyDns,
  policyFilterTcp,
  policyFilterUdp,
  policyHairpinDynamic,
  policyLanDhcp,
  policyNatPmp,
  policySwitch,
  policyWanDhcp,
  policyWanErrors,
  switches,
} from '../layout/arena.ts';
import type { Config, NatConfig } from '../config/schema.ts';
import { setTimeouts } from './states.ts';

/** What the router serves, beside packets: for good, like all that `nat` does not hold. */
export function setServed(config: Config): void {
  switches[policySwitch] =
    (config.wan.dhcp ? policyWanDhcp : 0) |
    (config.lan.dhcp ? policyLanDhcp : 0) |
    (config.dns ? policyDns : 0);
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
  const limits = nat.timeouts;
  setTimeouts(limits.udp, limits.tcpEstablished, limits.tcpTransitory, limits.icmp);
}
