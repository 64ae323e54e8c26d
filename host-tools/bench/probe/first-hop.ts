/*
 * Which hop answers? A packet that may live for one hop only gets no further than the router. If the connection is
 * made all the same, the router itself took it; if it is refused, the router refused it; if "time exceeded" comes
 * back, the router was about to pass it on. The way traceroute works, as an ordinary user, on Linux.
 */
import type * as Libc from '../../lab/kernel/libc.ts';
import type { Endpoint } from '../endpoint.ts';
import type { FirstHop } from '../measurements.ts';
import { pause } from './pace.ts';

/** An address in the Internet that is nobody's (RFC 5737): with one hop to live, no packet gets there anyway. */
const CONTROL: Endpoint = { address: '192.0.2.1', port: 80 };
/** Connections to each of the two. Routers limit such messages to a few at a time. */
const TRIES = 5;
/** Between two of them, ms. */
const GAP = 30;
/** Long enough for the system's second SYN, ms. */
const WAIT = 1500;

const SOCK_STREAM = 1;
const IPPROTO_IP = 0;
const IP_TTL = 2;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const ECONNREFUSED = 111;
const EHOSTUNREACH = 113;
const EINPROGRESS = 115;
const POLLOUT = 4;

type End = 'completed' | 'refused' | 'exceeded' | 'silent';

/** Null where sockets cannot be told how far their packets may go. */
export async function tryFirstHop(target: Endpoint): Promise<FirstHop | null> {
  if (process.platform !== 'linux') return null;
  let libc: typeof Libc;
  try {
    libc = await import('../../lab/kernel/libc.ts');
  } catch {
    return null;
  }

  const begin = (to: Endpoint): number => {
    const fd = libc.socket(libc.AF_INET, SOCK_STREAM | libc.SOCK_NONBLOCK | libc.SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    const one = Buffer.from(Int32Array.of(1).buffer);
    /** struct sockaddr_in: family, port, address, zeros. */
    const address = Buffer.alloc(16);
    address.writeUInt16LE(libc.AF_INET, 0);
    address.writeUInt16BE(to.port, 2);
    address.set(to.address.split('.').map(Number), 4);
    const ready =
      libc.setsockopt(fd, IPPROTO_IP, IP_TTL, one, 4) >= 0 &&
      (libc.connect(fd, address, address.length) >= 0 || libc.lastError() === EINPROGRESS);
    if (ready) return fd;
    libc.close(fd);
    return -1;
  };
  const endOf = (fd: number): End => {
    /** struct pollfd: fd, events, revents. */
    const entry = Buffer.alloc(8);
    entry.writeInt32LE(fd, 0);
    entry.writeInt16LE(POLLOUT, 4);
    if (libc.poll(entry, 1, 0) <= 0) return 'silent';
    const error = Buffer.alloc(4);
    libc.getsockopt(fd, SOL_SOCKET, SO_ERROR, error, new Int32Array([4]));
    const ends: Record<number, End> = {
      0: 'completed',
      [ECONNREFUSED]: 'refused',
      [EHOSTUNREACH]: 'exceeded',
    };
    return ends[error.readInt32LE(0)] ?? 'silent';
  };

  const open: { to: Endpoint; fd: number }[] = [];
  try {
    // In turns: a limit on the router's messages then hits both alike.
    for (let count = 0; count < TRIES; count++)
      for (const to of [target, CONTROL]) {
        open.push({ to, fd: begin(to) });
        await pause(GAP);
      }
    await pause(WAIT);
    const ends = (to: Endpoint) =>
      open.filter((one) => one.to === to && one.fd >= 0).map(({ fd }) => endOf(fd));
    const count = (all: End[], end: End) => all.filter((one) => one === end).length;
    const there = ends(target);
    return {
      tried: there.length,
      completed: count(there, 'completed'),
      refused: count(there, 'refused'),
      exceeded: count(there, 'exceeded'),
      controlExceeded: count(ends(CONTROL), 'exceeded'),
    };
  } finally {
    for (const { fd } of open) if (fd >= 0) libc.close(fd);
  }
}
