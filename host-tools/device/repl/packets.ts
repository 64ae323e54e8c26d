/*
 * Packets of Espruino's REPL (README_Protocol.md of Espruino, 2v25 and later): made from bytes, and found again in what
 * a board sends. Pure: no line, no time. A packet is DLE SOH, type and length in two bytes (high first), the data.
 */

/** Types, the upper three bits of the two header bytes. */
export const PacketType = {
  response: 0x0000,
  eval: 0x2000,
  fileSend: 0x6000,
  data: 0x8000,
} as const;

/** The rest of the header: the data's length, bytes. */
const LENGTH_MASK = 0x1fff;
/** Longest data, bytes. */
export const longestData = LENGTH_MASK;

const SOH = 0x01;
const ACK = 0x06;
const NAK = 0x15;
const DLE = 0x10;
const XON = 0x11;
const XOFF = 0x13;

/**
 * Bytes that a board acts upon before it knows that they belong to a packet: Ctrl-C ends running code and the timers
 * it belongs to; Ctrl-D, and Ctrl-C twice, end the Linux build.
 */
export const actedUpon: readonly number[] = [0x03, 0x04];

/** A packet. @throws if the data is too long */
export function packetOf(type: number, data: Uint8Array): Uint8Array {
  if (data.length > longestData) throw new Error(`A packet holds ${longestData} bytes, not ${data.length}.`);
  const packet = new Uint8Array(4 + data.length);
  packet.set([DLE, SOH, (type | data.length) >> 8, data.length & 0xff]);
  packet.set(data, 4);
  return packet;
}

/** A packet of text, one character a byte; blanks at its end keep the length's low byte from being acted upon. */
export function textPacket(type: number, text: string): Uint8Array {
  let padded = text;
  while (actedUpon.includes(padded.length & 0xff)) padded += ' ';
  return packetOf(type, Buffer.from(padded, 'latin1'));
}

/** How many of `left` bytes go into the next packet: at most `most`, and no length that is acted upon. */
export function blockLength(left: number, most: number): number {
  const length = Math.min(left, most);
  return actedUpon.includes(length & 0xff) ? length - 2 : length;
}

/** What a board says, piece by piece. Text is everything that is nothing else. */
export type Heard =
  | { kind: 'ack' }
  | { kind: 'nak' }
  | { kind: 'packet'; type: number; data: Uint8Array }
  | { kind: 'flow'; stop: boolean }
  | { kind: 'text'; text: string };

/** Takes bytes as they come and hands over what they mean. */
export class PacketReader {
  private text = '';
  private header: number[] = [];
  private data: Uint8Array | null = null;
  private filled = 0;

  constructor(private readonly hand: (heard: Heard) => void) {}

  receive(bytes: Uint8Array): void {
    for (const byte of bytes) this.take(byte);
    this.handText();
  }

  /** Forgets a packet that has not come to its end: what comes next is text again. */
  reset(): void {
    this.header = [];
    this.data = null;
  }

  private take(byte: number): void {
    if (this.data) {
      this.data[this.filled++] = byte;
      if (this.filled === this.data.length) this.handPacket(this.data);
    } else if (this.header.length > 0) this.takeHeader(byte);
    else if (byte === DLE) this.header = [byte];
    else this.takeSign(byte);
  }

  private takeHeader(byte: number): void {
    if (this.header.length === 1 && byte !== SOH) {
      this.header = [];
      this.take(byte);
      return;
    }
    this.header.push(byte);
    if (this.header.length < 4) return;
    const length = ((this.header[2] << 8) | byte) & LENGTH_MASK;
    this.filled = 0;
    this.data = new Uint8Array(length);
    if (length === 0) this.handPacket(this.data);
  }

  private takeSign(byte: number): void {
    if (byte === ACK) this.handOver({ kind: 'ack' });
    else if (byte === NAK) this.handOver({ kind: 'nak' });
    else if (byte === XON || byte === XOFF) this.handOver({ kind: 'flow', stop: byte === XOFF });
    else this.text += String.fromCharCode(byte);
  }

  private handPacket(data: Uint8Array): void {
    const type = (this.header[2] << 8) & ~LENGTH_MASK & 0xffff;
    this.reset();
    this.handOver({ kind: 'packet', type, data });
  }

  private handOver(heard: Heard): void {
    this.handText();
    this.hand(heard);
  }

  private handText(): void {
    if (this.text === '') return;
    const { text } = this;
    this.text = '';
    this.hand({ kind: 'text', text });
  }
}
