/**
 * The arena: one flat buffer, allocated once, that holds everything the router remembers.
 *
 * This file is the map of it and nothing else: sizes, order, and one typed view per column. Rooms read and write
 * the columns; nobody else allocates memory for packets, flows or neighbours. Columns are aligned to their
 * element, so the same views work in Node and in the interpreter.
 *
 * Conventions. A *word* is four bytes of a packet read as they lie in memory (equality and one's-complement sums
 * do not care about byte order). Index 0 of flows, rows, endpoints and hops means
 * "none", so those tables are one longer than they hold.
 */

/** Flows that fit. Each is two rows: 2f is the original direction, 2f+1 the reply. */
export const flowCount = 512;
export const flowSlots = flowCount + 1;
export const rowSlots = 2 * flowSlots;
/** Hash buckets per arrival port; a prime, because the hash is a plain remainder. */
export const flowBuckets = 631;

/** Endpoints that fit: in the worst case every flow has one of its own. */
export const endpointCount = 512;
export const endpointSlots = endpointCount + 1;
/** Buckets of each endpoint index, a prime as well. Only first packets of a flow come this way. */
export const endpointBuckets = 191;

/**
 * Next hops. Those below `firstLanHop` leave by the WAN: the gateway, on-link hosts, broadcast, and one hop for
 * answers to a sender that must not be remembered. The LAN's follow in the same order, without a gateway.
 */
export const gatewayHop = 1;
export const firstWanHop = 2;
export const lastWanHop = 4;
export const wanBroadcastHop = 5;
export const wanAnswerHop = 6;
export const firstLanHop = 7;
export const lastLanHop = 38;
export const lanBroadcastHop = 39;
export const lanAnswerHop = 40;
export const hopSlots = 41;

/** Port forwards that fit. */
export const forwardSlots = 32;

/** Frames the control room may leave for the router at once, and the room each has, SPI header included. */
export const outSlots = 6;
export const outSlotBytes = 160;

/** Entries of the trace ring; each is `traceWords` words. */
export const traceSlots = 32;
export const traceWords = 8;

/** Counters: one per reason and event, see reasons.ts. */
export const counterSlots = 64;

/**
 * The largest burst the driver clocks out or in: 3 header bytes, 1 byte read early, a 2-byte length, a frame of
 * 1514 and the length of the next one. The bytes sent while reading are ignored by the chip, so a read uses
 * whatever lies behind its header in the arena as filler.
 */
export const burstBytes = 3 + 1 + 2 + 1514 + 2;

// Offsets. Words first, then halfwords, then bytes: every column is aligned without padding.
const rowSourceAt = 0;
const rowTargetAt = rowSourceAt + 4 * rowSlots;
const rowPortsAt = rowTargetAt + 4 * rowSlots;
const neighbourAddressAt = rowPortsAt + 4 * rowSlots;
const forwardToAt = neighbourAddressAt + 4 * hopSlots;
const forwardFromAt = forwardToAt + 4 * forwardSlots;
const forwardFromMaskAt = forwardFromAt + 4 * forwardSlots;
const counterAt = forwardFromMaskAt + 4 * forwardSlots;
const traceAt = counterAt + 4 * counterSlots;

const rowNextAt = traceAt + 4 * traceWords * traceSlots;
const wanIndexAt = rowNextAt + 2 * rowSlots;
const lanIndexAt = wanIndexAt + 2 * flowBuckets;
const flowIpShiftAt = lanIndexAt + 2 * flowBuckets;
const flowTransportShiftAt = flowIpShiftAt + 2 * flowSlots;
const flowClassAt = flowTransportShiftAt + 2 * flowSlots;
const flowSeenAt = flowClassAt + 2 * flowSlots;
const endpointHostAt = flowSeenAt + 2 * flowSlots;
const endpointInnerPortAt = endpointHostAt + 2 * endpointSlots;
const endpointPublicPortAt = endpointInnerPortAt + 2 * endpointSlots;
const endpointUseAt = endpointPublicPortAt + 2 * endpointSlots;
const endpointNextInnerAt = endpointUseAt + 2 * endpointSlots;
const endpointNextPublicAt = endpointNextInnerAt + 2 * endpointSlots;
const endpointInnerIndexAt = endpointNextPublicAt + 2 * endpointSlots;
const endpointPublicIndexAt = endpointInnerIndexAt + 2 * endpointBuckets;
const neighbourSeenAt = endpointPublicIndexAt + 2 * endpointBuckets;
const forwardFirstPortAt = neighbourSeenAt + 2 * hopSlots;
const forwardLastPortAt = forwardFirstPortAt + 2 * forwardSlots;
const forwardToPortAt = forwardLastPortAt + 2 * forwardSlots;
const timeoutAt = forwardToPortAt + 2 * forwardSlots;
const clockAt = timeoutAt + 2 * 16;

const pointerAt = clockAt + 2 * 2;

const rowHopAt = pointerAt + 2 * 4;
const flowMarkAt = rowHopAt + rowSlots;
const flowStateAt = flowMarkAt + flowSlots;
const neighbourMacsAt = flowStateAt + flowSlots;
const neighbourStateAt = neighbourMacsAt + 12 * hopSlots;
const neighbourTriesAt = neighbourStateAt + hopSlots;
const forwardProtocolAt = neighbourTriesAt + hopSlots;
const forwardModeAt = forwardProtocolAt + forwardSlots;
const switchesAt = forwardModeAt + forwardSlots;
const outAt = switchesAt + 8;
const messagesAt = outAt + outSlots * outSlotBytes;
/** Bytes of SPI messages one port keeps ready, see w5500/port.ts. */
export const messageBytes = 64;
export const arenaBytes = (messagesAt + 2 * messageBytes + burstBytes + 3) & ~3;

/** A view of a frame as words. The interpreter looks built-in names up last, after all of ours: this one is early. */
export const Words = Uint32Array;

/** The buffer itself. Boot checks that it is flat (one contiguous piece of memory). */
export const arena = new Uint8Array(arenaBytes);
const memory = arena.buffer;

// --- Flow rows, by 2f+direction: the tuple as its packets arrive, and what to do with them.
/** Source address of a packet that belongs to this row, as a word. */
export const rowSource = new Uint32Array(memory, rowSourceAt, rowSlots);
/** Destination address, as a word. */
export const rowTarget = new Uint32Array(memory, rowTargetAt, rowSlots);
/** Source and destination port as one word; for ICMP queries the identifier stands where the LAN side's port would. */
export const rowPorts = new Uint32Array(memory, rowPortsAt, rowSlots);
/** Next row in the same bucket. */
export const rowNext = new Uint16Array(memory, rowNextAt, rowSlots);
/** Next hop towards which packets of this row leave; it tells the egress port too. */
export const rowHop = new Uint8Array(memory, rowHopAt, rowSlots);

// --- Flows, by f: what both directions share.
/** Address difference, new minus old, of the original direction, less 1 for the TTL: see wire/checksum.ts. */
export const flowIpShift = new Uint16Array(memory, flowIpShiftAt, flowSlots);
/** Address and port difference, new minus old, of the original direction. */
export const flowTransportShift = new Uint16Array(memory, flowTransportShiftAt, flowSlots);
/** What the first word, the fragment bits and the protocol of a settled flow's packets come to; 0 = not settled. */
export const flowClass = new Uint16Array(memory, flowClassAt, flowSlots);
/** Second (wrapping) in which the flow was last known to be alive. */
export const flowSeen = new Uint16Array(memory, flowSeenAt, flowSlots);
/** Set by the datapath for every packet, cleared by the sweep. */
export const flowMark = new Uint8Array(memory, flowMarkAt, flowSlots);
/** Protocol state in the low four bits, directions seen above: see control/states.ts. 0 = free. */
export const flowState = new Uint8Array(memory, flowStateAt, flowSlots);
/** Bucket heads of rows whose packets arrive on the WAN. */
export const wanIndex = new Uint16Array(memory, wanIndexAt, flowBuckets);
/** Bucket heads of rows whose packets arrive on the LAN. */
export const lanIndex = new Uint16Array(memory, lanIndexAt, flowBuckets);

// --- Endpoints: (protocol, inner address:port) <-> public port.
/** Inner address within the LAN prefix (the LAN is a /16 or smaller). */
export const endpointHost = new Uint16Array(memory, endpointHostAt, endpointSlots);
export const endpointInnerPort = new Uint16Array(memory, endpointInnerPortAt, endpointSlots);
export const endpointPublicPort = new Uint16Array(memory, endpointPublicPortAt, endpointSlots);
/** Pool in the high bits, number of flows in the low ten; 0 = free. */
export const endpointUse = new Uint16Array(memory, endpointUseAt, endpointSlots);
export const endpointNextInner = new Uint16Array(memory, endpointNextInnerAt, endpointSlots);
export const endpointNextPublic = new Uint16Array(memory, endpointNextPublicAt, endpointSlots);
export const endpointInnerIndex = new Uint16Array(memory, endpointInnerIndexAt, endpointBuckets);
export const endpointPublicIndex = new Uint16Array(memory, endpointPublicIndexAt, endpointBuckets);

// --- Neighbours, by hop.
export const neighbourAddress = new Uint32Array(memory, neighbourAddressAt, hopSlots);
/** Twelve bytes per hop, ready to copy: its MAC address, then ours on that port. */
export const neighbourMacs = new Uint8Array(memory, neighbourMacsAt, 12 * hopSlots);
export const neighbourState = new Uint8Array(memory, neighbourStateAt, hopSlots);
/** Questions asked since the last answer. */
export const neighbourTries = new Uint8Array(memory, neighbourTriesAt, hopSlots);
/** Second of the last answer, or of the last question while there was none. */
export const neighbourSeen = new Uint16Array(memory, neighbourSeenAt, hopSlots);

// --- Port forwards, compiled from the config.
export const forwardTo = new Uint32Array(memory, forwardToAt, forwardSlots);
export const forwardFrom = new Uint32Array(memory, forwardFromAt, forwardSlots);
export const forwardFromMask = new Uint32Array(memory, forwardFromMaskAt, forwardSlots);
export const forwardFirstPort = new Uint16Array(memory, forwardFirstPortAt, forwardSlots);
export const forwardLastPort = new Uint16Array(memory, forwardLastPortAt, forwardSlots);
export const forwardToPort = new Uint16Array(memory, forwardToPortAt, forwardSlots);
/** Bit 0 TCP, bit 1 UDP; 0 = unused. */
export const forwardProtocol = new Uint8Array(memory, forwardProtocolAt, forwardSlots);
export const forwardMode = new Uint8Array(memory, forwardModeAt, forwardSlots);

// --- Time, timeouts, counters, trace.
/** [0] the present second, wrapping; written by the router once a turn. */
export const clock = new Uint16Array(memory, clockAt, 2);
/** Seconds a flow may be idle, by the state in control/states.ts. */
export const timeout = new Uint16Array(memory, timeoutAt, 16);
export const counter = new Uint32Array(memory, counterAt, counterSlots);
export const trace = new Uint32Array(memory, traceAt, traceWords * traceSlots);
/** The driver's place in each ring: receive WAN, receive LAN, transmit WAN, transmit LAN. Wraps like the chip's. */
export const pointer = new Uint16Array(memory, pointerAt, 4);
/** Single bytes: see the constants below. */
export const switches = new Uint8Array(memory, switchesAt, 8);
/** switches[traceSwitch]: packets are written to the trace ring. */
export const traceSwitch = 0;
/** switches[stampWan], switches[stampLan]: hop whose addresses the port's transmit template holds; 0 = copy anew. */
export const stampWan = 1;
export const stampLan = 2;
/** switches[chipWan], switches[chipLan]: the chip's state, see w5500/bring-up.ts. */
export const chipWan = 3;
export const chipLan = 4;
/** switches[linkWan], switches[linkLan]: the cable carries a signal. */
export const linkWan = 5;
export const linkLan = 6;

// --- Frames for the router, and the driver's messages.
export const outFrames = new Uint8Array(memory, outAt, outSlots * outSlotBytes);
/** Two ports' SPI messages, followed by filler for reads. */
export const messages = new Uint8Array(memory, messagesAt, 2 * messageBytes + burstBytes);

/** Bytes the flow and endpoint tables take, indexes included. */
export const tableBytes =
  (12 + 2 + 1) * rowSlots +
  (2 + 2 + 2 + 2 + 1 + 1) * flowSlots +
  2 * 2 * flowBuckets +
  12 * endpointSlots +
  2 * 2 * endpointBuckets;
