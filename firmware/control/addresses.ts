/**
 * The router's addresses and subnets, as words, and the questions asked about an address. Set from the config; later
 * changes are those of readdress.ts. P and R themselves are the datapath's, see datapath/own.ts.
 */
import type { Config } from '../config/schema.ts';
import { lanAddress, publicAddress, setOwnAddresses } from '../datapath/own.ts';
import { ethernetBytes } from '../wire/frame.ts';
import { swap32 } from '../wire/order.ts';

export { lanAddress, publicAddress };

export let gatewayAddress = 0;
// Masks, and networks as `&` gives them: signed, so that no comparison has to make them unsigned.
export let wanMask = 0;
let wanNet = 0;
let lanMask = 0;
let lanNet = 0;
let lanNetwork = 0;
let lanBroadcast = 0;
/** Bits of an address that tell LAN hosts apart, most significant byte first. */
export let lanHostMask = 0;
export let lanBase = 0;
/** Largest IP packet the WAN takes. */
export let wanMtu = 1500;
/**
 * Longest Ethernet frame that either side takes: the LAN's MTU is never the smaller one.
 * @inline
 */
export function largestFrame(): number {
  return wanMtu + ethernetBytes;
}

/** The LAN is plain Ethernet. */
export const lanMtu = 1500;

/** Limited broadcast. */
export const broadcast = 0xffffffff;

/** A prefix length as an unsigned mask, most significant byte first. */
export function maskOf(prefix: number): number {
  return prefix ? (0xffffffff << (32 - prefix)) >>> 0 : 0;
}

/** Takes both ports' addresses from the config. */
export function setAddresses(config: Config): void {
  lanMask = swap32(maskOf(config.lan.prefix));
  lanHostMask = ~maskOf(config.lan.prefix) >>> 0;
  setLan(swap32(config.lan.address));
  setWan(
    swap32(config.wan.address),
    swap32(maskOf(config.wan.prefix)),
    swap32(config.wan.gateway),
    config.wan.mtu,
  );
}

/**
 * Takes what the WAN's side is to be.
 * @param address a word, as the mask and the gateway; 0 when there is none, and then the mask is all ones
 * @param mtu longest IP packet in bytes
 */
export function setWan(address: number, mask: number, gateway: number, mtu: number): void {
  setOwnAddresses(address, lanAddress);
  gatewayAddress = gateway;
  wanMask = mask;
  wanNet = address & mask;
  wanMtu = mtu;
}

/** Takes the router's address on the LAN, a word. The size of the LAN stays. */
export function setLan(address: number): void {
  setOwnAddresses(publicAddress, address);
  lanNet = address & lanMask;
  lanNetwork = lanNet >>> 0;
  lanBroadcast = (lanNet | ~lanMask) >>> 0;
  lanBase = (swap32(address) & ~lanHostMask) >>> 0;
}

/** @inline */
export function onLan(address: number): boolean {
  return (address & lanMask) == lanNet;
}

/** @inline */
export function onWanSubnet(address: number): boolean {
  return (address & wanMask) == wanNet;
}

/** Limited or directed broadcast of either subnet, or a network's own address (RFC 1812 section 5.3.5). */
export function isBroadcast(address: number): boolean {
  if (address == broadcast) return true;
  if (onLan(address)) return isLanEdge(address);
  // A network of one address or two has neither (RFC 3021): some ISPs lease such.
  return onWanSubnet(address) && wanMask >>> 24 < 254 && isEdge(address, wanMask);
}

/**
 * Whether an address of the LAN's subnet is its network's own, or its broadcast.
 * @inline
 */
export function isLanEdge(address: number): boolean {
  return address == lanNetwork || address == lanBroadcast;
}

/** @inline */
function isEdge(address: number, mask: number): boolean {
  return (address & ~mask) == 0 || (address & ~mask) == ~mask;
}

/**
 * 224.0.0.0/4 (RFC 1112).
 * @inline
 */
export function isMulticast(address: number): boolean {
  return (address & 240) == 224;
}

/**
 * A source that no single host can have: 0/8, 127/8, 224/3 (RFC 1812 section 5.3.7).
 * @inline
 */
export function isMartianSource(address: number): boolean {
  return (address & 255) > 223 || !(address & 255) || (address & 255) == 127;
}

/**
 * Whether an address may be more than that of some host elsewhere: only these are worth the questions that follow.
 * @inline
 */
export function isSpecial(address: number): boolean {
  return (address & 255) > 223 || onLan(address) || onWanSubnet(address);
}

/**
 * A destination that must not be routed: 0/8, 127/8, 240/4 other than limited broadcast.
 * @inline
 */
export function isMartianTarget(address: number): boolean {
  return !(address & 255) || (address & 255) == 127 || ((address & 255) > 239 && address != broadcast);
}

/**
 * Number of a LAN address within its prefix, which leaves at most two bytes to it.
 * @inline
 */
export function lanHostOf(address: number): number {
  return ((address >>> 24) | ((address >>> 8) & 65280)) & lanHostMask;
}

/**
 * The LAN address with this number, as a word.
 * @inline
 */
export function lanAddressOf(host: number): number {
  return swap32(lanBase + host);
}
