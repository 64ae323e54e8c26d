/*
 * The dozen C library calls that Ethernet ports need, through koffi.
 *
 * Linux only: this file loads libc when it is imported, so it is imported only by what already
 * knows that it runs on Linux. Nothing here interprets a frame or decides anything.
 */
import koffi from 'koffi';

const libc = koffi.load('libc.so.6');

export const socket: (domain: number, type: number, protocol: number) => number =
  libc.func('int socket(int, int, int)');
export const bind: (fd: number, address: Uint8Array, length: number) => number = libc.func(
  'int bind(int, const uint8_t *, uint32_t)',
);
export const connect: (fd: number, address: Uint8Array, length: number) => number = libc.func(
  'int connect(int, const uint8_t *, uint32_t)',
);
export const setsockopt: (
  fd: number,
  level: number,
  option: number,
  value: Uint8Array,
  length: number,
) => number = libc.func('int setsockopt(int, int, int, const uint8_t *, uint32_t)');
/** `length` is an Int32Array of one: size of `value` in, bytes filled out. */
export const getsockopt: (
  fd: number,
  level: number,
  option: number,
  value: Uint8Array,
  length: Int32Array,
) => number = libc.func('int getsockopt(int, int, int, uint8_t *, int32_t *)');
export const recv: (fd: number, buffer: Uint8Array, length: number, flags: number) => number = libc.func(
  'intptr_t recv(int, uint8_t *, size_t, int)',
);
export const send: (fd: number, buffer: Uint8Array, length: number, flags: number) => number = libc.func(
  'intptr_t send(int, const uint8_t *, size_t, int)',
);
/** `entries`: struct pollfd, eight bytes each (fd int32, events int16, revents int16). */
export const poll: (entries: Uint8Array, count: number, timeoutMs: number) => number = libc.func(
  'int poll(uint8_t *, unsigned long, int)',
);
export const close: (fd: number) => number = libc.func('int close(int)');
export const eventfd: (initial: number, flags: number) => number = libc.func(
  'int eventfd(unsigned int, int)',
);
export const read: (fd: number, buffer: Uint8Array, length: number) => number = libc.func(
  'intptr_t read(int, uint8_t *, size_t)',
);
/** Zero when there is no such interface in this thread's network namespace. */
export const interfaceIndex: (name: string) => number = libc.func(
  'unsigned int if_nametoindex(const char *)',
);
/** Declared with its one pointer argument: on Linux a variadic call passes it the same way. */
export const ioctl: (fd: number, request: number, argument: Uint8Array) => number = libc.func(
  'int ioctl(int, unsigned long, uint8_t *)',
);

/** The error number of this thread's last failed call. */
export function lastError(): number {
  return koffi.errno();
}

/** "EPERM", "ENODEV" and so on, for sentences. */
export function errorName(number: number): string {
  for (const [name, value] of Object.entries(koffi.os.errno)) if (value === number) return name;
  return 'error ' + number;
}

/** Memory that C can point at: its address never moves, unlike a JavaScript buffer's as koffi passes it. */
export class Pinned {
  readonly address: bigint;
  private readonly pointer: unknown;

  constructor(private readonly size: number) {
    this.pointer = koffi.alloc('uint8_t', size);
    this.address = koffi.address(this.pointer as never) as bigint;
  }

  write(bytes: Uint8Array): void {
    koffi.encode(this.pointer as never, koffi.array('uint8_t', this.size), bytes);
  }

  read(): Uint8Array {
    return Uint8Array.from(
      koffi.decode(this.pointer as never, koffi.array('uint8_t', this.size)) as Uint8Array,
    );
  }
}

export const AF_INET = 2;
export const AF_PACKET = 17;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;
export const EFD_NONBLOCK = 0o4000;
export const EFD_CLOEXEC = 0o2000000;
export const POLLIN = 1;
/** recv: return the frame's full length even if the buffer was shorter. */
export const MSG_TRUNC = 0x20;
export const MSG_DONTWAIT = 0x40;

export const EPERM = 1;
export const EINTR = 4;
export const EACCES = 13;
export const EINVAL = 22;
