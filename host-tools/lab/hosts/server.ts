/*
 * What S and I run in their namespaces: a greeting, the seeded body over HTTP, a UDP echo, and a port that
 * sends or takes bytes for throughput measurements. Port numbers: SERVICES in lab.ts, BULK_PORT in bulk.ts.
 *
 *     server.ts ADDRESS...        prints "ready" once everything listens; runs until it is killed
 *
 * The echo listens on each address by itself, so that an answer comes from the address that was asked.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import { createServer as createTcp, type Socket } from 'node:net';
import { SERVICES } from '../lab.ts';
import { BULK_PORT, serveBulk } from './bulk.ts';
import { seededBody } from './seeded-body.ts';

// Ctrl-C is for whoever started the lab: it ends its hosts in its own order.
process.on('SIGINT', () => {});

const EVERYWHERE = '0.0.0.0';
const body = seededBody(SERVICES.bodyBytes);

function peer(socket: Socket): string {
  return `${socket.remoteAddress}:${socket.remotePort}`;
}

const greeting = createTcp((socket) => {
  // A client that resets has simply gone.
  socket.on('error', () => {});
  socket.end(`220 you are ${peer(socket)}\r\n`);
});

const http = createHttp((request, response) => {
  response.setHeader('X-Seen-As', peer(request.socket));
  if (request.url === '/8mb') response.writeHead(200, { 'Content-Length': body.length }).end(body);
  else if (request.url === '/') response.end(`you are ${peer(request.socket)}\n`);
  else response.writeHead(404).end('Only / and /8mb are here.\n');
});

async function echoOn(address: string): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const answer = Buffer.concat([Buffer.from(`${from.address}:${from.port} `), message]);
    // Nobody to tell if it cannot be sent; the client sees no answer.
    socket.send(answer, from.port, from.address, () => {});
  });
  socket.bind(SERVICES.echoPort, address);
  await once(socket, 'listening');
}

// Half open: the client of an upload ends its side and then reads the count.
const bulk = createTcp({ allowHalfOpen: true }, serveBulk);
greeting.listen(SERVICES.greetingPort, EVERYWHERE);
http.listen(SERVICES.httpPort, EVERYWHERE);
bulk.listen(BULK_PORT, EVERYWHERE);
for (const server of [greeting, http, bulk]) if (!server.listening) await once(server, 'listening');
await Promise.all(process.argv.slice(2).map(echoOn));
process.stdout.write('ready\n');
