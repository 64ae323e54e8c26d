/**
 * The config's settings of `nat` into the arena, where datapath-near code asks for them by bits and by state.
 */
import {
  policyFilterTcp,
  policyFilterUdp,
  policyHairpinDynamic,
  policySwitch,
  policyWanErrors,
  switches,
} from '../layout/arena.ts';
import type { NatConfig } from '../config/schema.ts';
import { setTimeouts } from './states.ts';

/** Takes the settings over. */
export function setPolicy(nat: NatConfig): void {
  switches[policySwitch] =
    (nat.filterUdp == 'endpoint-independent' ? policyFilterUdp : 0) |
    (nat.filterTcp == 'endpoint-independent' ? policyFilterTcp : 0) |
    (nat.hairpinDynamic ? policyHairpinDynamic : 0) |
    (nat.wanIcmpErrors ? policyWanErrors : 0);
  const limits = nat.timeouts;
  setTimeouts(limits.udp, limits.tcpEstablished, limits.tcpTransitory, limits.icmp);
}
