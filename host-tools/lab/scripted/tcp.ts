/*
 * Just enough TCP for scripted hosts (RFC 9293): handshake, data in order, acknowledgements, FIN, RST for what
 * nobody knows, retransmission after 1 s, 2 s, 4 s. No congestion control, no reordering, no urgent data.
 *
 * A connection is told of segments and asks its host to send some; it knows no frames and no addresses.
 */
import type { Clock } from '../../emulator/clock.ts';
import { tcpAck, tcpFin, tcpRst, tcpSyn } from '../../../firmware/wire/frame.ts';
import type { TcpPacket } from '../packet.ts';
import type { Segment } from './frames.ts';

/** First wait for an acknowledgement, in microseconds; doubled each time (RFC 6298 section 2). */
const firstTimeout = 1_000_000;
const segmentBytes = 1460;
/** Bytes on the way at most: fewer than the router's chip can hold, as a careful receiver would ask for. */
const inFlight = 8 * segmentBytes;
const receiveWindow = 64240;
/** How long a finished connection still answers a repeated FIN, in microseconds. */
const lingering = 2_000_000;

export type State = 'syn-sent' | 'syn-received' | 'established' | 'refused' | 'closed';

/** What a connection needs from its host. */
export interface TcpHost {
  clock: Clock;
  send(segment: Segment): void;
  /** The connection is over; its ports are free. */
  forget(): void;
}

/** One end of a connection. */
export class TcpConnection {
  state: State;
  /** The other side will send nothing more. */
  remoteEnded = false;
  onEstablished: () => void = () => {};
  onData: (data: Uint8Array) => void = () => {};

  private readonly host: TcpHost;
  private readonly ports: { sourcePort: number; targetPort: number };
  private readonly initial: number;
  private outgoing: Uint8Array = new Uint8Array(0);
  private ending = false;
  // Positions in the outgoing stream: 0 is the SYN, 1 the first byte of data; the FIN is behind the last byte.
  private acknowledged = 0;
  private sent = 0;
  /** The next sequence number expected from the other side. */
  private expected = 0;
  private timeout = firstTimeout;
  private cancelTimer: () => void = () => {};

  private constructor(host: TcpHost, local: number, remote: number, initial: number, state: State) {
    this.host = host;
    this.ports = { sourcePort: local, targetPort: remote };
    this.initial = initial;
    this.state = state;
  }

  /** Opens a connection: sends the SYN. */
  static open(host: TcpHost, local: number, remote: number, initial: number): TcpConnection {
    const connection = new TcpConnection(host, local, remote, initial, 'syn-sent');
    connection.transmit();
    return connection;
  }

  /** Takes a connection that another host opens: answers its SYN. */
  static accept(host: TcpHost, syn: TcpPacket, initial: number): TcpConnection {
    const connection = new TcpConnection(host, syn.targetPort, syn.sourcePort, initial, 'syn-received');
    connection.expected = (syn.sequence + 1) >>> 0;
    connection.transmit();
    return connection;
  }

  /** Queues data to be sent. */
  write(data: Uint8Array): void {
    const joined = new Uint8Array(this.outgoing.length + data.length);
    joined.set(this.outgoing);
    joined.set(data, this.outgoing.length);
    this.outgoing = joined;
    if (this.state === 'established') this.transmit();
  }

  /** Ends this side once everything queued has been sent. */
  end(): void {
    this.ending = true;
    if (this.state === 'established') this.transmit();
  }

  /** Gives up without telling anybody, as a process does whose connect() ran out of time. */
  abandon(): void {
    this.finish('closed');
  }

  /** A segment for this connection has arrived. */
  receive(packet: TcpPacket): void {
    if (packet.flags & tcpRst) return this.receiveReset(packet);
    if (this.state === 'syn-sent') {
      if ((packet.flags & (tcpSyn | tcpAck)) !== (tcpSyn | tcpAck)) return;
      this.expected = (packet.sequence + 1) >>> 0;
    }
    if (packet.flags & tcpAck) this.receiveAcknowledgement(packet.acknowledgement);
    if (this.state === 'established') this.receiveData(packet);
  }

  private receiveReset(packet: TcpPacket): void {
    const refused = this.state === 'syn-sent' && packet.acknowledgement === (this.initial + 1) >>> 0;
    // Outside the handshake a reset must hit the exact place (RFC 5961 section 3.2).
    if (refused) this.finish('refused');
    else if (this.state !== 'syn-sent' && packet.sequence === this.expected) this.finish('closed');
  }

  private receiveAcknowledgement(number: number): void {
    const position = (number - this.initial) >>> 0;
    if (position <= this.acknowledged || position > this.sent) return;
    this.acknowledged = position;
    this.timeout = firstTimeout;
    this.cancelTimer();
    if (this.state === 'syn-sent' || this.state === 'syn-received') {
      const opened = this.state === 'syn-sent';
      this.state = 'established';
      if (opened) this.acknowledge();
      this.onEstablished();
    }
    this.transmit();
    this.finishIfOver();
  }

  private receiveData(packet: TcpPacket): void {
    const fin = (packet.flags & tcpFin) !== 0;
    if (packet.payloadLength === 0 && !fin) return;
    if (packet.sequence === this.expected) {
      this.expected = (this.expected + packet.payloadLength + (fin ? 1 : 0)) >>> 0;
      this.acknowledge();
      if (packet.payloadLength > 0) this.onData(packet.payload);
      if (fin) {
        this.remoteEnded = true;
        this.end();
        this.finishIfOver();
      }
    } else {
      this.acknowledge();
    }
  }

  /** Position behind everything there is to send now. */
  private get streamEnd(): number {
    return 1 + this.outgoing.length + (this.ending ? 1 : 0);
  }

  /** Sends what the window allows and has not been sent; waits for it to be acknowledged. */
  private transmit(): void {
    if (this.sent === 0) this.sendSyn();
    while (
      this.state === 'established' &&
      this.sent < this.streamEnd &&
      this.sent - this.acknowledged < inFlight
    ) {
      const data = this.outgoing.subarray(this.sent - 1, this.sent - 1 + segmentBytes);
      const next = this.sent + data.length;
      const fin = this.ending && next === this.streamEnd - 1;
      this.send(tcpAck | (fin ? tcpFin : 0), this.sent, data);
      this.sent = next + (fin ? 1 : 0);
    }
    this.cancelTimer();
    if (this.sent > this.acknowledged) {
      this.cancelTimer = this.host.clock.schedule(this.host.clock.now() + this.timeout, () => this.repeat());
    }
  }

  private sendSyn(): void {
    this.sent = 1;
    const flags = this.state === 'syn-sent' ? tcpSyn : tcpSyn | tcpAck;
    this.send(flags, 0, new Uint8Array(0), segmentBytes);
  }

  /** Nothing was acknowledged in time: starts again behind what was. */
  private repeat(): void {
    this.timeout *= 2;
    this.sent = this.acknowledged;
    this.transmit();
  }

  private acknowledge(): void {
    this.send(tcpAck, this.sent, new Uint8Array(0));
  }

  private send(flags: number, position: number, data: Uint8Array, maximumSegment?: number): void {
    this.host.send({
      ...this.ports,
      sequence: (this.initial + position) >>> 0,
      acknowledgement: flags & tcpAck ? this.expected : 0,
      flags,
      window: receiveWindow,
      maximumSegment,
      data,
    });
  }

  private finishIfOver(): void {
    if (this.remoteEnded && this.ending && this.acknowledged === this.streamEnd) {
      this.cancelTimer();
      this.state = 'closed';
      this.host.clock.schedule(this.host.clock.now() + lingering, () => this.host.forget());
    }
  }

  private finish(state: State): void {
    this.cancelTimer();
    this.state = state;
    this.host.forget();
  }
}

/** The reset that answers a segment nobody knows (RFC 9293 section 3.10.7.1); null for a reset. */
export function resetFor(packet: TcpPacket): Segment | null {
  if (packet.flags & tcpRst) return null;
  const acknowledged = (packet.flags & tcpAck) !== 0;
  const length = packet.payloadLength + (packet.flags & tcpSyn ? 1 : 0) + (packet.flags & tcpFin ? 1 : 0);
  return {
    sourcePort: packet.targetPort,
    targetPort: packet.sourcePort,
    sequence: acknowledged ? packet.acknowledgement : 0,
    acknowledgement: acknowledged ? 0 : (packet.sequence + length) >>> 0,
    flags: acknowledged ? tcpRst : tcpRst | tcpAck,
    window: 0,
    data: new Uint8Array(0),
  };
}
