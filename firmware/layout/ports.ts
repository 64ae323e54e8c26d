/**
 * The two Ethernet ports and the hairpin modes of a forward, as numbers.
 */
export const wanPort = 0;
export const lanPort = 1;

/** What a forward does with a LAN client. */
export const hairpinExternal = 0;
export const hairpinLan = 1;
export const hairpinDnatOnly = 2;
export const hairpinNone = 3;

/** The names of the modes in config and answers, by number. */
export const hairpinNames = ['external', 'lan', 'dnat-only', 'none'];

/** Bits of `forwardProtocol`. */
export const forwardTcp = 1;
export const forwardUdp = 2;
