/**
 * Flat: one TCP segment of a settled flow, from header words readable to header words rewritten.
 *
 * May touch: the flow columns of the arena and the words of the frame (fast.ts has their list). Must not: call
 * control, allocate, wait. All three work alike: bucket, row, what control must see, mark, checksums, addresses, ports.
 */
import {
  flowBuckets,
  flowIp,
  flowMark,
  flowPort,
  flowSlots,
  flowState,
  flowTransport,
  hairpinIndex,
  lanIndex,
  outerHop,
  outerNext,
  outerPorts,
  outerSource,
  rowHop,
  rowNext,
  rowPorts,
  rowSource,
  wanIndex,
} from '../layout/arena.ts';
import { lanHairpin } from '../layout/flow.ts';
import { lanAddress, publicAddress } from './own.ts';
import { backIp, ipModulus } from '../wire/checksum.ts';

/**
 * SYN, FIN, RST and URG in the word that holds TCP's data offset, flags and window: control has a look. The remainder
 * of a checksum takes an urgent pointer in, rightly summed; where one stands without its flag, nobody misses it.
 */
const attention = 0x2700;

/** From a LAN host to its peer on the WAN: the source becomes P. @returns the next hop, or 0: control decides */
export function tcpFromLan(w: Uint32Array): number {
  let flow = lanIndex[(w[8] + w[9] + w[10]) % flowBuckets];
  const sum = w[7];
  let hop = 0;
  while (flow && (rowPorts[flow] != w[10] || rowSource[flow] != w[8] || outerSource[flow] != w[9])) {
    flow = rowNext[flow];
  }
  if (flow && sum & 254 && !(w[13] & attention) && (hop = rowHop[flow])) {
    flowMark[flow] = 1;
    w[7] = (sum + flowIp[flow]) % ipModulus;
    w[14] = (w[14] + flowTransport[flow]) % 65535;
    w[8] = publicAddress;
    w[10] += flowPort[flow];
  }
  return hop;
}

/** From a peer on the WAN, to P: the target becomes the LAN host. @returns the next hop, or 0: control decides */
export function tcpFromWan(w: Uint32Array): number {
  let flow = wanIndex[(w[8] + w[10]) % flowBuckets];
  const sum = w[7];
  let hop = 0;
  while (flow && (outerPorts[flow] != w[10] || outerSource[flow] != w[8])) flow = outerNext[flow];
  if (flow && w[9] == publicAddress && sum & 254 && !(w[13] & attention) && (hop = outerHop[flow])) {
    flowMark[flow] = 1;
    w[7] = (sum + backIp - flowIp[flow]) % ipModulus;
    w[14] = (w[14] + 65535 - flowTransport[flow]) % 65535;
    w[9] = rowSource[flow];
    w[10] -= flowPort[flow] * 65536;
  }
  return hop;
}

/**
 * Around the hairpin: from a LAN client to a LAN server, or back; both ends are rewritten.
 * @param to 0 for packets to P, `hairpinToLan` for those to R
 * @returns the next hop, or 0: control decides
 */
export function tcpHairpin(w: Uint32Array, to: number): number {
  let row = hairpinIndex[(w[8] + w[10] + to) % flowBuckets];
  let sum = w[7];
  let hop = 0;
  while (row && (rowPorts[row] != w[10] || rowSource[row] != w[8])) row = rowNext[row];
  if (row && sum & 254 && !(w[13] & attention) && (hop = rowHop[row])) {
    let check = w[14];
    if (row < flowSlots) {
      // An inner row: the server answers.
      flowMark[row] = 1;
      sum += flowIp[row];
      check += flowTransport[row];
      w[8] = publicAddress;
      w[9] = outerSource[row];
      row = outerPorts[row];
    } else {
      row -= flowSlots;
      flowMark[row] = 1;
      sum += backIp - flowIp[row];
      check += 65535 - flowTransport[row];
      w[8] = flowState[row] & lanHairpin ? lanAddress : publicAddress;
      w[9] = rowSource[row];
      row = rowPorts[row];
    }
    w[7] = sum % ipModulus;
    w[14] = check % 65535;
    // The row's number is done with: the partner's ports, turned round.
    w[10] = (row << 16) | (row >>> 16);
  }
  return hop;
}
