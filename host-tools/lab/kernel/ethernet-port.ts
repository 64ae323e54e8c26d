/*
 * One Ethernet port of a program: every frame that arrives on a Linux interface, and a way to send frames out
 * of it. An AF_PACKET socket through koffi, non-blocking, into buffers allocated once.
 *
 * Frames come out as a wire would show them: a checksum the sender left to its card is completed here, and a
 * frame bigger than Ethernet's is never let through but counted and named. Does not interpret frames otherwise.
 * Linux only; needs the raw-socket privilege. Before a port is opened its interface should have passed checkInterface.
 */
import * as libc from './libc.ts';
import { LONGEST_FRAME, completeChecksum, describeFrame } from './arrived-frame.ts';
import { InterfaceRefused, linkUp } from './interface.ts';

/** linux/if_ether.h, in network order as the kernel wants it: every protocol. */
const ETH_P_ALL = 0x0300;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
const PACKET_STATISTICS = 6;
const PACKET_VNET_HDR = 15;
const PACKET_IGNORE_OUTGOING = 23;
const PACKET_MR_PROMISC = 1;

/** Asked of the kernel for frames waiting to be read, in bytes; an unprivileged limit may cut it. */
const SOCKET_BUFFER = 4 * 1024 * 1024;

/** linux/virtio_net.h, struct virtio_net_hdr: flags, gso_type, then 16-bit hdr_len, gso_size, csum_start, csum_offset. */
const VNET_BYTES = 10;
const NEEDS_CHECKSUM = 1;

/** What the sending card pads a frame to, without FCS; a virtual interface has no card, so it is done on receiving. */
const SHORTEST_FRAME = 60;
/** Room for a longest frame behind the kernel's header, rounded up. */
const BUFFER_BYTES = 2048;

export interface PortCounters {
  received: number;
  sent: number;
  /** Received with an unfinished checksum, which was completed. */
  completed: number;
  /** Received but longer than Ethernet allows (segmentation left to a card, coalescing): dropped. */
  oversized: number;
  /** The kernel would not take a frame: the interface is down or its queue is full. */
  refused: number;
  /** Dropped by the kernel because nobody read in time. */
  missed: number;
}

/** A raw socket that hears nothing yet. Throws InterfaceRefused without the privilege. */
function rawSocket(): number {
  const fd = libc.socket(libc.AF_PACKET, libc.SOCK_RAW | libc.SOCK_NONBLOCK | libc.SOCK_CLOEXEC, 0);
  if (fd >= 0) return fd;
  const error = libc.lastError();
  if (error === libc.EPERM || error === libc.EACCES)
    throw new InterfaceRefused(
      'Raw Ethernet frames need root (or the capabilities CAP_NET_RAW and CAP_NET_ADMIN).',
    );
  throw new InterfaceRefused(`No socket for raw Ethernet frames: ${libc.errorName(error)}.`);
}

/** Throws InterfaceRefused if this process may not open ports. */
export function checkRawSockets(): void {
  libc.close(rawSocket());
}

export class EthernetPort {
  readonly counters: PortCounters = {
    received: 0,
    sent: 0,
    completed: 0,
    oversized: 0,
    refused: 0,
    missed: 0,
  };
  /** What the last oversized frame was, for messages; '' if there was none. */
  oversizedExample = '';
  private readonly rx = Buffer.alloc(BUFFER_BYTES);
  private readonly tx = Buffer.alloc(BUFFER_BYTES);

  private constructor(
    readonly name: string,
    readonly fd: number,
  ) {}

  /** Opens a port on interface `name` of this thread's network namespace, in promiscuous mode until it is closed. */
  static open(name: string): EthernetPort {
    const index = libc.interfaceIndex(name);
    if (index === 0) throw new InterfaceRefused(`There is no interface '${name}'.`);
    // Protocol 0: nothing is queued before bind has chosen the interface.
    const fd = rawSocket();
    const port = new EthernetPort(name, fd);
    try {
      port.set('its own frames', PACKET_IGNORE_OUTGOING, 1);
      port.set('unfinished checksums', PACKET_VNET_HDR, 1);
      port.enlargeBuffer();
      // struct packet_mreq: index, type, address length, address[8]. The kernel undoes it when the socket closes.
      const membership = Buffer.alloc(16);
      membership.writeInt32LE(index, 0);
      membership.writeUInt16LE(PACKET_MR_PROMISC, 4);
      port.must('promiscuous mode', libc.setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, membership, 16));
      // struct sockaddr_ll: family, protocol, index, hardware type, packet type, address length, address[8].
      const address = Buffer.alloc(20);
      address.writeUInt16LE(libc.AF_PACKET, 0);
      address.writeUInt16LE(ETH_P_ALL, 2);
      address.writeInt32LE(index, 4);
      port.must('binding', libc.bind(fd, address, address.length));
    } catch (error) {
      port.close();
      throw error;
    }
    return port;
  }

  private must(what: string, result: number): void {
    if (result < 0)
      throw new InterfaceRefused(
        `Setting up '${this.name}' failed (${what}): ${libc.errorName(libc.lastError())}.`,
      );
  }

  private set(what: string, option: number, value: number): void {
    this.must(what, libc.setsockopt(this.fd, SOL_PACKET, option, int32(value), 4));
  }

  private enlargeBuffer(): void {
    const size = int32(SOCKET_BUFFER);
    // The second form obeys the system's limit and cannot fail.
    if (libc.setsockopt(this.fd, SOL_SOCKET, SO_RCVBUFFORCE, size, 4) < 0)
      libc.setsockopt(this.fd, SOL_SOCKET, SO_RCVBUF, size, 4);
  }

  /**
   * The next frame that arrived, or null if none is waiting. The array is a view that the next call overwrites.
   * Frames shorter than a wire's are padded with zeros. Oversized ones are skipped: they are counted, and
   * `oversizedExample` names the last one.
   */
  receive(): Uint8Array | null {
    for (;;) {
      const got = libc.recv(this.fd, this.rx, BUFFER_BYTES, libc.MSG_DONTWAIT | libc.MSG_TRUNC);
      if (got < 0) {
        const error = libc.lastError();
        if (error === libc.EINTR) continue;
        // The kernel has no words for what this frame was to be cut into; it dropped the frame.
        if (error === libc.EINVAL) {
          this.countOversized('a frame with a kind of segmentation the kernel cannot describe');
          continue;
        }
        return null;
      }
      const length = got - VNET_BYTES;
      if (length > LONGEST_FRAME) {
        this.countOversized(describeFrame(this.rx.subarray(VNET_BYTES), length));
        continue;
      }
      if (length < 14) continue;
      this.counters.received++;
      const frame = this.rx.subarray(VNET_BYTES, VNET_BYTES + length);
      if (this.rx[0] & NEEDS_CHECKSUM) {
        completeChecksum(frame, this.rx.readUInt16LE(6), this.rx.readUInt16LE(8));
        this.counters.completed++;
      }
      if (length >= SHORTEST_FRAME) return frame;
      this.rx.fill(0, VNET_BYTES + length, VNET_BYTES + SHORTEST_FRAME);
      return this.rx.subarray(VNET_BYTES, VNET_BYTES + SHORTEST_FRAME);
    }
  }

  private countOversized(example: string): void {
    this.counters.oversized++;
    this.oversizedExample = example;
  }

  /** Sends one frame; false (and counted) if the kernel would not take it now. Too long a frame is the caller's error. */
  send(frame: Uint8Array): boolean {
    this.tx.set(frame, VNET_BYTES);
    for (;;) {
      if (libc.send(this.fd, this.tx, VNET_BYTES + frame.length, libc.MSG_DONTWAIT) >= 0) {
        this.counters.sent++;
        return true;
      }
      if (libc.lastError() === libc.EINTR) continue;
      this.counters.refused++;
      return false;
    }
  }

  /** True while the interface is up and has a carrier. */
  linkUp(): boolean {
    return linkUp(this.name);
  }

  /** Brings `counters.missed` up to date: the kernel counts it and forgets what was read. */
  readMissed(): void {
    // struct tpacket_stats: packets, drops.
    const statistics = Buffer.alloc(8);
    if (libc.getsockopt(this.fd, SOL_PACKET, PACKET_STATISTICS, statistics, new Int32Array([8])) >= 0)
      this.counters.missed += statistics.readUInt32LE(4);
  }

  close(): void {
    libc.close(this.fd);
  }
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

/** struct pollfd: fd, events, revents. */
const POLLFD_BYTES = 8;

/** Waits for any of several ports, or for a wake-up descriptor. */
export class Waiter {
  private readonly entries: Buffer;

  constructor(
    private readonly ports: readonly EthernetPort[],
    wake: number,
  ) {
    this.entries = Buffer.alloc((ports.length + 1) * POLLFD_BYTES);
    this.setEntry(ports.length, wake);
    ports.forEach((port, index) => this.setEntry(index, port.fd));
  }

  private setEntry(index: number, fd: number): void {
    this.entries.writeInt32LE(fd, index * POLLFD_BYTES);
    this.entries.writeInt16LE(libc.POLLIN, index * POLLFD_BYTES + 4);
  }

  /** Leaves a port out of the wait (its frames stay queued in the kernel), or takes it in again. */
  listen(index: number, wanted: boolean): void {
    // poll ignores negative descriptors.
    this.entries.writeInt32LE(wanted ? this.ports[index].fd : -1, index * POLLFD_BYTES);
  }

  /** Blocks this thread until something can be read or the time is over; milliseconds, -1 = for ever. */
  wait(milliseconds: number): void {
    libc.poll(this.entries, this.ports.length + 1, milliseconds);
  }

  /** True if the last wait saw something on this port. */
  ready(index: number): boolean {
    return this.entries.readInt16LE(index * POLLFD_BYTES + 6) !== 0;
  }

  /** True if the last wait was ended by the wake-up descriptor. */
  woken(): boolean {
    return this.ready(this.ports.length);
  }
}
