/**
 * Rewriting a packet the long way: any header length, any of our protocols. The datapath does the same for the
 * plain case; a test holds the two together.
 */
import {
  flowIp,
  flowSlots,
  flowTransport,
  outerPorts,
  outerSource,
  rowPorts,
  rowSource,
} from '../layout/arena.ts';
import {
  ipChecksumAt,
  protocolIcmp,
  protocolTcp,
  sourceWord,
  targetWord,
  ttlAt,
  ttlWord,
} from '../wire/frame.ts';
import { publicAddress } from '../datapath/own.ts';
import { backIp, halves, ipModulus, residue, shifted } from '../wire/checksum.ts';
import { peerAs } from './flows.ts';
import { frame, ports, protocol, transportAt, transportWord, words } from './packet.ts';

/** Changes a checksum field of the frame after its sum moved by `shift`. The field is at an even offset. */
export function adjust(at: number, shift: number): void {
  const before = frame[at] | (frame[at + 1] << 8);
  const check = shifted(before, shift);
  frame[at] = check;
  frame[at + 1] = check >>> 8;
}

/**
 * TTL less one, with the header checksum following (RFC 1812 section 5.3.1).
 * @inline
 */
export function decrementTtl(): void {
  return (frame[ttlAt]--, adjust(ipChecksumAt, 65534));
}

/** Translates the packet at hand as a packet of `row`: TTL, addresses, ports or query id, and all checksums. */
export function rewrite(row: number): void {
  let ip = 0;
  let transport = 0;
  let turned = 0;
  // An inner row's packets change by the flow's differences, an outer one's by their negatives.
  if (row < flowSlots) {
    ip = flowIp[row];
    transport = flowTransport[row];
    turned = outerPorts[row];
    words[sourceWord] = publicAddress;
    words[targetWord] = outerSource[row];
  } else {
    const flow = row - flowSlots;
    ip = backIp - flowIp[flow];
    transport = 65535 - flowTransport[flow];
    turned = rowPorts[flow];
    words[sourceWord] = peerAs(flow);
    words[targetWord] = rowSource[flow];
  }
  turned = (turned << 16) | (turned >>> 16);
  words[ttlWord] = (words[ttlWord] + ip) % ipModulus;
  if (protocol == protocolIcmp) {
    rewriteQuery(turned >>> 0);
    return;
  }
  words[transportWord] = turned;
  if (protocol == protocolTcp) {
    const word = words[transportWord + 4];
    words[transportWord + 4] = word - (word & 65535) + (((word & 65535) + transport) % 65535);
  } else {
    const word = words[transportWord + 1];
    // The upper half; 0 means that there is none, and a sum of 0 is sent as 65535 (RFC 768).
    if (word > 65535) {
      words[transportWord + 1] = (word & 65535) + (((word >>> 16) + transport) % 65535 || 65535) * 65536;
    }
  }
}

/** An ICMP query has one identifier, and a checksum without pseudo header (RFC 3022 section 4.1). */
function rewriteQuery(turned: number): void {
  const id = turned & 65535 || turned >>> 16;
  adjust(transportAt + 2, residue(id - halves(ports)));
  frame[transportAt + 4] = id;
  frame[transportAt + 5] = id >>> 8;
}
