/*
 * A board's line offered on a TCP port of this host, for programs that take `tcp://HOST:PORT` for a board. One client
 * at a time; when it goes the line stays. At the pace of a real line, if asked for.
 */
import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import type { ByteLine } from '../../../host-tools/device/serial/byte-line.ts';

export interface Relay {
  port: number;
  /** Bytes that clients have sent so far. */
  sent(): number;
  close(): Promise<void>;
}

/** Of a line with 115200 bits per second, 8N1: bytes in a second. */
export const lineSpeed = 11_520;
/** How often paced bytes move, ms. */
const interval = 5;

/** Offers `line` until it is closed. @param speed bytes a second towards the board; default: as fast as they come */
export async function relayOn(line: ByteLine, speed = Infinity): Promise<Relay> {
  let sent = 0;
  let client: Socket | undefined;
  const stop = line.onBytes((bytes) => client?.write(bytes));
  const server = createServer((socket) => {
    client?.destroy();
    client = socket;
    const pace = pacedTo(line, speed);
    socket.on('data', (bytes: Buffer) => {
      sent += bytes.length;
      pace.take(bytes);
    });
    // A client that goes without a word is gone all the same.
    socket.on('error', () => {});
    // What it has sent still arrives, as with a real port.
    socket.on('close', () => pace.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    sent: () => sent,
    close: async () => {
      stop();
      client?.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Hands bytes on so that no more arrive in a while than the line could carry; after `end` what is left, then stops. */
function pacedTo(line: ByteLine, speed: number): { take(bytes: Buffer): void; end(): void } {
  if (speed === Infinity) return { take: (bytes) => void line.write(bytes).catch(() => {}), end: () => {} };
  let waiting = Buffer.alloc(0);
  let ending = false;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const room = Math.floor(((now - last) * speed) / 1000);
    if (room === 0) return;
    last = now;
    const next = waiting.subarray(0, room);
    waiting = waiting.subarray(room);
    if (next.length > 0) void line.write(next).catch(() => {});
    else if (ending) clearInterval(timer);
  }, interval);
  return {
    take: (bytes) => (waiting = Buffer.concat([waiting, bytes])),
    end: () => (ending = true),
  };
}
