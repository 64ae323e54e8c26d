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

/** States of a chip. Down: not answering, or being reset. */
export const chipDown = 0;
/** Socket 0 is open and frames flow. */
export const running = 1;
/** The transmitter does not finish, or the receive ring falls out of step again and again: open the socket anew. */
export const chipStuck = 2;
