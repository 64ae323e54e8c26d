/*
 * A pseudo-terminal through koffi: a serial port that is not one, whose other end a test holds. Linux only. The slave
 * has no modem lines; bytes pass unchanged (raw), as fast as they are taken. Tests that open a port by openPort run in
 * processes (ava --no-worker-threads): the serialport package crashes in a worker thread.
 */
import { constants, closeSync, openSync } from 'node:fs';
import koffi from 'koffi';

export interface Pty {
  /** The slave's path: what a tool opens as its serial port. */
  readonly path: string;
  /** To whoever has the slave open; kept, in order, until it is taken. */
  write(bytes: Uint8Array): void;
  /** Hands over what was written at the slave; the returned function ends that. */
  onBytes(listener: (bytes: Uint8Array) => void): () => void;
  /** Pulls the cable: the path is gone, and whoever has it open notices. */
  close(): void;
}

const libc = koffi.load('libc.so.6');
const posixOpenpt = libc.func('int posix_openpt(int)') as (flags: number) => number;
const grantpt = libc.func('int grantpt(int)') as (fd: number) => number;
const unlockpt = libc.func('int unlockpt(int)') as (fd: number) => number;
const ptsname = libc.func('const char *ptsname(int)') as (fd: number) => string;
const tcgetattr = libc.func('int tcgetattr(int, _Out_ uint8_t *)') as (fd: number, at: Uint8Array) => number;
const tcsetattr = libc.func('int tcsetattr(int, int, const uint8_t *)') as (
  fd: number,
  when: number,
  at: Uint8Array,
) => number;
const cfmakeraw = libc.func('void cfmakeraw(_Inout_ uint8_t *)') as (at: Uint8Array) => void;
const read = libc.func('intptr_t read(int, _Out_ uint8_t *, size_t)') as (
  fd: number,
  into: Uint8Array,
  length: number,
) => number;
const write = libc.func('intptr_t write(int, const uint8_t *, size_t)') as (
  fd: number,
  bytes: Uint8Array,
  length: number,
) => number;

/** Room for glibc's struct termios (60 bytes on x86-64). */
const TERMIOS_BYTES = 128;
/** How often the master is looked at, ms. */
const INTERVAL = 1;

/** Opens a pair. The caller closes it: an open one keeps the process alive. */
export function openPty(): Pty {
  const master = posixOpenpt(constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  if (master < 0 || grantpt(master) !== 0 || unlockpt(master) !== 0)
    throw new Error(`No pseudo-terminal to be had: errno ${koffi.errno()}.`);
  const path = ptsname(master);
  makeRaw(path);
  const listeners = new Set<(bytes: Uint8Array) => void>();
  let waiting: Uint8Array[] = [];
  let open = true;

  const receive = (): void => {
    const buffer = Buffer.allocUnsafe(4096);
    for (;;) {
      // Nothing there (EAGAIN), or nobody has the slave open (EIO): later, perhaps.
      const got = open ? read(master, buffer, buffer.length) : 0;
      if (got <= 0) return;
      const bytes = Uint8Array.from(buffer.subarray(0, got));
      for (const listener of [...listeners]) listener(bytes);
    }
  };
  const send = (): void => {
    while (open && waiting.length > 0) {
      const taken = write(master, waiting[0], waiting[0].length);
      if (taken <= 0) return;
      if (taken < waiting[0].length) waiting[0] = waiting[0].subarray(taken);
      else waiting.shift();
    }
  };
  const timer = setInterval(() => {
    send();
    receive();
  }, INTERVAL);

  return {
    path,
    write: (bytes) => {
      waiting.push(Uint8Array.from(bytes));
      send();
    },
    onBytes: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => {
      if (!open) return;
      open = false;
      waiting = [];
      clearInterval(timer);
      closeSync(master);
    },
  };
}

/** No echo, no line editing, no signals: stays so while the master is open. */
function makeRaw(path: string): void {
  const slave = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  const settings = Buffer.alloc(TERMIOS_BYTES);
  tcgetattr(slave, settings);
  cfmakeraw(settings);
  tcsetattr(slave, 0, settings);
  closeSync(slave);
}
