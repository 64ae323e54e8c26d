/**
 * The configuration that runs, as text. The config as it was read is not kept: what it came to is in the tables, and
 * the names of forwards, which only people need, are in the text still, in flash.
 */
import {
  forwardFirstPort,
  forwardFrom,
  forwardFromMask,
  forwardLastPort,
  forwardMode,
  forwardProtocol,
  forwardTo,
  forwardToPort,
  policyFilterTcp,
  policyFilterUdp,
  policyHairpinDynamic,
  policyNatPmp,
  policySwitch,
  policyWanErrors,
  switches,
  timeout,
} from '../layout/arena.ts';
import { lanPort, wanPort } from '../layout/ports.ts';
import { maskOf } from '../config/address.ts';
import { describeAround, describeForward } from '../config/describe.ts';
import { filterModes, forwardProtocols, hairpinModes } from '../config/schema.ts';
import {
  gatewayAddress,
  lanAddress,
  lanHostMask,
  publicAddress,
  wanMask,
  wanMtu,
} from '../control/addresses.ts';
import { dmzAddress, forwardCount } from '../control/forwards.ts';
import { icmpQuery, tcpEstablished, tcpTransitory, udpTwoWay } from '../control/states.ts';
import { ownMac } from '../control/station.ts';
import { swap32 } from '../wire/order.ts';
import { changedSince, usedText } from './chosen-config.ts';

/** The names of the forwards in their order, or a sentence when the text that runs is not there any more. */
export function forwardNames(): string[] | string {
  const text = usedText();
  if (!text) return changedSince();
  const names: string[] = [];
  const key = '"name"';
  let at = text.indexOf(key);
  while (at >= 0) {
    const start = text.indexOf('"', at + key.length) + 1;
    at = text.indexOf('"', start);
    names.push(text.substring(start, at));
    // Behind the name, which may be "name" as well.
    at = text.indexOf(key, at + 1);
  }
  return names;
}

/** The config as one line of JSON, with every default written out and with what was set since. */
export function runningConfig(names: string[]): string {
  const policy = switches[policySwitch];
  let forwards = '';
  for (let rule = 0; rule < forwardCount; rule++) forwards += (rule ? ',' : '') + ruleText(rule, names[rule]);
  return describeAround(
    {
      wan: {
        address: swap32(publicAddress),
        prefix: prefixOf(swap32(wanMask)),
        gateway: swap32(gatewayAddress),
        dhcp: false,
        mac: ownMac(wanPort),
        mtu: wanMtu,
      },
      lan: {
        address: swap32(lanAddress),
        prefix: prefixOf(~lanHostMask >>> 0),
        mac: ownMac(lanPort),
        domain: 'lan',
        dhcp: null,
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
      dmz: swap32(dmzAddress),
      dns: null,
      syslog: 0,
    },
    forwards,
  );
}

function ruleText(rule: number, name: string): string {
  return describeForward({
    name: name,
    proto: forwardProtocols[forwardProtocol[rule] - 1],
    firstPort: forwardFirstPort[rule],
    lastPort: forwardLastPort[rule],
    to: swap32(forwardTo[rule]),
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
