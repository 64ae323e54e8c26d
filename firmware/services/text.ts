/**
 * Numbers of the arena as people write them.
 */
import { swap16 } from '../wire/order.ts';

/** An address word as dotted decimal. */
export function addressText(word: number): string {
  return (word & 255) + '.' + ((word >>> 8) & 255) + '.' + ((word >>> 16) & 255) + '.' + (word >>> 24);
}

/** Six bytes as a MAC address. */
export function macText(bytes: Uint8Array, at: number): string {
  let text = '';
  for (let i = 0; i < 6; i++) {
    const byte = bytes[at + i];
    text += (i ? ':' : '') + (byte < 16 ? '0' : '') + byte.toString(16);
  }
  return text;
}

/** A tuple `source:port>target:port`; ICMP queries show their identifier where the asking side's port would be. */
export function tupleText(source: number, target: number, ports: number): string {
  return endText(source, ports & 65535) + '>' + endText(target, ports >>> 16);
}

function endText(address: number, rawPort: number): string {
  return addressText(address) + ':' + swap16(rawPort);
}
