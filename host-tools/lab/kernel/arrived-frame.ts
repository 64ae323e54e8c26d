/*
 * What can be wrong with a frame the kernel hands over that a frame from a wire never has: a checksum left for a
 * card to finish, and a size only a card could have cut. Pure: bytes in, bytes or words out.
 */

/** 14 bytes of header and 1500 of payload, without FCS. */
export const LONGEST_FRAME = 1514;

/**
 * Finishes a checksum the sending stack left to its card: the field at `start + offset` already holds the
 * pseudo-header's sum, and the ones' complement sum from `start` to the frame's end completes it.
 */
export function completeChecksum(frame: Uint8Array, start: number, offset: number): void {
  const field = start + offset;
  if (field + 2 > frame.length) return;
  let sum = 0;
  const even = frame.length - ((frame.length - start) & 1);
  for (let at = start; at < even; at += 2) sum += (frame[at] << 8) | frame[at + 1];
  if (even < frame.length) sum += frame[even] << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  // UDP's zero means "no checksum" (RFC 768); the other form of zero is right for every protocol.
  const checksum = ~sum & 0xffff || 0xffff;
  frame[field] = checksum >> 8;
  frame[field + 1] = checksum & 0xff;
}

/** "a TCP frame of 4434 bytes from 192.168.0.2 to 192.168.0.3", from its first bytes and its full length. */
export function describeFrame(frame: Uint8Array, length: number): string {
  if (frame[12] !== 0x08 || frame[13] !== 0x00) {
    const type = ((frame[12] << 8) | frame[13]).toString(16).padStart(4, '0');
    return `a frame of ${length} bytes of type 0x${type}`;
  }
  const protocol = { 1: 'an ICMP', 6: 'a TCP', 17: 'a UDP' }[frame[23]] ?? 'an IPv4';
  const address = (at: number) => frame.subarray(at, at + 4).join('.');
  return `${protocol} frame of ${length} bytes from ${address(26)} to ${address(30)}`;
}
