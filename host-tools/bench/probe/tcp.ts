/*
 * TCP as an ordinary user's socket sees it: one connection and how it went, a connection left alone for a while, and
 * how fast bytes come. Says nothing unasked to whatever is there, unless it greets like a responder.
 */
import { connect, type Socket } from 'node:net';
import type { Endpoint } from '../endpoint.ts';
import { Lines } from '../lines.ts';
import type { HeldTcp, TcpTry } from '../measurements.ts';
import { decode, encode } from '../protocol.ts';
import { pause, type Pace } from './pace.ts';

export interface TcpOptions {
  /** With it, the responder's answer to this nonce is waited for, too. */
  nonce?: string;
  /** The address to send from; only where the server is this host. */
  from?: string;
}

type Failed = Extract<TcpTry, { end: 'refused' | 'unreachable' | 'silent' | 'local' }>;

/** Error codes of a connection and what they mean; what is not here is this host's own doing. */
const FAILURES: Record<string, 'refused' | 'unreachable' | 'silent'> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'refused',
  EHOSTUNREACH: 'unreachable',
  ETIMEDOUT: 'silent',
};

/** Exchanges on a connection before the pause: a mapping that lasts for a few packets only does not get through. */
const EXCHANGES = 8;
/** After the pause the system may have to repeat a segment three times, ms. */
const LATE_ANSWER = 3000;

interface Opened {
  socket: Socket;
  localPort: number;
  handshake: number;
}

/** Makes a connection, or says how that failed. */
function open(target: Endpoint, wait: number, from?: string): Promise<Opened | Failed> {
  return new Promise((resolve) => {
    const begin = performance.now();
    let localPort = 0;
    const socket = connect({ host: target.address, port: target.port, localAddress: from });
    // The port is known once the SYN has been sent, and forgotten with the socket.
    setImmediate(() => (localPort = socket.localPort ?? 0));
    const timer = setTimeout(() => fail('ETIMEDOUT'), wait);
    const fail = (code: string) => {
      clearTimeout(timer);
      socket.destroy();
      const end = FAILURES[code];
      resolve(end ? { end, localPort } : { end: 'local', error: code, localPort });
    };
    socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    socket.on('connect', () => {
      clearTimeout(timer);
      socket.setNoDelay(true);
      resolve({ socket, localPort: socket.localPort ?? localPort, handshake: performance.now() - begin });
    });
  });
}

/** One connection: who is there, and does it answer? */
export async function tryTcp(
  target: Endpoint,
  wait: Pick<Pace, 'handshake' | 'greeting'>,
  { nonce, from }: TcpOptions = {},
): Promise<TcpTry> {
  const opened = await open(target, wait.handshake, from);
  if ('end' in opened) return opened;
  const { socket, localPort, handshake } = opened;
  try {
    const lines = new Lines(socket);
    const line = await lines.next(wait.greeting);
    const here = decode(line ?? '');
    if (here?.kind !== 'here') return { end: 'other', greeting: line ?? lines.rest, localPort, handshake };
    const confirmed = nonce === undefined || (await exchange(socket, lines, nonce, 0, 0, wait.greeting));
    return { end: 'responder', id: here.id, seenAs: here.seenAs, confirmed, localPort, handshake };
  } finally {
    socket.destroy();
  }
}

/** One question and its answer on an open connection. */
async function exchange(
  socket: Socket,
  lines: Lines,
  nonce: string,
  number: number,
  delay: number,
  wait: number,
): Promise<boolean> {
  if (!socket.writable) return false;
  socket.write(encode({ kind: 'ask', nonce, number, delay }) + '\n');
  const saw = decode((await lines.next(delay + wait)) ?? '');
  return saw?.kind === 'saw' && saw.nonce === nonce && saw.number === number;
}

/** A connection with a responder that is used, left alone for `seconds`, and used again. */
export async function holdTcp(
  target: Endpoint,
  seconds: number,
  nonce: string,
  pace: Pace,
  from?: string,
): Promise<HeldTcp> {
  const opened = await open(target, pace.handshake, from);
  if ('end' in opened) return 'lost';
  const { socket } = opened;
  try {
    const lines = new Lines(socket);
    if (decode((await lines.next(pace.greeting)) ?? '')?.kind !== 'here') return 'lost';
    for (let number = 1; number <= EXCHANGES; number++)
      if (!(await exchange(socket, lines, nonce, number, 0, pace.greeting))) return 'early';
    await pause(seconds * 1000);
    return (await exchange(socket, lines, nonce, EXCHANGES + 1, 0, LATE_ANSWER)) ? 'alive' : 'late';
  } finally {
    socket.destroy();
  }
}

/**
 * Megabits a second from the responder to here, for `bytes` or until `milliseconds` are over; null if none came.
 */
export async function measureThroughput(
  target: Endpoint,
  bytes: number,
  milliseconds: number,
  nonce: string,
  pace: Pace,
  from?: string,
): Promise<number | null> {
  const opened = await open(target, pace.handshake, from);
  if ('end' in opened) return null;
  const { socket } = opened;
  try {
    const lines = new Lines(socket);
    if (decode((await lines.next(pace.greeting)) ?? '')?.kind !== 'here') return null;
    return await new Promise((resolve) => {
      let received = 0;
      let first = 0;
      const finish = () => {
        const seconds = (performance.now() - first) / 1000;
        resolve(received > 0 && seconds > 0 ? (received * 8) / 1e6 / seconds : null);
      };
      const timer = setTimeout(finish, milliseconds);
      socket.removeAllListeners('data');
      socket.on('data', (piece) => {
        if (first === 0) first = performance.now();
        received += piece.length;
      });
      socket.on('close', () => {
        clearTimeout(timer);
        finish();
      });
      socket.write(encode({ kind: 'give', nonce, bytes }) + '\n');
    });
  } finally {
    socket.destroy();
  }
}

/** Asks the responder, the direct way, what reached it - but for this very question. */
export async function recall(target: Endpoint, nonce: string, pace: Pace, from?: string) {
  const asking: string[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const opened = await open(target, pace.handshake, from);
    asking.push(`:${opened.localPort}`);
    if ('end' in opened) continue;
    try {
      const lines = new Lines(opened.socket);
      if (decode((await lines.next(pace.greeting)) ?? '')?.kind !== 'here') continue;
      opened.socket.write(encode({ kind: 'recall', nonce }) + '\n');
      const recalled = decode((await lines.next(pace.greeting)) ?? '');
      if (recalled?.kind !== 'recalled' || recalled.nonce !== nonce) continue;
      const sightings = recalled.sightings.filter((one) => !asking.some((port) => one.from.endsWith(port)));
      return { watching: recalled.watch === 'watching', sightings };
    } finally {
      opened.socket.destroy();
    }
  }
  return null;
}
