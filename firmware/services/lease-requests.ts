/**
 * What the seam says of the WAN's lease, and asking for it again by hand.
 */
import {
  linkWan,
  policySwitch,
  policyWanDhcp,
  resolverCount,
  resolvers,
  switches,
  wanLease,
} from '../layout/arena.ts';
import { forever, phaseNames, wanEnd, wanLink, wanPhase, wanServer } from '../layout/wan-lease.ts';
import { gatewayAddress, publicAddress } from '../control/addresses.ts';
import { failure, success } from './replies.ts';
import type { Answer } from './replies.ts';
import { addressText } from './text.ts';

/**
 * Where the conversation with the ISP stands, for `status`; undefined when the config fixes P.
 * @param now whole seconds since the start
 */
export function leaseAnswer(now: number): Answer | undefined {
  if (!(switches[policySwitch] & policyWanDhcp)) return undefined;
  const names: string[] = [];
  for (let i = 0; i < resolverCount; i++) if (resolvers[i]) names.push(addressText(resolvers[i]));
  return {
    state: phaseNames[wanLease[wanPhase]],
    server: publicAddress ? addressText(wanLease[wanServer]) : null,
    gateway: gatewayAddress ? addressText(gatewayAddress) : null,
    // Null is for ever; without an address nothing is left.
    secondsLeft: !publicAddress
      ? 0
      : wanLease[wanEnd] == forever
        ? null
        : Math.max(wanLease[wanEnd] - now, 0),
    resolvers: names,
  };
}

/** The answer to `lease renew`: in the next second the address is asked for again, as when the cable had been out. */
export function leaseText(words: string[]): string {
  if (words[1] != 'renew') return failure('lease: expected renew behind it.');
  if (!(switches[policySwitch] & policyWanDhcp))
    return failure('lease: the config fixes the address of the WAN ("wan.address"); nothing is leased.');
  if (!switches[linkWan]) return failure('lease: no cable is plugged in on the WAN side.');
  wanLease[wanLink] = 0;
  return success({ lease: 'renew' });
}
