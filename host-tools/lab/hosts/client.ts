/*
 * What C and I run in their namespaces to be told what to do: one JSON request a line on standard input, one
 * JSON answer a line on standard output, in the order asked. Ends when its input ends.
 *
 *     {"verb":"connect","address":"12.0.0.1","port":25,"timeoutMs":4000}
 *     {"ok":{"outcome":"timeout","milliseconds":4001}}
 *
 * Real sockets, nothing else: whatever the network does is an outcome; only a bug is an {"error":...}.
 */
import { createSocket } from 'node:dgram';
import { get, type IncomingMessage } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { createInterface } from 'node:readline';
import { SERVICES, type ConnectResult, type HttpResult, type UdpResult } from '../lab.ts';
import { measureBulk, type BulkResult, type Direction } from './bulk.ts';
import { ping, ttlProbe } from './ping.ts';
import { BodyCheck } from './seeded-body.ts';

/** One request: the verb and what it needs. */
export interface HostRequest {
  verb: 'connect' | 'httpGet' | 'udpEcho' | 'ping' | 'ttlProbe' | 'bulk';
  address: string;
  port: number;
  timeoutMs: number;
  path: string;
  text: string;
  count: number;
  ttl: number;
  direction: Direction;
}

// Ctrl-C is for whoever started the lab: it ends its hosts in its own order.
process.on('SIGINT', () => {});

function connect({ address, port, timeoutMs }: HostRequest): Promise<ConnectResult> {
  return new Promise((resolve) => {
    const begin = performance.now();
    const since = () => performance.now() - begin;
    const socket = connectTcp({ host: address, port });
    let connectedAfter = -1;
    let local = '';
    let text = '';
    const finish = (result: ConnectResult) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const greet = () => {
      const greeting = text.split(/\r?\n/)[0];
      finish({ outcome: 'connected', milliseconds: connectedAfter, greeting, local });
    };
    const timer = setTimeout(() => {
      if (connectedAfter >= 0) greet();
      else finish({ outcome: 'timeout', milliseconds: since() });
    }, timeoutMs);
    socket.on('connect', () => {
      connectedAfter = since();
      local = `${socket.localAddress}:${socket.localPort}`;
    });
    socket.setEncoding('latin1').on('data', (piece) => {
      text += piece;
      if (text.includes('\n')) greet();
    });
    socket.on('end', greet);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (connectedAfter >= 0) greet();
      else if (error.code === 'ECONNREFUSED') finish({ outcome: 'refused', milliseconds: since() });
      else if (error.code === 'ETIMEDOUT') finish({ outcome: 'timeout', milliseconds: since() });
      else finish({ outcome: 'unreachable', milliseconds: since(), error: error.code ?? error.message });
    });
  });
}

function httpGet({ address, port, path, timeoutMs }: HostRequest): Promise<HttpResult> {
  return new Promise((resolve) => {
    const begin = performance.now();
    const check = new BodyCheck(SERVICES.bodyBytes);
    let timedOut = false;
    const fail = (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const outcome = timedOut ? 'timeout' : error.code === 'ECONNREFUSED' ? 'refused' : 'broken';
      const milliseconds = performance.now() - begin;
      resolve({ outcome, milliseconds, bytes: check.bytes, error: error.code ?? error.message });
    };
    const take = (response: IncomingMessage) => {
      response.on('data', (piece: Buffer) => check.add(piece));
      response.on('error', fail);
      response.on('end', () => {
        clearTimeout(timer);
        resolve({
          outcome: 'ok',
          milliseconds: performance.now() - begin,
          status: response.statusCode ?? 0,
          bytes: check.bytes,
          firstDifference: check.firstDifference(),
          seenAs: String(response.headers['x-seen-as'] ?? ''),
        });
      });
    };
    // A connection of its own each time: a kept one would not show what a new one does.
    const request = get({ host: address, port, path, agent: false }, take).on('error', fail);
    const timer = setTimeout(() => {
      timedOut = true;
      request.destroy(new Error('no end in time'));
    }, timeoutMs);
  });
}

function udpEcho({ address, port, text, timeoutMs }: HostRequest): Promise<UdpResult> {
  return new Promise((resolve) => {
    const begin = performance.now();
    // Not connected, so that an answer from somewhere else is heard too.
    const socket = createSocket('udp4');
    const finish = (result: UdpResult) => {
      clearTimeout(timer);
      socket.close();
      resolve(result);
    };
    const timer = setTimeout(
      () => finish({ outcome: 'timeout', milliseconds: performance.now() - begin }),
      timeoutMs,
    );
    socket.on('message', (message, from) => {
      const answer = message.toString('latin1');
      const space = answer.indexOf(' ');
      finish({
        outcome: 'answered',
        milliseconds: performance.now() - begin,
        from: `${from.address}:${from.port}`,
        seenAs: answer.slice(0, space),
        text: answer.slice(space + 1),
      });
    });
    // What cannot be sent is not answered.
    socket.send(text, port, address, () => {});
  });
}

function perform(request: HostRequest): Promise<unknown> {
  const { address, timeoutMs } = request;
  switch (request.verb) {
    case 'connect':
      return connect(request);
    case 'httpGet':
      return httpGet(request);
    case 'udpEcho':
      return udpEcho(request);
    case 'ping':
      return ping(address, request.count, timeoutMs);
    case 'ttlProbe':
      return ttlProbe(address, request.ttl, timeoutMs);
    case 'bulk':
      return measureBulk(address, request.direction, timeoutMs) satisfies Promise<BulkResult>;
  }
}

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  let answer: object;
  try {
    answer = { ok: await perform(JSON.parse(line) as HostRequest) };
  } catch (error) {
    answer = { error: (error as Error).message };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
