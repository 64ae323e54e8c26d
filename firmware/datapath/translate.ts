/**
 * Flat: the fast path. One packet of a settled flow, from header words readable to header words rewritten.
 *
 * May touch: the flow columns of the arena and the words of the frame. Must not: call control, allocate, wait.
 * Row = one direction of a flow; its partner is the other direction (row ^ 1).
 */
import {
  flowBuckets,
  flowClass,
  flowIpShift,
  flowMark,
  flowTransportShift,
  rowHop,
  rowNext,
  rowPorts,
  rowSource,
  rowTarget,
} from '../layout/arena.ts';
import { fragmentMask, groupMask } from '../wire/frame.ts';

/** SYN, FIN and RST in the word that holds TCP's data offset, flags and window. */
const tcpAttention = 0x0700;
/** Class of a TCP packet: version 4, no options, no fragment, protocol 6. */
export const tcpClass = 0x0645;
/** Class of a UDP packet. */
export const udpClass = 0x1145;

/**
 * Looks the packet up and, if its flow is settled, rewrites addresses, ports, TTL and checksums in place.
 *
 * The words of the frame (wire/frame.ts): 1 length | begin of the target MAC, 5 first IP word, 6 fragment bits, 7 TTL | protocol | checksum, 8 source,
 * 9 target, 10 ports, 11 UDP length | checksum, 13 TCP flags, 14 TCP checksum | urgent pointer.
 *
 * @param w the frame's words, 16 at least
 * @param index bucket heads of the port the frame arrived on: the arrival port is part of the key
 * @returns the next hop to send the frame to, or 0 when control must decide; then nothing was changed
 */
export function translate(w: Uint32Array, index: Uint16Array): number {
  let row = index[(w[8] + w[9] + w[10]) % flowBuckets];
  const first = w[7];
  // With the group bit of the destination MAC: a frame sent to many matches no class.
  const kind = (w[5] & 255) | (w[6] & fragmentMask) | (first & 65280) | (w[1] & groupMask);
  while (
    row &&
    (rowSource[row] != w[8] ||
      rowPorts[row] != w[10] ||
      rowTarget[row] != w[9] ||
      flowClass[row >> 1] != kind)
  ) {
    row = rowNext[row];
  }
  if (!row || !(first & 254)) return 0;
  const flow = row >> 1;
  // Shifts are kept for the original direction; the reply's are their negatives (less 1 each for the TTL).
  let address = flowIpShift[flow];
  let transport = flowTransportShift[flow];
  if (row & 1) {
    address = 65533 - address;
    transport = 65535 - transport;
  }
  let sum = 0;
  if (kind == tcpClass) {
    // An urgent pointer would be hit by the borrow below; control does it the long way.
    if (w[13] & tcpAttention || w[14] > 65535) return 0;
    sum = w[14] - transport;
    w[14] = sum < 0 ? sum + 65535 : sum;
  } else {
    // An unsettled flow's class is 0, which a broken header can come to as well.
    if (kind != udpClass) return 0;
    // UDP with a checksum: adding the complement never yields 0, which would mean "no checksum".
    if (w[11] > 65535) {
      sum = w[11] + (65535 - transport) * 65536;
      w[11] = sum > 4294967295 ? sum + 65536 : sum;
    }
  }
  // TTL (lowest byte) less 1 and the IP checksum (upper half) in one subtraction, end-around borrow included.
  sum = first - 1 - address * 65536;
  w[7] = sum < 0 ? sum - 65536 : sum;
  const partner = row ^ 1;
  w[8] = rowTarget[partner];
  w[9] = rowSource[partner];
  const ports = rowPorts[partner];
  w[10] = (ports << 16) | (ports >>> 16);
  flowMark[flow] = 1;
  return rowHop[row];
}
