/*
 * SLIP (RFC 1055) as the ESP32's ROM speaks it: a packet stands between two bytes 0xc0; 0xdb 0xdc and 0xdb 0xdd stand
 * for 0xc0 and 0xdb inside it. For the software ROM and the tests around it; the tool has a reader of its own.
 */

const END = 0xc0;
const ESCAPE = 0xdb;
const ESCAPED_END = 0xdc;
const ESCAPED_ESCAPE = 0xdd;

/** A packet as it goes over the line. */
export function slipFrame(packet: Uint8Array): Uint8Array {
  const bytes = [END];
  for (const byte of packet) {
    if (byte === END) bytes.push(ESCAPE, ESCAPED_END);
    else if (byte === ESCAPE) bytes.push(ESCAPE, ESCAPED_ESCAPE);
    else bytes.push(byte);
  }
  return Uint8Array.from([...bytes, END]);
}

/** Packets out of a stream of bytes. Whatever stands outside of packets is passed over, empty packets as well. */
export class SlipReader {
  #packet: number[] | null = null;
  #escaping = false;

  /** The packets that these bytes complete. */
  take(bytes: Uint8Array): Uint8Array[] {
    const packets: Uint8Array[] = [];
    for (const byte of bytes) {
      if (byte === END) {
        // The end of one packet, or, when nothing has come since, the beginning of the next.
        if (this.#packet?.length) packets.push(Uint8Array.from(this.#packet));
        this.#packet = this.#packet?.length ? null : [];
        this.#escaping = false;
      } else this.#add(byte);
    }
    return packets;
  }

  #add(byte: number): void {
    if (this.#packet === null) return;
    if (this.#escaping) this.#packet.push(byte === ESCAPED_END ? END : ESCAPE);
    else if (byte !== ESCAPE) this.#packet.push(byte);
    this.#escaping = !this.#escaping && byte === ESCAPE;
  }
}
