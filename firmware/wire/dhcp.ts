/**
 * DHCP messages (RFC 2131 section 2, RFC 2132): where their fields are, from the first byte behind the UDP header, and
 * the numbers in them that this router writes or reads. Data only.
 */

/** `op`: 1 from a client, 2 from a server. */
export const bootRequest = 1;
export const bootReply = 2;
/** Four bytes by which a client knows the answers to its own question. */
export const xidAt = 4;
/** Seconds since the client began, big-endian. */
export const secsAt = 8;
/** The highest bit of this byte: the client cannot take an answer that is not a broadcast. */
export const flagsAt = 10;
export const broadcastFlag = 128;
/** The address a client has and may use, the one it is given, the relay's. */
export const ciaddrAt = 12;
export const yiaddrAt = 16;
export const giaddrAt = 24;
/** The client's MAC address. */
export const chaddrAt = 28;
/** Two names, which may hold options instead (option 52). */
export const snameAt = 44;
export const snameBytes = 64;
export const fileAt = 108;
export const fileBytes = 128;
/** What tells DHCP from BOOTP: as a word, 99.130.83.99. */
export const cookieAt = 236;
export const cookie = 0x63538263;
export const optionsAt = 240;

/** Shortest message that old relays and servers take (RFC 1542 section 2.1). */
export const leastMessage = 300;

// Options, by number (RFC 2132).
export const padOption = 0;
export const maskOption = 1;
export const routerOption = 3;
export const resolverOption = 6;
export const hostNameOption = 12;
export const domainOption = 15;
export const mtuOption = 26;
export const broadcastOption = 28;
/** The address a client would like to have. */
export const requestedOption = 50;
/** Seconds, as T1 and T2 are; all ones: for ever. */
export const leaseOption = 51;
/** 1: `file` holds options, 2: `sname`, 3: both. */
export const overloadOption = 52;
export const typeOption = 53;
/** The server's own address, by which its lease is told from others'. */
export const serverOption = 54;
/** Options that the client would like to be told, a byte each. */
export const parametersOption = 55;
export const renewalOption = 58;
export const rebindingOption = 59;
export const clientOption = 61;
export const endOption = 255;
/** All options that we read have smaller numbers. */
export const optionCodes = 64;

// Types of messages, the one byte of option 53.
export const discover = 1;
export const offer = 2;
export const request = 3;
export const decline = 4;
export const ack = 5;
export const nak = 6;
export const release = 7;
export const inform = 8;
