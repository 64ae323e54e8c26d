/**
 * Where things are in a received frame, and in every frame we build.
 *
 * A read burst starts one byte early in the chip's ring, so that the IP header is aligned to four bytes:
 *
 *     0..2 SPI header   3 junk   4..5 length (its own 2 bytes included)   6..19 Ethernet   20.. IP
 *
 * To send, the first three bytes become the SPI header of the write and the same array goes out again.
 * `At` constants are byte offsets, `Word` constants index 32-bit words over the same array.
 */
export const etherTypeAt = 18;
/** The word in whose upper half the EtherType lies. */
export const etherTypeWord = 4;
export const ipAt = 20;
/** A frame's Ethernet length plus this is its array's length. */
export const framePrefix = 6;
/** A byte in front of a frame, of those that nobody reads: the next hop of one that waits to be sent. */
export const outHopAt = 3;
/** An Ethernet header. */
export const ethernetBytes = 14;

export const etherTypeIpv4 = 0x0800;
export const etherTypeArp = 0x0806;

// IPv4 (RFC 791 section 3.1), by word: version, IHL, TOS, length | id, fragment | TTL, protocol, checksum | ...
export const fragmentWord = 6;
export const ttlWord = 7;
export const sourceWord = 8;
export const targetWord = 9;
/** First word behind a header without options: both ports. */
export const portsWord = 10;
export const ipHeaderBytes = 20;

export const totalLengthAt = 22;
export const fragmentAt = 26;
export const ttlAt = 28;
export const protocolAt = 29;
export const ipChecksumAt = 30;
export const sourceAt = 32;
export const targetAt = 36;

/** The group bit of the target MAC in word 1: set in frames sent to many. */
export const groupMask = 0x00010000;

/** Fragment bits of `fragmentWord` as it lies in memory: everything but the identification and DF. */
export const fragmentMask = ~0x0040ffff;

/** More fragments, in the byte of the fragment flags (RFC 791 section 3.1). */
export const moreFragments = 32;

export const protocolIcmp = 1;
export const protocolTcp = 6;
export const protocolUdp = 17;

/** Shortest transport headers. */
export const tcpHeaderBytes = 20;
export const udpHeaderBytes = 8;
export const icmpHeaderBytes = 8;

// Ports of UDP that the router itself serves or speaks by (RFC 2131 section 4.1, RFC 1035 section 4.2.1, RFC 6886).
export const dhcpServerPort = 67;
export const dhcpClientPort = 68;
export const dnsPort = 53;
export const natPmpPort = 5351;

/** Flag bits, byte 13 of the TCP header (RFC 9293 section 3.1). */
export const tcpFin = 1;
export const tcpSyn = 2;
export const tcpRst = 4;
export const tcpAck = 16;

/** ICMP types (RFC 792). */
export const icmpEchoReply = 0;
export const icmpUnreachable = 3;
export const icmpEcho = 8;
export const icmpTimeExceeded = 11;
export const icmpParameterProblem = 12;
export const icmpTimestamp = 13;
export const icmpTimestampReply = 14;

/** ARP over Ethernet (RFC 826), offsets in the frame array. */
export const arpHardwareAt = 20;
export const arpOperationAt = 26;
export const arpSenderMacAt = 28;
export const arpSenderAt = 34;
export const arpTargetMacAt = 38;
export const arpTargetAt = 44;
export const arpBytes = 28;

/** Shortest frame on the wire without its FCS; shorter ones are padded before sending. */
export const shortestFrame = 60;
export const longestFrame = 1514;
