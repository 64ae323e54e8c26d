/**
 * The router's own addresses as the datapath needs them: words as they lie in a packet. control/addresses.ts sets them.
 */
/** P, the public address. */
export let publicAddress = 0;
/** R, the router's address on the LAN. */
export let lanAddress = 0;

/** Takes both addresses, as words. */
export function setOwnAddresses(wan: number, lan: number): void {
  publicAddress = wan;
  lanAddress = lan;
}
