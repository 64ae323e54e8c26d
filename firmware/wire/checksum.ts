/**
 * Checksum arithmetic: the Internet checksum (RFC 1071) and its incremental form (RFC 1624).
 *
 * All sums are over halfwords as they lie in memory; one's-complement sums do not care about byte order, so no
 * byte is ever swapped. A *shift* is the change of a sum, new minus old, as a residue modulo 65535.
 */

/**
 * The two halves of a word, added: the word's share of a one's-complement sum.
 * @inline
 */
export function halves(word: number): number {
  return (word & 65535) + (word >>> 16);
}

/**
 * A sum of some halves, each taken or given, as a residue 0..65534.
 * @inline
 */
export function residue(sum: number): number {
  return (sum + 8 * 65535) % 65535;
}

/**
 * The word of TTL, protocol and IP checksum is counted modulo this: the checksum, its upper half, modulo 65535, and the
 * lower half left alone. So it never becomes 0xFFFF, and need not: that would take a header whose sum is 0 (RFC 1624
 * section 3).
 */
export const ipModulus = 65535 * 65536;

/**
 * What is added to the word of TTL, protocol and IP checksum, modulo `ipModulus`, when a packet is passed on: 1 less for
 * the TTL, and above it what the checksum moves by, which includes the TTL's part. 0..`ipModulus` - 1.
 * @param addresses change of the sum of both addresses, new minus old
 * @inline
 */
export function ipStep(addresses: number): number {
  return (65535 - residue(addresses - 1)) * 65536 - 1;
}

/** An `ipStep` s of one direction is `backIp - s` for the other: the addresses' part turned round, the TTL's not. */
export const backIp = ipModulus + 2 * 65536 - 2;

/**
 * A checksum field after the covered sum changed by `shift` (RFC 1624 equation 4). Subtracting gives 0x0000 where
 * a full recomputation gives 0x0000. For UDP use `shiftedUdp`.
 * @param check the field, 0..65535, as it lies in memory
 * @param shift residue 0..65534
 * @inline
 */
export function shifted(check: number, shift: number): number {
  return check < shift ? check - shift + 65535 : check - shift;
}

/** Like `shifted` for UDP: 0 means "no checksum" and stays, and a result of 0 is sent as 0xFFFF (RFC 768). */
export function shiftedUdp(check: number, shift: number): number {
  return check ? shifted(check, shift) || 65535 : 0;
}

/**
 * One's-complement sum of a stretch of bytes that starts at an even address, folded to 0..65535.
 * @param extra a sum to start from, for pseudo headers
 */
export function sumOf(bytes: Uint8Array, from: number, count: number, extra: number): number {
  const end = from + count - 1;
  while (from < end) {
    extra += bytes[from] | (bytes[from + 1] << 8);
    from += 2;
  }
  if (from == end) extra += bytes[from];
  while (extra > 65535) extra = (extra & 65535) + (extra >>> 16);
  return extra;
}
