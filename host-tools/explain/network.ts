/*
 * Where an address is, seen from a configured router: on the LAN, beside the router on the WAN, or beyond the
 * gateway. And the MAC addresses of the hosts that are played around it.
 *
 * Pure. This is what hosts know about their network; what the router does with a packet is asked of the firmware.
 */
import {
  broadcastOf,
  formatAddress,
  formatCidr,
  formatMac,
  networkOf,
  parseAddress,
} from '../../firmware/config/address.ts';
import type { Config } from '../../firmware/config/schema.ts';
import { broadcastMac } from '../lab/scripted/frames.ts';

/** 224.0.0.0: multicast, then addresses that nobody has, then the limited broadcast (RFC 5771, RFC 1112 section 4). */
const firstMulticast = 0xe0000000;

/** A side of the router. */
export type Side = 'wan' | 'lan';

export interface Network {
  /** The router's own addresses, dotted. */
  publicAddress: string;
  lanAddress: string;
  gateway: string;
  /** "192.168.0.0/24" */
  lan: string;
  routerMac: Record<Side, string>;
  /** Whether an address lies in the subnet of this side. */
  isOn(side: Side, address: string): boolean;
  /** Whether an address means many or no host there: broadcasts of all kinds and multicast. */
  isToMany(side: Side, address: string): boolean;
}

/** The networks on both sides of a router with this configuration. */
export function networkAround(config: Config): Network {
  const isIn = (address: string, { address: own, prefix }: { address: number; prefix: number }): boolean =>
    networkOf(parseAddress(address), prefix) === networkOf(own, prefix);
  return {
    publicAddress: formatAddress(config.wan.address),
    lanAddress: formatAddress(config.lan.address),
    gateway: formatAddress(config.wan.gateway),
    lan: formatCidr(networkOf(config.lan.address, config.lan.prefix), config.lan.prefix),
    routerMac: { wan: formatMac(config.wan.mac), lan: formatMac(config.lan.mac) },
    isOn: (side, address) => isIn(address, config[side]),
    isToMany: (side, address) => {
      const number = parseAddress(address);
      const { address: own, prefix } = config[side];
      const edges = [networkOf(own, prefix), broadcastOf(own, prefix)];
      return number >= firstMulticast || edges.includes(number);
    },
  };
}

/** The side where a packet from this address arrives: its network's if it is the LAN's, else the Internet's. */
export function sideOf(network: Network, source: string): Side {
  return network.isOn('lan', source) ? 'lan' : 'wan';
}

/** Who on this side carries a packet from or to this address: the host itself, or the gateway for all beyond it. */
export function neighbourFor(network: Network, side: Side, address: string): string {
  return side === 'lan' || network.isOn('wan', address) ? address : network.gateway;
}

/** The MAC of a played host: locally administered, with its address in it. */
export function macOf(address: string): string {
  const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return ['02', '00', ...bytes].join(':');
}

/** The MAC that frames to many have: the broadcast's, or that of a multicast group (RFC 1112 section 6.4). */
export function groupMacOf(address: string): string {
  const [first, ...rest] = address.split('.').map(Number);
  if (first < 224 || first > 239) return broadcastMac;
  const low = [rest[0] & 127, rest[1], rest[2]].map((byte) => byte.toString(16).padStart(2, '0'));
  return ['01', '00', '5e', ...low].join(':');
}

/** The address in a played host's MAC; null for any other MAC. */
export function addressOf(mac: string): string | null {
  if (!mac.startsWith('02:00:')) return null;
  return mac
    .split(':')
    .slice(2)
    .map((byte) => parseInt(byte, 16))
    .join('.');
}
