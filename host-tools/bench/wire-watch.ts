/*
 * Arriving TCP and UDP packets as they are on the wire, before this system judges them: where the program has the
 * privilege (root on Linux), a packet that no socket would ever show is seen here. Only reads, and only headers.
 *
 * Linux code is loaded when a watch is opened; elsewhere, and for ordinary users, there is none, with the reason.
 */

import type * as Libc from '../lab/kernel/libc.ts';

/** What the headers of an arriving packet say. */
export interface WirePacket {
  protocol: 'tcp' | 'udp';
  source: string;
  sourcePort: number;
  destination: string;
  destinationPort: number;
  /** TCP only. */
  syn: boolean;
  ack: boolean;
}

export interface WireWatch {
  /** Hands over what has arrived up to now and stops watching. */
  close(): void;
  /** Hands over what has arrived up to now. */
  drain(): void;
}

export type Watching = { watch: WireWatch } | { watch: null; reason: string };

/** linux/if_ether.h ETH_P_IP in network order: IPv4, which a tap by protocol hears only inbound. */
const ETH_P_IP = 0x0008;
/** Headers of IPv4 (at most 60 bytes) and the first 14 of TCP. */
const SNAP_BYTES = 74;
/** How often waiting packets are read, ms, and how many at a time at most. */
const INTERVAL = 20;
const BURST = 4096;
const IP_TCP = 6;
const IP_UDP = 17;

/** Reads one IPv4 packet's headers; null for fragments, other protocols and what is too short. */
export function parseWirePacket(packet: Uint8Array): WirePacket | null {
  if (packet.length < 20 || packet[0] >>> 4 !== 4) return null;
  const header = (packet[0] & 15) * 4;
  const protocol = packet[9];
  const laterFragment = (((packet[6] & 0x1f) << 8) | packet[7]) !== 0;
  if (header < 20 || laterFragment || (protocol !== IP_TCP && protocol !== IP_UDP)) return null;
  if (packet.length < header + (protocol === IP_TCP ? 14 : 8)) return null;
  const word = (at: number) => (packet[at] << 8) | packet[at + 1];
  const flags = protocol === IP_TCP ? packet[header + 13] : 0;
  return {
    protocol: protocol === IP_TCP ? 'tcp' : 'udp',
    source: packet.subarray(12, 16).join('.'),
    sourcePort: word(header),
    destination: packet.subarray(16, 20).join('.'),
    destinationPort: word(header + 2),
    syn: (flags & 0x02) !== 0,
    ack: (flags & 0x10) !== 0,
  };
}

/** Opens a watch on all interfaces of this host; `onPacket` hears of every arriving TCP and UDP packet. */
export async function watchWire(onPacket: (packet: WirePacket) => void): Promise<Watching> {
  if (process.platform !== 'linux')
    return { watch: null, reason: `packets can be watched only on Linux, and this is ${process.platform}` };
  let libc: typeof Libc;
  try {
    libc = await import('../lab/kernel/libc.ts');
  } catch {
    return { watch: null, reason: "packets cannot be watched here: the system's C library is not glibc" };
  }
  const kind = libc.SOCK_DGRAM | libc.SOCK_NONBLOCK | libc.SOCK_CLOEXEC;
  const fd = libc.socket(libc.AF_PACKET, kind, ETH_P_IP);
  if (fd < 0) {
    const error = libc.lastError();
    const missing = error === libc.EPERM || error === libc.EACCES;
    return {
      watch: null,
      reason: missing ? 'watching packets takes root' : `watching packets failed: ${libc.errorName(error)}`,
    };
  }
  const buffer = Buffer.alloc(SNAP_BYTES);
  const drain = () => {
    for (let count = 0; count < BURST; count++) {
      const got = libc.recv(fd, buffer, SNAP_BYTES, libc.MSG_DONTWAIT | libc.MSG_TRUNC);
      if (got < 0) return;
      const packet = parseWirePacket(buffer.subarray(0, Math.min(got, SNAP_BYTES)));
      if (packet) onPacket(packet);
    }
  };
  const timer = setInterval(drain, INTERVAL);
  const close = () => {
    clearInterval(timer);
    drain();
    libc.close(fd);
  };
  return { watch: { drain, close } };
}
