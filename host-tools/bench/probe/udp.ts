/*
 * UDP as an ordinary user's socket sees it. The sockets are not connected: an answer that comes from another address
 * than the one asked reaches them, and that is the proof of a router that rewrites only the destination.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Endpoint } from '../endpoint.ts';
import type { HeldUdp, UdpTry } from '../measurements.ts';
import { askDatagram, decodeDatagram, type Message } from '../protocol.ts';
import { pause, spread, type Pace } from './pace.ts';

export interface Asking {
  target: Endpoint;
  nonce: string;
  /** Questions, each from a port of its own. */
  count: number;
  pace: Pace;
  /** Number of the first question. */
  first?: number;
  /** Connected sockets hear of ICMP refusals and of nothing from other addresses. */
  connected?: boolean;
  from?: string;
}

/** How often a question is sent before it counts as unanswered: one lost datagram must not decide anything. */
const TRANSMISSIONS = 3;
/** Between the first transmission of one question and the next question, ms. */
const SPREAD = 15;

type Saw = Extract<Message, { kind: 'saw' }>;

/** A socket for one question: sends it until something comes back. */
class Question {
  private readonly heard: { saw: Saw; address: string; port: number; at: number }[] = [];
  private error: string | null = null;
  private wake: (() => void) | null = null;

  private constructor(
    private readonly socket: Socket,
    private readonly asking: Asking,
  ) {
    socket.on('message', (datagram, { address, port }) => {
      const saw = decodeDatagram(datagram);
      if (saw?.kind !== 'saw' || saw.nonce !== asking.nonce) return;
      this.heard.push({ saw, address, port, at: performance.now() });
      this.wake?.();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => this.fail(error));
  }

  static async open(asking: Asking): Promise<Question | string> {
    const socket = createSocket('udp4');
    const question = new Question(socket, asking);
    try {
      socket.bind({ address: asking.from, port: 0 });
      await once(socket, 'listening');
      if (asking.connected) {
        socket.connect(asking.target.port, asking.target.address);
        await once(socket, 'connect');
      }
      return question;
    } catch (error) {
      socket.close();
      return (error as NodeJS.ErrnoException).code ?? 'unknown error';
    }
  }

  get localPort(): number {
    return this.socket.address().port;
  }

  get failed(): string | null {
    return this.error;
  }

  private fail(error: NodeJS.ErrnoException | null): void {
    if (!error) return;
    this.error ??= error.code ?? error.message;
    this.wake?.();
  }

  private send(number: number, delay: number): void {
    const { nonce, connected, target } = this.asking;
    const datagram = askDatagram({ kind: 'ask', nonce, number, delay });
    const done = (error: Error | null) => this.fail(error);
    if (connected) this.socket.send(datagram, done);
    else this.socket.send(datagram, target.port, target.address, done);
  }

  private async wait(milliseconds: number, enough: () => boolean): Promise<void> {
    const deadline = performance.now() + milliseconds;
    while (!enough() && this.error === null && performance.now() < deadline)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, deadline - performance.now());
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
  }

  /** Sends question `number` up to three times; the answer that came, wherever from, and how long it took. */
  async ask(number: number, delay = 0) {
    const { gap, answer } = this.asking.pace;
    const mine = () => this.heard.find(({ saw }) => saw.number === number);
    let sent = 0;
    for (let turn = 0; turn < TRANSMISSIONS && !mine() && this.error === null; turn++) {
      sent = performance.now();
      this.send(number, delay);
      // An answer that is to come later cannot stop the repetitions.
      await this.wait(turn < TRANSMISSIONS - 1 ? gap : delay + answer, () => mine() !== undefined);
    }
    const found = mine();
    return found && { ...found, milliseconds: found.at - sent };
  }

  close(): void {
    this.socket.close();
  }
}

async function one(asking: Asking, number: number): Promise<UdpTry> {
  const question = await Question.open(asking);
  if (typeof question === 'string') return { end: 'local', error: question, localPort: 0 };
  const { localPort } = question;
  try {
    const found = await question.ask(number);
    if (found) {
      const { address, port, saw, milliseconds } = found;
      const { id, seenAs } = saw;
      // This host's own answer to itself comes from the address it was asked from.
      const asked = [asking.target.address, asking.from].includes(address) && port === asking.target.port;
      return asked
        ? { end: 'answered', id, seenAs, milliseconds, localPort }
        : { end: 'stray', id, from: `${address}:${port}`, localPort };
    }
    const error = question.failed;
    if (error === 'ECONNREFUSED' || error === 'EHOSTUNREACH') return { end: 'refused', localPort };
    return error === null ? { end: 'silent', localPort } : { end: 'local', error, localPort };
  } finally {
    question.close();
  }
}

/** Asks several questions from as many ports. */
export function asks(asking: Asking): Promise<UdpTry[]> {
  return spread(asking.count, SPREAD, (index) => one(asking, (asking.first ?? 0) + index));
}

/** Asks, and lets the answer to a second question be given only after `seconds`: is there still a way back then? */
export function holdUdp(asking: Asking, seconds: number): Promise<HeldUdp[]> {
  return spread(asking.count, SPREAD, async (index) => {
    const question = await Question.open(asking);
    if (typeof question === 'string') return 'lost';
    const number = (asking.first ?? 0) + index * 2;
    try {
      if (!(await question.ask(number))) return 'lost';
      await pause(SPREAD);
      return (await question.ask(number + 1, seconds * 1000)) ? 'alive' : 'late';
    } finally {
      question.close();
    }
  });
}
