/*
 * C and I as the scenes know them: the verbs of `Host` played by a scripted host. Virtual time passes inside each
 * verb until there is an outcome, so a promise of this host is always resolved already.
 */
import { icmpEchoReply, icmpTimeExceeded } from '../../../firmware/wire/frame.ts';
import type { ConnectResult, Host, HttpResult, PingResult, TtlResult, UdpResult } from '../lab.ts';
import type { IcmpPacket } from '../packet.ts';
import type { ScriptedHost } from './host.ts';
import type { TcpConnection } from './tcp.ts';

/** Lets virtual time pass until `done` or for `milliseconds`; what there is to be done meanwhile gets done. */
export type PassTime = (done: () => boolean, milliseconds: number) => void;

/** Between echo requests, in milliseconds, as `ping -i 0.2`. */
const pingInterval = 200;

export class Asker implements Host {
  readonly name: string;
  readonly address: string;
  private readonly host: ScriptedHost;
  private readonly passTime: PassTime;
  private readonly body: Uint8Array;

  /** @param body what HTTP has to deliver */
  constructor(name: string, host: ScriptedHost, passTime: PassTime, body: Uint8Array) {
    this.name = name;
    this.address = host.address;
    this.host = host;
    this.passTime = passTime;
    this.body = body;
  }

  async connect(address: string, port: number, timeoutMs: number): Promise<ConnectResult> {
    const since = this.stopwatch();
    const { connection, localPort } = this.host.openTcp(address, port);
    let established: number | null = null;
    let text = '';
    connection.onEstablished = () => (established = since());
    connection.onData = (data) => (text += Buffer.from(data).toString('latin1'));
    this.passTime(() => isOver(connection) || text.includes('\n'), timeoutMs);
    if (established === null) {
      const outcome = connection.state === 'refused' ? 'refused' : 'timeout';
      connection.abandon();
      return { outcome, milliseconds: since() };
    }
    connection.end();
    this.passTime(() => isOver(connection), 1000);
    const greeting = text.split('\r\n')[0];
    return {
      outcome: 'connected',
      milliseconds: established,
      greeting,
      local: `${this.address}:${localPort}`,
    };
  }

  async httpGet(address: string, port: number, path: string, timeoutMs: number): Promise<HttpResult> {
    const since = this.stopwatch();
    const { connection } = this.host.openTcp(address, port);
    const pieces: Uint8Array[] = [];
    connection.onEstablished = () => {
      const request = `GET ${path} HTTP/1.1\r\nHost: ${address}\r\nConnection: close\r\n\r\n`;
      connection.write(Buffer.from(request, 'latin1'));
    };
    connection.onData = (data) => pieces.push(data.slice());
    this.passTime(() => isOver(connection), timeoutMs);
    const answer = Buffer.concat(pieces);
    const headEnd = answer.indexOf('\r\n\r\n');
    const bytes = headEnd < 0 ? 0 : answer.length - headEnd - 4;
    if (headEnd < 0 || !connection.remoteEnded) {
      const outcome =
        connection.state === 'refused' ? 'refused' : connection.state === 'closed' ? 'broken' : 'timeout';
      connection.abandon();
      return { outcome, milliseconds: since(), bytes, error: 'the answer is not complete' };
    }
    const head = answer.toString('latin1', 0, headEnd);
    return {
      outcome: 'ok',
      milliseconds: since(),
      status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0),
      bytes,
      firstDifference: firstDifference(answer.subarray(headEnd + 4), this.body),
      seenAs: /^X-Seen-As: (\S+)/m.exec(head)?.[1] ?? '',
    };
  }

  async udpEcho(address: string, port: number, text: string, timeoutMs: number): Promise<UdpResult> {
    const since = this.stopwatch();
    const from = { address: this.address, port: this.host.freePort() };
    let answer: { from: string; text: string } | null = null;
    this.host.udpListeners.set(from.port, (packet) => {
      answer ??= {
        from: `${packet.source}:${packet.sourcePort}`,
        text: Buffer.from(packet.payload).toString('latin1'),
      };
    });
    this.host.sendUdp(from, { address, port }, Buffer.from(text, 'latin1'));
    this.passTime(() => answer !== null, timeoutMs);
    this.host.udpListeners.delete(from.port);
    const heard = answer as { from: string; text: string } | null;
    if (heard === null) return { outcome: 'timeout', milliseconds: since() };
    const space = heard.text.indexOf(' ');
    return {
      outcome: 'answered',
      milliseconds: since(),
      from: heard.from,
      seenAs: heard.text.slice(0, space),
      text: heard.text.slice(space + 1),
    };
  }

  async ping(address: string, count: number, timeoutMs: number): Promise<PingResult> {
    const since = this.stopwatch();
    const identifier = this.host.freePort();
    const answered = new Set<number>();
    const from = new Set<string>();
    this.host.onIcmp = (packet) => {
      if (packet.type !== icmpEchoReply || packet.identifier !== identifier) return;
      answered.add(packet.sequence);
      from.add(packet.source);
    };
    let sent = 0;
    while (sent < count && since() < timeoutMs) {
      this.host.sendEchoRequest(address, identifier, ++sent);
      this.passTime(() => answered.size === count, Math.min(pingInterval, timeoutMs - since()));
    }
    this.passTime(() => answered.size === count, Math.max(0, timeoutMs - since()));
    return { sent: count, received: answered.size, from: [...from] };
  }

  async ttlProbe(address: string, ttl: number, timeoutMs: number): Promise<TtlResult> {
    const identifier = this.host.freePort();
    let result: TtlResult = { outcome: 'timeout' };
    this.host.onIcmp = (packet) => {
      if (packet.type === icmpEchoReply && packet.identifier === identifier) {
        result = { outcome: 'reached', from: packet.source };
      } else if (isAbout(packet, identifier)) {
        result = {
          outcome: packet.type === icmpTimeExceeded ? 'exceeded' : 'unreachable',
          from: packet.source,
        };
      }
    };
    this.host.sendEchoRequest(address, identifier, 1, ttl);
    this.passTime(() => result.outcome !== 'timeout', timeoutMs);
    return result;
  }

  /** Milliseconds of virtual time from now on. */
  private stopwatch(): () => number {
    const begin = this.host.clock.now();
    return () => (this.host.clock.now() - begin) / 1000;
  }
}

function isOver(connection: TcpConnection): boolean {
  return connection.state === 'closed' || connection.state === 'refused';
}

function isAbout(error: IcmpPacket, identifier: number): boolean {
  return error.quoted?.kind === 'icmp' && error.quoted.identifier === identifier;
}

/** Offset of the first byte that differs or is missing; null if the bodies are the same. */
function firstDifference(received: Uint8Array, expected: Uint8Array): number | null {
  if (Buffer.compare(received, expected) === 0) return null;
  let at = 0;
  while (at < received.length && received[at] === expected[at]) at++;
  return at;
}
