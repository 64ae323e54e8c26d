/*
 * What a service that is not ours says for itself: its greeting, else its TLS certificate, else its answer to GET /.
 * The usual case: the real service holds the port, and no responder can. Asks as any client would, and logs in nowhere.
 */
import { createHash } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Endpoint } from '../endpoint.ts';
import { Lines } from '../lines.ts';
import type { ServicePrint, ServicePrints } from '../measurements.ts';
import { spread, type Pace } from './pace.ts';
import { tryTcp } from './tcp.ts';

/** Of an answer to GET /, this much is compared, in bytes. */
const BODY_BYTES = 64 * 1024;
/** For a TLS handshake or an answer over HTTP, ms. */
const PATIENCE = 4000;

function certificateOf(target: Endpoint, name: string | null, from?: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connectTls({
      socket: connectTcp({ host: target.address, port: target.port, localAddress: from }),
      servername: name ?? undefined,
      // Only what it shows is compared; nothing is sent through this connection.
      rejectUnauthorized: false,
    });
    const finish = (found: string | null) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(found);
    };
    const timer = setTimeout(() => finish(null), PATIENCE);
    socket.on('secureConnect', () => finish(socket.getPeerCertificate().fingerprint256 ?? null));
    socket.on('error', () => finish(null)).on('close', () => finish(null));
  });
}

/** `host` is the name in the request: the same everywhere, or a server with many sites would answer differently. */
async function httpOf(target: Endpoint, host: string, from?: string): Promise<ServicePrint['http']> {
  const socket = connectTcp({ host: target.address, port: target.port, localAddress: from });
  socket.on('error', () => socket.destroy());
  const timer = setTimeout(() => socket.destroy(), PATIENCE);
  try {
    socket.write(`GET / HTTP/1.0\r\nHost: ${host}\r\nUser-Agent: hairpin-bench\r\nConnection: close\r\n\r\n`);
    const lines = new Lines(socket);
    const status = await lines.next(PATIENCE);
    if (status === null || !/^HTTP\/1\.[01] \d{3}/.test(status)) return null;
    let server = '';
    const headers: string[] = [];
    for (let line = await lines.next(PATIENCE); line; line = await lines.next(PATIENCE)) {
      const [name, ...value] = line.split(':');
      headers.push(name.toLowerCase());
      if (name.toLowerCase() === 'server') server = value.join(':').trim();
    }
    const body = createHash('sha256');
    for (let line = await lines.next(PATIENCE), length = 0; line !== null && length < BODY_BYTES;) {
      body.update(line + '\n');
      length += line.length;
      line = await lines.next(PATIENCE);
    }
    return {
      status: status.split(' ')[1],
      server,
      headers: headers.join(','),
      body: body.update(lines.rest).digest('hex').slice(0, 16),
    };
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

export interface PrintOptions {
  target: Endpoint;
  /** The name that HTTP and TLS are asked for; an address where no name was given. */
  host: string;
  pace: Pace;
  from?: string;
}

async function one({ target, host, pace, from }: PrintOptions): Promise<ServicePrints[number]> {
  const name = /^[\d.]+$/.test(host) ? null : host;
  const tried = await tryTcp(target, pace, { from });
  if (tried.end === 'refused') return 'refused';
  if (tried.end !== 'other' && tried.end !== 'responder') return 'silent';
  if (tried.end === 'responder') return { greeting: `responder ${tried.id}`, certificate: null, http: null };
  if (tried.greeting !== '') return { greeting: tried.greeting, certificate: null, http: null };
  const http = await httpOf(target, host, from);
  if (http && http.status !== '400') return { greeting: null, certificate: null, http };
  // A TLS port answers plain HTTP with 400 or with nothing.
  const certificate = await certificateOf(target, name, from);
  return { greeting: null, certificate, http: certificate ? null : http };
}

/** Between the samples, ms: a service that counts or dates what it says shows it. */
const SPREAD = 60;

/** Several samples of what is said at one place. */
export function printsOf(options: PrintOptions, samples: number): Promise<ServicePrints> {
  return spread(samples, SPREAD, () => one(options));
}
