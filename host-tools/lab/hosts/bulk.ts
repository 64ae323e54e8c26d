/*
 * Bytes as fast as TCP carries them, for a bounded time: both ends of a throughput measurement.
 * The client says in one line which way; the receiver of the bytes is the one that counts and times them.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** TCP port of the servers; the one iperf uses, which nothing else here does. */
export const BULK_PORT = 5001;

/** `down`: from the server to the client. */
export type Direction = 'down' | 'up';

export interface BulkResult {
  bytes: number;
  /** From the first byte received to the last. */
  milliseconds: number;
}

/** Handed to the stream at a time, in bytes. */
const CHUNK = Buffer.alloc(128 * 1024, 'hairpin ');

/** Counts what arrives until the other side ends. */
async function count(socket: Socket): Promise<BulkResult> {
  let bytes = 0;
  let first = 0;
  let last = 0;
  socket.on('data', (piece) => {
    last = performance.now();
    if (bytes === 0) first = last;
    bytes += piece.length;
  });
  await once(socket, 'end');
  return { bytes, milliseconds: last - first };
}

async function pour(socket: Socket, milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds;
  while (performance.now() < until) if (!socket.write(CHUNK)) await once(socket, 'drain');
}

async function serve(socket: Socket, request: string): Promise<void> {
  const [direction, milliseconds] = request.trim().split(' ');
  try {
    if (direction === 'down') await pour(socket, Number(milliseconds));
    else socket.write(JSON.stringify(await count(socket)));
  } catch {
    // The connection broke, and its listener for errors has ended it.
  }
  socket.end();
}

/** One connection of the server. The first line is "down MILLISECONDS" or "up". */
export function serveBulk(socket: Socket): void {
  // The other end may go at any time; then there is nothing left to do.
  socket.on('error', () => socket.destroy());
  socket.once('data', (request) => void serve(socket, String(request)));
}

/** Measures one direction between here and `address` for about `milliseconds`. */
export async function measureBulk(
  address: string,
  direction: Direction,
  milliseconds: number,
): Promise<BulkResult> {
  const socket = connect({ host: address, port: BULK_PORT, allowHalfOpen: true });
  const timer = setTimeout(() => socket.destroy(new Error('no end in time')), milliseconds + 10_000);
  try {
    await once(socket, 'connect');
    if (direction === 'down') {
      socket.write(`down ${milliseconds}\n`);
      return await count(socket);
    }
    socket.write('up\n');
    // The line must be a segment of its own: what follows it in the same one would not be counted.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await pour(socket, milliseconds);
    socket.end();
    let answer = '';
    for await (const piece of socket) answer += piece;
    return JSON.parse(answer) as BulkResult;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}
