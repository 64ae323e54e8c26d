/**
 * Rewriting a packet the long way: any header length, any of our protocols. The datapath does the same for the
 * plain case; a test holds the two together.
 */
import { flowIp, flowTransport, rowPorts, rowSource } from '../layout/arena.ts';
import { ipChecksumAt, protocolIcmp, protocolTcp, sourceWord, targetWord, ttlAt } from '../wire/frame.ts';
import { halves, residue, shifted, shiftedUdp } from '../wire/checksum.ts';
import { flowOf, partnerOf, sourceAs } from './flows.ts';
import { frame, ports, protocol, transportAt, transportWord, words } from './packet.ts';

/** Changes a checksum field of the frame after its sum moved by `shift`. The field is at an even offset. */
export function adjust(at: number, shift: number): void {
  const check = shifted(frame[at] | (frame[at + 1] << 8), shift);
  frame[at] = check;
  frame[at + 1] = check >>> 8;
}

/** TTL less one, with the header checksum following (RFC 1812 section 5.3.1). */
export function decrementTtl(): void {
  frame[ttlAt]--;
  adjust(ipChecksumAt, 65534);
}

/** Translates the packet at hand as a packet of `row`: TTL, addresses, ports or query id, and all checksums. */
export function rewrite(row: number): void {
  const flow = flowOf(row);
  const partner = partnerOf(row);
  const own = sourceAs(row);
  // An inner row's packets change by the flow's differences, an outer one's by their negatives.
  const ipChange = row == flow ? (flowIp[flow] - 1) / 65536 : residue(65533 - (flowIp[flow] - 1) / 65536);
  const change = row == flow ? flowTransport[flow] : residue(-flowTransport[flow]);
  frame[ttlAt]--;
  adjust(ipChecksumAt, ipChange);
  words[sourceWord] = own;
  words[targetWord] = rowSource[partner];
  const turned = ((rowPorts[partner] << 16) | (rowPorts[partner] >>> 16)) >>> 0;
  if (protocol == protocolIcmp) {
    rewriteQuery(turned);
    return;
  }
  words[transportWord] = turned;
  if (protocol == protocolTcp) adjust(transportAt + 16, change);
  else {
    const at = transportAt + 6;
    const check = shiftedUdp(frame[at] | (frame[at + 1] << 8), change);
    frame[at] = check;
    frame[at + 1] = check >>> 8;
  }
}

/** An ICMP query has one identifier, and a checksum without pseudo header (RFC 3022 section 4.1). */
function rewriteQuery(turned: number): void {
  const id = turned & 65535 || turned >>> 16;
  adjust(transportAt + 2, residue(id - halves(ports)));
  frame[transportAt + 4] = id;
  frame[transportAt + 5] = id >>> 8;
}
