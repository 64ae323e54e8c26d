/*
 * A ByteLine as the transport that esptool-js wants. Its own works on Web Serial objects: it polls, prints to the
 * console, gives up at the first byte that belongs to no packet (a boot message), and does not notice for up to 100
 * seconds that the cable is out. This one takes what stands outside of packets for noise, and ends with the line.
 */
import { ESPError, Transport } from 'esptool-js';
import { type ByteLine, LineLost } from '../serial/byte-line.ts';
import { type Time, pause } from '../serial/time.ts';

/** Serial Line Internet Protocol (RFC 1055): what frames packets, and what stands for it inside one. */
const SLIP_END = 0xc0;
const SLIP_ESCAPE = 0xdb;
const SLIP_ESCAPED_END = 0xdc;

const nothing = new Uint8Array(0);

/** The esptool-js transport over a line; the line stays its owner's to close. */
export class LineTransport extends Transport {
  #waiting: Uint8Array = nothing;
  #arrived: () => void = () => {};
  #lost = false;
  readonly #detach: () => void;

  constructor(
    private readonly line: ByteLine,
    private readonly time: Time,
    baud: number,
  ) {
    // The Web Serial object, which nothing here asks for.
    super(undefined as never);
    this.baudrate = baud;
    this.#detach = line.onBytes((bytes) => {
      this.#waiting = join(this.#waiting, bytes);
      this.#arrived();
    });
    void line.closed.then(() => {
      this.#lost = true;
      this.#arrived();
    });
  }

  /** Leaves the line to the next reader. */
  detach(): void {
    this.#detach();
  }

  override trace(): void {}

  override getInfo(): string {
    return this.line.path;
  }

  override getVid(): undefined {}

  override getPid(): undefined {}

  override async connect(baud: number): Promise<void> {
    this.flushInput();
    if (baud !== this.baudrate) await this.changeBaudrate(baud);
  }

  override async disconnect(): Promise<void> {}

  override async readLoop(): Promise<void> {}

  /** @returns false: the port was not opened anew for it */
  override async changeBaudrate(baud: number): Promise<boolean> {
    await this.line.setBaudRate(baud);
    this.baudrate = baud;
    return false;
  }

  override async setSignals(dtr?: boolean, rts?: boolean): Promise<void> {
    await this.line.setSignals({ dtr, rts });
  }

  override async write(packet: Uint8Array): Promise<void> {
    await this.line.write(this.slipWriter(packet));
  }

  override flushInput(): void {
    this.#waiting = nothing;
  }

  override async drainInput(quiet = 100, longest = 400): Promise<void> {
    let before = -1;
    for (let waited = 0; waited < longest && this.#waiting.length !== before; waited += quiet) {
      before = this.#waiting.length;
      await pause(this.time, quiet);
    }
    this.flushInput();
  }

  override peek(): Uint8Array {
    return this.#waiting;
  }

  override inWaiting(): number {
    return this.#waiting.length;
  }

  /**
   * The next packet, without its frame.
   * @param timeout ms without a byte
   */
  override async read(timeout: number): Promise<Uint8Array> {
    for (;;) {
      const packet = this.#takePacket();
      if (packet) return packet;
      await this.#more(timeout);
    }
  }

  async #more(timeout: number): Promise<void> {
    const before = this.#waiting.length;
    let late = false;
    await new Promise<void>((resolve) => {
      if (this.#lost) return resolve();
      const cancel = this.time.after(timeout, () => {
        late = true;
        resolve();
      });
      this.#arrived = () => {
        cancel();
        resolve();
      };
    });
    this.#arrived = () => {};
    if (this.#waiting.length > before) return;
    if (this.#lost) throw new LineLost(this.line.path);
    if (late) throw new ESPError(`no answer within ${timeout} ms`);
  }

  /** Cuts the first whole packet out of what is waiting. Two ends in a row belong to two packets. */
  #takePacket(): Uint8Array | null {
    const bytes = this.#waiting;
    let start = bytes.indexOf(SLIP_END);
    while (start >= 0 && bytes[start + 1] === SLIP_END) start += 1;
    const end = start < 0 ? -1 : bytes.indexOf(SLIP_END, start + 1);
    if (end < 0) return null;
    this.#waiting = bytes.subarray(end + 1);
    return withoutEscapes(bytes.subarray(start + 1, end));
  }
}

function withoutEscapes(framed: Uint8Array): Uint8Array {
  const packet: number[] = [];
  for (let i = 0; i < framed.length; i++) {
    const escaped = framed[i] === SLIP_ESCAPE;
    if (escaped) i += 1;
    packet.push(escaped ? (framed[i] === SLIP_ESCAPED_END ? SLIP_END : SLIP_ESCAPE) : framed[i]);
  }
  return Uint8Array.from(packet);
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
