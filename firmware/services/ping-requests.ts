/**
 * The requests `ping ADDRESS` and `ping read`: beginning a ping of the router's own, and what it has come to.
 */
import {
  linkLan,
  linkWan,
  ping,
  pingAnswered,
  pingEndpoint,
  pingSent,
  pingTarget,
  pingTeller,
  pingTimes,
  pingTrouble,
  switches,
} from '../layout/arena.ts';
import { parseAddress } from '../config/address.ts';
import {
  gatewayAddress,
  isBroadcast,
  isMartianSource,
  lanAddress,
  onLan,
  onWanSubnet,
  publicAddress,
} from '../control/addresses.ts';
import { noNeighbour, startPing } from '../control/ping.ts';
import { clockFunction } from '../platform/system.ts';
import { swap32 } from '../wire/order.ts';
import { addressText } from './text.ts';

/** Begins to ping an address. @returns why not, or empty */
export function beginPing(text: string): string {
  const number = parseAddress(text);
  if (number < 0) return 'expected the address of a host such as 192.168.0.2, or read.';
  const address = swap32(number);
  // First of all, for no address is P's either, while it has none.
  if (isMartianSource(address) || isBroadcast(address)) return text + ' is not the address of one host.';
  if (address == lanAddress || address == publicAddress) return text + ' is an address of the router itself.';
  const local = onLan(address);
  if (!switches[local ? linkLan : linkWan]) {
    return (
      'no cable is plugged in on the ' + (local ? 'LAN' : 'WAN') + ' side, by which ' + text + ' is reached.'
    );
  }
  if (!local && !publicAddress)
    return (
      'the WAN has no address, and ' + text + ' is reached by it. "hairpin status" tells about the lease.'
    );
  if (!startPing(address, clockFunction())) return 'no identifier is free for it. Try again later.';
  return '';
}

/** The answer to `ping read`, or empty when nothing was pinged yet. */
export function pingText(): string {
  if (!ping[pingTarget]) return '';
  const milliseconds: (number | null)[] = [];
  let received = 0;
  for (let i = 0; i < ping[pingSent]; i++) {
    const answered = ping[pingAnswered] & (1 << i);
    if (answered) received++;
    milliseconds.push(answered ? ping[pingTimes + i] / 10 : null);
  }
  return JSON.stringify({
    ping: addressText(ping[pingTarget]),
    sent: ping[pingSent],
    received: received,
    milliseconds: milliseconds,
    done: !ping[pingEndpoint],
    trouble: ping[pingTrouble] ? troubleText(ping[pingTrouble]) : null,
    ok: true,
  });
}

function troubleText(trouble: number): string {
  if (trouble == noNeighbour) {
    const target = ping[pingTarget];
    const direct = onLan(target) || onWanSubnet(target);
    return (
      (direct ? '' : 'The gateway ') +
      addressText(direct ? target : gatewayAddress) +
      ' does not answer ARP: it is not there, or not on this cable.'
    );
  }
  return (
    addressText(ping[pingTeller]) +
    ' answered with an ICMP error: ' +
    (trouble >>> 8 == 11 ? 'the packet was on its way for too long' : 'the host cannot be reached') +
    ' (type ' +
    (trouble >>> 8) +
    ', code ' +
    (trouble & 255) +
    ').'
  );
}
