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
import { wanLeaseWords } from './wan-lease.ts';

/**
 * Flows that fit. Each has two rows, one for each side it is seen from. The inner row, f, is of the packets that the
 * LAN host sends; the outer row, f + flowSlots, of those its peer sends: an Internet host, or around the hairpin the
 * LAN client.
 */
export const flowCount = 512;
export const flowSlots = flowCount + 1;
export const rowSlots = 2 * flowSlots;
/** Hash buckets of each index; a prime, because the hash is a plain remainder. */
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
/** Where `neighbourMacs` has our own address on the WAN, and on the LAN: every slot of a port has it. */
export const wanMacAt = 12 * gatewayHop + 6;
export const lanMacAt = 12 * firstLanHop + 6;

/** Port forwards that fit. */
export const forwardSlots = 32;
/** The last place is the DMZ host's, which no rule of the config can have. */
export const dmzRule = forwardSlots - 1;
/**
 * `mapped`, by rule: the second since the start in which a rule ends that a LAN host asked for (RFC 6886), 0 = one of the
 * config. Behind them: when something is to be done next; P as it was announced last, and how many announcements of it
 * are left.
 */
export const mappedDue = forwardSlots;
export const mappedAddress = forwardSlots + 1;
export const mappedLeft = forwardSlots + 2;
const mappedWords = forwardSlots + 3;
/** Places of `portHints`: a port's is its number modulo this. */
export const hintSlots = 64;

/** Places of `hostFlows`: a host's is the last byte of its address modulo this. */
export const hostSlots = 64;
/** The places behind them count flows from the Internet that are not established yet, and connections that have ended. */
export const strangersPlace = hostSlots;
export const endedPlace = hostSlots + 1;

/** Frames the control room may leave for the router at once. */
export const outSlots = 6;

/** Entries of the trace ring; each is `traceWords` words. */
export const traceSlots = 32;
export const traceWords = 8;
/** Behind them: the host whose packets are noted, or 0: all are. */
export const traceHost = traceSlots * traceWords;

/** Datagrams in pieces whose first piece is remembered, and the words each takes: see control/fragments.ts. */
export const fragmentSlots = 8;
export const fragmentWords = 6;
/** Behind them: where the next one goes, and the identification given out last. */
export const nextFragment = fragmentSlots * fragmentWords;
export const lastIdentification = nextFragment + 1;

/** Echo requests of one ping of the router's own, and the words of `ping`. */
export const pingCount = 4;
/** The host, as a word; 0 = none was pinged yet. */
export const pingTarget = 0;
/** The endpoint whose public port is the identifier; 0 = not under way. */
export const pingEndpoint = 1;
export const pingSent = 2;
/** A bit for each request that was answered. */
export const pingAnswered = 3;
/** Seconds that the last answer still has. */
export const pingWait = 4;
/** What went wrong, or 0, and the address of who told it: see control/ping.ts. */
export const pingTrouble = 5;
export const pingTeller = 6;
/** By request: when it left, and how long its answer took, both in tenths of milliseconds. */
export const pingTimes = 7;
const pingWords = pingTimes + pingCount;

/** `probe`, by port: the address that is asked for, 0 = none; and who has it, 0 = nobody so far. */
export const probeOwner = 2;
/** Behind them: somebody claimed P twice within ten seconds. */
export const probeClaim = 4;
const probeWords = 5;

/**
 * Addresses of the LAN's hosts: those that we lease, those that were leased and are kept in mind, and those that the
 * config fixes.
 */
export const leaseSlots = 32;
/** Bytes of a host's name, lower-case ASCII filled up with zeros. */
export const leaseNameBytes = 16;
/** `leaseState`: unused; held for somebody it was offered to; leased; over, but remembered; declined, so somebody else has it; fixed by the config. */
export const leaseFree = 0;
export const leaseOffered = 1;
export const leaseBound = 2;
export const leaseOver = 3;
export const leaseDeclined = 4;
export const leaseFixed = 5;

/** Who answers names that are not the LAN's: up to three addresses, 0 = none; behind them how many of these the config fixes. */
export const resolverCount = 3;
export const resolversFixed = resolverCount;

/**
 * `asked`, queries for names that wait for a resolver's answer: four columns, by slot. The first is the client's port and
 * the query's id, as they lie in memory; 0 = free slot.
 */
export const askedSlots = 16;
export const askedClient = askedSlots;
/** What the question comes to, see `questionHash` in services/dns-message.ts. */
export const askedQuestion = 2 * askedSlots;
/** Our id, as it lies in memory; above it the low 12 bits of the second; in the upper four the resolver's number. */
export const askedAs = 3 * askedSlots;
/** Behind them: whether any second is worth a look. */
export const askedBusy = 4 * askedSlots;
/** And by resolver, what is held against it: see services/dns-pending.ts. */
export const resolverTrouble = askedBusy + 1;
const askedWords = resolverTrouble + resolverCount;

/**
 * `served`, what the config says of services: host numbers (as `lanHostOf`) and seconds of the LAN's pool; the host that
 * is sent the log, a number like these, 0 = none. And what may be another one while the router runs: R, a word, and the
 * WAN's MTU.
 */
export const poolFirst = 0;
export const poolLast = 1;
export const poolSeconds = 2;
export const syslogHost = 3;
export const configuredLan = 4;
export const configuredMtu = 5;
const servedWords = 6;

/** Behind the names in `leaseName`: the LAN's domain, filled up with zeros. */
export const domainAt = leaseNameBytes * leaseSlots;
export const domainBytes = 24;

/** `leasing`, what the LAN's DHCP server knows beside its leases. A bit for each that is not stored yet, and the second from which the store may be written to; */
export const leasingUnsaved = 0;
export const leasingNextSave = 1;
/** until when leases are short, and the router's address on the LAN, so that a move is noticed; */
export const leasingShortUntil = 3;
export const leasingLan = 4;
/** number of the address that the LAN is asked about before it is given away, 0 = none, and when, in milliseconds. */
export const leasingAsked = 5;
export const leasingAskedAt = 6;
const leasingWords = 7;

/** Entries of the log. */
export const eventSlots = 32;
/** `eventLog`: whole seconds since the start, which never wrap; entries that were begun; how often one was folded. */
export const logNow = 0;
export const logNext = 1;
export const logFolds = 2;
/** 1: something may be due to be sent by syslog; and how many entries were overwritten before they were. */
export const logUnsent = 3;
export const logLost = 4;
/** Messages sent by syslog. */
export const logSequence = 5;
/** What services/changes.ts has seen last: chips and links, the sum of the counters, and from `logCounters` on each. */
export const logWires = 6;
export const logTroubles = 7;
export const logCounters = 8;
export const watchedCounters = 10;
const logWords = logCounters + watchedCounters;

/** Counters: one per reason and event, see reasons.ts. */
export const counterSlots = 72;

/**
 * The largest burst the driver clocks out or in: 3 header bytes, 1 byte read early, a 2-byte length, a frame of
 * 1514 and the length of the next one.
 */
export const burstBytes = 3 + 1 + 2 + 1514 + 2;

/** Single bytes of state, see `switches`. */
const switchBytes = 29;

/** Bytes of SPI messages one port keeps ready, see w5500/port.ts. */
export const messageBytes = 64;

// Offsets. The messages come first: a read clocks out whatever lies behind them, see `messages`. Then words,
// halfwords and bytes: every column is aligned without padding.
const rowSourceAt = 2 * messageBytes;
const rowPortsAt = rowSourceAt + 4 * rowSlots;
const flowIpAt = rowPortsAt + 4 * rowSlots;
const flowPortAt = flowIpAt + 4 * flowSlots;
const neighbourAddressAt = flowPortAt + 4 * flowSlots;
const forwardToAt = neighbourAddressAt + 4 * hopSlots;
const forwardFromAt = forwardToAt + 4 * forwardSlots;
const forwardFromMaskAt = forwardFromAt + 4 * forwardSlots;
const forwardFlowsAt = forwardFromMaskAt + 4 * forwardSlots;
const counterAt = forwardFlowsAt + 4 * forwardSlots;
const traceAt = counterAt + 4 * counterSlots;

const fragmentsAt = traceAt + 4 * (traceHost + 1);
const pingAt = fragmentsAt + 4 * (lastIdentification + 1);
const probeAt = pingAt + 4 * pingWords;
const resolversAt = probeAt + 4 * probeWords;
const askedAt = resolversAt + 4 * (resolverCount + 1);
const servedAt = askedAt + 4 * askedWords;
const mappedAt = servedAt + 4 * servedWords;
const leasingAt = mappedAt + 4 * mappedWords;
const wanLeaseAt = leasingAt + 4 * leasingWords;
const leaseEndAt = wanLeaseAt + 4 * wanLeaseWords;
const eventSecondAt = leaseEndAt + 4 * leaseSlots;
const eventValueAt = eventSecondAt + 4 * eventSlots;
const eventLogAt = eventValueAt + 4 * eventSlots;
const rowNextAt = eventLogAt + 4 * logWords;
const wanIndexAt = rowNextAt + 2 * rowSlots;
const lanIndexAt = wanIndexAt + 2 * flowBuckets;
const hairpinIndexAt = lanIndexAt + 2 * flowBuckets;
const flowTransportAt = hairpinIndexAt + 2 * flowBuckets;
const flowSeenAt = flowTransportAt + 2 * flowSlots;
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
const hostFlowsAt = timeoutAt + 2 * 16;
const clockAt = hostFlowsAt + 2 * (hostSlots + 2);

const leaseHostAt = clockAt + 2 * 2;
const eventLastedAt = leaseHostAt + 2 * leaseSlots;

const rowHopAt = eventLastedAt + 2 * eventSlots;
const flowMarkAt = rowHopAt + rowSlots;
const flowStateAt = flowMarkAt + flowSlots;
const neighbourMacsAt = flowStateAt + flowSlots;
const neighbourStateAt = neighbourMacsAt + 12 * hopSlots;
const neighbourTriesAt = neighbourStateAt + hopSlots;
const forwardProtocolAt = neighbourTriesAt + hopSlots;
const forwardModeAt = forwardProtocolAt + forwardSlots;
const portHintsAt = forwardModeAt + forwardSlots;
const evictionRankAt = portHintsAt + hintSlots;
const leaseMacAt = evictionRankAt + 16;
const leaseStateAt = leaseMacAt + 6 * leaseSlots;
const leaseNameAt = leaseStateAt + leaseSlots;
const eventCodeAt = leaseNameAt + domainAt + domainBytes;
const eventTimesAt = eventCodeAt + eventSlots;
const eventSentAt = eventTimesAt + eventSlots;
const switchesAt = eventSentAt + eventSlots;
export const arenaBytes = (switchesAt + switchBytes + 3) & ~3;

/** A view of a frame as words. The interpreter looks built-in names up last, after all of ours: this one is early. */
export const Words = Uint32Array;

/** The buffer itself. Boot checks that it is flat (one contiguous piece of memory). */
export const arena = new Uint8Array(arenaBytes);
const memory = arena.buffer;

// --- Flow rows: how the packets of one side arrive, and where they leave. What they become is in the partner row.
/** Source address of the row's packets, as a word. */
export const rowSource = new Uint32Array(memory, rowSourceAt, rowSlots);
/** Source and destination port as one word; for ICMP queries the identifier stands where the LAN side's port would. */
export const rowPorts = new Uint32Array(memory, rowPortsAt, rowSlots);
/** Next in the same bucket: a flow in the indexes of the two ports, a row in that of the hairpin. */
export const rowNext = new Uint16Array(memory, rowNextAt, rowSlots);
/** Next hop of the row's packets; 0 = they are looked at one by one, see `settle` in control/flows.ts. */
export const rowHop = new Uint8Array(memory, rowHopAt, rowSlots);
/** The outer halves of these columns, by flow. The inner rows have the flow's own number. */
export const outerSource = new Uint32Array(memory, rowSourceAt + 4 * flowSlots, flowSlots);
export const outerPorts = new Uint32Array(memory, rowPortsAt + 4 * flowSlots, flowSlots);
export const outerNext = new Uint16Array(memory, rowNextAt + 2 * flowSlots, flowSlots);
export const outerHop = new Uint8Array(memory, rowHopAt + flowSlots, flowSlots);

// --- Flows, by f: what both sides share. Differences are of the inner row's packets, what leaves less what came.
/** What is added to the word of TTL, protocol and checksum: see `ipStep` in wire/checksum.ts. */
export const flowIp = new Uint32Array(memory, flowIpAt, flowSlots);
/** What is added to the checksum of TCP or UDP, modulo 65535: the negative difference of addresses and ports. */
export const flowTransport = new Uint16Array(memory, flowTransportAt, flowSlots);
/** Difference of the source port, as it lies in memory. */
export const flowPort = new Int32Array(memory, flowPortAt, flowSlots);
/** Second (wrapping) in which the flow was last known to be alive. */
export const flowSeen = new Uint16Array(memory, flowSeenAt, flowSlots);
/** Set by the datapath for every packet, cleared by the sweep. */
export const flowMark = new Uint8Array(memory, flowMarkAt, flowSlots);
/** Protocol state in the low four bits, what kind of flow above: see control/states.ts. 0 = free. */
export const flowState = new Uint8Array(memory, flowStateAt, flowSlots);
/** Bucket heads of rows whose packets arrive on the WAN, all for P. */
export const wanIndex = new Uint16Array(memory, wanIndexAt, flowBuckets);
/** Bucket heads of rows whose packets arrive on the LAN for somebody else. */
export const lanIndex = new Uint16Array(memory, lanIndexAt, flowBuckets);
/** Bucket heads of rows whose packets arrive on the LAN for the router's own addresses. */
export const hairpinIndex = new Uint16Array(memory, hairpinIndexAt, flowBuckets);

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
/** Flows that a rule let in since boot. */
export const forwardFlows = new Uint32Array(memory, forwardFlowsAt, forwardSlots);
export const forwardFirstPort = new Uint16Array(memory, forwardFirstPortAt, forwardSlots);
export const forwardLastPort = new Uint16Array(memory, forwardLastPortAt, forwardSlots);
export const forwardToPort = new Uint16Array(memory, forwardToPortAt, forwardSlots);
/** When rules end: see the constants above. */
export const mapped = new Uint32Array(memory, mappedAt, mappedWords);
/** Bit 0 TCP, bit 1 UDP; 0 = unused. */
export const forwardProtocol = new Uint8Array(memory, forwardProtocolAt, forwardSlots);
export const forwardMode = new Uint8Array(memory, forwardModeAt, forwardSlots);
/**
 * Whether it is worth while to go through the forwards for a port: bit 0, one may have it as its public port; bit 1,
 * one may lead to it. A first packet whose port has no hint costs the same however many forwards there are.
 */
export const portHints = new Uint8Array(memory, portHintsAt, hintSlots);
export const hintPublic = 1;
export const hintTarget = 2;

// --- Time, timeouts, counters, trace.
/** [0] the present second, wrapping; written by the router once a turn. */
export const clock = new Uint16Array(memory, clockAt, 2);
/** Seconds a flow may be idle, by the state in control/states.ts. */
export const timeout = new Uint16Array(memory, timeoutAt, 16);
/** How readily a flow gives way in a full table, by its state; 0 never. See control/sweep.ts. */
export const evictionRank = new Uint8Array(memory, evictionRankAt, 16);
/** Flows in use by LAN host, see `hostPlace` in control/sweep.ts. */
export const hostFlows = new Uint16Array(memory, hostFlowsAt, hostSlots + 2);
export const counter = new Uint32Array(memory, counterAt, counterSlots);
export const trace = new Uint32Array(memory, traceAt, traceHost + 1);
/** Datagrams in pieces. By word: 0 source, 1 target, as received; 2 and 3 see control/fragments.ts; 4, 5 as sent. */
export const fragments = new Uint32Array(memory, fragmentsAt, lastIdentification + 1);
/** The router's own ping: see the constants above. */
export const ping = new Uint32Array(memory, pingAt, pingWords);
/** Addresses that are asked for before anybody takes them: see the constants above, and control/claims.ts. */
export const probe = new Uint32Array(memory, probeAt, probeWords);

// --- What the router serves.
export const resolvers = new Uint32Array(memory, resolversAt, resolverCount + 1);
export const asked = new Uint32Array(memory, askedAt, askedWords);
export const served = new Uint32Array(memory, servedAt, servedWords);
/** The DHCP server's own words: see the constants above. */
export const leasing = new Uint32Array(memory, leasingAt, leasingWords);
/** What the ISP leases us: see layout/wan-lease.ts. */
export const wanLease = new Uint32Array(memory, wanLeaseAt, wanLeaseWords);
/** Second since the start, unwrapped, in which the lease ends; of a declined address, in which it may be tried again. */
export const leaseEnd = new Uint32Array(memory, leaseEndAt, leaseSlots);
/** Number of the address within the LAN, as `lanHostOf` has it. */
export const leaseHost = new Uint16Array(memory, leaseHostAt, leaseSlots);
/** Six bytes a lease. */
export const leaseMac = new Uint8Array(memory, leaseMacAt, 6 * leaseSlots);
export const leaseState = new Uint8Array(memory, leaseStateAt, leaseSlots);
/** `leaseNameBytes` a lease, of a host without a name all zeros; then the domain, see `domainAt`. */
export const leaseName = new Uint8Array(memory, leaseNameAt, domainAt + domainBytes);

// --- The log: entry n stands at n modulo `eventSlots`, see services/log.ts.
/** Second since the start in which it happened last, and seconds from the first time until then. */
export const eventSecond = new Uint32Array(memory, eventSecondAt, eventSlots);
export const eventLasted = new Uint16Array(memory, eventLastedAt, eventSlots);
export const eventValue = new Uint32Array(memory, eventValueAt, eventSlots);
/** Number of layout/events.ts; 0 = none yet. */
export const eventCode = new Uint8Array(memory, eventCodeAt, eventSlots);
/** How often it happened, 255 = at least so often; and how many of these were sent by syslog, 0 = none. */
export const eventTimes = new Uint8Array(memory, eventTimesAt, eventSlots);
export const eventSent = new Uint8Array(memory, eventSentAt, eventSlots);
/** Words of the log: see the constants above. */
export const eventLog = new Uint32Array(memory, eventLogAt, logWords);

/** Single bytes: see the constants below. */
export const switches = new Uint8Array(memory, switchesAt, switchBytes);
/**
 * switches[traceSwitch]: what a packet is due after control has decided on it, in bits, so that all others are asked
 * once: it is written to the trace ring; it came in pieces, or must leave in some; it is captured; its bytes are counted.
 */
export const traceSwitch = 0;
export const dueTrace = 1;
export const duePieces = 2;
export const dueCapture = 4;
export const dueTally = 8;
/** switches[stampWan], switches[stampLan]: hop whose addresses the port's transmit template holds, or `noStamp`. */
export const stampWan = 1;
export const stampLan = 2;
/** No hop: copy anew, if the port may send at all. */
export const noStamp = 255;
/** switches[chipWan], switches[chipLan]: the chip's state, see layout/ports.ts. */
export const chipWan = 3;
export const chipLan = 4;
/** switches[linkWan], switches[linkLan]: the cable carries a signal. */
export const linkWan = 5;
export const linkLan = 6;
/** switches[policySwitch]: the config's settings of nat and what the router serves, as the bits below. */
export const policySwitch = 7;
export const policyFilterUdp = 1;
export const policyFilterTcp = 2;
export const policyHairpinDynamic = 4;
export const policyWanErrors = 8;
/** P is leased from the ISP. */
export const policyWanDhcp = 16;
/** The LAN's hosts get their addresses from us, */
export const policyLanDhcp = 32;
/** and answers to names. */
export const policyDns = 64;
export const policyNatPmp = 128;
/**
 * What driver and loop remember of a port's troubles, two bytes each: the WAN's, then the LAN's, so that a port's is
 * switches[badLooks + port]. Looks are those of w5500/health.ts; the ring's are of router/recover.ts.
 */
/** Looks in a row that found something wrong. */
export const badLooks = 8;
/** Looks until the chip may be set up anew once more: trouble that returns earlier asks for a reset. */
export const patience = 10;
/** Looks in a row that found nothing wrong, as far as they are counted. */
export const wellLooks = 12;
/** Resets since the chip was last well for some time: the more, the longer the pause until the next. */
export const resetsInRow = 14;
/** Low byte of the second of the last reset. */
export const resetSecond = 16;
/** PHY settings as the chip's own reset made them. */
export const phyAsReset = 18;
/** Odd looks in a row at one place of the receive ring, and the low byte of that place. */
export const oddLooks = 20;
export const oddPlace = 22;
/** Times the ring was lost in this second. */
export const ringLosses = 24;
/** What the console was told of a chip that does not come up, see w5500/bring-up.ts. */
export const complained = 26;
/** switches[ledPin]: number of the board's light's pin and 1 more; 0 = it has none. */
export const ledPin = 28;

// --- The driver's messages.
/**
 * Two ports' SPI messages. A read sends its header and then as many bytes as it wants back, which the chip ignores:
 * they are the tables behind the messages, so nothing may be written here beyond the two blocks.
 */
export const messages = new Uint8Array(memory, 0, 2 * messageBytes + burstBytes);

/** Bytes the flow and endpoint tables take, indexes included. */
export const tableBytes =
  (4 + 4 + 2 + 1) * rowSlots +
  (4 + 4 + 2 + 2 + 1 + 1) * flowSlots +
  3 * 2 * flowBuckets +
  12 * endpointSlots +
  2 * 2 * endpointBuckets;
