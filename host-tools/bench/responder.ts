/*
 * The responder: sits on the server's host and says to everyone who speaks its protocol from which address they
 * came. It remembers what reached it, so that the prober can ask afterwards, the direct way, about packets whose
 * answers were lost.
 *
 * Answers nobody else, sends nothing by itself, and its answers are never longer than the question. With `outside` it
 * also calls back - only the address that asked, so that it cannot be used against others.
 */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { UserError } from '../cli/user-error.ts';
import { Lines } from './lines.ts';
import { callBack } from './outside.ts';
import {
  MOST_SIGHTINGS,
  decode,
  decodeDatagram,
  encode,
  newId,
  type Message,
  type Sighting,
} from './protocol.ts';
import { watchWire, type WirePacket, type WireWatch } from './wire-watch.ts';

export interface ResponderOptions {
  port: number;
  /** Also calls back who asks, for a prober behind the router that is tested. */
  outside: boolean;
  /** Hears one sentence about each new asker. */
  onLine?: (line: string) => void;
}

/** Connections at a time; for one more the oldest goes. A router that forgets leaves dead ones behind. */
const MOST_CONNECTIONS = 64;
/** Runs of probers that are told apart. */
const MOST_RUNS = 64;
/** Answers that wait for their time. */
const MOST_DELAYED = 256;
/** A connection on which nothing happens is closed, ms: longer than the longest delay. */
const IDLE_TIME = 300_000;
/** `give` sends pieces of this, in bytes. */
const PIECE = Buffer.alloc(64 * 1024, 'hairpin ');

type Ask = Extract<Message, { kind: 'ask' }>;

export class Responder {
  readonly id = newId();
  private readonly sightings: (Sighting & { nonce?: string; at: number })[] = [];
  /** When each run of a prober first spoke: what was seen before is not its own, though ports come again. */
  private readonly begun = new Map<string, number>();
  private readonly heardFrom = new Set<string>();
  private readonly connections = new Set<Socket>();
  private readonly delayed = new Set<NodeJS.Timeout>();
  private watch: WireWatch | null = null;

  private constructor(
    private readonly options: ResponderOptions,
    private readonly tcp: Server,
    private readonly udp: UdpSocket,
  ) {}

  /** Listens on TCP and UDP. Throws a UserError where the port cannot be had. */
  static async open(options: ResponderOptions): Promise<Responder> {
    const tcp = createServer();
    const udp = createSocket('udp4');
    const responder = new Responder(options, tcp, udp);
    tcp.on('connection', (socket) => void responder.serve(socket));
    udp.on('message', (datagram, { address, port }) => responder.hear(datagram, address, port));
    try {
      tcp.listen(options.port, '0.0.0.0');
      await once(tcp, 'listening');
      udp.bind(options.port);
      await once(udp, 'listening');
    } catch (error) {
      await responder.close();
      throw portRefused(options.port, (error as NodeJS.ErrnoException).code);
    }
    // An answer to somebody who has gone, or an ICMP error about it, is nobody's problem.
    udp.on('error', () => {});
    const { watch } = await watchWire((packet) => responder.notice(packet));
    responder.watch = watch;
    return responder;
  }

  /** True where packets are also noticed that no program is given. */
  get watching(): boolean {
    return this.watch !== null;
  }

  async close(): Promise<void> {
    this.watch?.close();
    for (const timer of this.delayed) clearTimeout(timer);
    for (const socket of this.connections) socket.destroy();
    await Promise.all([
      new Promise<void>((resolve) => this.tcp.close(() => resolve())),
      new Promise<void>((resolve) => {
        try {
          this.udp.close(resolve);
        } catch {
          // It never came to be open.
          resolve();
        }
      }),
    ]);
  }

  private remember(kind: Sighting['kind'], from: string, nonce?: string): void {
    this.sightings.push({ kind, from, nonce, at: performance.now() });
    if (this.sightings.length > MOST_SIGHTINGS) this.sightings.shift();
  }

  private begin(nonce: string): void {
    if (this.begun.has(nonce)) return;
    this.begun.set(nonce, performance.now());
    const [oldest] = this.begun.keys();
    if (this.begun.size > MOST_RUNS) this.begun.delete(oldest);
  }

  private notice({ protocol, source, sourcePort, destinationPort, syn, ack }: WirePacket): void {
    if (destinationPort !== this.options.port || (protocol === 'tcp' && (!syn || ack))) return;
    this.remember(`${protocol}/wire`, `${source}:${sourcePort}`);
  }

  private introduce(address: string): void {
    if (this.heardFrom.has(address) || this.heardFrom.size >= MOST_SIGHTINGS) return;
    this.heardFrom.add(address);
    this.options.onLine?.(`Asked by ${address}.`);
  }

  private hear(datagram: Buffer, address: string, port: number): void {
    const message = decodeDatagram(datagram);
    if (message?.kind !== 'ask') return;
    const seenAs = `${address}:${port}`;
    this.begin(message.nonce);
    this.remember('udp/heard', seenAs, message.nonce);
    this.introduce(address);
    const answer = Buffer.from(this.saw(message, seenAs), 'latin1');
    this.later(message.delay, () => this.udp.send(answer, port, address, () => {}));
  }

  private saw({ nonce, number }: Ask, seenAs: string): string {
    return encode({ kind: 'saw', nonce, number, id: this.id, seenAs });
  }

  private later(delay: number, answer: () => void): void {
    if (delay === 0) return answer();
    if (this.delayed.size >= MOST_DELAYED) return;
    const timer = setTimeout(() => {
      this.delayed.delete(timer);
      answer();
    }, delay);
    this.delayed.add(timer);
  }

  private async serve(socket: Socket): Promise<void> {
    socket.on('error', () => socket.destroy());
    if (this.connections.size >= MOST_CONNECTIONS) this.connections.values().next().value?.destroy();
    this.connections.add(socket);
    socket.on('close', () => this.connections.delete(socket));
    socket.setNoDelay(true).setTimeout(IDLE_TIME, () => socket.destroy());
    const address = socket.remoteAddress ?? '0.0.0.0';
    const seenAs = `${address}:${socket.remotePort ?? 0}`;
    this.remember('tcp/accepted', seenAs);
    this.introduce(address);
    const say = (line: string) => socket.writable && socket.write(line + '\n');
    say(encode({ kind: 'here', id: this.id, seenAs }));
    const lines = new Lines(socket);
    for (let line = await lines.next(IDLE_TIME); line !== null; line = await lines.next(IDLE_TIME)) {
      const message = decode(line);
      // Whoever speaks something else has come to the wrong place.
      if (!message || !(await this.answer(message, socket, seenAs, say))) break;
    }
    socket.end();
  }

  /** Answers one line of a TCP connection; false ends it. */
  private async answer(
    message: Message,
    socket: Socket,
    seenAs: string,
    say: (line: string) => void,
  ): Promise<boolean> {
    switch (message.kind) {
      case 'ask':
        this.begin(message.nonce);
        this.later(message.delay, () => say(this.saw(message, seenAs)));
        return true;
      case 'recall': {
        this.watch?.drain();
        const since = this.begun.get(message.nonce);
        // A run that is not known was never asked about: silence would be taken for "nothing came".
        if (since === undefined) return false;
        const watch = this.watching ? 'watching' : 'blind';
        // Questions of others are not this asker's business; what came without a nonce may be his.
        const sightings = this.sightings.filter(
          ({ nonce = message.nonce, at }) => at >= since && nonce === message.nonce,
        );
        say(encode({ kind: 'recalled', nonce: message.nonce, watch, sightings }));
        return true;
      }
      case 'give':
        for (let left = message.bytes; left > 0 && socket.writable; left -= PIECE.length)
          if (!socket.write(PIECE.subarray(0, Math.min(left, PIECE.length)))) await drained(socket);
        return false;
      case 'call': {
        if (!this.options.outside) return false;
        const { nonce, protocol, port } = message;
        const called = await callBack({ address: socket.remoteAddress!, port }, protocol, nonce);
        say(encode({ kind: 'called', nonce, ...called }));
        return true;
      }
      default:
        return false;
    }
  }
}

/** Resolves when more can be written, or nothing ever will. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}

function portRefused(port: number, code: string | undefined): UserError {
  if (code === 'EADDRINUSE')
    return new UserError(
      `Port ${port} is taken on this host. Where the real service has it, no responder is needed: ` +
        `'hairpin bench probe --server' compares what the service says. Else choose another --port.`,
    );
  if (code === 'EACCES')
    return new UserError(`Port ${port} takes root; choose one from 1024 on and forward to that.`);
  return new UserError(`Port ${port} cannot be listened on: ${code ?? 'unknown error'}.`);
}
