/**
 * What datapath and control agree on about flows: the kind in the upper half of `flowState`, and how buckets tell
 * apart what a row's key does not. Numbers only.
 */

/** A packet of the reply direction was seen; the original one made the flow. */
export const replySeen = 16;
/** The peer opened the flow, so that the outer row is the original direction. */
export const openedOutside = 32;
/**
 * The peer is a LAN host: around the hairpin its packets reach the server in P's name, in R's name, or, with both
 * bits, in their own (the mistake).
 */
export const externalHairpin = 64;
export const lanHairpin = 128;
export const dnatOnly = 192;

/** The bits above of a flow from the Internet that the LAN has not answered yet are `openedOutside` alone. */
export const strangerMask = openedOutside | dnatOnly | replySeen;

/**
 * Added to the sum of a packet's words before the remainder is taken. Two packets whose words are equal are in the
 * same bucket only if their offsets are equal, so a row that is found there is of the right protocol, and, in the
 * hairpin's index, of packets to the right address: the key needs no word for that.
 */
export const udpOffset = 1;
export const icmpOffset = 4;
/** For packets to R; those to P have 0. */
export const hairpinToLan = 2;
