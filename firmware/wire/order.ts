/**
 * Byte order. Words and halfwords of a packet are kept as they lie in memory (little-endian machines on both
 * sides); people and the config count with the most significant byte first.
 */

/** @inline The other byte order of a halfword. */
export function swap16(half: number): number {
  return ((half & 255) << 8) | ((half >>> 8) & 255);
}

/** The other byte order of a word, as an unsigned number. */
export function swap32(word: number): number {
  return (((word & 255) << 24) | ((word & 65280) << 8) | ((word >>> 8) & 65280) | (word >>> 24)) >>> 0;
}
