/**
 * One end of a TCP connection, as far as its packets go: which segment a well-behaved host would send now, and what it
 * learns from one it receives (RFC 9293 section 3.3). No timers, no buffers; the caller sends and delivers.
 */
import { ACK, FIN, PSH, RST, SYN, type Segment } from './frames.ts';
import type { TcpAct } from './sequence.ts';

/** MSS option of an Ethernet host, 1460 (RFC 9293 section 3.2): first as usual, or behind a NOP at an odd offset. */
const SYN_OPTIONS = [2, 4, 5, 0xb4, 1, 1, 1, 1];
const ODD_SYN_OPTIONS = [1, 2, 4, 5, 0xb4, 1, 1, 1];

export type Phase = 'closed' | 'syn sent' | 'syn seen' | 'open' | 'reset';

export class TcpEnd {
  phase: Phase = 'closed';
  /** Next sequence number to send, and next expected. */
  seq: number;
  peerSeq = 0;
  private finSent = false;
  private finSeen = false;
  /** Our FIN was acknowledged, and the peer's by us: both ends may forget the connection. */
  private finHeard = false;
  private finAnswered = false;
  private synSeq = -1;
  private readonly tcpOptions: number[];

  constructor(
    private readonly opens: boolean,
    private readonly initial: number,
    oddOptions: boolean,
  ) {
    this.tcpOptions = oddOptions ? ODD_SYN_OPTIONS : SYN_OPTIONS;
    this.seq = initial;
  }

  /** The next segment, or null when this end has nothing it could say: it heard of no connection. */
  next(act: TcpAct, data: Uint8Array): Segment | null {
    if (this.phase === 'reset' || (this.finHeard && this.finAnswered && this.opens)) this.restart();
    if (this.phase === 'closed' || this.phase === 'syn sent') return this.opens ? this.syn() : null;
    if (this.phase === 'syn seen' && !this.opens) return this.synAck();
    this.phase = 'open';
    this.finAnswered = this.finSeen;
    if (act === 'rst') return this.reset();
    if (act === 'fin' && !this.finSent) return this.fin();
    if (act === 'ack' || this.finSent || data.length === 0)
      return { flags: ACK, seq: this.seq, ack: this.peerSeq };
    this.seq = (this.seq + data.length) >>> 0;
    return { flags: ACK | PSH, seq: this.seq - data.length, ack: this.peerSeq, data };
  }

  /** Takes a segment that the router delivered. */
  hear(packet: { flags: number; seq: number; ack: number; length: number }): void {
    const { flags, seq, ack, length } = packet;
    if (flags & RST) {
      if (this.phase !== 'closed') this.phase = 'reset';
      return;
    }
    if (flags & SYN) {
      if (!this.opens && this.phase !== 'syn seen') this.restart();
      this.peerSeq = (seq + 1) >>> 0;
      this.phase = 'syn seen';
      return;
    }
    if (seq !== this.peerSeq || this.phase === 'closed') return;
    if (this.finSent && ack === this.seq) this.finHeard = true;
    if (this.phase === 'syn seen') this.phase = 'open';
    this.peerSeq = (seq + length + (flags & FIN ? 1 : 0)) >>> 0;
    if (flags & FIN) this.finSeen = true;
  }

  private restart(): void {
    this.phase = 'closed';
    // Later than anything said before, as RFC 9293 section 3.4.1 wants of initial sequence numbers.
    this.seq = (Math.max(this.seq, this.initial) + 1_000_000) >>> 0;
    this.finSent = this.finSeen = this.finHeard = this.finAnswered = false;
  }

  private syn(): Segment {
    if (this.phase === 'closed') this.seq = (this.seq + 1) >>> 0;
    this.phase = 'syn sent';
    return { flags: SYN, seq: this.seq - 1, ack: 0, tcpOptions: this.tcpOptions };
  }

  private synAck(): Segment {
    if (this.synSeq !== this.seq - 1) {
      this.synSeq = this.seq;
      this.seq = (this.seq + 1) >>> 0;
    }
    return { flags: SYN | ACK, seq: this.synSeq, ack: this.peerSeq, tcpOptions: this.tcpOptions };
  }

  private fin(): Segment {
    this.finSent = true;
    this.seq = (this.seq + 1) >>> 0;
    return { flags: FIN | ACK, seq: this.seq - 1, ack: this.peerSeq };
  }

  private reset(): Segment {
    this.phase = 'reset';
    return { flags: RST | ACK, seq: this.seq, ack: this.peerSeq };
  }
}
