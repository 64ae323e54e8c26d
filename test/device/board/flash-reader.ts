/*
 * READ_FLASH of the stub: the region goes out in packets, a limited number of them ahead of what the other side has
 * acknowledged (by the count of bytes it has), and the digest of all of it at the end.
 */
import type { SpiFlash } from './spi-flash.ts';

export class FlashReader {
  done = false;
  #sent = 0;
  #acknowledged = 0;

  /** @param words of the request: first byte, size, bytes per packet, packets in flight */
  constructor(
    private readonly flash: SpiFlash,
    private readonly words: Uint32Array,
  ) {}

  /** Takes an acknowledgement. @returns the packets it allows; none and done, if it is not one */
  acknowledged(packet: Uint8Array): Uint8Array[] {
    if (packet.length !== 4) {
      this.done = true;
      return [];
    }
    this.#acknowledged = new DataView(packet.buffer, packet.byteOffset).getUint32(0, true);
    const [from, size] = this.words;
    if (this.#acknowledged < size) return this.packets();
    this.done = true;
    return [this.flash.md5(from, size)];
  }

  /** What may go out now. */
  packets(): Uint8Array[] {
    const [from, size, packetSize, inFlight] = this.words;
    const packets: Uint8Array[] = [];
    while (this.#sent < size && this.#sent - this.#acknowledged < inFlight * packetSize) {
      const end = Math.min(this.#sent + packetSize, size);
      packets.push(this.flash.bytes.slice(from + this.#sent, from + end));
      this.#sent = end;
    }
    return packets;
  }
}
