/*
 * What the firmware's names of reasons and counters (firmware/layout/reasons.ts) mean, as sentences for people. One
 * table for everything on the host that shows a reason; a test holds it complete. A drop's sentence tells what was
 * wrong with the packet and, where there is something to be done about it, what.
 */

const sentences: Record<string, string> = {
  // Traffic.
  'received-wan': 'A frame was received on the WAN side.',
  'received-lan': 'A frame was received on the LAN side.',
  'forwarded-fast': 'A settled flow knows it: it was translated and sent on by the fast path alone.',
  'looked-at': 'The fast path had no answer, so the router looked at it closely.',
  'forwarded-slow': 'It was looked at closely, then sent on.',
  'answered-arp': 'The router was asked for its MAC address by ARP and answered.',
  'answered-echo': 'It is a ping for the router itself, and the router answered it.',
  'sent-arp-request': 'The router asked by ARP who has an address.',
  'sent-icmp-error': 'The router told the sender by an ICMP error.',
  'sent-tcp-reset':
    'The router refused the connection by a TCP reset, in the name of the address that was asked.',
  'flows-made': 'The router made a flow: from now on it remembers this conversation.',
  'held-for-neighbour': 'It waits in the router until the next hop has told its MAC address by ARP.',
  'consumed-arp': 'An ARP packet told the router a MAC address.',
  'held-fragment':
    'It is a piece of a larger packet and came before the first one, which alone tells the ports: it waits for that one two seconds at most, and is lost if it does not come.',
  'sent-fragment':
    'A packet was longer than the MTU of the WAN, so it left in pieces; this is one behind the first.',

  // Drops.
  'drop-not-for-us': "The frame is addressed to another machine's MAC address, not to the router's.",
  'drop-ethertype': 'It is neither IPv4 nor ARP, and this router carries nothing else.',
  'drop-ip-header': 'Its IPv4 header is broken: wrong version, or lengths that do not fit the frame.',
  'drop-ip-checksum': 'Its IPv4 header checksum is wrong: it was damaged on the way.',
  'drop-martian':
    'Its source or destination is an address that no packet on a network may have (loopback, 0.0.0.0, multicast as a source and the like).',
  'drop-wrong-side':
    'Its addresses do not belong on the side where it arrived: the LAN only speaks from LAN addresses, and the WAN only to the public address.',
  'drop-broadcast': 'It is a broadcast or multicast, and those stay in their own network.',
  'drop-fragment':
    'It is a piece of a larger packet whose first one did not come in time, or one that no host sends; or it is for the router itself, which puts no pieces together.',
  'drop-source-route': 'It carries a source route or broken IP options, which a router should not obey.',
  'drop-ttl': 'Its TTL has run out: it has passed as many routers as it may, so this one ends its way.',
  'drop-too-big': 'It is longer than the MTU of the side where it would leave.',
  'drop-no-forward':
    'No forward takes it: there is none for this protocol and port, or the one there is does not admit this sender (see its "from"). The Internet side is never told.',
  'drop-refused':
    'The router offers nothing there to the LAN, so it refuses: no forward for this port (or one with hairpin "none"), and no mapping of a LAN host.',
  'drop-protocol': 'It is neither TCP, UDP nor ICMP, and nothing else can be translated.',
  'drop-transport-header':
    'Its TCP, UDP or ICMP header is cut short, or its TCP flags make no sense together.',
  'drop-no-flow':
    'It belongs to no conversation the router knows and does not open one: only a SYN opens TCP, and an answer needs a question.',
  'drop-table-full': 'The table of flows is full, and every flow in it is in use.',
  'drop-host-limit':
    'Its LAN host has as many conversations as one host may have, 60 % of the table, and every one is in use.',
  'drop-filtered':
    'The public port belongs to a LAN host that has not sent to this sender, and its filter lets nobody else in.',
  'drop-no-port':
    'The public side has no port left for it, or another conversation already uses exactly these ends.',
  'drop-icmp': 'It is an ICMP message that this router neither answers nor carries.',
  'drop-icmp-checksum': 'Its ICMP checksum is wrong: it was damaged on the way.',
  'drop-arp': 'It is an ARP packet that contradicts itself or the network it is on.',
  'drop-neighbour': 'The next hop does not answer ARP: nobody there seems to have that address.',
  'drop-held-full': 'It would have to wait for an answer to ARP, and too many packets wait already.',
  'drop-out-full': 'The router has too many answers of its own to send.',
  'drop-oversize': 'The frame is longer than Ethernet allows.',
  'drop-exception': 'The firmware failed while it decided about it. That is a fault: please report it.',

  // The driver's own troubles.
  'icmp-error-rate-limited': 'An ICMP error was due but not sent, because too many were sent this second.',
  'transmit-busy': 'The chip was still sending the frame before.',
  'transmit-stuck': 'The chip did not finish sending a frame, so it was started anew.',
  'link-down': 'The cable of the side where it would leave is unplugged.',
  'torn-read': "The chip's receive pointer changed while it was read.",
  desynchronised:
    "What was read from the chip's buffer was not the beginning of a frame; the buffer was emptied.",
  'chip-restarted': 'A chip in trouble was set up anew, without a reset.',
  'command-timeout': 'A chip did not take a command in time.',
  'interrupt-missed': 'A chip had received something, but its interrupt had not said so.',
  'link-lost': 'The cable of one side stopped to carry a signal: unplugged, or the far end is off.',
  'settings-lost':
    'The registers of a chip were not as the router had set them: its power failed for a moment, or a write went astray.',
  'chip-silent': 'A chip did not answer as a W5500: no power, or a broken wire.',
  'chip-reset': 'A chip was reset by its pin, because nothing less had helped.',

  // The router's own pings.
  'sent-echo': 'The router pinged a host because somebody had asked it to.',
  'consumed-icmp': "It is an answer to a ping of the router's own, or an ICMP error about one.",

  // Its services.
  'consumed-datagram': "It is for a service of the router's own (addresses, names or ports), which took it.",
  'sent-datagram': "A service of the router's own (addresses, names or ports) sent a datagram.",
  'drop-datagram':
    "It is for a service of the router's own, which can do nothing with it: it is damaged, not what that service speaks, or nobody's question.",
  'drop-no-address': 'It is for the Internet, and the ISP has not given the router an address yet.',
};

/** The sentence for a name of firmware/layout/reasons.ts. */
export function reasonSentence(name: string): string {
  return sentences[name] ?? `The firmware calls it "${name}", and this program does not know that name.`;
}

/** Every name there is a sentence for. */
export function namedReasons(): string[] {
  return Object.keys(sentences);
}

/** Whether a packet with this reason was sent on, translated or not. */
export function isForwarded(reason: string): boolean {
  return reason === 'forwarded-fast' || reason === 'forwarded-slow';
}
