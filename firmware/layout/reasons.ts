/**
 * Why a packet was dropped, and what else is counted: one number each, shared by firmware and host.
 *
 * The firmware knows the numbers; `counterNames` gives the name under which the `counters` request lists them and
 * the host tools find the sentence. Numbers only grow at the end, so that old captures stay readable.
 */

// Traffic.
export const receivedWan = 0;
export const receivedLan = 1;
/** Frames the datapath had no answer for; all others it forwarded alone. */
export const looked = 4;
/** Forwarded after the control room had a look. */
export const slowForwarded = 5;
export const answeredArp = 6;
export const answeredEcho = 7;
export const sentArpRequest = 8;
export const sentIcmpError = 9;
export const sentReset = 10;
export const flowsMade = 11;
export const heldForNeighbour = 12;
export const consumedArp = 13;
export const heldFragment = 14;
/** Pieces that left beside the first, of packets cut to the MTU. */
export const sentFragment = 15;

// Drops: a received frame ended here. Its sender may have been told by an answer, which is counted above.
const firstDrop = 16;
export const dropNotForUs = 16;
export const dropEtherType = 17;
export const dropHeader = 18;
export const dropHeaderChecksum = 19;
export const dropMartian = 20;
export const dropWrongSide = 21;
export const dropBroadcast = 22;
export const dropFragment = 23;
export const dropSourceRoute = 24;
export const dropTtl = 25;
export const dropTooBig = 26;
export const dropNoForward = 27;
export const dropRefused = 28;
export const dropProtocol = 29;
export const dropTransport = 30;
export const dropNoFlow = 31;
export const dropTableFull = 32;
export const dropNoPort = 33;
export const dropIcmp = 34;
export const dropIcmpChecksum = 35;
export const dropArp = 36;
export const dropNeighbour = 37;
export const dropHeldFull = 38;
export const dropOutFull = 39;
export const dropOversize = 40;
/** Deciding about the frame failed with an exception: a fault in the firmware. */
export const dropException = 41;
/** The LAN host has as many flows as one may have. */
export const dropHostLimit = 42;
/** For a dynamic mapping, from somebody whom its owner has not sent to. */
export const dropFiltered = 43;
const lastDrop = 43;

// The driver's own troubles.
export const errorRateLimited = 44;
export const transmitBusy = 45;
export const transmitStuck = 46;
export const linkDownDrop = 47;
export const tornRead = 48;
export const desynchronised = 49;
export const chipRestarted = 50;
export const commandTimeout = 51;
export const interruptMissed = 52;

// The router's own pings.
export const sentEcho = 53;
/** An answer to one of them, or an ICMP error about one. */
export const consumedIcmp = 54;

// The router's own services: addresses, names, ports.
/** A datagram for one of them. */
export const consumedDatagram = 55;
/** One that it can do nothing with. */
export const dropDatagram = 56;
/** For the Internet while the WAN has no address. */
export const dropNoAddress = 57;

/** Whether a number is that of a drop. */
export function isDrop(reason: number): boolean {
  return (reason >= firstDrop && reason <= lastDrop) || reason == dropDatagram || reason == dropNoAddress;
}

// Troubles of cables and chips, and what was done. See docs/self-healing.md.
export const linkLost = 58;
/** A chip's registers were not as set: it has lost power for a moment, or a write went astray. */
export const settingsLost = 59;
/** A chip did not answer as a W5500. */
export const chipSilent = 60;
/** By its reset pin, in service: boot's own reset does not count. */
export const chipReset = 61;

/** A datagram of the router's own services: made, or what came turned round. */
export const sentDatagram = 62;

/**
 * In a trace: the datapath forwarded the packet alone. Not counted: it is what was received less `looked` and
 * `dropOversize`.
 */
export const fastForwarded = 2;

/** Name of every counter, by number; an empty name is a number not in use. */
export const counterNames = [
  'received-wan',
  'received-lan',
  'forwarded-fast',
  '',
  'looked-at',
  'forwarded-slow',
  'answered-arp',
  'answered-echo',
  'sent-arp-request',
  'sent-icmp-error',
  'sent-tcp-reset',
  'flows-made',
  'held-for-neighbour',
  'consumed-arp',
  'held-fragment',
  'sent-fragment',
  'drop-not-for-us',
  'drop-ethertype',
  'drop-ip-header',
  'drop-ip-checksum',
  'drop-martian',
  'drop-wrong-side',
  'drop-broadcast',
  'drop-fragment',
  'drop-source-route',
  'drop-ttl',
  'drop-too-big',
  'drop-no-forward',
  'drop-refused',
  'drop-protocol',
  'drop-transport-header',
  'drop-no-flow',
  'drop-table-full',
  'drop-no-port',
  'drop-icmp',
  'drop-icmp-checksum',
  'drop-arp',
  'drop-neighbour',
  'drop-held-full',
  'drop-out-full',
  'drop-oversize',
  'drop-exception',
  'drop-host-limit',
  'drop-filtered',
  'icmp-error-rate-limited',
  'transmit-busy',
  'transmit-stuck',
  'link-down',
  'torn-read',
  'desynchronised',
  'chip-restarted',
  'command-timeout',
  'interrupt-missed',
  'sent-echo',
  'consumed-icmp',
  'consumed-datagram',
  'drop-datagram',
  'drop-no-address',
  'link-lost',
  'settings-lost',
  'chip-silent',
  'chip-reset',
  'sent-datagram',
];
