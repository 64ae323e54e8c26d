// One socket's share of the chip's transmit or receive memory, seen as a ring through 16-bit offsets.
// Bulk copies only, at most two pieces each for up to one ring's length; no pointers, no protocol.

/** The share of a socket in buffer memory. Offsets are 16 bits; the chip masks them by the ring's size. */
export class Ring {
  private start = 0;
  private bytes = 0;

  constructor(private readonly memory: Uint8Array) {}

  /** Places the ring. `bytes` is 0 or a power of two, at most the memory's length. */
  place(start: number, bytes: number): void {
    this.start = start;
    this.bytes = bytes;
  }

  /** Bytes in the ring; 0 when the socket has no memory. */
  get size(): number {
    return this.bytes;
  }

  /** Copies `count` bytes at ring offset `offset` to `into[at..]`. A ring without memory reads 0. */
  read(offset: number, into: Uint8Array, at: number, count: number): void {
    if (this.bytes === 0) {
      into.fill(0, at, at + count);
      return;
    }
    while (count > 0) {
      const from = this.physical(offset);
      const piece = Math.min(count, this.pieceAt(offset));
      into.set(this.memory.subarray(from, from + piece), at);
      offset += piece;
      at += piece;
      count -= piece;
    }
  }

  /** Copies `source[at..at+count]` to ring offset `offset`. A ring without memory loses it. */
  write(offset: number, source: Uint8Array, at: number, count: number): void {
    if (this.bytes === 0) return;
    while (count > 0) {
      const piece = Math.min(count, this.pieceAt(offset));
      this.memory.set(source.subarray(at, at + piece), this.physical(offset));
      offset += piece;
      at += piece;
      count -= piece;
    }
  }

  /** Writes one byte at ring offset `offset`. */
  put(offset: number, value: number): void {
    if (this.bytes !== 0) this.memory[this.physical(offset)] = value;
  }

  /** Where ring offset `offset` lies in memory. Overcommitted sockets run round the end of memory into others. */
  private physical(offset: number): number {
    return (this.start + (offset & (this.bytes - 1))) % this.memory.length;
  }

  /** Contiguous bytes from ring offset `offset` to the end of the ring or of memory. */
  private pieceAt(offset: number): number {
    return Math.min(this.bytes - (offset & (this.bytes - 1)), this.memory.length - this.physical(offset));
  }
}
