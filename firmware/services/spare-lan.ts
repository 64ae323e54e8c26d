/**
 * Where the LAN moves when the ISP leases an address of the very network that it has (RFC 4787 section 7): to the first
 * of three networks that the WAN does not touch. May touch: the LAN's address with all that hangs on it.
 */
import { lanAddress, lanHostMask, lanHostOf } from '../control/addresses.ts';
import { moveLan } from '../control/readdress.ts';
import { random32 } from '../platform/system.ts';
import { swap32 } from '../wire/order.ts';

/** 192.168.77.0, 172.29.77.0, 10.77.77.0: one of each block of RFC 1918, cut to the LAN's size. */
const spareNetworks = [0xc0a84d00, 0xac1d4d00, 0x0a4d4d00];

/**
 * Whether an address, most significant byte first, lies in a network of either size.
 * @param mask of the larger of the two
 */
function isWithin(address: number, network: number, mask: number): boolean {
  return ((address ^ network) & mask) == 0;
}

/** Whether a LAN at this address, most significant byte first, would overlap the WAN's network, or hold its gateway. */
function collides(lan: number, address: number, mask: number, gateway: number): boolean {
  // The LAN's mask has as many ones as neither network can tell apart from the other.
  return (
    isWithin(lan, swap32(address), ~lanHostMask & swap32(mask)) ||
    (gateway != 0 && isWithin(lan, swap32(gateway), ~lanHostMask))
  );
}

/**
 * Moves the LAN away from a network that the WAN is to have.
 * @param address P there, a word, as mask and gateway  @returns whether the LAN had to move
 */
export function makeWay(address: number, mask: number, gateway: number): boolean {
  if (!collides(swap32(lanAddress), address, mask, gateway)) return false;
  const host = lanHostOf(lanAddress);
  for (let i = 0; i < spareNetworks.length; i++) {
    const spare = ((spareNetworks[i] & ~lanHostMask) | host) >>> 0;
    if (collides(spare, address, mask, gateway)) continue;
    moveLan(swap32(spare), random32);
    return true;
  }
  return false;
}
